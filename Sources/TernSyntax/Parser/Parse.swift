/// Parses a whole source into its cells. Never fails: what is wrong is in the tree's diagnostics.
package func parse(_ source: SourceText) -> SourceTree {
  if let refusal = refusal(of: source) {
    return SourceTree(source: source, cells: [], comments: [], diagnostics: [refusal])
  }
  var parser = Parser(source)
  let cells = parser.cells()
  return SourceTree(source: source, cells: cells, comments: parser.comments, diagnostics: parser.allDiagnostics)
}

/// The tokens of a source, for `tern explain tokens`.
package func tokens(of source: SourceText) -> [Token] {
  guard refusal(of: source) == nil else { return [] }
  var lexer = Lexer(source)
  lexer.run()
  return lexer.tokens
}

/// Says whether the prompt can run a text, or waits for more of it.
package func completeness(of text: String) -> Completeness {
  let source = SourceText(name: "", text: text + "\n")
  guard refusal(of: source) == nil else { return .invalid }
  var parser = Parser(source)
  _ = parser.cells()
  let isUnfinishedString = parser.lexicalDiagnostics.first.map { isOpenAtEnd($0, source) } ?? false
  if parser.wantsMore || isUnfinishedString { return .incomplete(indent: isUnfinishedString ? 0 : parser.indentAtEnd) }
  return parser.allDiagnostics.isEmpty ? .complete : .invalid
}

/// Parses the declaration of a builtin: `mean(x: tensor, over: any = none, ...rest) -> tensor`.
package func parseSignature(_ text: String) -> Function? {
  var parser = Parser(SourceText(name: "signature", text: text))
  return try? parser.signature()
}

/// Why a text is not read at all.
private func refusal(of source: SourceText) -> Diagnostic? {
  if source.bytes.starts(with: [UInt8(ascii: "P"), UInt8(ascii: "K"), 3, 4]) {
    return Diagnostic(
      .notATernFile, "this is a MATLAB live script, not a Tern file", labels: [],
      notes: ["both are called `.mlx`; this one is a ZIP archive that MATLAB opens"],
      hint: "in MATLAB, \"Save As\" turns it into plain text")
  }
  if source.bytes.count > Int(Int32.max) { return Diagnostic(.tooLarge, "this text is larger than 2 GB") }
  return invalidText(in: source)
}

/// Whether an error is only that a `"""` has not ended yet.
private func isOpenAtEnd(_ diagnostic: Diagnostic, _ source: SourceText) -> Bool {
  guard diagnostic.code == .unclosedString, let label = diagnostic.labels.first else { return false }
  let quotes = source.text(SourceRange(label.range.start, label.range.start + 4))
  return quotes.hasPrefix("\"\"\"") || quotes.hasPrefix("r\"\"\"")
}

extension Parser {
  /// signature → word parameters ("->" type)?
  fileprivate mutating func signature() throws(ParseFault) -> Function {
    guard atWord else { throw expected("a name") }
    let word = advance()
    let parameters = try parameters()
    let result = try resultType()
    skipToEnd()
    guard at(.end), lexicalDiagnostics.isEmpty else { throw expected("the end") }
    let range = range(from: word.range)
    let body = Block([], SourceRange(range.end, range.end))
    return Function(name: Name(text(word), word.range), parameters: parameters, result: result, body: .block(body), range: range)
  }

  private mutating func skipToEnd() {
    while at(.newline) { advance() }
  }

  /// How far the prompt's next line is indented: two columns for each line that leaves brackets open.
  fileprivate var indentAtEnd: Int {
    var lines: Set<Int> = []
    for token in tokens where token.kind.closer != nil && closer(of: token) == nil {
      lines.insert(source.line(at: token.range.start))
    }
    return lines.count * 2
  }
}
