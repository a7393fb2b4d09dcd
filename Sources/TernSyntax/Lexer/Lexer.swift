/// Turns UTF-8 into tokens, and decides which newlines end a statement as far as that does not depend on brackets.
///
/// The one loop reads either code or a string's text, by what `strings` holds, so no input makes it recurse. It never
/// throws: an error is reported, an `.invalid` token left where the parser must not go on, and reading continues.
struct Lexer {
  let source: SourceText
  let bytes: [UInt8]
  var position = 0
  var tokens: [Token] = []
  /// Decoded texts and formats of strings; a token's payload is an index into it.
  var texts: [String] = []
  var comments: [Comment] = []
  var diagnostics: [Diagnostic] = []
  /// All that was found wrong, with what is not worth a diagnostic of its own.
  private var complaints = 0
  /// The strings that are open here, innermost last.
  var strings: [OpenString] = []
  var brackets = OpenBrackets()
  /// A newline not yet known to end a statement: that depends on the next token.
  var pendingNewline: SourceRange?

  init(_ source: SourceText) {
    self.source = source
    bytes = source.bytes
    tokens.reserveCapacity(bytes.count / 4 + 2)
  }

  mutating func run() {
    while position < bytes.count, !isFull {
      if let string = strings.last, !string.isFilling { stringPiece() } else { codePiece() }
    }
    if !strings.isEmpty { closeStringsAtEnd() }
    position = bytes.count
    emit(.end, from: position)
  }

  /// Enough errors to stop: what follows helps nobody, and a text of nothing but errors must not take long.
  var isFull: Bool { diagnostics.count >= Parser.mostDiagnostics || complaints >= 100 }

  // MARK: Reading

  /// The byte that many places ahead, 0 past the end.
  func byte(ahead distance: Int = 0) -> UInt8 {
    let place = position + distance
    return place < bytes.count ? bytes[place] : 0
  }

  func starts(with text: StaticString, at place: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard place + count <= bytes.count else { return false }
    return text.withUTF8Buffer { buffer in
      for offset in 0..<count where bytes[place + offset] != buffer[offset] { return false }
      return true
    }
  }

  func text(from start: Int, to end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The scalar at a place and its length; the text is valid UTF-8, which is checked before.
  func scalar(at place: Int) -> (scalar: Unicode.Scalar, length: Int) {
    let first = UInt32(bytes[place])
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard length > 1, place + length <= bytes.count else { return (Unicode.Scalar(UInt8(first)), 1) }
    var value = first & (0xFF >> UInt32(length + 1))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[place + offset] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  var lineStart: Int { Int(source.lineStarts[source.line(at: UInt32(truncatingIfNeeded: position)) - 1]) }

  var lineEnd: Int {
    var place = position
    while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
    return place
  }

  // MARK: Writing

  func range(_ start: Int, _ end: Int) -> SourceRange {
    SourceRange(UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end))
  }

  /// Adds a token that reaches from `start` to here.
  mutating func emit(_ kind: Token.Kind, from start: Int, payload: UInt64 = 0) {
    let isSpaced =
      switch byte() {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): true
      default: position >= bytes.count
      }
    settleNewline(before: kind, isSpaced: isSpaced)
    tokens.append(Token(kind: kind, range: range(start, position), isSpaced: isSpaced, payload: payload))
  }

  /// The newline rule as far as brackets do not matter: a newline is dropped where the line is plainly not over.
  private mutating func settleNewline(before next: Token.Kind, isSpaced: Bool) {
    guard let newline = pendingNewline else { return }
    pendingNewline = nil
    guard let last = tokens.last, !(last.kind == .newline), !(last.kind == .cell) else { return }
    if last.kind.leavesLineOpen, !(next == .cell) { return }
    if next.continuesLine(isSpaced: isSpaced) || (next == .not && isFollowedByIn) { return }
    tokens.append(Token(kind: .newline, range: newline, isSpaced: false))
  }

  /// `not in` is one operator, so a line that starts with it goes on.
  private var isFollowedByIn: Bool {
    var place = position
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t") { place += 1 }
    guard place > position, starts(with: "in", at: place) else { return false }
    return place + 2 >= bytes.count || !isWordPart(at: place + 2)
  }

  mutating func report(_ code: ErrorCode, _ message: String, _ place: SourceRange, note: String = "", hint: String? = nil) {
    complaints += 1
    guard !isFull, !isEcho(code, message, place) else { return }
    let label = Diagnostic.Label(source: source, range: place, note: note)
    diagnostics.append(Diagnostic(code, message, labels: [label], hint: hint))
  }

  /// Whether the same was said of this line, or it already holds a character of no use.
  private func isEcho(_ code: ErrorCode, _ message: String, _ place: SourceRange) -> Bool {
    guard let last = diagnostics.last, let label = last.labels.first, last.code == code else { return false }
    guard source.line(at: label.range.start) == source.line(at: place.start) else { return false }
    return code == .invalidCharacter || last.message == message
  }

  mutating func report(_ spelling: ForeignSpelling, _ place: SourceRange) {
    report(.otherLanguage, spelling.message, place, hint: spelling.hint)
  }
}

/// What is said of text that is no UTF-8, or nil.
func invalidText(in source: SourceText) -> Diagnostic? {
  let bytes = source.bytes
  let span = bytes.span
  do {
    _ = try UTF8Span(validating: span)
    return nil
  } catch {
    let start = UInt32(truncatingIfNeeded: error.byteOffsets.lowerBound)
    let label = Diagnostic.Label(source: source, range: SourceRange(start, start + 1), note: "this byte")
    return Diagnostic(
      .invalidText, "this text is not UTF-8: byte \(start) fits nowhere", labels: [label],
      hint: "save the file as UTF-8; Tern reads no other encoding")
  }
}
