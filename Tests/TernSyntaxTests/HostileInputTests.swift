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
    ("'a' ", "", ""), ("é`", "", ""), ("$ ", "", ""), ("a & ", "b", ""), ("\"\\q\" ", "", ""), ("[a\n", "", ""), ("{a; ", "", ""), ("a;", "", ""), ("f\"", "", ""),
  ]

  /// Unoptimised code has frames several times as large.
  #if DEBUG
  static let stack = 4096
  static let heights = [100, 190, 210, 990, 1010, 20_000]
  #else
  static let stack = 2048
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

extension HostileInputTests {
  /// Parses, and checks what must hold of any text.
  private func check(_ bytes: [UInt8]) {
    let source = SourceText(name: "t", bytes: bytes)
    let tree = parse(source)
    #expect(tree.diagnostics.count <= 5)
    let limit = UInt32(bytes.count) + 1
    for label in tree.diagnostics.flatMap(\.labels) { #expect(label.range.start <= label.range.end && label.range.end <= limit) }
    for statement in tree.cells.flatMap(\.statements) { #expect(statement.range.end < limit && statement.range.start <= statement.range.end) }
    _ = describe(tree)
    for diagnostic in tree.diagnostics { _ = DiagnosticRenderer(color: false, unicode: false).render(diagnostic) }
  }

  @Test("all pairs of printable characters") func pairs() {
    for first in UInt8(32)...126 {
      for second in UInt8(32)...126 { check([first, second]) }
    }
  }

  @Test("random bytes, with and without UTF-8", arguments: 0..<200) func bytes(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    check((0..<200).map { _ in UInt8.random(in: 0...255, using: &random) })
    check((0..<200).map { _ in UInt8.random(in: 9...126, using: &random) })
    let signs = Array("(){}[]\"'.,;:=+-*/|>\n #ax1é".utf8)
    check((0..<200).map { _ in signs.randomElement(using: &random) ?? 0 })
  }

  @Test("generated programs are programs", arguments: 0..<200) func programs(_ seed: UInt64) {
    var generator = ProgramGenerator(seed: seed)
    let program = generator.program()
    let found = faults(program).filter { !$0.contains("E0133") && !$0.contains("E0124") }
    #expect(found == [], "\(program)")
  }

  @Test("spoiled programs do no harm, nor do their beginnings", arguments: 0..<200) func spoiled(_ seed: UInt64) {
    var generator = ProgramGenerator(seed: seed)
    let program = generator.program()
    for _ in 0..<5 { check(generator.spoiled(program)) }
    let bytes = Array(program.utf8)
    check(Array(bytes.prefix(bytes.count / 2)))
    _ = completeness(of: String(decoding: bytes.prefix(bytes.count / 3), as: UTF8.self))
  }

  @Test("long and flat is fine") func flat() {
    let count = 5000
    let list = "[" + String(repeating: "1 + 1, ", count: count) + "]"
    let lines = String(repeating: "f(x)\n", count: count)
    for text in [list, lines, "{\n" + lines + "}", "\"" + String(repeating: "{x} ", count: count) + "\"", "match x {\n" + String(repeating: "1 => 2\n", count: count) + "}"] {
      #expect(faults(text) == [])
    }
  }
}
