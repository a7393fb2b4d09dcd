import TernLibrary
import TernPlots
import TernRuntime
package import TernSyntax

/// A file run cell by cell, with what each of its statements put out.
package struct NotebookRun {
  package let script: Script
  package private(set) var cells: [CellRun] = []
  /// Cells that were not reached, since one above ended the program.
  package private(set) var missed: [CellTree] = []
  /// What is wrong with the text itself; then no cell has run.
  package var faults: [Diagnostic] { script.tree.diagnostics }

  package struct CellRun {
    package let number: Int
    package let cell: CellTree
    package let recordings: [Recording]
    /// In step with `recordings`; nil where the cell did not come that far.
    package let outputs: [[String]?]
    package let diagnostics: [Diagnostic]
    package let isInterrupted: Bool
    /// It ended the program.
    package let exitCode: Int?
    /// The statement that failed and the first line of its error; what it had put out before stands above it.
    let failure: (statement: Int, line: String)?
    /// The plots it showed, in order.
    let plots: [Plot]

    /// With the error where it happened.
    var outputsWithFailure: [[String]?] {
      guard let failure else { return outputs }
      return zip(recordings, outputs).map { recording, output in
        recording.statements.contains(failure.statement) ? (output ?? []) + [failure.line] : output
      }
    }

    package var comparison: Comparison { Comparison(tolerance: cell.options["tol"].flatMap(Double.init)) }

    /// Compared outputs that are not the recorded ones.
    package var differences: [(recording: Recording, now: [String])] {
      zip(recordings, outputsWithFailure).compactMap { recording, output in
        guard let output, !recording.lines.isEmpty, recording.isCompared else { return nil }
        return comparison.agree(recording.text, output) ? nil : (recording, output)
      }
    }

    package var passes: Bool { diagnostics.isEmpty && differences.isEmpty && (exitCode ?? 0) == 0 }
  }

  /// Runs every cell. One that fails keeps nothing, and the next one goes on from what the others left.
  ///
  /// - Parameter stopsAtFailure: What stands below a cell that fails is left alone.
  package init(_ script: Script, in session: Session, stopsAtFailure: Bool = false) {
    self.script = script
    session.showsColors = false
    guard faults.isEmpty else { return }
    for (position, cell) in script.tree.cells.enumerated() where !cell.flags.contains("skip") {
      let (run, goesOn) = NotebookRun.run(cell, position + 1, of: script, in: session)
      cells.append(run)
      if run.exitCode != nil { missed = script.tree.cells.dropFirst(position + 1).filter { !$0.flags.contains("skip") } }
      if !goesOn || stopsAtFailure && !run.diagnostics.isEmpty { return }
    }
  }

  private static func run(_ cell: CellTree, _ number: Int, of script: Script, in session: Session) -> (CellRun, goesOn: Bool) {
    let recordings = Recording.all(in: cell, of: script.tree)
    var texts = StatementTexts(count: cell.statements.count)
    session.machine.output = { texts.add($0) }
    var plots: [Plot] = []
    session.shown = { value in if let plot = value.plot { plots.append(plot) } }
    let outcome = session.run(cell, of: script.source, number: number, keepsTable: true) { texts.end($0) }
    let failure = outcome.diagnostics.first.map { diagnostic in
      let statement = outcome.failedStatement ?? session.statement(blamedBy: diagnostic, in: cell, of: script.source)
      texts.end(statement)
      return (statement, recordable(Session.headline(of: diagnostic)).first ?? "")
    }
    let run = CellRun(
      number: number, cell: cell, recordings: recordings, outputs: recordings.map(texts.output), diagnostics: outcome.diagnostics,
      isInterrupted: outcome.isInterrupted, exitCode: outcome.exitCode, failure: failure, plots: plots)
    return (run, outcome.exitCode == nil && !outcome.isInterrupted)
  }
}

/// What each statement of a cell puts out.
struct StatementTexts {
  private var written = ""
  private var texts: [String?]

  init(count: Int) { texts = Array(repeating: nil, count: count) }

  mutating func add(_ text: String) { written += text }

  mutating func end(_ statement: Int) {
    if texts.indices.contains(statement) { texts[statement] = (texts[statement] ?? "") + written }
    written = ""
  }

  /// The lines for a recording; nil where no statement of it has ended.
  func output(for recording: Recording) -> [String]? {
    let pieces = texts[recording.statements].compactMap { $0 }
    return pieces.isEmpty ? nil : recordable(pieces.joined())
  }
}
