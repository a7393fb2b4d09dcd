import TernData
import TernPlots
import TernShell
import TernSyntax
import Testing

/// Pages made of a file, and files made of notebooks.
@Suite("Notebook formats") struct NotebookFormatsTests {
  private static let file = """
    #' # A title
    #' Some *prose* with `code <b>`.
    # %% First {#one}
    let a = [1,

      2]
    a
    #> [1, 2]
    #~> 0.2 s
    #' - one
    #'   goes on
    #' - two
    # a comment
    print("a < b")
    #> a < b
    #>
    #> last

    # %%

    # %% Empty
    """

  private func pieces(_ text: String) -> NotebookPieces { NotebookPieces(parse(SourceText(name: "t", text: text))) }

  @Test("a file is what its pieces say, and reads as them again") func roundTrip() {
    let found = pieces(Self.file)
    #expect(found.pieces == [
      .prose("# A title\nSome *prose* with `code <b>`."), .cell("First {#one}"), .code("let a = [1,\n\n  2]\na"), .output("[1, 2]", isCompared: true),
      .output("0.2 s", isCompared: false), .prose("- one\n  goes on\n- two"), .code("# a comment\nprint(\"a < b\")"),
      .output("a < b\n\nlast", isCompared: true), .cell(""), .cell("Empty"),
    ])
    #expect(pieces(found.text) == found)
    #expect(pieces(pieces(Self.file.replacing("\n", with: "\r\n")).text) == found)
  }

  @Test("marks inside a text are the text's") func inTexts() {
    let text = "let s = \"\"\"\n#' no prose\n# %% no cell\n#> no output\n\"\"\"\n"
    #expect(pieces(text).pieces == [.code(String(text.dropLast()))])
  }

  @Test("a plot is an image in pages, and the same characters in a file") func plots() throws {
    let plot = Plot(.lines([Series("", x: [0, 1], y: [0, 1])]), height: 3)
    let drawn = plot.text(width: 80).split(separator: "\n").map { "#> \($0)" }.joined(separator: "\n")
    let file = "print(1); plot([0, 1], height: 3)\n#> 1\n\(drawn)\nplot(1)\n#~> 2\n"
    let found = pieces(file).with([plot], width: 80)
    #expect(found.pieces.count == 4)
    #expect(found.text == file)
    let page = found.html(title: "")
    #expect(page.contains("<pre class=\"output\">1</pre>\n<figure><svg") && !page.contains("┤"))
    let notebook = JupyterNotebook.document(found)
    let output = notebook["cells"]?.array?.first?["outputs"]?.array?.first
    #expect(output?["output_type"]?.string == "display_data" && output?["data"]?["image/svg+xml"] != nil)
    #expect(try JupyterNotebook.pieces(Array(notebook.text.utf8)).text == file)
  }

  @Test("Markdown") func markdown() {
    let page = pieces(Self.file).markdown
    #expect(page.hasPrefix("# A title\nSome *prose* with `code <b>`.\n\n## First\n\n```tern\nlet a = [1,\n\n  2]\na\n```\n\n```text\n[1, 2]\n```"))
    #expect(pieces("#!/usr/bin/env tern\nprint(\"```\")\n#> ```\n").markdown == "```tern\nprint(\"```\")\n```\n\n````text\n```\n````\n")
  }

  @Test("HTML says what the text says, and nothing of it is markup") func html() {
    let page = pieces(Self.file).html(title: "a <b> & c")
    for part in [
      "<title>a &lt;b&gt; &amp; c</title>", "<h1>A title</h1>", "<p>Some <em>prose</em> with <code>code &lt;b&gt;</code>.</p>", "<h2>First</h2>",
      "<span class=\"k\">let</span> a = [<span class=\"n\">1</span>,", "<pre class=\"output\">[1, 2]</pre>", "<ul><li>one goes on</li><li>two</li></ul>",
      "<span class=\"c\"># a comment</span>", "a &lt; b",
    ] { #expect(page.contains(part), "\(part)") }
    let hostile = pieces("#' <script>x</script> [a](javascript:alert(1)) ``` `\nprint(\"</pre><script>\")\n#> </pre><script>\n").html(title: "t")
    #expect(!hostile.contains("<script>") && !hostile.contains("href=\"javascript"))
  }

  @Test("a notebook of Jupyter and back is the same file") func jupyter() throws {
    let found = pieces(Self.file), document = JupyterNotebook.document(found)
    #expect(document["nbformat"]?.int == 4 && document["nbformat_minor"]?.int == 5)
    #expect(try JupyterNotebook.pieces(Array(document.text.utf8)) == found)
  }

  @Test("a notebook of Python is read: a cell each, texts of results as outputs") func foreign() throws {
    let text = #"""
      {"nbformat": 4, "nbformat_minor": 2, "metadata": {"kernelspec": {"name": "python3"}}, "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Hi\nthere"},
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": ["a = 1\n", "a"], "outputs": [
          {"output_type": "execute_result", "data": {"text/plain": ["1"]}, "metadata": {}, "execution_count": 1},
          {"output_type": "display_data", "data": {"image/png": "AAAA"}, "metadata": {}}]},
        {"cell_type": "raw", "metadata": {}, "source": "raw"}]}
      """#
    #expect(try JupyterNotebook.pieces(Array(text.utf8)).text == "#' # Hi\n#' there\n\n# %%\na = 1\na\n#> 1\n#' raw\n")
  }

  @Test("what is no notebook is refused", arguments: ["", "{", "[]", "{\"cells\": 3}", "{\"worksheets\": []}", "null", "\u{FEFF}"]) func refused(_ text: String) {
    #expect(throws: JupyterNotebook.Damage.self) { try JupyterNotebook.pieces(Array(text.utf8)) }
  }

  @Test("odd cells are taken as far as they go", arguments: [
    "{\"cells\": [1, null, {}, {\"cell_type\": \"code\"}, {\"cell_type\": \"code\", \"source\": 4, \"outputs\": [3, {\"text\": {}}]}]}",
  ]) func odd(_ text: String) throws {
    #expect(try JupyterNotebook.pieces(Array(text.utf8)).text == "# %%\n\n# %%\n")
  }
}
