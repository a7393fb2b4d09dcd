internal import Glibc
import TernRuntime
import TernSyntax
import TernPlots
import TernData
import TernLibrary

extension Programs {
  /// What a file is made into beside itself.
  package enum PageFormat: String, CaseIterable, Sendable {
    case html, md, ipynb
  }

  /// `tern weave FILE…`: writes what the cells show under the statements that show it; with a format, into a page of it instead.
  package static func weave(
    _ paths: [String], to format: PageFormat? = nil, output: String? = nil, _ conditions: Conditions, _ console: Console
  ) -> Int32 {
    for path in paths {
      guard let script = read(path, console) else { return 1 }
      let session = conditions.session(path: path, console: console)
      session.machine.width = Weaving.width
      let run = NotebookRun(script, in: session, stopsAtFailure: true)
      let failed = run.cells.last.flatMap { $0.diagnostics.isEmpty ? nil : $0 }
      if let failed {
        console.report(failed.diagnostics, cell: script.tree.cells.count > 1 ? failed.number : nil)
        if failed.isInterrupted {
          console.note("\(path) stays as it is\n")
          return Interrupts.exitCode
        }
      }
      guard run.faults.isEmpty else {
        console.report(run.faults)
        return 1
      }
      let woven = Weaving.text(of: run)
      if format == nil, path != "-", (try? FilePath.read(path, as: path)) != script.source.bytes {
        console.note("\(path) was changed while it ran; it stays as it is\n")
        return 1
      }
      if let format, let output, isSame(output, path) {
        console.note("a page in place of \(path) itself would lose it; `-o` names another file\n")
        return 1
      }
      if let format {
        guard put(Weaving.page(format, of: woven, path, plots: run.cells.flatMap(\.plots)), at: output ?? (path == "-" ? "-" : Weaving.beside(path, format.rawValue)), console) else { return 1 }
      } else if path == "-" || woven != script.source.bytes {
        guard put(woven, at: path, console) else { return 1 }
      }
      if failed != nil { return 1 }
    }
    return 0
  }

  /// `tern import NOTEBOOK.ipynb`: the notebook as a file of Tern.
  package static func importNotebook(_ path: String, output: String?, _ console: Console) -> Int32 {
    let bytes: [UInt8]
    do throws(Fault) { bytes = try FilePath.read(path, as: path) } catch {
      console.report([error.diagnostic])
      return 1
    }
    let target = output ?? Weaving.beside(path, "mlx")
    guard !isSame(target, path) else {
      console.note("a file in place of \(path) itself would lose it; `-o` names another\n")
      return 1
    }
    guard output != nil || !exists(target) else {
      console.note("\(target) is there already; `-o` names another file, or the same to replace it\n")
      return 1
    }
    do throws(JupyterNotebook.Damage) {
      return put(Array(try JupyterNotebook.pieces(bytes).text.utf8), at: target, console) ? 0 : 1
    } catch {
      console.report([Diagnostic(.damagedFile, "\"\(path)\" is no notebook that can be read: \(error.reason)")])
      return 1
    }
  }

  /// Do two paths lead to one file?
  private static func isSame(_ a: String, _ b: String) -> Bool {
    var first = stat(), second = stat()
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Writes a whole file, or to standard output.
  private static func put(_ bytes: [UInt8], at path: String, _ console: Console) -> Bool {
    if path == "-" {
      console.write(String(decoding: bytes, as: UTF8.self))
      console.flush()
      return true
    }
    do throws(FileError) { try Weaving.replace(path, with: bytes) } catch {
      console.report([Fault(notWritten: error, as: path).diagnostic])
      return false
    }
    return true
  }
}

package enum Weaving {
  /// The file's bytes with its outputs as they are now; every other byte stays.
  package static func text(of run: NotebookRun) -> [UInt8] {
    text(of: run.script.source.bytes, run.cells.flatMap { Array(zip($0.recordings, $0.outputsWithFailure)) })
  }

  static func text(of source: [UInt8], _ outputs: [(Recording, [String]?)]) -> [UInt8] {
    let newline = Array((source.usesCarriageReturns ? "\r\n" : "\n").utf8)
    var woven: [UInt8] = []
    var at = 0
    for (recording, output) in outputs {
      guard let output, recording.text != output || !recording.isDirectlyBelow else { continue }
      woven += source[at..<recording.insertion]
      at = recording.insertion
      // The file may end without a newline right here.
      if !output.isEmpty, woven.last != UInt8(ascii: "\n") { woven += newline }
      for line in output { woven += Array(recording.line(of: line).utf8) + newline }
      for line in recording.lines {
        woven += source[at..<line.range.lowerBound]
        at = line.range.upperBound
      }
    }
    woven += source[at...]
    // A file without a newline at its end goes on without.
    if source.last != UInt8(ascii: "\n"), woven.hasSuffix(newline) {
      woven.removeLast(newline.count)
    }
    return woven
  }

  /// Columns of what is recorded, whatever the terminal is.
  static let width = 80

  static func page(_ format: Programs.PageFormat, of woven: [UInt8], _ path: String, plots: [Plot] = []) -> [UInt8] {
    let pieces = NotebookPieces(parse(SourceText(name: path, bytes: woven))).with(plots, width: width)
    let name = String(path.split(separator: "/").last ?? "")
    return switch format {
    case .html: Array(pieces.html(title: name).utf8)
    case .md: Array(pieces.markdown.utf8)
    case .ipynb: Array(JupyterNotebook.document(pieces).text.utf8) + [UInt8(ascii: "\n")]
    }
  }

  /// The same path with another ending.
  static func beside(_ path: String, _ ending: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "\(path).\(ending)" }
    return path.dropLast(name.distance(from: dot, to: name.endIndex)) + ".\(ending)"
  }

  static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) { try Replacement.file(at: path, bytes: bytes) }
}

extension Recording {
  /// Nothing stands between the statement, and between the lines.
  fileprivate var isDirectlyBelow: Bool {
    var expected = insertion
    for line in lines {
      if line.range.lowerBound != expected { return false }
      expected = line.range.upperBound
    }
    return true
  }

  /// An output's line, with the mark of the recorded ones.
  fileprivate func line(of text: String) -> String { (isCompared ? "#>" : "#~>") + (text.isEmpty ? "" : " " + text) }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }

  fileprivate var usesCarriageReturns: Bool {
    guard let end = firstIndex(of: UInt8(ascii: "\n")), end > 0 else { return false }
    return self[end - 1] == UInt8(ascii: "\r")
  }
}
