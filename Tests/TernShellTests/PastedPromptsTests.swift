import TernShell
import Testing

@Suite("Pasted prompts") struct PastedPromptsTests {
  @Test("go, and so does what was shown between them") func transcripts() {
    #expect(code("In [1]: let a = 1\n\nIn [2]: a + 1\nOut[2]: 2\n") == "let a = 1\na + 1")
    #expect(code("In [12]: for i in 0..2 {\n    ...:   print(i)\n    ...: }\n0\n1") == "for i in 0..2 {\n  print(i)\n}")
    #expect(code(">>> [1,\n...  2]\n[1, 2]\n>>>") == "[1,\n 2]\n")
    #expect(code("julia> 1 + 1\n2") == "1 + 1")
    #expect(code("In [1]: fn f(x) {\n          x + 1\n        }\nIn [2]: f(1)\nOut[2]: 2") == "fn f(x) {\n  x + 1\n}\nf(1)")
  }

  @Test("leave code alone") func code() {
    for text in ["let a = 1\n\na + 1", "[\n  ...xs,\n  ... ys]", "a >>> b", "In [x]: 3", ">>>3"] { #expect(code(text) == text) }
  }

  @Test("a typed line below a pasted one is code") func typed() {
    var prompts = PastedPrompts()
    #expect(prompts.code(of: ">>> [1,", isFirst: true, isPasted: false) == "[1,")
    #expect(prompts.code(of: "2]", isFirst: false, isPasted: false) == "2]")
    #expect(prompts.code(of: "2]", isFirst: true, isPasted: true) == "2]")
  }

  private func code(_ pasted: String) -> String {
    var prompts = PastedPrompts()
    let lines = pasted.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    return lines.compactMap { prompts.code(of: String($1), isFirst: $0 == 0, isPasted: $0 > 0) }.joined(separator: "\n")
  }
}
