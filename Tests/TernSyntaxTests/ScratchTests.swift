import Testing
import TernSyntax
@Test func scratch() {
  for text in ["1 + 2 * 3", "-2 ** -1 ** 2", "not a == b and c or d", "xs |> f |> g(1, k: 2)", "xs |> len == 3", "0 < x < 1",
    "x => x * 2", "(a, [b, c]) => a + b", "x[.., 1..]", "x[row: -1, 0]", "let {a, b: [c, ...]} = f(1)", "x => {x}", "{a: 1, ...r, \"k k\": 2, b}",
    "\"a {x:8.3} b {\"n {y}\"}\"", "if a { 1 } else if b { 2 } else { 3 }", "match v { {s: \"d\", loss} if loss < 0.1 => 1; [a, ...r] => 2\n 1..10 => 3; _ => { 4 } }",
    "fn f(x: f32[batch, n], k: int = 2, ...r) -> f32[batch, n - k] { return x }", "a\n- b\n-b\n|> f", "try { 1 } catch e { e.code }", "9223372036854775807 - -9223372036854775808",
    "9223372036854775808", "f(1 2)", "f(1,\nlet x = 3\nx", "def f(x):\n  return x", "'abc' + \"x\"", "x[:, 1:3]", "x[::2]", "x[:, None]", "x.mean(axis=0)", "[f(x) for x in xs if x > 1]", "{**d, \"a\": 1}", "a, b = f()", "for i, x in enumerate(xs) { }", "if c:\n  1", "(a > 1) & (b < 2)", "~m", "\"{x\"", "\"{}\"", "\"abc\n1 + ", "cast(x, f32)", "f32[3, _]", "x++", "\"\"\"\n  a\n    {b}\n  \"\"\"", "5m 3", "1h + 2min + 64kB", "model m(a) { param w: float[i, o] = zeros\n fn call(x) { x @ w } }", "use \"a.mlx\"", "let x = # c\n 1;", "break", "lambda x: x", "f(lambda x: x)"] {
    print(text.debugDescription, "→", shape(text))
    for f in faults(text) { print("     ", f) }
  }
}
