// Reporting, and going on after an error.

extension Parser {
  /// Reports, and gives the fault to throw. The place is the current token unless another is given.
  mutating func fail(
    _ code: ErrorCode, _ message: String, at place: SourceRange? = nil, note: String = "", hint: String? = nil,
    also: Diagnostic.Label? = nil
  ) -> ParseFault {
    // Where the lexer has complained, or the parser itself, a second error would be an echo of the first.
    guard !isStopped, !isAtLexicalFault, !(faultIndex == index) else { return ParseFault() }
    faultIndex = index
    if diagnostics.isEmpty, lexicalDiagnostics.isEmpty { wantsMore = at(.end) }
    let hint = hint ?? (mode.isInFill ? Lexer.braceHint : nil)
    let label = Diagnostic.Label(source: source, range: place ?? visibleRange(current), note: note)
    diagnostics.append(Diagnostic(code, message, labels: [label] + (also.map { [$0] } ?? []), hint: hint))
    if diagnostics.count >= Parser.mostDiagnostics {
      diagnostics[diagnostics.count - 1].notes.append("after five errors in its text the rest of the file is not read")
      stop()
    }
    return ParseFault()
  }

  /// Whether the lexer reported this token, or the string that starts here.
  private var isAtLexicalFault: Bool {
    if at(.invalid) || lexicalDiagnostics.contains(where: { $0.labels.first?.range.start == current.range.start }) { return true }
    if at(.stringClose) { return previous?.kind == .invalid }
    guard at(.stringOpen), let closer = closer(of: current) else { return false }
    return tokens[closer - 1].kind == .invalid
  }

  mutating func fail(_ spelling: ForeignSpelling, at place: SourceRange? = nil, hint: String? = nil) -> ParseFault {
    fail(.otherLanguage, spelling.message, at: place, hint: hint ?? spelling.hint)
  }

  mutating func expected(_ what: String, hint: String? = nil) -> ParseFault {
    if let (spelling, place) = foreignSpelling {
      return fail(spelling, at: place, hint: spelling == .starSpread ? spreadHint : nil)
    }
    return fail(.unexpectedToken, "expected \(what), found \(found(current))", hint: hint)
  }

  /// A bracket's contents are over, and what stands here does not close it.
  mutating func unclosed(_ opener: Token) -> ParseFault {
    let isOver = isPastBrackets || current.kind.isCloser || (startsLine && closer(of: opener) == nil)
    let bracket = "`\(opener.kind.rawValue)`"
    guard isOver else {
      return expected("`,` or `\(opener.kind.closer?.rawValue ?? "")`", hint: hintForMissingComma)
    }
    let note = at(.cell) ? "a new cell starts here" : "still open at \(found(current))"
    let end = at(.end) ? nil : Diagnostic.Label(source: source, range: visibleRange(current), note: note)
    return fail(
      .unclosedBracket, "this \(bracket) is not closed", at: opener.range, note: end == nil ? "" : "opened here", also: end)
  }

  /// Where nothing in brackets can go on: the end, a cell line, or a statement on a line of its own.
  var isPastBrackets: Bool { at(.end) || at(.cell) || current.kind.onlyStartsStatements && startsLine }

  private var hintForMissingComma: String? {
    switch current.kind {
    case .name, .int, .float, .stringOpen, .openBrace, .openSquare: "a comma goes between two items"
    default: nil
    }
  }

  /// Reads nothing more.
  mutating func stop() {
    isStopped = true
    index = tokens.count - 1
  }

  func found(_ token: Token) -> String {
    switch token.kind {
    case .newline, .cell, .end, .stringOpen, .stringText, .stringClose, .fillOpen, .fillClose, .fillFormat, .invalid:
      token.kind.rawValue
    default: "`\(text(token))`"
    }
  }

  /// What to mark for a token: a string whole, and for an end, which has no columns, the place behind what is before it.
  func visibleRange(_ token: Token) -> SourceRange {
    switch token.kind {
    case .stringOpen: return closer(of: token).map { token.range.union(tokens[$0].range) } ?? token.range
    case .newline, .end:
      let end = max(lastEnd, tokens.first?.range.start ?? 0)
      return SourceRange(end, end + 1)
    default: return token.range
    }
  }

  // MARK: Going on

