// Cells, and the words of their lines.

extension Parser {
  /// source → statement … (cellLine statement …)*
  mutating func cells() -> [CellTree] {
    var cells: [CellTree] = []
    var begin: UInt32 = 0
    var line = CellLine.none
    while true {
      if at(.cell) {
        begin = current.range.start
        line = CellLine(text(current))
        advance()
      }
      let statements = statements()
      let end = at(.cell) ? current.range.start : UInt32(truncatingIfNeeded: source.bytes.count)
      // What stands above the first cell line is a cell when it holds code, or when it is the whole file.
      if line.title != nil || !statements.isEmpty || !at(.cell) && cells.isEmpty {
        cells.append(line.tree(statements, SourceRange(begin, max(begin, end))))
      }
      if !at(.cell) { return cells }
    }
  }

  /// The statements of one cell; a faulty one is passed over.
  private mutating func statements() -> [Statement] {
    var statements: [Statement] = []
    while !at(.end), !at(.cell), !isStopped {
      if at(.newline) || at(.semicolon) {
        advance()
        continue
      }
      let first = index
      do {
        let skipped = try recovering { (parser: inout Parser) throws(ParseFault) in
          statements.append(try parser.endedStatement())
        }
        if let skipped { statements.append(Statement(.invalid, skipped)) }
      } catch {
        return statements
      }
      if index == first { advance() }
    }
    return statements
  }
}

/// `# %% title {#id skip tol: 1e-2}`
private struct CellLine {
  var title: String?
  var identifier: String?
  var flags: Set<String> = []
  var options: [String: String] = [:]

  static var none: CellLine { CellLine() }

  private init() {}

  init(_ line: String) {
    var text = trimmed(line.drop { $0 == "#" || $0 == " " }.dropFirst(2))
    if text.last == "}", let brace = text.lastIndex(of: "{") {
      read(text[text.index(after: brace)...].dropLast())
      text = trimmed(text[..<brace])
    }
    title = String(text)
  }

  /// The words in braces: `#id`, a flag, or `key: value`.
  private mutating func read(_ words: Substring) {
    var rest = words.split { $0 == " " || $0 == "," || $0 == "\t" }[...]
    while let word = rest.popFirst() {
      if word.first == "#" {
        identifier = String(word.dropFirst())
      } else if word.last == ":", let value = rest.popFirst() {
        options[String(word.dropLast())] = String(value)
      } else if let colon = word.firstIndex(of: ":") {
        options[String(word[..<colon])] = String(word[word.index(after: colon)...])
      } else {
        flags.insert(String(word))
      }
    }
  }

  func tree(_ statements: [Statement], _ range: SourceRange) -> CellTree {
    CellTree(title: title, identifier: identifier, flags: flags, options: options, statements: statements, range: range)
  }
}

/// Without blanks at either end.
private func trimmed(_ text: Substring) -> Substring {
  var rest = text.drop(while: \.isWhitespace)
  while rest.last?.isWhitespace == true { rest.removeLast() }
  return rest
}
