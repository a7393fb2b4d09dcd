import TernShell
import TernSyntax
import Testing

/// What `:save` keeps of a session.
@Suite("Sessions as files") struct SessionFileTests {
  @Test("what was bound again is left out, with what only led there", arguments: [
    (["let a = 1", "let b = a + 1", "let a = 2"], ["a", "b"], ["let a = 1", "let b = a + 1", "let a = 2"]),
    (["let a = 1", "let b = 5", "let a = 2"], ["a", "b"], ["let b = 5", "let a = 2"]),
    (["let x = 3", "let a = x", "let x = 1", "let a = 2"], ["a", "x"], ["let x = 1", "let a = 2"]),
    (["var n = 1", "n = n + 1", "fn f() { n }"], ["n", "f"], ["var n = 1", "n = n + 1", "fn f() { n }"]),
    (["let k = 2", "fn f(x) { x * k }", "f(3) → 6"], ["f", "k"], ["let k = 2", "fn f(x) { x * k }", "f(3) → 6"]), (["let a = 1", "let a = a + 1"], ["a"], ["let a = 1", "let a = a + 1"]),
  ]) func slice(_ cells: [String], _ names: [String], _ kept: [String]) {
    var file = SessionFile()
    for cell in cells {
      let parts = cell.split(separator: " → ").map(String.init)
      let shown = parts.count > 1 ? "\n#> " + parts[1] : ""
      file.add(parts[0] + shown, number: file.count + 1, parse(SourceText(name: "t", text: parts[0])).cells[0].statements, isShowing: !shown.isEmpty)
    }
    let expected = kept.map { "# %%\n" + $0.replacing(" → ", with: "\n#> ") + "\n" }.joined(separator: "\n")
    #expect(file.text(defining: names) == expected)
  }

  @Test("undone cells are gone") func undone() {
    var file = SessionFile()
    for text in ["let a = 1", "let b = 2"] { file.add(text, number: file.count + 1, parse(SourceText(name: "t", text: text)).cells[0].statements, isShowing: false) }
    file.keep(first: 1)
    #expect(file.text(defining: ["a", "b"]) == "# %%\nlet a = 1\n")
  }
}
