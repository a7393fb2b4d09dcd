import TernRuntime
import TernSyntax

/// What `tern explain` shows.
package enum Explained: String, CaseIterable, Sendable { case tokens, ast, code, cells, graph, plan }

extension Programs {
  /// `tern explain E0213`; nil when the word is no code.
  package static func explanation(ofCode word: String, width: Int = 80) -> String? {
    ErrorCode(rawValue: word.uppercased()).map { wrapped($0.explanation, width: min(width, 100)) }
  }

  package static func explain(_ what: Explained, _ script: Script, isTimed: Bool = false, _ conditions: Conditions, _ console: Console) -> Int32 {
    switch what {
    case .tokens: console.write(describe(tokens: tokens(of: script.source), of: script.source))
    case .ast: console.write(describe(script.tree))
    case .cells: return explainCells(script, conditions, console)
    case .graph, .plan: return explainTraces(what, of: script, isTimed: isTimed, conditions, console)
    case .code: if script.tree.diagnostics.isEmpty { return explainCode(of: script, conditions, console) }
    }
    console.flush()
    console.report(script.tree.diagnostics)
    return script.tree.diagnostics.isEmpty ? 0 : 1
  }

  /// Runs the script, silently, and shows what was traced on the way: plans at the end, when threads and times are known.
  private static func explainTraces(_ what: Explained, of script: Script, isTimed: Bool, _ conditions: Conditions, _ console: Console) -> Int32 {
    let session = conditions.session(path: script.path, console: console)
    session.machine.output = { _ in }
    session.machine.notes = { _ in }
    session.machine.isQuiet = true
    session.machine.timesPlans = what == .plan
    session.machine.linedFile = session.file
    var late: [() -> Void] = []
    session.machine.traceObserver = { name, graph, plan in
      let show = { console.write("\(what.rawValue) of \(name)\n\(what == .graph ? graph() : plan(isTimed))\n\n") }
      if what == .plan { late.append(show) } else { show() }
    }
    for (position, cell) in script.tree.cells.enumerated() {
      let outcome = session.run(cell, of: script.source, number: position + 1, keepsTable: false)
      guard outcome.diagnostics.isEmpty else {
        for show in late { show() }
        console.report(outcome.diagnostics, cell: script.tree.cells.count > 1 ? position + 1 : nil)
        return 1
      }
    }
    for show in late { show() }
    console.flush()
    return 0
  }

  private static func explainCode(of script: Script, _ conditions: Conditions, _ console: Console) -> Int32 {
    let session = conditions.session(console: console)
    let cells = script.tree.cells
    for (position, cell) in cells.enumerated() {
      do throws(CompileFailure) {
        let compiled = try session.machine.compile(cell.statements, of: script.source, in: session.file)
        for name in compiled.writes where !session.file.isDefined(name) { session.file.define(name, .absent) }
        if cells.count > 1 { console.write("# cell \(position + 1)\(cell.title.map { ": " + $0 } ?? "")\n\n") }
        for step in compiled.steps {
          console.write("\(script.source.name):\(script.source.line(at: step.statement.range.start))  \(step.prototype.disassembly)\n")
        }
      } catch {
        console.report(error.diagnostics, cell: cells.count > 1 ? position + 1 : nil)
        return 1
      }
    }
    console.flush()
    return 0
  }
}
