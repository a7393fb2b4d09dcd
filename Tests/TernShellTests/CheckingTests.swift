import Foundation
import TernShell
import TernSyntax
import Testing

/// What `tern check` finds before anything runs, and what it lets pass.
@Suite("Checking") struct CheckingTests {
  @Test("finds what certainly fails", arguments: [
    ("let x: f32[3] = [1.0, 2.0]", "E0217"), ("let x: f32[3] = [[1]]", "E0216"), ("let n: int = \"a\"", "E0221"), ("let n: str = 2", "E0221"),
    ("let A = zeros(2, 3)\nlet B = zeros(4, 5)\nA @ B", "E0213"), ("zeros(2, 3) + zeros(2, 4)", "E0213"), ("zeros(3) + [1, 2]", "E0213"), ("zeros(3, 1) * zeros(3)", "E0212"),
    ("fn f() { zeros(2, 3) @ zeros(2) }", "E0213"), ("transpose(zeros(2, 3)) @ zeros(3, 2)", "E0213"), ("(zeros(2, 3) @ zeros(3, 4)) @ zeros(3, 2)", "E0213"),
    ("1 + \"a\"", "E0301"), ("\"a\" * 3", "E0301"), ("let s = \"a\"\n2 - s", "E0301"), ("[1, 2] + [4]", "E0407"),
    ("len()", "E0207"), ("len([1], wat: 2)", "E0206"), ("mean([1], ovr: 0)", "E0206"), ("exp(1, 2, 3)", "E0205"),
    ("let r = {width: 1}\nr.wdth", "E0332"), ("fn f(a, b) { a }\nf(1, c: 2)", "E0206"), ("fn f(w: float) { w }\nf(\"2\")", "E0221"), ("fn f(x: f32[2]) { x }\nf([1, 2, 3])", "E0217"),
  ]) func finds(_ text: String, _ code: String) {
    #expect(codes(text) == [code], "\(text)")
  }

  @Test("lets pass what may run", arguments: [
    "let A = zeros(2, 3)\nlet A = zeros(4, 2)\nA @ zeros(2, 3)", "var r = {a: 1}\nr.b = 2\nr.b", "zeros(2, 3) + zeros(3)", "zeros(2, 1) + zeros(2, 3)",
    "zeros(4, 2, 3) @ zeros(3, 5)", "tensor([1, 2], axes: [\"a\"]) + tensor([1, 2, 3], axes: [\"b\"])", "fn zeros(a, b) { a * b }\nzeros(2, 3) * zeros(4, 1)",
    "try { 1 + \"a\" } catch e { 0 }", "fn f(A) { A @ zeros(3, 4) }\nlet A = zeros(2, 2)", "[1, 2] + [3, 4]", "\"a\" + \"b\"", "zeros(3) + 1", "let x: f32[2] = [1, 2]", "let x: float = 1", "let s: str = none", "let a = 1\nfn g() { a + 1 }",
    "split(\"a b\", \" \")", "max(1, 2)", "let r = {a: 1}\n{...r, b: 2}.b", "let m = zeros(2) > 1\nm + 1",
  ]) func passes(_ text: String) {
    #expect(codes(text) == [], "\(text)")
  }

  @Test("traces functions with sizes that stand for any", arguments: [
    ("fn f(x: f32[batch, n], w: f32[m, k]) { x @ w }", "E0213"), ("fn f(x: f32[batch, n]) -> f32[n] { mean(x, over: 1) }", "E0217"),
    ("fn f(x: f32[n, 3]) { g(x) }\nfn g(x) { x + zeros(4) }", "E0213"), ("fn f(x: float[..., n], y: float[..., m]) { x + y }", "E0213"),
    ("fn f(x: f32[n], k: int) -> f32[n - k] { x[k - 1..] }", "E0217"), ("let w = zeros(5, 2)\nfn f(x: f32[batch, 4]) { x @ w }", "E0213"),
    ("model m(wide: int) { let first = dense(wide)\n param w: f32[wide, 3] = zeros(wide, 3)\n fn call(x: f32[b, n]) { w @ first(x) } }", "E0213"),
    ("model m() { let c = conv2d(8, 3)\n fn call(x: f32[b, n]) { c(x) } }", "E0216"), ("model m() { fn call(x: f32[b, n]) -> f32[b, 1] { dense(2)(x) } }\nlet net = m()", "E0401"),
    ("model m(k: int) { let l = dense(k)\n fn call(x: f32[b, n]) -> f32[b, 1] { l(x) } }\nlet net = m(2)", "E0217"),
  ]) func traces(_ text: String, _ code: String) {
    #expect(codes(text) == (code == "E0401" ? [] : [code]), "\(text)")
  }

  @Test("runs what touches nothing outside", arguments: [
    ("let net = chain(conv2d(8, 3), flatten, dense(10))\ninit(net, ones(4, 28))", "E0216"), ("let net = init(dense(3), f32[_, 4])\nnet(ones(2, 5))", "E0217"),
    ("fit(dense(3), sample(\"iris\"), target: \"specie\", loss: mse)", "E0601"), ("let n = arg(\"n\", 4)\nreshape(arange(n), 3, 2)", "E0224"),
    ("fit(chain(dense(4), dense(2)), dataset({x: ones(8, 3), y: [0, 1, 2, 0, 1, 2, 0, 1]}), target: \"y\", loss: cross_entropy)", "E0602"), ("[1, 2][5]", "E0323"),
    ("let w = sum([1, 2])\nlet r = {w}\nr.v", "E0332"),
  ]) func runs(_ text: String, _ code: String) {
    #expect(codes(text) == [code], "\(text)")
  }

