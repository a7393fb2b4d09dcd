import Testing
import TernSyntax

@Suite("Hostile input") struct HostileInputTests {
  /// What grows without bound: an opening repeated, then a middle, then a closing repeated.
  static let towers: [(open: String, middle: String, close: String)] = [
    ("(", "1", ")"), ("[", "1", "]"), ("{", "1", "}"), ("{a: ", "1", "}"), ("-", "1", ""), ("not ", "a", ""), ("f(", "1", ")"),
    ("x => ", "1", ""), ("(x) => ", "1", ""), ("1 + ", "1", ""), ("2 ** ", "2", ""), ("a |> ", "f", ""), ("a.", "b", ""),
    ("if a { ", "1", " }"), ("if a { 1 } else ", "{ 2 }", ""), ("fn f() { ", "1", " }"), ("fn (x) { ", "1", " }"),
    ("match a { b => ", "1", " }"), ("match a { [", "b", "] => 1 }"), ("let [", "a", "] = 1"), ("let {a: ", "a", "} = 1"),
    ("\"{", "1", "}\""), ("\"\"\"{", "1", "}\"\"\""), ("x[", "1", "]"), ("f32[", "1", "]"), ("try { ", "1", " } catch e { 1 }"),
    ("while a { ", "1", " }"), ("for a in b { ", "1", " }"), ("(a = ", "1", ") => 1"), ("a = ", "1", ""), ("...", "a", ""),
    ("a < ", "b", ""), ("a[b](c).d", "", ""), ("model m() { fn call() { ", "1", " } }"), ("[x for x in ", "xs", "]"), ("a, ", "b", ""),
    ("\\", "", ""), ("'", "", ""), ("\"", "", ""), ("/*", "", ""), ("}", "", ""), (")", "", ""), ("# %%\n(", "", ""), ("use ", "\"a\"", ""),
    ("1..", "", ""), ("x[1:", "2", "]"), ("0 < x < ", "1", ""), ("a and ", "b", ""), ("else ", "", ""), ("\n", "", ""), ("## d\n", "fn f() { 1 }", ""),
  ]

  /// Unoptimised code has frames several times as large.
  #if DEBUG
  static let stack = 4096
  static let heights = [100, 190, 210, 990, 1010, 20_000]
  #else
  static let stack = 512
  static let heights = [100, 190, 210, 990, 1010, 1_000_000]
  #endif

  @Test("towers of anything answer at once, on a small stack", arguments: heights)
  func towers(_ height: Int) {
    onStack(ofKilobytes: Self.stack) {
      for tower in Self.towers {
        let text = String(repeating: tower.open, count: height) + tower.middle + String(repeating: tower.close, count: height)
        let tree = parse(SourceText(name: "tower", text: text))
        #expect(tree.diagnostics.count <= 5)
        _ = parse(SourceText(name: "tower", text: text + "\n" + String(repeating: tower.open, count: height)))
        if height <= 1010 { _ = describe(tree) }
      }
    }
  }
}
