import Foundation
import TernLibrary
import TernRuntime
import TernShell
import TernSyntax
import Testing

/// The language, a sentence a file: every script shows what is recorded in it.
@Suite("Scripts show what they record") struct LanguageTests {
  @Test("the language", arguments: Scripts.under("Tests/LanguageTests"))
  func language(_ path: String) throws { try expectRecorded(path) }

  @Test("the examples", arguments: Scripts.under("scripts/examples"))
  func example(_ path: String) throws { try expectRecorded(path) }

  private func expectRecorded(_ path: String) throws {
    let full = Scripts.root + "/" + path
    let script = try Script(reading: full)
    #expect(script.tree.diagnostics.map(Session.headline) == [])
    let run = onMachine { NotebookRun(script, in: .testing(path: full)) }
    for cell in run.cells {
      for difference in cell.differences {
        let line = difference.recording.lines.first?.number ?? 0
        #expect(difference.now == difference.recording.text, "\(path):\(line)")
      }
      for diagnostic in cell.diagnostics { Issue.record("\(path), cell \(cell.number): \(Session.headline(of: diagnostic))") }
    }
  }
}

/// Every documented example is a promise.
@Suite("The library does what it documents") struct StdlibTests {
  @Test("the example of", arguments: Stdlib().names.sorted())
  func example(_ name: String) throws {
    guard let head = Stdlib().head(of: name), !head.examples.isEmpty else { return }
    let text = head.examples.map { "# %%\n" + ($0.code + $0.output.map { "#> " + $0 }).joined(separator: "\n") + "\n" }.joined()
    let run = onMachine { NotebookRun(Script(text: text, name: name), in: .testing(path: nil)) }
    #expect(run.faults.map(Session.headline) == [])
    for cell in run.cells {
      #expect(cell.diagnostics.map(Session.headline) == [])
      for difference in cell.differences { #expect(difference.now == difference.recording.text) }
    }
  }

  @Test("and every file is in the binary") func embedded() throws {
    let folder = Scripts.root + "/stdlib"
    let onDisk = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mlx") }.sorted()
    #expect(Stdlib().fileNames == onDisk)
  }
}

extension Session {
  static func testing(path: String?) -> Session {
    let session = Conditions().session(path: path, console: Console(color: .never))
    session.machine.width = 80
    session.machine.notes = { _ in }
    session.machine.isQuiet = true
    return session
  }
}

enum Scripts {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The scripts under a folder, as paths from the root of the project.
  static func under(_ folder: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(".mlx") && !$0.contains("/lib/") }.sorted().map { folder + "/" + $0 }
  }
}

/// The machine needs a large stack; what it makes is handed over when its thread has ended.
func onMachine<Result>(_ work: @escaping () -> Result) -> Result {
  nonisolated(unsafe) var result: Result?
  nonisolated(unsafe) let work = work
  _ = MachineThread.run {
    result = work()
    return 0
  }
  return result!
}
