import Testing
import TernSyntax

/// What a newcomer types, and the hint: the pinned table.
@Suite("Other languages") struct OtherLanguagesTests {
  @Test("Tern's spelling is the hint", arguments: [
    ("def f(x):\n  x", "fn f(x) { }"), ("lambda x: x", "x => x * 2"), ("f(lambda x: x)", "x => x * 2"), ("if a { 1 } elif b { 2 }", "else if"), ("import numpy as np", "use \"lib/file.mlx\""),
    ("from a import b", "use \"lib/file.mlx\""), ("'text'", "\"text\"`: every string fills `{…}"), ("'it''s'", "\"text\""), ("f\"{x}\"", "every string fills `{…}`"), ("f'{x}'", "every string fills `{…}`"),
    ("x[:, 1:3]", "x[.., 1..3]"), ("x[::2]", "x[range(0, len(x), step: 2)]"), ("x[:, None]", "expand(x, 1)"), ("x[None, :]", "expand(x, 0)"), ("x[1:]", "x[1..]"), ("x[a:]", "x[a..]"), ("x[f(1):2]", "x[.., 1..3]"),
    ("x.mean(axis=0)", "mean(x, over: 0)"), ("mean(x, axis=0)", "over: 0"), ("f(x, lr=0.1)", "lr: 0.1"), ("(a > 1) & (b < 2)", "a > 1 and b < 2"), ("a && b", "and"), ("a | b", "or"), ("~m", "not m"), ("!m", "not m"),
    ("[f(x) for x in xs if c]", "map(filter(xs, x => c), x => f(x))"), ("[x ** 2 for x in 0..9]", "map(0..9, x => x ** 2)"), ("[a for [a, b] in ps]", "map(ps, ([a, b]) => a)"), ("sum(x for x in xs)", "map("),
    ("for i, x in enumerate(xs) { }", "for [i, x] in enumerate(xs) { … }"), ("{**d, \"a\": 1}", "{...d, a: 1}"), ("f(*xs)", "...xs"), ("fn f(*xs) { 1 }", "...xs"), ("a, b = f()", "let {a, b} = f()"), ("let a, b = f()", "let {a, b} = f()"),
    ("fn f() { return a, b }", "{a, b}"), ("(a, b)", "[a, b]"), ("x++", "x += 1"), ("x--", "x += 1"), ("a === b", "a == b"), ("a !== b", "same(a, b)"), ("a <> b", "a != b"), ("x := 5", "let x = 5"), ("// note", "# …"),
    ("let a = 1\n// don't", "# …"), ("/* note */", "# …"), ("a ? b : c", "if c { a } else { b }"), ("x if c else y", "if c { a } else { b }"), ("if c:\n  x\nelse:\n  y", "if c { … }"), ("for x in xs:\n  x", "for x in xs { … }"),
    ("for (i = 0; i < 3; i++) { }", "for i in 0..n"), ("x -> x + 1", "x => x * 2"), ("class A { }", "model"), ("const x = 5", "let x = 5"), ("print x", "print(x)"), ("raise \"a\"", "error("), ("switch x { }", "match v"),
    ("try:\n  f()", "if c {"), ("@jit\nx", "jit("), ("A'", "transpose(A)"), ("x^2", "x ** 2"), (".5", "0.5"), ("let x: int | none = 1", "or"), ("a \\ b", "solve(A, b)"), ("with open(p) as f:\n  f", "read_text(path)"),
    ("d[\"k\"] or 0", "`get(d, \"k\", 0)`"), ("d.k or \"none\"", "`get(d, \"k\", \"none\")`"), ("{1: 2}", "`{\"1\": 2}`"), ("let d = {1: f(2)}", "{\"1\": 2}"), ("f(**cfg)", "`...cfg`"),
    ("let (a, b) = f()", "let [a, b] = …"), ("for (a, b) in ps { }", "`for [a, b] in …`"), ("for i = 1:10 { }", "for i in 0..n"), ("x = 1:10", "0..n"), ("x: int = 5", "let x: int = 5"), ("x .* y", "x * y"), ("x ./ y", "x / y"), ("x ~= y", "a != b"),
    ("x is none", "x == none"), ("x is not none", "x != none"), ("new Foo()", "dense(32)"), ("assert x > 0", "if not (x > 0)"), ("do { 1 } while true", "while true"),
    ("use p", "use \"lib/file.mlx\""), ("fn f() { yield 1 }", "map(xs, x => …)"), ("fn f() { global x\n1 }", "x = f(x)"), ("match v { 1 | 2 => 3 }", "x if x == 1 or x == 2 => …"), ("\"{x!r}\"", "{x:8.3}"),
  ]) func spellings(_ text: String, _ hint: String) {
    let diagnostics = parse(SourceText(name: "t", text: text)).diagnostics
    #expect(diagnostics.count == 1, "\(faults(text))")
    #expect(diagnostics.first?.code == .otherLanguage)
    #expect(diagnostics.first?.hint?.contains(hint) == true, "\(diagnostics.first?.hint ?? "no hint")")
  }

  @Test("a dtype that was meant") func dtypes() {
    #expect(parse(SourceText(name: "t", text: "let x: f33[2] = zeros(2)")).diagnostics.first?.hint == "did you mean `f32`?")
  }

  @Test("foreign names and fields have hints for where they are unknown") func names() {
    #expect(hintForForeignName("None") == "`none`")
    #expect(hintForForeignName("True") == "`true`")
    #expect(hintForForeignName("np") != nil)
    #expect(hintForForeignName("banana") == nil)
    #expect(hintForForeignField("append") == "`x = push(x, 1)`")
    #expect(hintForForeignField("mean") == "functions come first: `mean(x)`, `mean(x, over: 0)`")
    #expect(hintForForeignField("backward")?.contains("value_and_grad") == true)
    #expect(hintForForeignField("banana") == nil)
  }

  @Test("methods are rewritten with what they were asked of") func methods() {
    #expect(hintForForeignField("append", of: "xs", "1") == "`xs = push(xs, 1)`")
    #expect(hintForForeignField("mean", of: "df.x") == "`mean(df.x)`")
    #expect(hintForForeignField("mean", of: "x", "0") == "`mean(x, over: 0)`")
    #expect(hintForForeignField("groupby", of: "df", "\"kind\"") == "`group(df, \"kind\")`")
    #expect(hintForForeignField("train", of: "net") == "`apply(net, x, training: true)` is `{out, model}`")
  }

  @Test("what only looks foreign is Tern") func natives() {
    for text in ["let lambda = 1\nlambda", "def(1)", "let class = 2; class", "print(\"x\")", "r.append(1)", "x[row: 1]", "f(x, axis: 0)", "a - -b", "x\n// y", "import", "{type: 1}", "use(1)", "a or b", "a or b == 0", "let is = 1\nis", "let new = 1; new", "{a: 1}", "f(x: 1)"] {
      #expect(faults(text) == [], "\(text)")
    }
  }
}
