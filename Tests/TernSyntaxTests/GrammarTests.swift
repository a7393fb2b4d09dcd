import Testing
import TernSyntax

@Suite("Grammar") struct GrammarTests {
  @Test("precedence", arguments: [
    ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"), ("-2 ** 2", "(- (** 2 2))"), ("2 ** -1 ** 2", "(** 2 (- (** 1 2)))"), ("2 ** 3 ** 4", "(** 2 (** 3 4))"),
    ("a - b - c", "(- (- a b) c)"), ("a @ b * c // d % e", "(% (// (* (@ a b) c) d) e)"), ("not a == b and c or d", "(or (and (not (== a b)) c) d)"),
    ("a or b and not c in d", "(or a (and b (not (in c d))))"), ("a not in b", "(not in a b)"), ("0..n + 1 == r", "(== (.. 0 (+ n 1)) r)"),
    ("a..=b", "(..= a b)"), ("-a.b[0](c)", "(- (a.b[0] c))"), ("a |> f or b", "!E0132"), ("a or b |> f", "(f (or a b))"),
    ("x => x |> f", "(fn(x) (f x))"), ("a |> f(1) |> g.h", "(g.h (f a 1))"), ("a |> (grad(f))", "('(grad f) a)"), ("- - a", "(- (- a))"),
    ("1 + not a", "!E0120"), ("a < b < c", "!E0122"), ("a == b in c", "!E0122"), ("1..2..3", "!E0123"), ("(a < b) == c", "(== '(< a b) c)"),
  ]) func precedence(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("newlines", arguments: [
    ("a\n- b", "(- a b)"), ("a\n-b", "a ; (- b)"), ("a +\nb", "(+ a b)"), ("a\n|> f\n|> g", "(g (f a))"), ("a\n[1]", "a ; [1]"), ("f\n(1)", "f ; '1"),
    ("let x =\n 1", "(let x 1)"), ("x =>\n x", "(fn(x) x)"), ("if a { 1 }\nelse { 2 }", "(if a {1} (do {2}))"), ("try { 1 }\n# c\ncatch e { 2 }", "(try {1} e {2})"),
    ("(a\n-b)", "'(- a b)"), ("[a\n, b\n]", "[a b]"), ("{a: 1,\n b: 2}", "{a:1 b:2}"), ("f(a,\n\n k: 1)", "(f a k:1)"), ("a\nand b", "(and a b)"),
    ("a\nnot in b", "(not in a b)"), ("a\nin b", "(in a b)"), ("x[1..\n]", "x[(.. 1 ·)]"), ("x[..\n2]", "!E0120"), ("a; b;", "a; ; b;"), ("(x => {\n a\n b })", "'(fn(x) (do {a b}))"),
    ("r.in\nb", "r.in ; b"), ("f(1).g\n.h", "!E0120"), ("(a\n.b)", "'a.b"), ("a\n..b", "!E0123"), ("fn f()\n{ 1 }", "!E0120"), ("a # c\n+ b", "(+ a b)"),
  ]) func newlines(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("records and blocks", arguments: [
    ("{}", "{}"), ("{a}", "{a:a}"), ("{a, b}", "{a:a b:b}"), ("{a: 1}", "{a:1}"), ("{\"odd key\": 1}", "{odd key:1}"), ("{...r, a: 2}", "{...r a:2}"), ("{if: 1}", "{if:1}"),
    ("{\na}", "(do {a})"), ("{ a; b }", "(do {a; b})"), ("{ a + 1 }", "(do {(+ a 1)})"), ("x => { let y = x; y }", "(fn(x) (do {(let y x); y}))"),
    ("x => {a: x}", "(fn(x) {a:x})"), ("x => {x}", "!E0124"), ("x => {\nx }", "(fn(x) (do {x}))"), ("x => {}", "(fn(x) {})"), ("if a {x}", "(if a {x})"),
    ("match a { b => {b} }", "!E0124"), ("fn (x) {x}", "(fn(x) {x})"), ("{\"a {b}\": 1}", "!E0120"),
  ]) func braces(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("lambdas and functions", arguments: [
    ("x => y => x", "(fn(x) (fn(y) x))"), ("() => 1", "(fn() 1)"), ("_ => 1", "(fn(_) 1)"), ("([a, ...b], {c: d}) => a", "(fn([a ...b] {c:d}) a)"), ("((x)) => 1", "!E0131"),
    ("fn f(x: f32[b, n], k: int = 2, ...r) -> f32[b, n - k] { x }", "(fn f(x:f32[b n] k:int=2 ...r):f32[b (- n k)] {x})"), ("fn f(a = 1, b) { a }", "!E0127"),
    ("fn f(a, a) { a }", "!E0127"), ("fn f(...a, ...b) { a }", "!E0127"), ("fn f(x: float[..., row: n, _, 3]) { x }", "(fn f(x:float[... row=n _ 3]) {x})"),
    ("f(fn (x) { return x })", "(f (fn(x) {(return x)}))"), ("map(xs, x => x, k: y => y)", "(map xs (fn(x) x) k:(fn(y) y))"), ("if x => y { }", "!E0120"),
    ("fn f(int) { 1 }", "!E0130"), ("fn f(x: list[3]) { x }", "!E0135"), ("f(1, ...xs, a: 2, ...r)", "(f 1 ...xs a:2 ...r)"), ("f(a: 1, a: 2)", "!E0202"), ("f(\"a b\": 1)", "(f a b:1)"),
  ]) func functions(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("indices and types", arguments: [
    ("x[.., 1..]", "x[(.. · ·) (.. 1 ·)]"), ("x[..2, ..=3]", "x[(.. · 2) (..= · 3)]"), ("x[row: -1, col: 1..]", "x[row:(- 1) col:(.. 1 ·)]"), ("x[..., 0]", "x[... 0]"),
    ("x[f(1..)]", "!E0123"), ("x[]", "!E0120"), ("1..", "!E0123"), ("f32[2, _]", "<f32[2 _]>"), ("cast(x, f32)", "(cast x <f32>)"), ("int(x)", "(int x)"), ("int[n]", "<int[n]>"),
    ("f32[]", "<f32[]>"), ("x[-2 + ..3]", "!E0120"), ("x[.. 1..]", "!E0123"),
  ]) func indices(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("statements", arguments: [
    ("var b: f32[2] = 1", "(var b:f32[2] 1)"), ("let {a, b: [c, ...]} = f()", "(let {a:a b:[c ...]} (f))"), ("let [first, ...rest] = x", "(let [first ...rest] x)"), ("b += 1", "(+= b 1)"),
    ("xs[0].a[..] **= 5", "(**= xs[0].a[(.. · ·)] 5)"), ("for [i, x] in xs { break }", "(for [i x] xs {(break)})"), ("while true { continue }", "(while true {(continue)})"),
    ("fn f() { return }", "(fn f() {(return)})"), ("let _ = 1", "!E0126"), ("_ = 1", "!E0125"), ("f() = 1", "!E0125"), ("(a) = 1", "!E0125"), ("break", "!E0133"), ("return 1", "!E0133"),
    ("while a { x => { break } }", "!E0133"), ("for _ in xs { }", "(for _ xs {})"), ("let if = 1", "!E0130"), ("use \"a.mlx\"", "(use a.mlx)"), ("let {f} = use \"a {x}\"", "!E0120"), ("let model = 1", "(let model 1)"),
  ]) func statements(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("match", arguments: [
    ("match v { {s: \"done\", loss} if loss < 0.1 => 1\n [a, b] => 2; 1..10 => 3; _ => 4 }", "(match v ({s:\"done\" loss:loss} if (< loss 0.1) => 1) ([a b] => 2) (1..10 => 3) (_ => 4))"),
    ("match v { none => 1; true => 2; -1 => 3; 1.5 => 4; ..=3 => 5; 4.. => 6 }", "(match v (none => 1) (true => 2) (-1 => 3) (1.5 => 4) (..=3 => 5) (4.. => 6))"),
    ("fn f() { match v { 1 => return 2; 2 => n += 1; 3 => x => y } }", "(fn f() {(match v (1 => (return 2)) (2 => (+= n 1)) (3 => (fn(x) y)))})"),
    ("match v { 5ms => 1 }", "!E0126"), ("match v { 1.5..2 => 1 }", "!E0126"), ("match v { [..., ...] => 1 }", "!E0126"), ("match v { 1 => 2, 3 => 4 }", "!E0120"),
    ("match v { -9223372036854775808..0 => 1 }", "(match v (-9223372036854775808..0 => 1))"),
  ]) func matches(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("models") func models() {
    let text = "## A layer.\n## Two lines.\nmodel dense(units, act: fn = identity) {\n  param w: float[inputs, units] = glorot\n  state n: i64[] = 0\n  let k = 1\n  fn call(x: float[..., inputs]) { act(x @ w) }\n}"
    #expect(shape(text) == "(model dense(units act:fn=identity) (param w:float[inputs units] glorot) (state n:i64[] 0) (let k 1) (fn call(x:float[... inputs]) {(act (@ x w))}))")
    let statement = parse(SourceText(name: "t", text: text)).cells.first?.statements.first
    guard case .model(let model)? = statement?.kind else { return #expect(Bool(false)) }
    #expect(model.documentation == "A layer.\nTwo lines.")
    #expect(shape("model m() { let a = 1 }") == "!E0128")
    #expect(shape("model m() { fn call(x) { x }\n x + 1 }") == "!E0128")
  }

  @Test("cells and the words of their lines") func cells() {
    let tree = parse(SourceText(name: "t", text: "let a = 1\n# %% first one {#id skip tol: 1e-2}\na;\n#%%\n# %% {raises}\na"))
    #expect(tree.cells.map(\.title) == [nil, "first one", "", ""])
    #expect(tree.cells.map(\.identifier) == [nil, "id", nil, nil])
    #expect(tree.cells.map(\.flags) == [[], ["skip"], [], ["raises"]])
    #expect(tree.cells[1].options == ["tol": "1e-2"])
    #expect(tree.cells.map(\.statements.count) == [1, 1, 0, 1])
    #expect(tree.cells.map { $0.statements.first?.isHidden ?? false } == [false, true, false, false])
    #expect(tree.cells.map(\.range.start) == [0, 10, 49, 53])
    #expect(parse(SourceText(name: "t", text: "")).cells.count == 1)
    #expect(parse(SourceText(name: "t", text: "# %% only\n1")).cells.count == 1)
  }

  @Test("operators have places of their own", arguments: [("a + b", 2, 3), ("a  not in b", 3, 9), ("(a)# c\n@ b", 7, 8), ("a+-b", 1, 2)])
  func operatorRanges(_ text: String, _ start: UInt32, _ end: UInt32) {
    let source = SourceText(name: "t", text: text)
    guard case .expression(let value)? = parse(source).cells.first?.statements.first?.kind else { return #expect(Bool(false)) }
    switch value.kind {
    case .binary(_, let a, let b), .compare(_, let a, let b): #expect(source.operatorRange(between: a, and: b) == SourceRange(start, end))
    default: #expect(Bool(false))
    }
  }

  @Test("declarations of builtins") func signatures() {
    let function = parseSignature("mean(x: tensor, over: any = none, ...rest) -> tensor")
    #expect(function?.name?.text == "mean")
    #expect(function.map { Shape.of($0) } == "(fn mean(x:tensor over:any=none ...rest):tensor {})")
    #expect(parseSignature("int(x: any) -> int") != nil)
    #expect(parseSignature("f(x") == nil)
    #expect(parseSignature("f(x) y") == nil)
  }

  @Test("the prompt knows what is complete", arguments: [
    ("1 + 1", Completeness.complete), ("", .complete), ("# note", .complete), ("1 +", .incomplete(indent: 0)), ("fn f(x) {", .incomplete(indent: 2)), ("f(1,", .incomplete(indent: 2)),
    ("fn f(x) {\n  if x {", .incomplete(indent: 4)), ("let x =", .incomplete(indent: 0)), ("\"\"\"\nabc", .incomplete(indent: 0)), ("\"abc", .invalid), ("let", .invalid), ("1 2", .invalid),
    ("f(1, 2))", .invalid), ("x |>", .incomplete(indent: 0)), ("if a { 1 }", .complete), ("f({a: 1,", .incomplete(indent: 2)), ("match x {\n  1 => 2", .incomplete(indent: 2)),
    ("try { 1 }", .incomplete(indent: 0)), ("else {", .incomplete(indent: 2)), ("else { 1 }", .invalid), ("if a {\n  1\n}\nelse {\n  2\n}", .complete),
  ]) func completion(_ text: String, _ expected: Completeness) { #expect(completeness(of: text) == expected) }

  @Test("the outline of a tree") func outline() {
    let source = SourceText(name: "t", text: "let y = f(x, k: -1)[0..]  # c")
    #expect(describe(parse(source)) == """
      cell
        let y
          index
            call
              f
              with
                x
              k:
                negate
                  1
            at
              ..
                from
                  0

      """)
    #expect(describe(tokens: tokens(of: SourceText(name: "t", text: "if a\n1")), of: SourceText(name: "t", text: "if a\n1"))
      == "1:1  keyword  \"if\"\n1:4  a name  \"a\"\n1:5  the end of the line\n2:1  an int  \"1\"\n2:2  the end\n")
  }
}
