import Foundation
import TernShell
import TernSyntax
import Testing

/// What Tab gives for a text before the cursor.
@Suite("Completion") struct CompleterTests {
  private let completer: Completer = {
    let session = Conditions().session(console: Console())
    let code = "let birds = sample(\"penguins\")\nlet r = {width: 1, inner: {deep: 2, deeper: 3}}\nfn scaled(x, factor, offset = 0) { x }\nlet t = zeros(2, 3)"
    let tree = parse(SourceText(name: "t", text: code))
    for cell in tree.cells { _ = session.run(cell, of: tree.source, number: 1, keepsTable: false) }
    return Completer(session)
  }()

  @Test("adds what is certain", arguments: [
    ("bir", "ds"), ("r.wi", "dth"), ("r.inner.de", "ep"), ("birds[\"spe", "cies"), ("scaled(1, fac", "tor:"), ("birds |> describ", "e"), ("fit(n, birds, tar", "get:"),
    ("fit(n, birds, target: \"isl", "and"), ("r[\"inn", "er"), ("softma", "x"), ("model m() { par", "am"),
  ]) func adds(_ text: String, _ insertion: String) { #expect(completer.complete(text).insertion == insertion) }

  @Test("shows what there is to choose from") func choices() {
    #expect(completer.complete("r.inner.deep").candidates == ["deep", "deeper"])
    #expect(completer.complete("r.").candidates == ["inner", "width"])
    #expect(completer.complete("birds[\"bill_").candidates == ["bill_depth_mm", "bill_length_mm"])
    #expect(completer.complete("mean").notes.contains { $0.hasPrefix("mean ") })
    #expect(completer.complete("scaled(").notes == ["fn scaled(x, factor, offset = 0)"])
    #expect(completer.complete("topk").notes.first?.hasPrefix("topk(x, k: int") == true)
  }

  @Test("after a pipe come functions that take the value") func pipes() {
    let notes = completer.complete("birds |> gro").insertion
    #expect(notes == "up")
    #expect(completer.complete("birds |> relu").notes.isEmpty)
  }

  @Test("letters by their names") func letters() {
    for (text, letter) in [("let \\alpha", "α"), ("\\Omega", "Ω"), ("\\sigma", "σ")] {
      let found = completer.complete(text)
      #expect(found.insertion == letter && found.erased == 6)
    }
    #expect(completer.complete("\\nothing").insertion == "")
  }

  @Test("`?words` finds what is meant behind a slip") func search() {
    let help = Help(Conditions().session(console: Console()))
    #expect(help.search("softmax").contains("softmax"))
    #expect(help.search("sofmax").hasPrefix("nothing is known of sofmax; of softmax:\n"))
    #expect(help.search("zzzzqq") == "nothing is known of zzzzqq\n")
  }

  @Test("paths in quotes") func paths() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tern-tab-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: true)
    FileManager.default.createFile(atPath: folder + "/data.csv", contents: nil)
    #expect(completer.complete("read(\"\(folder)/da").insertion == "ta.csv")
    #expect(completer.complete("read(\"\(folder)/in").insertion == "ner/")
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("says nothing where nothing fits", arguments: ["nosuchname", "r.nosuch", "5 + ", "\"text", "# comment (", "r.inner.deep.x", "(((", "]]]", "\"", "|> ", "."]) func quiet(_ text: String) {
    #expect(completer.complete(text).insertion == "")
  }
}
