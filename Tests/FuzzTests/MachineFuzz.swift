import TernRuntime
import TernShell
import TernSyntax
import TernTensor
import Testing

/// Programs through `parse`, `check` and `run`, in the sandbox: they end in a value or in a fault.
@Suite("No program traps or hangs", .serialized) struct MachineFuzz {
  @Test("of the grammar, whole and spoiled") func grammar() {
    onMachine {
      var bench = ProgramBench()
      Fuzz.run("machine", 3000) { seed in
        var generator = ProgramGenerator(seed: seed)
        let program = generator.program(statements: 4)
        bench.run(seed % 2 == 0 ? Array(("let x = \(seed % 7)\nlet a = [1, 2]\n" + program).utf8) : generator.spoiled(program))
      }
    }
  }

  @Test("of any word with any arguments") func words() {
    onMachine {
      var bench = ProgramBench()
      let words = CallGenerator.Words(bench.vocabulary)
      Fuzz.run("words", 6000) { seed in
        var generator = CallGenerator(seed: seed, words: words)
        bench.run(Array(generator.program().utf8))
      }
    }
  }

  @Test("of two printable characters") func pairs() {
    onMachine {
      var bench = ProgramBench()
      for first in UInt8(32)...126 { for second in UInt8(32)...126 { bench.run([first, second]) } }
    }
  }
}

/// Machines that are used over and over, as making one costs more than most programs.
struct ProgramBench {
  private var session: Session?
  private var uses = 0
  var vocabulary: Vocabulary { conditions.session(console: Console(color: .never)).machine.vocabulary }

  private var conditions: Conditions {
    var conditions = Conditions()
    conditions.isSandboxed = true
    conditions.time = 0.5
    conditions.steps = 300_000
    conditions.memory = 4 << 30
    return conditions
  }

  /// Checks and runs it; the codes of its faults.
  @discardableResult mutating func run(_ bytes: [UInt8]) -> [String] {
    Report.input(bytes)
    let source = SourceText(name: "fuzz", bytes: bytes)
    let tree = parse(source)
    guard tree.diagnostics.isEmpty else { return tree.diagnostics.map(\.code.rawValue) }
    let machine = freshMachine()
    let session = Session(machine: machine)
    machine.limits.restart()
    _ = Script(text: String(decoding: bytes, as: UTF8.self), name: "fuzz").check(in: Session(machine: machine))
    var codes: [String] = []
    for (number, cell) in tree.cells.enumerated() {
      let outcome = session.run(cell, of: tree.source, number: number + 1, keepsTable: true)
      codes += outcome.diagnostics.map(\.code.rawValue)
      for diagnostic in outcome.diagnostics { _ = DiagnosticRenderer(color: false, unicode: false).render(diagnostic) }
    }
    return codes
  }

  private mutating func freshMachine() -> Machine {
    uses += 1
    if let session, uses % 1000 != 0 { return session.machine }
    let fresh = conditions.session(console: Console(color: .never))
    fresh.machine.output = { _ in }
    fresh.machine.notes = { _ in }
    fresh.machine.isQuiet = true
    session = fresh
    return fresh.machine
  }
}
