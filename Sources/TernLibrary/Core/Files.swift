package import TernData
package import TernRuntime
import TernSyntax

/// Text in files.
enum Files {
  static var builtins: [Builtin] {
    [
      Builtin("read_text(path: str) -> str", "The text of a UTF-8 file.", effect: .reads, body: read),
      Builtin(
        "write_text(text: str, path: str)", "Writes a text to a file, whole or not at all.", effect: .writes, body: write),
    ]
  }

  private static func read(_ call: borrowing Call) throws(Fault) -> Value {
    let written = try call.string(0, "a path").text
    let bytes = try FilePath.read(call.machine.path(written), as: written)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(.damagedFile, "\(written.quoted) is no UTF-8 text", hint: "`read(path)` reads tables")
    }
    return .string(text)
  }

  private static func write(_ call: borrowing Call) throws(Fault) -> Value {
    let text = try call.string(0, "a text, then a path").text
    let written = try call.string(1, "a text, then a path").text
    try write(Array(text.utf8), to: written, call.machine)
    return .none
  }

  /// Writes a file at a path of a script, whole or not at all.
  static func write(_ bytes: [UInt8], to written: String, _ machine: Machine) throws(Fault) {
    do throws(FileError) { try Replacement.file(at: machine.path(written), bytes: bytes) } catch { throw Fault(notWritten: error, as: written) }
  }
}

extension Fault {
  /// - Parameter written: The path as a person knows it, where it is not the error's.
  package convenience init(notWritten error: FileError, as written: String? = nil) {
    self.init(
      .cannotWrite, "\((written ?? error.path).quoted) cannot be written: \(error.reason)", hint: error.isMissing ? "is there such a folder?" : nil)
  }
}
