extension NotebookPieces {
  /// The page as Markdown: code and outputs in fences.
  package var markdown: String {
    pieces.compactMap { piece in
      switch piece {
      case .cell(let title): title.flatMap(NotebookPieces.heading).map { "## \($0)" }
      case .prose(let text): text
      case .code(let code): NotebookPieces.withoutInterpreter(code).map { NotebookPieces.fenced($0, "tern") }
      case .output, .picture: piece.recorded.map { NotebookPieces.fenced($0.text, "text") }
      }
    }.joined(separator: "\n\n") + "\n"
  }

  /// A cell's title without what stands in braces behind it.
  static func heading(_ title: String) -> String? {
    let words = (title.firstIndex(of: "{").map { String(title[..<$0]) } ?? title).trimmed
    return words.isEmpty ? nil : words
  }

  /// Without the line that says who runs the file; nil when there is no other.
  static func withoutInterpreter(_ code: String) -> String? {
    guard code.hasPrefix("#!") else { return code }
    let rest = code.lines.dropFirst().joined(separator: "\n").trimmed
    return rest.isEmpty ? nil : rest
  }

  /// A fence longer than any in the text.
  private static func fenced(_ text: String, _ language: String) -> String {
    let longest = text.lines.map { $0.prefix { $0 == "`" }.count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }
}
