import Testing
import TernSyntax
import Foundation
@Test func scratch() throws {
  guard let path = ProcessInfo.processInfo.environment["SYN"] else { return }
  let text = try String(contentsOfFile: path + ".in", encoding: .utf8)
  let parts = text.utf8.split(separator: 0, omittingEmptySubsequences: false).map { String($0)! }
  try parts.map { shape($0) }.joined(separator: "\0").write(toFile: path + ".out", atomically: true, encoding: .utf8)
}
@Test func look() throws {
  guard ProcessInfo.processInfo.environment["LOOK"] != nil else { return }
  let r = DiagnosticRenderer(color: false, unicode: true)
  for t in ["def f(x):\n    return x\nlet y = 2", "lambda x: x", "f(lambda x: x + 1, xs)", "if a { 1 } elif b { 2 }", "import numpy as np", "from a import b", "'text'", "'it''s'", "f\"{x}\"", "f'{x}'", "x[:, 1:3]", "x[::2]", "x[:, None]", "x[1:]", "x[:n]", "x[a:]", "x.mean(axis=0)", "mean(x, axis=0)", "f(x, lr=0.1)", "(a > 1) & (b < 2)", "a && b || !c", "~m", "0 < x < 1", "0 <= f(x) <= 1 + 2", "[f(x) for x in xs if c]", "[x ** 2 for x in 0..10]", "[a for [a, b] in ps]", "{k: v for k in ks}", "for i, x in enumerate(xs) { }", "{**d, \"a\": 1}", "f(*args, **kw)", "a, b = f()", "let a, b = f()", "fn g() { return a, b }", "x++", "i--", "x = +1", "x === y", "x <> y", "x := 5", "// a comment isn't code", "let a = 1\n// it's a note\nlet b = 2", "/* c */ 1", "a ? b : c", "x if c else y", "let y = x if c else z", "if c:\n  x\nelse:\n  y", "while c:\n  x = 1", "for x in xs:\n  print(x)", "for (i = 0; i < 3; i++) { }", "x -> x + 1", "map(xs, x -> x + 1)", "class A:\n  def f(self): pass", "const x = 5", "print x", "raise ValueError(\"a\")", "try:\n  f()\nexcept:\n  g()", "switch x { 1 => 2 }", "@jit\ndef f(x): x", "A'", "A' * B", "x^2", "$x", "`x`", ".5", "5.", "(a, b)", "()", "fn f(x) = x * 2", "if x = 1 { 2 }", "{x for x in xs}", "let x: int | none = 1", "“text”", "let x = 3 × 4", "a\u{00A0}= 1", "x = y = 2", "f(x", "f(x\nlet y = 1\ny", "fn f(x) {\n  if x {\n    1\n}\nlet y = 2\n", "}", "let x = )", "[1, 2", "# %% a\nf(1,\n# %% b\n2", "let if = 3", "let f32 = 3", "x |> 3", "x |> f + 1", "1 = 2", "f(x) = 3", "_ = 3", "let _ = 3", "model m(a) { let b = 1 }", "model m(a) { var b = 1\n fn call(x) { x } }", "\"{x\"", "\"{}\"", "\"{a b}\"", "\"{x:.2f}\"", "\"{x:8\"", "\"abc", "\"a\\q\"", "\"\\u{zz}\"", "0b101", "0x", "3abc", "5m", "1e999", "9223372036854775808", "1..", "xs |> take(3) |> 4", "f(a: 1, 2)", "f(a: 1, a: 2)", "let {a b} = r", "match x { 1 => 2, 3 => 4 }", "match x { 5ms => 1 }", "fn f(a = 1, b) { a }", "fn f(a, a) { a }", "list[3]", "fn f(x: list[3]) { x }", "return 1", "else { }", "1 2 3", "a not b", "1 + not x", "f(1 2)", "let x 5", "let x", "let x\n= 5", "catch e { }", "a $ b ` c ? d ~ & \\ ^ ' q", "x = [1, 2\ny = 3\nz = 4\n", "let r = {a: 1, b 2}", "if x { 1 } else y", "fn (x) x", "fn f x { }", "x.1", "x[]"] {
    print("────", t.debugDescription)
    for d in parse(SourceText(name: "a.mlx", text: t)).diagnostics { print(r.render(d), terminator: "") }
  }
}