  @Test("says nothing of what only a run can tell", arguments: [
    "let d = read(\"none.csv\")\nd.x + 1", "let p = arg(\"in\")\nsplit(p, \",\")", "let d = try { read(\"none.csv\") } catch e { none }\nd + 1", "var x = 1\nwhile true { x += 1 }\nzeros(2) + x",
    "var n = 1\nwhile n < 1000000000 { n += 1 }\nzeros(n)[5]", "error(\"no\")", "let s = read_text(\"x\")\nlet t = try { s } catch e { 5 }\nt + \"a\"",
    "fn f(x: f32[n]) { if sum(x) > 0 { x } else { x @ zeros(3, 3) } }", "fn f(x: f32[n]) -> f32[2, _] { reshape(x, 2, -1) }", "fn f(x: f32[n], m: int) { reshape(x, m, -1) }",
    "fn f(x: f32[b, d], heads: int) { reshape(x, shape(x)[0], heads, -1) }", "fn f(x: f32[n], k: int) -> f32[n - k + 1] { x[k - 1..] }", "fn f(x: f32[n], i: int) { x[i + 1000] }",
    "fn f(x: f32[n * n]) { reshape(x, 2, 2) }", "fn f(net: model, x: f32[n]) { net(x) }", "let r = fit(dense(1), dataset({x: [1.0], y: [1.0]}), target: \"y\", loss: mse, epochs: 1000000)\nr.nothing", "_ * 2",
    "# %% a {raises}\nlet x = zeros(2) + zeros(3)\n# %% b\nlet y = 1",
  ]) func silent(_ text: String) {
    #expect(codes(text) == [], "\(text)")
  }

  @Test("touches nothing") func harmless() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tern-check-\(UUID().uuidString)").path
    #expect(codes("write_text(\"a\", \"\(path)\")\nlet r = try { write_text(\"a\", \"\(path)\") } catch e { 1 }") == [])
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("says everything it found") func all() {
    #expect(codes((0..<9).map { "q\($0)" }.joined(separator: "\n")).count == 9)
  }

  @Test("looks into used files") func used() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tern-check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "fn scale(x, by) { x * by }\nlet rate = 2\n".write(to: folder.appendingPathComponent("lib.mlx"), atomically: true, encoding: .utf8)
    func found(_ text: String) -> [String] { codes(text, path: folder.appendingPathComponent("main.mlx").path) }
    #expect(found("let m = use \"lib.mlx\"\nm.scale(1, by: 2) + m.rate") == [])
    #expect(found("let m = use \"lib.mlx\"\nm.scale(1)") == ["E0207"])
    #expect(found("let m = use \"lib.mlx\"\nm.scal(1, 2)") == ["E0332"])
    #expect(found("let {scale, rat} = use \"lib.mlx\"") == ["E0330"])
    #expect(found("let {scale: s} = use \"lib.mlx\"\ns(1, wy: 2)") == ["E0206"])
  }

  @Test("advises", arguments: [
    ("let n = 1\nfn f() { let n = n + 1; 0 }", "hides `n`"), ("fn l(x, y) { cross_entropy(softmax(x), y) }", "raw scores"),
    ("# %% a\nlet a = 1\n# %% b\nrandn(2)\n#> f32[2]  [0.1, 0.2]", "`randn` draws"), ("# %% a\nfn noise() { randn(2) }\n# %% b\nnoise()\n#> f32[2]  [0.1, 0.2]", "`noise` draws"),
    ("let net = chain(dense(3), dropout(0.1))\nfn l(n, x) { mean(n(x)) }\nfn step(x) { grad(l)(net, x) }", "is serving"),
    ("model m() { state s: f32[] = 0\n fn call(x) { x } }\nlet net = m()\nlet g = grad(x => sum(net(x)))", "is serving"),
    ("# %% a {#x}\nlet a = 1\n# %% b {#x}\nlet b = 1", "another cell is called `#x`"), ("# %% a {skp}\nlet a = 1", "did you mean `skip`"), ("# %% a {toll: 1e-2}\nlet a = 1", "did you mean `tol`"),
  ]) func advises(_ text: String, _ words: String) {
    let advice = found(text).advice.map(\.words)
    #expect(advice.count == 1 && advice[0].contains(words), "\(advice)")
  }

  @Test("advises against nothing that is right", arguments: [
    "# %% a\nlet a = 1\n# %% b {#b}\nrandn(2)\n#> f32[2]  [0.1, 0.2]", "# %% a\nlet a = 1\n# %% b\nrandn(2, seed: 1)\n#> f32[2]  [0.1, 0.2]", "randn(2)\n#> f32[2]  [0.1, 0.2]",
    "# %% a\nlet a = 1\n# %% b\nlen(sample(\"iris\"))\n#> 150", "let net = dense(3)\nlet g = grad(x => sum(net(x)))",
    "let net = chain(dense(3), dropout(0.1))\nlet g = grad(n => mean(apply(n, ones(2, 3), training: true).out))",
  ]) func quiet(_ text: String) {
    #expect(found(text).advice.map(\.words) == [])
  }

  private func codes(_ text: String, path: String = "t.mlx") -> [String] { found(text, path: path).errors.map(\.code.rawValue) }

  private func found(_ text: String, path: String = "t.mlx") -> Script.Findings {
    Script(text: text, name: path).check(in: Conditions().session(path: path, console: Console()))
  }
}
