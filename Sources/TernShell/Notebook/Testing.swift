internal import Glibc
import TernRuntime
import TernSyntax

extension Programs {
  /// `tern test FILE…`: runs the files again and compares what they show with what is recorded in them.
  package static func test(_ paths: [String], _ conditions: Conditions, _ console: Console) -> Int32 {
    var tally = TestTally()
    for path in paths {
      guard let script = read(path, console) else {
        tally.unreadable += 1
        continue
      }
      let session = conditions.session(path: path, console: console)
      session.machine.width = Weaving.width
      session.machine.notes = { _ in }
      session.machine.isQuiet = true
      let run = NotebookRun(script, in: session)
      tally.count(run)
      console.report(run)
      if run.cells.last?.isInterrupted == true {
        console.flush()
        return Interrupts.exitCode
      }
    }
    console.write(tally.closingLine + "\n")
    console.flush()
    return tally.isSuccess ? 0 : 1
  }
}

private struct TestTally {
  var files = 0
  var passed = 0
  var failed = 0
  var unreadable = 0

  var isSuccess: Bool { failed == 0 && unreadable == 0 }

  mutating func count(_ run: NotebookRun) {
    if !run.faults.isEmpty { unreadable += 1 }
    files += 1
    passed += run.cells.count { $0.passes }
    failed += run.cells.count { !$0.passes } + run.missed.count
  }

  var closingLine: String {
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) cell\(failed == 1 ? "" : "s") failed") }
    if unreadable > 0 { parts.append("\(unreadable) file\(unreadable == 1 ? "" : "s") could not be run") }
    parts.append("\(passed) cell\(passed == 1 ? "" : "s") passed in \(files) file\(files == 1 ? "" : "s")")
    return parts.joined(separator: ", ")
  }
}

extension Console {
  /// What failed in a file, in the order of its cells.
  fileprivate func report(_ run: NotebookRun) {
    if !run.faults.isEmpty { report(run.faults) }
    for cell in run.cells {
      for difference in cell.differences { report(difference.recording, difference.now, cell, of: run.script) }
      if !cell.diagnostics.isEmpty { report(cell.diagnostics, cell: run.cells.count > 1 ? cell.number : nil) }
      guard let code = cell.exitCode, code != 0 || !run.missed.isEmpty else { continue }
      let missed = run.missed.isEmpty ? "" : ", before \(run.missed.count) more"
      write(paint("\(run.script.path)", .bold) + "  cell \(cell.number) ended the program with \(code)\(missed)\n\n")
    }
  }

  private func report(_ recording: Recording, _ now: [String], _ cell: NotebookRun.CellRun, of script: Script) {
    let line = recording.lines.first?.number ?? 1
    let title = cell.cell.title.flatMap { $0.isEmpty ? nil : " \"\($0)\"" } ?? ""
    write(paint("\(script.path):\(line)", .bold) + "  cell \(cell.number)\(title) shows something else\n")
    for line in LineDifference.lines(recording.text, now, agree: cell.comparison.agree) {
      switch line {
      case .same(let text): write("    \(text)\n")
      case .recorded(let text): write(paint("  - \(text)", .red) + "\n")
      case .now(let text): write(paint("  + \(text)", .green) + "\n")
      }
    }
    write("\n")
  }
}
