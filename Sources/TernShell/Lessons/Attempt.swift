import TernRuntime
package import TernSyntax
import TernTensor

/// What a text makes of an exercise: it is run, then asked by every check. Each try has a machine of its own, without files, network
/// and services, and ends after some time or memory.
package struct Attempt {
  package enum Outcome {
    /// Nothing ran.
    case blanks(Blanks)
    /// The text is wrong, or its program failed.
    case failed([Diagnostic])
    case checked([Check])
  }

  /// Blanks that are left, and the lines they are in.
  package struct Blanks {
    package let count: Int
    package let lines: [(number: Int, text: String)]
  }

  package struct Check {
    package let name: String
    /// What is wrong, with the case that shows it; nil when it passes.
    package let complaint: String?
    package let seconds: Double
  }

  package let outcome: Outcome
  /// What the program showed.
  package let output: String
  /// What there is to say of the error that ended it.
  package let remark: String?
  package let seconds: Double

  package var isDone: Bool {
    if case .checked(let checks) = outcome { checks.allSatisfy { $0.complaint == nil } } else { false }
  }

  /// Seconds for the program and for each check, and bytes more than there are, unless told otherwise.
  package static let time = 10.0
  package static let memory = 1 << 30

  package init(_ exercise: Exercise, text: String, path: String, _ given: Conditions, _ console: Console) {
    let started = Limits.now()
    let source = SourceText(name: path, text: text)
    let blanks = TernShell.blanks(in: text)
    let tree = parse(source)
    guard blanks.isEmpty, tree.diagnostics.isEmpty else {
      outcome = blanks.isEmpty ? .failed(tree.diagnostics) : .blanks(Attempt.blanks(blanks, source))
      (output, remark, seconds) = ("", tree.diagnostics.first.flatMap { exercise.remarks[$0.code.rawValue] }, Limits.now() - started)
      return
    }
    var conditions = given
    conditions.isSandboxed = true
    conditions.time = given.time ?? Attempt.time
    // What is held already, as by a long session, is not the exercise's.
    conditions.memory = given.memory ?? (Limits.residentBytes() ?? 0) + Attempt.memory
    // The limit of memory is the process's.
    let limit = MemoryBudget.limit
    defer { MemoryBudget.limit = limit }
    let session = conditions.session(path: path, console: console)
    var shown = ""
    session.showsColors = false
    session.machine.isQuiet = true
    session.machine.width = min(session.machine.width, 80)
    session.machine.notes = { _ in }
    session.machine.output = { if shown.utf8.count < Attempt.mostShown { shown += $0 } }
    let failure = Attempt.run(tree, in: session)
    session.machine.output = { _ in }
    outcome = failure.map { .failed([$0]) } ?? .checked(Attempt.checks(exercise, in: session))
    output = shown
    remark = failure.flatMap { exercise.remarks[$0.code.rawValue] }
    seconds = Limits.now() - started
  }

  private static func blanks(_ blanks: [SourceRange], _ source: SourceText) -> Blanks {
    let lines = source.text(SourceRange(0, UInt32(source.bytes.count))).lines
    let numbers = Set(blanks.map { source.line(at: $0.start) }).sorted()
    return Blanks(count: blanks.count, lines: numbers.map { ($0, lines[$0 - 1].trimmed) })
  }

  private static let mostShown = 1 << 14

  private static func run(_ tree: SourceTree, in session: Session) -> Diagnostic? {
    for (position, cell) in tree.cells.enumerated() {
      let outcome = session.run(cell, of: tree.source, number: position + 1, keepsTable: false)
      if let diagnostic = outcome.diagnostics.first { return diagnostic }
      if outcome.exitCode != nil { return nil }
    }
    return nil
  }

  /// Each from the names the program left.
  private static func checks(_ exercise: Exercise, in session: Session) -> [Check] {
    let table = session.file.saved()
    return exercise.checkCells.enumerated().map { place, check in
      session.file.restore(table)
      session.machine.limits.restart()
      let started = Limits.now()
      let outcome = session.run(check.cell, of: exercise.checks.source, number: 1000 + place, keepsTable: false)
      var complaint = outcome.diagnostics.first.map { Attempt.complaint($0, besides: exercise.checks.source) }
      if outcome.exitCode != nil { complaint = "the code under test ends the program with `exit`" }
      return Check(name: check.name, complaint: complaint, seconds: Limits.now() - started)
    }
  }

  /// An expectation's words, or the error that came instead, with the learner's line it came from.
  private static func complaint(_ diagnostic: Diagnostic, besides checks: SourceText) -> String {
    if diagnostic.code == .raised { return diagnostic.message }
    let label = diagnostic.labels.first { $0.source !== checks }
    let place = label.map { ["line \($0.source.line(at: $0.range.start))"] } ?? []
    let facts = place + diagnostic.labels.map(\.note).filter { !$0.isEmpty }
    return Session.headline(of: diagnostic) + (facts.isEmpty ? "" : " (" + facts.joined(separator: ", ") + ")")
  }
}
