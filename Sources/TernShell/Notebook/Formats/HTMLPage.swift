import TernSyntax

extension NotebookPieces {
  /// The page as one HTML file that needs nothing else.
  package func html(title: String) -> String {
    let body = pieces.compactMap { piece -> String? in
      switch piece {
      case .cell(let title): title.flatMap(NotebookPieces.heading).map { "<h2>\($0.escaped)</h2>" }
      case .prose(let text): NotebookPieces.rendered(text)
      case .code(let code): NotebookPieces.withoutInterpreter(code).map { "<pre class=\"code\"><code>\(NotebookPieces.coloured($0))</code></pre>" }
      case .output(let output, _): NotebookPieces.output(output)
      case .picture(let picture): (picture.before.isEmpty ? "" : NotebookPieces.output(picture.before) + "\n") + "<figure>\(picture.svg)</figure>"
      }
    }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title.escaped)</title>
      <style>
      \(NotebookPieces.style)
      </style>
      </head>
      <body>
      <main>
      \(body.joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  private static func output(_ text: String) -> String { "<pre class=\"output\">\(text.escaped)</pre>" }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1d2329; --paper: #fdfdfb; --faint: #6b747d; --line: #dfe3e6; --code: #f4f5f3;
      --word: #8b2f7f; --text: #2d6b3f; --number: #1f5fa8; }
    @media (prefers-color-scheme: dark) { :root { --ink: #dfe3e6; --paper: #15181b; --faint: #8c959d; --line: #30363c; --code: #1d2126;
      --word: #d48fca; --text: #8fc79c; --number: #84b4ec; } }
    body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.6 system-ui, sans-serif; }
    main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
    h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .5rem; }
    pre { margin: .6rem 0; padding: .6rem .8rem; overflow-x: auto; font: 14px/1.45 ui-monospace, monospace; }
    code { font-family: ui-monospace, monospace; font-size: .92em; }
    pre.code { background: var(--code); border-radius: 4px; }
    figure { margin: .8rem 0; }
    pre.output { border-left: 3px solid var(--line); }
    .k { color: var(--word); } .s { color: var(--text); } .n { color: var(--number); } .c { color: var(--faint); font-style: italic; }
    """

  // MARK: Code

  private static func coloured(_ code: String) -> String {
    Highlight.dressed(SourceText(name: "", text: code), plain: \.escaped) { "<span class=\"\($1.name)\">\($0.escaped)</span>" }
  }

  // MARK: Prose

  /// The Markdown that prose uses: headings, paragraphs, lists, fences, `code`, *stress*, **weight** and links.
  static func rendered(_ markdown: String) -> String {
    var html: [String] = [], paragraph: [String] = [], list: (tag: String, items: [String])?, fence: [String]?
    func flush() {
      if !paragraph.isEmpty { html.append("<p>\(inline(paragraph.joined(separator: "\n")))</p>") }
      if let open = list { html.append("<\(open.tag)>\(open.items.map { "<li>\(inline($0))</li>" }.joined())</\(open.tag)>") }
      (paragraph, list) = ([], nil)
    }
    for line in markdown.lines {
      if let lines = fence {
        if line.hasPrefix("```") {
          html.append("<pre class=\"code\"><code>\(lines.joined(separator: "\n").escaped)</code></pre>")
          fence = nil
        } else {
          fence = lines + [String(line)]
        }
        continue
      }
      let level = line.prefix { $0 == "#" }.count
      if line.hasPrefix("```") {
        flush()
        fence = []
      } else if (1...6).contains(level), line.dropFirst(level).first == " " {
        flush()
        html.append("<h\(level)>\(inline(line.dropFirst(level).trimmed))</h\(level)>")
      } else if line.allSatisfy(\.isWhitespace) {
        flush()
      } else if let (tag, item) = listItem(line) {
        if list?.tag != tag { flush() }
        list = (tag, (list?.items ?? []) + [item])
      } else if let open = list, line.first == " ", let last = open.items.last {
        list = (open.tag, open.items.dropLast() + [last + " " + line.trimmed])
      } else {
        if list != nil { flush() }
        paragraph.append(String(line))
      }
    }
    flush()
    if let lines = fence { html.append("<pre class=\"code\"><code>\(lines.joined(separator: "\n").escaped)</code></pre>") }
    return html.joined(separator: "\n")
  }

  private static func listItem(_ line: Substring) -> (tag: String, item: String)? {
    if line.hasPrefix("- ") || line.hasPrefix("* ") { return ("ul", line.dropFirst(2).trimmed) }
    let number = line.prefix { $0.isNumber }
    guard !number.isEmpty, line.dropFirst(number.count).hasPrefix(". ") else { return nil }
    return ("ol", line.dropFirst(number.count + 2).trimmed)
  }

  /// Marks inside a line. What is code says nothing else.
  private static func inline(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().map { place, part in
      // An odd mark at the end is itself.
      if place % 2 == 1, place < parts.count - 1 || parts.count % 2 == 1 { return "<code>\(String(part).escaped)</code>" }
      var html = String(part).escaped
      html = html.replacing(/\[([^\]\n]+)\]\((https?:\/\/[^)\s]+|[^):\s]+)\)/) { "<a href=\"\($0.2)\">\($0.1)</a>" }
      html = html.replacing(/\*\*([^*\n]+)\*\*/) { "<strong>\($0.1)</strong>" }
      html = html.replacing(/\*([^*\n]+)\*/) { "<em>\($0.1)</em>" }
      return place % 2 == 1 ? "`" + html : html
    }.joined()
  }
}

extension Highlight {
  /// Its class in the page's style.
  fileprivate var name: String {
    switch self {
    case .keyword: "k"
    case .number: "n"
    case .text: "s"
    case .comment: "c"
    }
  }
}

extension String {
  fileprivate var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}
