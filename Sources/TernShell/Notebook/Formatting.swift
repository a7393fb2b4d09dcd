import TernData
import TernLibrary
import TernRuntime
import TernSyntax

extension Programs {
  /// `tern fmt FILE…`: lays files out in place.
  ///
  /// - Parameter onlyChecks: Names those that are not laid out, and changes none.
  package static func format(_ paths: [String], onlyChecks: Bool, _ console: Console) -> Int32 {
    var code: Int32 = 0
    for path in paths {
      guard let script = read(path, console) else { return 1 }
      switch Formatter.format(script.source) {
      case .same: if path == "-" { console.write(String(decoding: script.source.bytes, as: UTF8.self)) }
      case .faulty(let diagnostics):
        console.report(diagnostics)
        code = 1
      case .refused:
        console.note("\(path) would not say the same any more; it stays as it is\n")
        code = 1
      case .changed where onlyChecks:
        console.write("\(path)\n")
        code = 1
      case .changed(let bytes) where path == "-": console.write(String(decoding: bytes, as: UTF8.self))
      case .changed(let bytes):
        do throws(FileError) { try Replacement.file(at: path, bytes: bytes) } catch {
          console.report([Fault(notWritten: error, as: path).diagnostic])
          code = 1
        }
      }
    }
    console.flush()
    return code
  }
}
