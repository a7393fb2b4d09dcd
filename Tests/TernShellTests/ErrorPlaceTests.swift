import TernRuntime
import TernShell
import TernSyntax
import Testing

/// Errors mark the exact thing at fault. Each program stands with what its error marks, the first place first, and beside
/// it the note.
@Suite("Errors mark") struct ErrorPlaceTests {
  @Test("the index or key at fault", arguments: [
    ("let xs = [1, 2]\nxs[10]", ["10"]),
    ("let i = 5\n[1, 2][i]", ["i = 5"]),
    ("let d = {a: 1}\nd[\"k\"]", ["\"k\""]),
    ("let xs = [1, 2]\nxs[0..5]", ["0..5"]),
    ("let t = zeros(2, 3)\nt[3, 0]", ["3"]),
    ("let t = zeros(2, 3)\nt[1, 2..9]", ["2..9"]),
    ("let t = zeros(2, 3)\nt[..., 4]", ["4"]),
    ("let t = tensor([[1, 2]], axes: [\"row\", \"col\"])\nt[row: 0, col: 7]", ["7"]),
    ("var t = zeros(2, 3)\nt[1, 6] = 1", ["6"]),
    ("zeros(3, 3)[[0, 1], [1, 2]]", ["[1, 2]"]),
    ("[{a: 1}][3].a", ["3"]),
  ]) func indices(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("the label at fault", arguments: [
    ("fn f(a, width) { a }\nlet g = f\ng(1, widht: 2)", ["widht"]),
    ("fn f(a, width) { a }\nlet g = f\ng(1, a: 2)", ["a"]),
    ("sum(zeros(2, 2), axis: 0)", ["axis"]),
    ("dense(3, activation: relu)", ["activation"]),
    ("require({accuracy: 0.9}, accurcy: at_least(0.5))", ["accurcy"]),
  ]) func labels(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("the argument a contract refuses, and where it is asked for", arguments: [
    ("fn f(x: f32[n], y: f32[n]) { x }\nlet v = zeros(4)\nf(zeros(3), v)", ["v = f32[4]", "y: f32[n] = asked for here"]),
    ("fn f(n: int, k: int = 2) { n }\nf(1, k: \"a\")", ["\"a\" = a str", "k: int = 2 = asked for here"]),
    ("fn f(x: f32[n]) { x }\nlet v = 3\nv |> f()", ["v = f32[]", "x: f32[n] = asked for here"]),
    // `map` gives what is not in the text: the parameter is all there is to mark.
    ("fn f(x: f32[n]) { x }\nmap([zeros(2, 2)], f)", ["x: f32[n] = f32[2, 2]"]),
    ("fn f(x: f32[n, n]) { sum(x) }\nlet v = zeros(2, 3)\ngrad(f)(v)", ["v = f32[2, 3]"]),
    ("let net = init(dense(2), f32[_, 4], seed: 1)\nlet v = zeros(2, 5)\nnet(v)", ["v = f32[2, 5]", "dense(2) = made here"]),
    ("let net = chain(\n  dense(8),\n  conv1d(5))\nsummary(net, f32[2, 4])", ["summary", "conv1d(5) = made here"]),
    ("\"a\" > 3", ["\"a\" = a str", "3 = an int"]),
  ]) func contracts(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("the operand that is no bool", arguments: [
    ("true and 3", ["3 = an int"]),
    ("3 or true", ["3 = an int"]),
    ("not 3", ["3 = an int"]),
    ("if len([1]) { 2 }", ["len([1]) = an int"]),
    ("if true and \"\" { 2 }", ["\"\" = a str"]),
  ]) func bools(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("the argument of a word, given by position or by label", arguments: [
    ("fit(5, dataset({x: [1], y: [1]}), target: \"y\", loss: mse)", ["5 = an int"]),
    ("transpose(zeros(3, 4), 0, 3)", ["3"]),
    ("mean(zeros(3), over: 2)", ["2"]),
    ("topk(zeros(3), 5)", ["5"]),
    ("map([1], 5)", ["5"]),
    ("fit(dense(1), dataset({x: [1], y: [1]}), loss: mse, target: \"z\")", ["\"z\""]),
    ("fit(dense(1), dataset({x: [1], y: [1]}), target: \"y\", loss: mse, optimizer: 5)", ["5 = an int"]),
  ]) func arguments(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("the word that nothing has, where it is written", arguments: [
    ("let d = dataset({a: [1, 2]})\nd[\"b\"]", ["\"b\""]),
    ("let d = dataset({a: [1, 2]})\nd.a[10]", ["10"]),
    ("let d = dataset({a: [1, 2]})\nsort(d, by: \"b\")", ["\"b\""]),
    ("let d = dataset({a: [1, 2]})\nrename(d, b: \"c\")", ["b"]),
    ("let t = tensor([[1, 2]], axes: [\"row\", \"col\"])\nsum(t, over: \"rwo\")", ["\"rwo\""]),
    ("read(\"no-such-file.csv\")", ["\"no-such-file.csv\""]),
    ("sample(\"pengins\")", ["\"pengins\""]),
    ("fit(dense(1), dataset({x: [1], y: [1]}), prep: recipe(z: standardize), target: \"y\", loss: mse)", ["z"]),
  ]) func subjects(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("the argument that the library finds fault with", arguments: [
    ("dense(-1)", ["-1"]),
    ("dropout(1.5)", ["1.5"]),
    ("sgd(0.1, 2)", ["2"]),
    ("adam(lr: -1)", ["-1"]),
    ("let y = [1, 7]\ncross_entropy(zeros(2, 3), y)", ["y"]),
    ("fit(dense(1), dataset({x: [1], y: [1]}), target: \"y\", loss: mse, epochs: -1)", ["-1"]),
    ("fit(dense(1), dataset({x: [1], y: [1]}), target: \"y\", loss: (s, t) => \"a\")", ["(s, t) => \"a\""]),
    ("filter([1, 2], x => x)", ["x => x = an int"]),
    ("zip([1], 2)", ["2 = an int"]),
    ("rand(2, 2.5)", ["2.5 = a float"]),
    ("randn(2, seed: \"a\")", ["\"a\" = a str"]),
    ("zeros(2, -1)", ["-1"]),
    ("grad(5)", ["5 = an int"]),
    ("let net = dense(1)\nnet.w = 3", ["net"]),
    // What a word calls has no operands in the text.
    ("map([\"a\"], sqrt)", ["map"]),
  ]) func libraryArguments(_ program: String, _ marks: [String]) {
    #expect(marked(program) == marks)
  }

  @Test("what the function gave, when its result is refused") func results() {
    #expect(marked("fn f(x: f32[n]) -> f32[n - 1] {\n  let y = x\n  y\n}\nf(zeros(3))") == ["y = f32[3]"])
  }

  @Test("sizes by name, and who bound them") func sizes() {
    let fault = fault("fn mse(w: f32[feature], X: f32[batch, feature]) {\n  X @ w[..2]\n}\nmse(zeros(3), zeros(2, 3))")
    #expect(fault?.notes == [
      "`@` joins X's last axis with the right's first; 3 ≠ 2",
      "sizes here: batch = 2 (bound by argument X, line 4), feature = 3 (bound by argument w, line 4)",
    ])
  }

  @Test("how many calls led there") func calls() {
    let fault = fault("fn f(n) { if n == 0 { error(\"x\") } else { f(n - 1) } }\nf(50)")
    #expect(fault.map { $0.trace.count + $0.skippedFrames } == 52)
    #expect(fault?.trace.last?.function == "")
  }

  private func marked(_ program: String) -> [String] {
    (fault(program)?.labels ?? []).map { $0.source.text($0.range) + ($0.note.isEmpty ? "" : " = \($0.note)") }
  }

  private func fault(_ program: String) -> Diagnostic? {
    onMachine {
      let session = Conditions().session(console: Console(color: .never))
      session.machine.output = { _ in }
      let tree = parse(SourceText(name: "test", text: program))
      return tree.cells.lazy.compactMap { session.run($0, of: tree.source, number: 1, keepsTable: true).diagnostics.first }.first
    }
  }
}
