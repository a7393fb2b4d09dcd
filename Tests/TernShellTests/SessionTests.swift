import TernRuntime
import TernShell
import TernSyntax
import Testing

@Suite("A session") struct SessionTests {
  @Test("shows the last value of a cell, unless it is none or hidden") func shows() {
    #expect(shown("1\n2") == "2\n")
    #expect(shown("2;") == "")
    #expect(shown("none") == "")
    #expect(shown("let a = 1") == "")
    #expect(shown("\"a\"") == "\"a\"\n")
    #expect(shown("print(\"a\")\n3") == "a\n3\n")
  }

  @Test("forgets what a failed cell did") func rollback() {
    #expect(shown("var n = 1", "n = 2\nlet lost = 1\nerror(\"no\")", "n") == "1\n")
    #expect(shown("var xs = [1]", "xs[0] = 9\nxs[5]", "xs") == "[1]\n")
  }

  @Test("checks a cell before any of it runs") func checksFirst() {
    #expect(shown("print(\"ran\")\nnosuch") == "")
  }

  @Test("knows the last value") func underscore() {
    #expect(shown("20 + 1", "_ * 2", "none", "_") == "21\n42\n42\n")
  }

  @Test("draws by cell, so that a cell repeats") func chance() {
    let twice = outcome(["# %% a {#same}\nrandn(2)", "# %% b {#same}\nrandn(2)"]).output.split(separator: "\n")
    #expect(twice.count == 2 && twice.first == twice.last)
  }

  @Test("expects a cell that must fail to fail") func raises() {
    #expect(outcome(["# %% x {raises}\nerror(\"stop\")"]).output == "error[E0000]: stop\n")
    #expect(outcome(["# %% x {raises}\n1"]).codes == ["E0360"])
    #expect(outcome(["# %% x {raises}\nlet kept = 1\nerror(\"stop\")", "kept"]).codes == ["E0201"])
  }

  private func shown(_ cells: String...) -> String { outcome(cells).output }

  private func outcome(_ cells: [String]) -> (output: String, codes: [String]) {
    onMachine {
      let session = Conditions().session(console: Console(color: .never))
      var output = ""
      var codes: [String] = []
      session.machine.output = { output += $0 }
      for (number, text) in cells.enumerated() {
        let tree = parse(SourceText(name: "test", text: text))
        for cell in tree.cells {
          codes += session.run(cell, of: tree.source, number: number + 1, keepsTable: true).diagnostics.map(\.code.rawValue)
        }
      }
      return (output, codes)
    }
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
