import TernRuntime
package import TernSyntax

extension Programs {
  /// `tern check FILE…`: names, calls, contracts and shapes, with nothing outside touched.
  package static func check(_ paths: [String], _ conditions: Conditions, _ console: Console) -> Int32 {
    var isFaulty = false
    for path in paths {
      guard let script = read(path, console) else {
        isFaulty = true
        continue
      }
      let findings = script.check(in: conditions.session(path: path, console: console))
      console.report(findings.errors)
      isFaulty = isFaulty || !findings.errors.isEmpty
      for advice in findings.advice { console.note(advice.text(in: script.source) + "\n") }
    }
    return isFaulty ? 1 : 0
  }
}

extension Script {
  package struct Findings {
    package var errors: [Diagnostic] = []
    package var advice: [Advice] = []
  }

  package func check(in session: Session) -> Findings {
    guard tree.diagnostics.isEmpty else { return Findings(errors: tree.diagnostics) }
    var findings = Findings()
    let checker = Checker(tree, vocabulary: session.machine.vocabulary, folder: FilePath.folder(path))
    let rehearsal = Rehearsal(session.machine, session.file)
    var callable: [String] = []
    for cell in tree.cells where !cell.flags.contains("skip") {
      let mustFail = cell.flags.contains("raises")
      do throws(CompileFailure) {
        let code = try session.machine.compile(cell.statements, of: source, in: session.file, checking: mustFail ? nil : checker)
        // A cell that must fail keeps nothing.
        if mustFail { continue }
        findings.errors += code.steps.compactMap(rehearsal.run)
        callable += cell.statements.flatMap(\.boundNames).filter { !callable.contains($0) }
      } catch {
        if mustFail { continue }
        findings.errors += error.diagnostics
        // What is faulty is reported once, not again wherever its names are used.
        for name in cell.statements.flatMap(\.boundNames) { session.file.define(name, .absent) }
      }
    }
    findings.errors += callable.compactMap(rehearsal.trace)
    findings.advice = Advice.all(in: tree, checker)
    return findings
  }
}
