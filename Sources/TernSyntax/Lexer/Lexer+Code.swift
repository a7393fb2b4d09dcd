// Everything outside strings' texts: blanks, comments, words and signs.

extension Lexer {
  /// Reads one blank, comment or token.
  mutating func codePiece() {
    switch byte() {
    case UInt8(ascii: "\n"): newline()
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
    case UInt8(ascii: "#"): comment()
    case UInt8(ascii: "\""): openString(isRaw: false)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): word()
    case 0x80...: beyondASCII()
    default: sign()
    }
  }

  private mutating func newline() {
    if let string = strings.last, !string.isTriple { return stringEndsItsLine() }
    if pendingNewline == nil { pendingNewline = range(position, position + 1) }
    position += 1
  }

  // MARK: Comments

  private mutating func comment() {
    let start = position
    let isFirst = isFirstOnLine
    position = lineEnd
    let kind = commentKind(from: start, isFirst: isFirst)
    var end = position
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    comments.append(Comment(kind: kind, range: range(start, end)))
    if kind == .cell {
      brackets.removeAll()
      emit(.cell, from: start)
    }
  }

  /// Only the first thing of a line can be more than a comment; what belongs to cells starts at its very edge.
  private func commentKind(from start: Int, isFirst: Bool) -> Comment.Kind {
    guard isFirst else { return .plain }
    let isAtEdge = start == 0 || bytes[start - 1] == UInt8(ascii: "\n") || isAfterByteOrderMark(start)
    if isAtEdge, strings.isEmpty {
      if starts(with: "# %%", at: start) || starts(with: "#%%", at: start) { return .cell }
      if starts(with: "#'", at: start) { return .prose }
      if starts(with: "#>", at: start) { return .output }
      if starts(with: "#~>", at: start) { return .uncheckedOutput }
    }
    return starts(with: "##", at: start) && !starts(with: "###", at: start) ? .documentation : .plain
  }

  /// Whether only blanks stand before this place on its line.
  private var isFirstOnLine: Bool {
    if position == 0 || pendingNewline != nil || tokens.isEmpty { return true }
    return tokens.last?.kind == .cell
  }

  private func isAfterByteOrderMark(_ start: Int) -> Bool { start == 3 && starts(with: "\u{FEFF}", at: 0) }

  // MARK: Words

  private mutating func word() {
    let start = position
    if byte() == UInt8(ascii: "r"), byte(ahead: 1) == UInt8(ascii: "\"") { return openString(isRaw: true) }
    while position < bytes.count, isWordPart(at: position) { position += wordPartLength }
    if byte() == UInt8(ascii: "\""), isForeignStringPrefix(start) { return report(.stringPrefix, range(start, position + 1)) }
    if byte() == UInt8(ascii: "'"), isForeignStringPrefix(start) { return singleQuote() }
    let kind = wordKind(from: start)
    if kind.onlyStartsStatements, pendingNewline != nil { brackets.abandonToBrace(floor: bracketFloor) }
    emit(kind, from: start)
  }

  private func wordKind(from start: Int) -> Token.Kind {
    let first = bytes[start]
    guard 2...8 ~= position - start, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else { return .name }
    // Any word may be a field.
    if tokens.last?.kind == .dot, pendingNewline == nil { return .name }
    return Token.Kind.keyword(text(from: start, to: position)) ?? .name
  }

  private func isForeignStringPrefix(_ start: Int) -> Bool {
    guard position - start <= 2 else { return false }
    switch text(from: start, to: position) {
    case "f", "F", "b", "B", "u", "U", "R", "rb", "br", "fr", "rf": return true
    default: return false
    }
  }

  private var wordPartLength: Int { bytes[position] < 0x80 ? 1 : scalar(at: position).length }

  func isWordPart(at place: Int) -> Bool {
    switch bytes[place] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    case 0x80...: scalar(at: place).scalar.isWordPart
    default: false
    }
  }

  private mutating func beyondASCII() {
    let (scalar, length) = scalar(at: position)
    if scalar.isWordStart { return word() }
    if scalar == "\u{FEFF}" { return position += length }
    let start = position
    position += length
    let (code, message, hint) = ForeignCharacter.complaint(about: scalar)
    report(code, message, range(start, position), hint: hint)
    // A blank or a look-alike is plainly meant as what it looks like.
    if !ForeignCharacter.isBlank(scalar) { emit(.invalid, from: start) }
  }

  // MARK: Signs

  private mutating func sign() {
    if closesFill() { return }
    let start = position
    guard let kind = signKind() else { return foreignSign() }
    position += kind.rawValue.utf8.count
    if warnsOfForeign(kind, start) { return }
    emit(kind, from: start)
    track(kind)
  }

  /// The longest sign that starts here.
  private func signKind() -> Token.Kind? {
    let second = byte(ahead: 1)
    let third = byte(ahead: 2)
    let equals = UInt8(ascii: "=")
    switch byte() {
    case UInt8(ascii: "("): return .openParen
    case UInt8(ascii: ")"): return .closeParen
    case UInt8(ascii: "["): return .openSquare
    case UInt8(ascii: "]"): return .closeSquare
    case UInt8(ascii: "{"): return .openBrace
    case UInt8(ascii: "}"): return .closeBrace
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: ":"): return .colon
    case UInt8(ascii: ";"): return .semicolon
    case UInt8(ascii: "."):
      guard second == UInt8(ascii: ".") else { return .dot }
      return third == UInt8(ascii: ".") ? .ellipsis : third == equals ? .rangeInclusive : .range
    case UInt8(ascii: "|"): return second == UInt8(ascii: ">") ? .pipe : nil
    case equals: return second == equals ? .equal : second == UInt8(ascii: ">") ? .arrow : .assign
    case UInt8(ascii: "!"): return second == equals ? .notEqual : nil
    case UInt8(ascii: "<"): return second == equals ? .lessEqual : .less
    case UInt8(ascii: ">"): return second == equals ? .greaterEqual : .greater
    case UInt8(ascii: "+"): return second == equals ? .addAssign : .plus
    case UInt8(ascii: "-"): return second == equals ? .subtractAssign : second == UInt8(ascii: ">") ? .resultArrow : .minus
    case UInt8(ascii: "%"): return second == equals ? .remainderAssign : .percent
    case UInt8(ascii: "@"): return second == equals ? .matmulAssign : .at
    case UInt8(ascii: "*"):
      if second == UInt8(ascii: "*") { return third == equals ? .powerAssign : .starStar }
      return second == equals ? .multiplyAssign : .star
    case UInt8(ascii: "/"):
      if second == UInt8(ascii: "/") { return third == equals ? .floorDivideAssign : .slashSlash }
      return second == equals ? .divideAssign : .slash
    default: return nil
    }
  }

  /// Keeps the open brackets, and tells each opener where it is closed.
  private mutating func track(_ kind: Token.Kind) {
    if kind.closer != nil {
      brackets.open(kind, token: tokens.count - 1)
    } else if kind.isCloser, let opener = brackets.close(kind, floor: bracketFloor) {
      tokens[opener].payload = UInt64(tokens.count - 1)
    }
  }

  /// Brackets outside the innermost `{…}` of a string cannot be closed from inside it.
  var bracketFloor: Int { strings.last?.bracketFloor ?? 0 }

  // MARK: Signs of other languages

  /// Reports a Tern sign that, with what follows, is another language's; what it stands for is emitted.
  private mutating func warnsOfForeign(_ kind: Token.Kind, _ start: Int) -> Bool {
    switch (kind, byte()) {
    case (.equal, UInt8(ascii: "=")): replace(.tripleEqual, by: .equal, start, length: 1)
    case (.notEqual, UInt8(ascii: "=")): replace(.tripleEqual, by: .notEqual, start, length: 1)
    case (.less, UInt8(ascii: ">")): replace(.lessGreater, by: .notEqual, start, length: 1)
    case (.colon, UInt8(ascii: "=")): replace(.colonEqual, by: .assign, start, length: 1)
    case (.slash, UInt8(ascii: "*")): blockComment(start)
    default: return false
    }
    return true
  }

  private mutating func replace(_ spelling: ForeignSpelling, by kind: Token.Kind, _ start: Int, length: Int) {
    position += length
    report(spelling, range(start, position))
    emit(kind, from: start)
  }

  private mutating func blockComment(_ start: Int) {
    report(.blockComment, range(start, start + 2))
    while position < bytes.count, !starts(with: "*/", at: position) { position += 1 }
    position = min(position + 2, bytes.count)
  }

  private mutating func foreignSign() {
    let start = position
    let next = byte(ahead: 1)
    switch byte() {
    case UInt8(ascii: "&"): replace(.ampersand, by: .and, start, length: next == UInt8(ascii: "&") ? 2 : 1)
    case UInt8(ascii: "|"): replace(.bar, by: .or, start, length: next == UInt8(ascii: "|") ? 2 : 1)
    case UInt8(ascii: "~") where next == UInt8(ascii: "="): replace(.lessGreater, by: .notEqual, start, length: 2)
    case UInt8(ascii: "~"), UInt8(ascii: "!"): replace(.bang, by: .not, start, length: 1)
    case UInt8(ascii: "^"): replace(.caret, by: .starStar, start, length: 1)
    case UInt8(ascii: "'"): singleQuote()
    case UInt8(ascii: "?"): unknownSign(.questionMark)
    case UInt8(ascii: "$"): unknownSign(.dollar)
    case UInt8(ascii: "`"): unknownSign(.backtick)
    case UInt8(ascii: "\\"): unknownSign(.backslash)
    default: unknownCharacter()
    }
  }

  private mutating func unknownSign(_ spelling: ForeignSpelling) {
    position += 1
    report(spelling, range(position - 1, position))
    emit(.invalid, from: position - 1)
  }

  private mutating func unknownCharacter() {
    let (code, message, hint) = ForeignCharacter.complaint(about: Unicode.Scalar(byte()))
    position += 1
    report(code, message, range(position - 1, position), hint: hint)
    emit(.invalid, from: position - 1)
  }

  /// `'text'` stands for a string; `A'` for a transposed matrix.
  private mutating func singleQuote() {
    let start = position
    if isLineOfSlashes { return slashComment() }
    let quoteLength = starts(with: "'''", at: position) ? 3 : 1
    position += quoteLength
    while position < bytes.count, !(quoteLength == 3 ? starts(with: "'''", at: position) : byte() == UInt8(ascii: "'")) {
      if quoteLength == 1, byte() == UInt8(ascii: "\n") { break }
      position += 1
      // `''` inside stands for a quote.
      if quoteLength == 1, starts(with: "''", at: position) { position += 2 }
    }
    if byte() == UInt8(ascii: "'") { return foreignString(start, quoteLength) }
    position = start + quoteLength
    report(isAfterOperand(start) ? .transposeQuote : .singleQuote, range(start, position))
    position = isAfterOperand(start) ? position : lineEnd
    emit(.invalid, from: start)
  }

  private mutating func foreignString(_ start: Int, _ quoteLength: Int) {
    let content = text(from: start + quoteLength, to: position)
    position += quoteLength
    report(.singleQuote, range(start, position))
    emit(.stringOpen, from: start)
    texts.append(content)
    emit(.stringText, from: start, payload: UInt64(texts.count - 1))
    emit(.stringClose, from: start)
    tokens[tokens.count - 3].payload = UInt64(tokens.count - 1)
  }

  private func isAfterOperand(_ start: Int) -> Bool {
    guard let last = tokens.last, Int(last.range.end) == start else { return false }
    return last.kind == .name || last.kind == .closeParen || last.kind == .closeSquare
  }

  /// Forgets what was read of a comment in another language's spelling.
  private mutating func slashComment() {
    let first = firstTokenOfLine
    if first < tokens.count { report(.slashComment, tokens[first].range) }
    brackets.forget(from: first)
    tokens.removeSubrange(first...)
    position = lineEnd
  }

  /// `// …` as a line of its own: a comment elsewhere, and it may hold an apostrophe.
  private var isLineOfSlashes: Bool {
    var place = lineStart
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t") { place += 1 }
    return starts(with: "//", at: place)
  }
}

extension Unicode.Scalar {
  /// A letter or `_`.
  var isWordStart: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: self == "_"
    }
  }

  /// A letter, a digit in any script, a mark that belongs to the letter before, or `_`.
  var isWordPart: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark: true
    default: isWordStart
    }
  }
}
