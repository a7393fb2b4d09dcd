import TernShell
import Testing

@Suite("Weaving") struct WeavingTests {
  @Test("writes outputs under the statements that made them") func writes() {
    #expect(woven("print(1)\nlet a = 2\na\n") == "print(1)\n#> 1\nlet a = 2\na\n#> 2\n")
  }

  @Test("changes nothing that is as it should be", arguments: [
    "1 + 1\n#> 2\n", "1 + 1\r\n#> 2\r\n", "1 + 1\n#> 2", "# note\n\n\n  # %% no cell\nlet a = 1   \n", "", "#> stray\n1\n#> 1\n",
    "print(\"a\\n\\nb\")\n#> a\n#>\n#> b\n",
  ])
  func fixedPoint(_ text: String) { #expect(woven(text) == text) }

  @Test("keeps the ends of lines, the end of the file and the mark of what is not compared") func keeps() {
    #expect(woven("1 + 1\r\n#> 3\r\n") == "1 + 1\r\n#> 2\r\n")
    #expect(woven("1 + 1") == "1 + 1\n#> 2")
    #expect(woven("1 + 1\n#~> 3\n") == "1 + 1\n#~> 2\n")
  }

  @Test("takes away what is not shown any more") func removes() {
    #expect(woven("let a = 1\n#> 1\n#> 2\n# note\na;\n") == "let a = 1\n# note\na;\n")
  }

  @Test("puts outputs right below, comments after") func order() {
    #expect(woven("1\n# note\n#> 2\n\n") == "1\n#> 1\n# note\n\n")
  }

  @Test("records the first line of an error that must be") func raises() {
    #expect(woven("# %% a {raises}\nprint(1)\nerror(\"no\")\n") == "# %% a {raises}\nprint(1)\n#> 1\nerror(\"no\")\n#> error[E0000]: no\n")
  }

  @Test("records an error where it happened, and what is below stays") func failing() {
    let text = "# %% a\nprint(1); print(2); [1][5]\n#> 3\n# %% b\n1\n#> 7\n"
    let wanted = "# %% a\nprint(1); print(2); [1][5]\n#> 1\n#> 2\n#> error[E0323]: index 5 is out of range: a list of 1 has position 0 only\n# %% b\n1\n#> 7\n"
    #expect(woven(text) == wanted)
    #expect(woven(wanted) == wanted)
    #expect(woven("1\nnosuch\n") == "1\nnosuch\n#> error[E0201]: there is no name `nosuch` here\n")
  }

  @Test("leaves cells alone that are passed over") func skip() {
    let text = "# %% a {skip}\nerror(\"no\")\n#> 3\n# %% b\n1\n#> 1\n"
    #expect(woven(text) == text)
  }

  @Test("joins statements of one line") func oneLine() {
    #expect(woven("print(1); print(2)\n") == "print(1); print(2)\n#> 1\n#> 2\n")
  }

  private func woven(_ text: String) -> String {
    onMachine {
      let session = Conditions().session(console: Console(color: .never))
      return String(decoding: Weaving.text(of: NotebookRun(Script(text: text, name: "test"), in: session, stopsAtFailure: true)), as: UTF8.self)
    }
  }
}