  /// item (newline | ";") … up to `}`: statements, arms or members. A faulty one is passed over.
  mutating func sequence(
    _ opened: Opened, of item: (inout Parser) throws(ParseFault) -> Void, orElse: (SourceRange) -> Void = { _ in }
  ) throws(ParseFault) {
    while true {
      while at(.newline) || at(.semicolon) { advance() }
      if at(.closeBrace) { return try close(opened) }
      if isAtOuterEnd { throw unclosed(opened.token) }
      if let skipped = try recovering(item) { orElse(skipped) }
    }
  }

  /// Where no block can go on.
  private var isAtOuterEnd: Bool {
    switch current.kind {
    case .end, .cell, .fillClose, .fillFormat, .stringClose: true
    default: false
    }
  }

  /// Parses an item; after a fault gives the range that was passed over.
  mutating func recovering(_ item: (inout Parser) throws(ParseFault) -> Void) throws(ParseFault) -> SourceRange? {
    let (first, outer, begin) = (index, mode, start)
    do {
      try item(&self)
      return nil
    } catch {
      if isStopped { throw error }
      mode = outer
      resynchronise(from: first)
      if diagnostics.last?.code == .otherLanguage { skipIndented(below: first) }
      return range(from: begin)
    }
  }

  /// Goes to the end of the statement that starts at `first`, past the fault: brackets that are closed are passed over
  /// whole, so a fault inside one does not take the following lines with it.
  private mutating func resynchronise(from first: Int) {
    let fault = startsLine ? index - 1 : index
    index = first
    while true {
      let token = tokens[index]
      switch token.kind {
      case .end, .cell, .fillClose, .fillFormat, .stringClose: return
      case .newline, .semicolon: if index >= fault { return }
      case .closeBrace: if mode.isInBraces { return }
      default: if let closer = closer(opening: token), closer > index { index = closer }
      }
      lastEnd = tokens[index].range.end
      index += 1
    }
  }

  /// Passes over the lines that are indented deeper than the faulty one: the body of a `def` or after `:`.
  private mutating func skipIndented(below first: Int) {
    let edge = column(of: tokens[first])
    while at(.newline), index + 1 < tokens.count, column(of: tokens[index + 1]) > edge, !(tokens[index + 1].kind == .closeBrace) {
      advance()
      resynchronise(from: index)
    }
  }

  private func column(of token: Token) -> UInt32 {
    token.kind == .end ? 0 : token.range.start - source.lineStarts[source.line(at: token.range.start) - 1]
  }

  /// The index of the token that ends what this one opens.
  private func closer(opening token: Token) -> Int? {
    switch token.kind {
    case .openParen, .openSquare, .openBrace, .stringOpen, .fillOpen: closer(of: token)
    default: nil
    }
  }

  /// What must follow a statement, an arm or a member; whether it was `;`.
  mutating func endItem() throws(ParseFault) -> Bool {
    switch current.kind {
    case .newline:
      advance()
      return false
    case .semicolon:
      advance()
      return true
    case .end, .cell: return false
    case .closeBrace where mode.isInBraces: return false
    default: throw strayAfterStatement()
    }
  }

  /// `sqrt 2`
  private var commandCallHint: String? {
    guard let word = previous, word.kind == .name else { return nil }
    switch current.kind {
    case .name, .int, .float: return "a call has parentheses: `\(text(word))(\(text(current)))`"
    case .stringOpen: return "a call has parentheses: `\(text(word))(\"…\")`"
    default: return nil
    }
  }

  mutating func strayCloser() -> ParseFault {
    fail(.unexpectedToken, "nothing is open here that `\(current.kind.rawValue)` could close")
  }

  private mutating func strayAfterStatement() -> ParseFault {
    if current.kind.isCloser { return strayCloser() }
    if current.kind.isAssignment {
      return fail(.unexpectedToken, "one statement assigns to one place", hint: "`y = 2`, then `x = y`")
    }
    if at(.arrow) {
      return fail(.unexpectedToken, "`=>` cannot stand here", hint: "a lambda here goes in parentheses: `(x => …)`")
    }
    if at(.comma) { return fail(.manyNames) }
    if at(.colon), tokens[max(index - 1, 0)].kind == .else { return fail(.colonBlock) }
    if at(.else) || at(.catch) { return lonelyTail() }
    return expected("the end of the statement", hint: commandCallHint)
  }
}
