import Testing
import TernSyntax

@Suite("Recovery") struct RecoveryTests {
  @Test("one slip is one error, and the rest is read", arguments: [
    ("let a = 1 2\nlet b = 3", 1, 2), ("f(1,\nlet b = 3\nb", 1, 3), ("let s = \"abc\nlet b = 3", 1, 2), ("fn f() {\n  1 2\n  let b = 3\n}\nb", 1, 2), ("x = [1, 2\ny = 3\nz = 4", 1, 3),
    ("let s = f(\"abc)\nlet b = 3", 1, 2), ("def f(x):\n  y = x\n  return y\nlet b = 3", 1, 2), ("print(\"a {x\")\nlet b = 3", 1, 2), ("a ` b\nlet c = 1", 1, 2), ("}\nlet b = 3", 1, 2),
    ("match v {\n  1 2 => 3\n  _ => 4\n}\nb", 1, 2), ("model m() {\n  parm w: f32[2] = 1\n  fn call(x) { x }\n}\nb", 1, 2), ("let t = {a: 1, b 2}\nb", 1, 2), ("# %% a\nf(1,\n# %% b\nb", 1, 2),
    ("\"\"\"\n{x\n\"\"\"\nb", 1, 1), ("let x\n= 5\nb", 1, 3), ("f(a, 'b, c)\nb", 1, 2), ("let a = $x + ?y\nb", 2, 2), ("else {\n  2\n}\nlet b = 3", 1, 2), ("let a = 1\nelse if a { 2 } else { 3 }\nlet b = 3", 1, 2), ("catch e { 2 }\nlet b = 3", 1, 2), ("if a {\n", 1, 1), ("fn f() {\n if a {\n while b {\n", 1, 1),
  ]) func oneSlip(_ text: String, _ errors: Int, _ statements: Int) {
    let tree = parse(SourceText(name: "t", text: text))
    #expect(tree.diagnostics.count == errors, "\(faults(text))")
    #expect(tree.cells.flatMap(\.statements).count == statements)
  }

  @Test("independent errors are all reported, five at most") func several() {
    #expect(faults("let a = 1 2\nlet b = )\nlet c = 3").count == 2)
    #expect(faults(String(repeating: "let a = 1 2\n", count: 100)).count == 5)
    #expect(faults(String(repeating: "\"abc\n", count: 100)).count == 5)
    #expect(faults("fn f() {\n  1 2\n  3 4\n}\n5 6").count == 3)
  }

  @Test("what the lexer gave up is not called unclosed") func cut() {
    #expect(faults("fn f() {\n" + String(repeating: "  a $ b\n", count: 9) + "}").allSatisfy { $0.contains("E0131") })
  }

  @Test("errors come in the order of the text") func order() {
    #expect(faults("1 2\n\"abc\n3 4").map { $0.prefix(3) } == ["1:3", "2:1", "3:3"])
  }
}
