import TernLibrary
import TernPlots
package import TernRuntime
package import TernSyntax

/// One machine, one table of names, and the cells that run over them one after the other.
package final class Session {
  package let machine: Machine
  package let file: File
  /// What chance starts from.
  package var seed = 0
  /// The last value a cell had, which `_` names.
  package private(set) var lastValue = Value.none
  /// How a shown value is set off; the prompt puts `Out[3]:` before it.
  var present: (String) -> String = { $0 }
  /// Told of each value a cell shows.
  var shown: (Value) -> Void = { _ in }
  /// Whether what is shown may have colours.
  var showsColors = false

  package init(machine: Machine, path: String? = nil) {
    self.machine = machine
    file = File(path: path)
    file.define("_", .none)
  }

  /// What became of a cell.
  package struct Outcome {
    /// Empty when all went well.
    package var diagnostics: [Diagnostic] = []
    /// The statement that failed; nil when the cell's text could not be run at all.
    package var failedStatement: Int?
    /// The value of the last statement, when it is an expression.
    package var value: Value?
    /// Set by `exit(n)`.
    package var exitCode: Int?
    /// A `fit` was stopped: the cell keeps what it had bound, the run so far among it.
    var keepsNames = false
    package var isInterrupted: Bool { diagnostics.first?.code == .interrupted }
    package var isSuccess: Bool { diagnostics.isEmpty && exitCode == nil }
  }

  /// Runs a cell. What it prints and shows goes to `machine.output`; after each statement `ended` is called, so that its
  /// output is known to be its.
  ///
  /// - Parameter keepsTable: Take a copy of the names first and go back to it when the cell fails. Values in a copy are
  ///   shared, so a script that would end with the first error does without.
  package func run(
    _ cell: CellTree, of source: SourceText, number: Int, keepsTable: Bool, ended: (Int) -> Void = { _ in }
  ) -> Outcome {
    let mustFail = cell.flags.contains("raises")
    let saved = keepsTable || mustFail ? file.saved() : nil
    let name = cell.chanceName(number)
    machine.chance.begin(seed: seed, cell: name)
    machine.cellName = name
    var outcome = perform(cell, source, ended)
    if mustFail, outcome.exitCode == nil, !outcome.isInterrupted { outcome = expectingFailure(outcome, cell, source, ended) }
    if let saved, !outcome.isSuccess || mustFail, !outcome.keepsNames { file.restore(saved) }
    if outcome.isSuccess { keep(outcome.value) }
    return outcome
  }

  /// Checks the whole cell, then runs it statement by statement.
  private func perform(_ cell: CellTree, _ source: SourceText, _ ended: (Int) -> Void) -> Outcome {
    var outcome = Outcome()
    do throws(CompileFailure) {
      let compiled = try machine.compile(cell.statements, of: source, in: file)
      for (position, step) in compiled.steps.enumerated() {
        do throws(Fault) {
          let value = try machine.run(step.prototype)
          if position == compiled.steps.count - 1 { show(value, step.statement, &outcome) }
        } catch {
          outcome.failedStatement = position
          outcome.exitCode = error.exitCode
          if error.exitCode == nil { outcome.diagnostics = [placed(error, step.statement, source)] }
          if let partial = error.partial { outcome.keepsNames = keep(partial, of: step.statement) }
          return outcome
        }
        ended(position)
      }
    } catch {
      outcome.diagnostics = error.diagnostics
    }
    return outcome
  }

  /// What failed only when it was shown, as a lazy dataset may, is the statement's that shows it.
  private func placed(_ fault: Fault, _ statement: Statement, _ source: SourceText) -> Diagnostic {
    var diagnostic = fault.diagnostic
    guard diagnostic.labels.isEmpty else { return diagnostic }
    var range = statement.range
    if case .expression(let value) = statement.kind, let mention = fault.subject.flatMap(value.mention) { range = mention }
    diagnostic.labels = [Diagnostic.Label(source: source, range: range)]
    return diagnostic
  }

  /// Binds the run so far to the name that a whole one would have had.
  private func keep(_ partial: Value, of statement: Statement) -> Bool {
    if case .binding(let isVar, let pattern, _, _, _) = statement.kind, case .name(let name) = pattern.kind {
      file.define(name, partial, isVar: isVar)
    }
    return true
  }

  private func show(_ value: Value, _ statement: Statement, _ outcome: inout Outcome) {
    guard case .expression = statement.kind else { return }
    outcome.value = value
    guard !statement.isHidden, !value.isNone else { return }
    shown(value)
    machine.output(present(text(of: value)) + "\n")
  }

  private func text(of value: Value) -> String {
    if showsColors, let plot = value.plot { return plot.text(width: machine.width, colors: true) }
    return value.text(width: machine.width)
  }

  /// A cell with `{raises}`: the first line of its error is its output, and the run goes on.
  private func expectingFailure(
    _ outcome: Outcome, _ cell: CellTree, _ source: SourceText, _ ended: (Int) -> Void
  ) -> Outcome {
    guard let first = outcome.diagnostics.first else {
      let range = cell.statements.last?.range ?? cell.range
      let diagnostic = Diagnostic(
        .didNotRaise, "this cell says `raises`, and raised nothing",
        labels: [Diagnostic.Label(source: source, range: range)],
        hint: "take `raises` out of its cell line, or make it fail")
      return Outcome(diagnostics: [diagnostic])
    }
    machine.output(Session.headline(of: first) + "\n")
    ended(outcome.failedStatement ?? statement(blamedBy: first, in: cell, of: source))
    return Outcome()
  }

  /// The first line of an error.
  package static func headline(of diagnostic: Diagnostic) -> String {
    "error[\(diagnostic.code.rawValue)]: \(diagnostic.message)"
  }

  /// Where an error that was found before anything ran belongs.
  func statement(blamedBy diagnostic: Diagnostic, in cell: CellTree, of source: SourceText) -> Int {
    let label = diagnostic.labels.first { $0.source === source }
    let blamed = label.flatMap { label in
      cell.statements.firstIndex { $0.range.start <= label.range.start && label.range.start < $0.range.end }
    }
    return blamed ?? max(cell.statements.count - 1, 0)
  }

  private func keep(_ value: Value?) {
    guard let value, !value.isNone else { return }
    lastValue = value
    file.define("_", value)
  }
}

extension CellTree {
  /// What its draws go by: its id, else its number. An id that is a number stands for that number, wherever the cell is.
  func chanceName(_ number: Int) -> String { identifier.map { Int($0) == nil ? "#" + $0 : $0 } ?? String(number) }
}
