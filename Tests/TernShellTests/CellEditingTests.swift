import TernShell
import Testing

/// What keys do to the text of a cell. `|` is the cursor; further lines begin with the eight blanks of a prompt.
@Suite("Cell editing") struct CellEditingTests {
  @Test("Enter runs what is whole and opens a line otherwise", arguments: [
    ("1 + 1|", "submit"), ("f(|", "f(⏎        ··|"), ("fn f(x) {|", "fn f(x) {⏎        ··|"), ("fn f(x) {⏎          x * 2⏎        }|", "submit"),
    ("1 +|", "1 +⏎        |"), ("let x = |1", "submit"), ("f(1,⏎        |2)", "submit"), (":help (|", "submit"), ("let = |", "submit"), ("|", "submit"),
  ]) func enter(_ text: String, _ expected: String) { #expect(press(.enter, text) == expected) }

  @Test("Alt-Enter opens a line", arguments: [("1|", "1⏎        |"), ("f(|)", "f(⏎        ··|)")])
  func newline(_ text: String, _ expected: String) { #expect(press(.newline, text) == expected) }

  @Test("a closing bracket steps back", arguments: [
    ("fn f(x) {⏎        ··|", "fn f(x) {⏎        }|"), ("fn f(x) {⏎        ··x|", "fn f(x) {⏎        ··x}|"), ("{|", "{}|"), ("f {⏎        |", "f {⏎        }|"),
  ]) func close(_ text: String, _ expected: String) { #expect(press(.close("}"), text) == expected) }

  @Test("erasing takes one character as it is seen, or joins lines", arguments: [
    ("ab|c", "a|c"), ("ae\u{301}|", "a|"), ("a👍🏽|b", "a|b"), ("a⏎        |b", "a|b"), ("a⏎        ··|b", "a⏎        ·|b"), ("|", "nothing"), ("a⏎    |    b", "a|    b"),
  ]) func erase(_ text: String, _ expected: String) { #expect(press(.back, text) == expected) }

  @Test("arrows move between lines in the same column", arguments: [
    (CellEditing.Key.up, "abcd⏎        ef|", "ab|cd⏎        ef"), (.up, "a⏎        bcd|", "a|⏎        bcd"), (.down, "ab|cd⏎        e", "abcd⏎        e|"),
    (.down, "a|b⏎        cd⏎        ef", "ab⏎        c|d⏎        ef"), (.home, "a⏎        b c|", "a⏎        |b c"), (.end, "a|b⏎        c", "ab|⏎        c"), (.home, "ab|", "|ab"),
    (.right, "a|⏎        b", "a⏎        |b"), (.right, "|👍🏽b", "👍🏽|b"), (.right, "ab|", "ab|"), (.left, "a⏎        |b", "a|⏎        b"), (.left, "|a", "nothing"),
    (.delete, "a|⏎        b", "a|b"), (.delete, "a|bc", "a|c"), (.delete, "a|", "a|"), (.kill(.lineEnd), "a|⏎        b", "a|b"),
  ]) func arrows(_ key: CellEditing.Key, _ text: String, _ expected: String) { #expect(press(key, text) == expected) }

  @Test("history is walked by what stands before the cursor") func history() {
    var editing = CellEditing(history: ["let a = 1", "fn f() {\n  1\n}", "let b = 2"])
    #expect(press(.up, "|", &editing) == "let b = 2|")
    #expect(press(.up, "let b = 2|", &editing) == "fn f() {|⏎        ··1⏎        }")
    #expect(press(.up, "fn f() {|⏎        ··1⏎        }", &editing) == "let a = 1|")
    #expect(press(.up, "let a = 1|", &editing) == "nothing")
    #expect(press(.down, "let a = 1|", &editing) == "fn f() {|⏎        ··1⏎        }")
    #expect(press(.down, "fn f() {|⏎        ··1⏎        }", &editing) == "let b = 2|")
    #expect(press(.down, "let b = 2|", &editing) == "|")
    #expect(press(.up, "le|t x", &editing) == "let b = 2|")
    #expect(press(.up, "let b = 2|", &editing) == "let a = 1|")
  }

  @Test("a paste is one piece, without prompts and outputs", arguments: [
    ("a\nb\n", "a⏎        b|"), ("In [1]: a\nOut[1]: 3\nIn [2]: b", "a⏎        b|"), (">>> x\n5", "x|"), ("\tif", "··if|"), ("a \"\t\"", "a \"\t\"|"),
  ]) func paste(_ pasted: String, _ expected: String) { #expect(press(.paste(pasted), "|") == expected) }

  @Test("what comes in at once keeps its own indentation") func atOnce() {
    var editing = CellEditing()
    editing.isPasting = true
    #expect(press(.enter, "f(|", &editing) == "f(⏎        |")
    #expect(press(.close("}"), "f {⏎        ····|", &editing) == "f {⏎        ····}|")
    #expect(press(.enter, "1|", &editing) == "submit")
  }

  @Test("a very long paste is not edited") func longPaste() {
    let code = String(repeating: "print(1)\n", count: 20_000)
    var editing = CellEditing()
    #expect(editing.press(.paste(code), before: "", after: "") == .finish(code))
  }

  @Test("the code is what it was", arguments: ["a", "fn f() {\n  x\n}", "\"\"\"\n  a\n\n b\n\"\"\"", ""]) func code(_ code: String) {
    #expect(CellEditing.code(of: CellEditing.laidOut(code)) == code)
  }

  private func press(_ key: CellEditing.Key, _ text: String) -> String {
    var editing = CellEditing()
    return press(key, text, &editing)
  }

  @Test("cuts within its line, joins at its end, and yanks what was cut in a row") func cutting() {
    let two = "a + b⏎        c"
    let cases: [(CellEditing.Reach, String, String)] = [
      (.lineEnd, "a |+ b⏎        c", "a |⏎        c"), (.lineEnd, "a + b|⏎        c", "a + b|c"), (.lineEnd, two + "|", "nothing"),
      (.lineStart, "a + |b⏎        c", "|b⏎        c"), (.lineStart, "a + b⏎        x + |c", "a + b⏎        |c"),
      (.wordBehind, "foo bar_1  |x", "foo |x"), (.wordBehind, "a + b⏎        |c", "nothing"), (.wordAhead, "f|(x, y)", "f|, y)"),
    ]
    for (reach, given, wanted) in cases {
      var editing = CellEditing()
      #expect(press(.kill(reach), given, &editing) == wanted)
    }
    var editing = CellEditing()
    #expect(press(.yank, "a|", &editing) == "nothing")
    _ = press(.kill(.wordBehind), "one two three|", &editing)
    _ = press(.kill(.wordBehind), "one two |", &editing)
    #expect(press(.yank, "one |", &editing) == "one two three|")
  }

  private func press(_ key: CellEditing.Key, _ marked: String, _ editing: inout CellEditing) -> String {
    let text = marked.replacing("⏎", with: "\n").replacing("·", with: " ")
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    func shown(_ before: String, _ after: String) -> String {
      let lines = (before + "|" + after).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return lines.enumerated().map { number, line in
        guard number > 0, line.hasPrefix("        ") else { return line }
        let rest = line.dropFirst(8), blanks = rest.prefix { $0 == " " }
        return "        " + String(repeating: "·", count: blanks.count) + rest.dropFirst(blanks.count)
      }.joined(separator: "⏎").replacing("⏎", with: "⏎")
    }
    switch editing.press(key, before: parts[0], after: parts[1]) {
    case .nothing: return "nothing"
    case .submit: return "submit"
    case .finish: return "finish"
    case .insert(let more): return shownFirst(shown(parts[0] + more, parts[1]))
    case .replace(let whole, let cursor):
      let scalars = Array(whole.unicodeScalars)
      func string(_ part: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(part)) }
      return shownFirst(shown(string(scalars[..<cursor]), string(scalars[cursor...])))
    }
  }

  /// The first line's leading blanks, shown as the others' are.
  private func shownFirst(_ text: String) -> String {
    let blanks = text.prefix { $0 == " " }
    return String(repeating: "·", count: blanks.count) + text.dropFirst(blanks.count)
  }
}
