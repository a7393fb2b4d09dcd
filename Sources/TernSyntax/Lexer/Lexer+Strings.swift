// `"a {expr} b {x:8.3}"`, `"""` over several lines, `r"…"` where `{` and `\` are themselves.

/// A string whose end has not been read.
struct OpenString {
  /// The index of its `stringOpen` token, and where it starts.
  let token: Int
  let start: Int
  let isRaw: Bool
  let isTriple: Bool
  /// Inside `{…}`: code is read, not text.
  var isFilling = false
  /// Where the innermost `{` stands, and how many brackets were open before it.
  var fillStart = 0
  var bracketFloor: Int
  /// Of a `"""`: its pieces so far, for taking the indentation away when it ends.
  var pieces: [StringPiece] = []
}

extension Lexer {
  /// string → "r"? ('"' | '"""') (text | escape | "{" expression (":" format)? "}")* ('"' | '"""')
  mutating func openString(isRaw: Bool) {
    let start = position
    if isRaw { position += 1 }
    let isTriple = starts(with: "\"\"\"", at: position)
    position += isTriple ? 3 : 1
    emit(.stringOpen, from: start)
    strings.append(
      OpenString(token: tokens.count - 1, start: start, isRaw: isRaw, isTriple: isTriple, bracketFloor: brackets.count))
  }

  /// Reads a string's text up to what is not text, and that.
  mutating func stringPiece() {
    guard let string = strings.last else { return }
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\"") where !string.isTriple || starts(with: "\"\"\"", at: position):
        addText(from: start)
        return closeString()
      case UInt8(ascii: "\n") where !string.isTriple:
        addText(from: start)
        return stringEndsItsLine()
      case UInt8(ascii: "\\") where !string.isRaw:
        addText(from: start)
        return escape()
      case UInt8(ascii: "{") where !string.isRaw:
        addText(from: start)
        return openFill()
      default:
        position += 1
      }
    }
    addText(from: start)
  }

  private mutating func addText(from start: Int) {
    guard position > start else { return }
    add(.written(text(from: start, to: position)), from: start)
  }

  private mutating func add(_ piece: StringPiece, from start: Int) {
    texts.append(piece.text)
    emit(.stringText, from: start, payload: UInt64(texts.count - 1))
    guard let last = strings.indices.last, strings[last].isTriple else { return }
    strings[last].pieces.append(piece)
  }

  private mutating func closeString() {
    guard let string = strings.popLast() else { return }
    position += string.isTriple ? 3 : 1
    emit(.stringClose, from: position - (string.isTriple ? 3 : 1))
    tokens[string.token].payload = UInt64(tokens.count - 1)
    if string.isTriple { removeIndentation(of: string) }
  }

  /// Puts the dedented texts where the written ones were.
  private mutating func removeIndentation(of string: OpenString) {
    var dedented = dedent(string.pieces).makeIterator()
    var place = string.token + 1
    while place < tokens.count - 1 {
      switch tokens[place].kind {
      case .stringText: if let piece = dedented.next() { texts[Int(tokens[place].payload)] = piece.text }
      case .fillOpen:
        _ = dedented.next()
        place = max(place, Int(tokens[place].payload))
      default: break
      }
      place += 1
    }
  }

  // MARK: Escapes

  private mutating func escape() {
    let start = position
    let letter = byte(ahead: 1)
    position = min(position + 2, bytes.count)
    switch letter {
    case UInt8(ascii: "n"): add(.escaped("\n"), from: start)
    case UInt8(ascii: "t"): add(.escaped("\t"), from: start)
    case UInt8(ascii: "\""): add(.escaped("\""), from: start)
    case UInt8(ascii: "\\"): add(.escaped("\\"), from: start)
    case UInt8(ascii: "{"): add(.escaped("{"), from: start)
    case UInt8(ascii: "u") where byte() == UInt8(ascii: "{"): codePoint(start)
    default: badEscape(start)
    }
  }

  /// escape → "\u{" hexdigits "}"
  private mutating func codePoint(_ start: Int) {
    position += 1
    let digitsStart = position
    while Unicode.Scalar(byte()).properties.isASCIIHexDigit { position += 1 }
    let value = UInt32(text(from: digitsStart, to: position), radix: 16)
    let isClosed = byte() == UInt8(ascii: "}")
    if isClosed { position += 1 }
    if isClosed, let value, let scalar = Unicode.Scalar(value) { return add(.escaped(String(Character(scalar))), from: start) }
    report(.badEscape, "`\\u{…}` takes a code point in hexadecimal", range(start, position), hint: "`\\u{1F426}` is 🐦")
  }

  private mutating func badEscape(_ start: Int) {
    // A newline stays for the string's own end; a longer character is taken whole.
    position = min(start + 1, bytes.count)
    if position < bytes.count, byte() != UInt8(ascii: "\n") { position += scalar(at: position).length }
    let written = text(from: start, to: position)
    let hint = written == "\\}" ? "`}` stands for itself" : "`\\n \\t \\\" \\\\ \\{ \\u{…}`, or a raw string `r\"…\"`"
    report(.badEscape, "`\(written)` is no escape", range(start, position), hint: hint)
  }

  // MARK: Fills

  private mutating func openFill() {
    let start = position
    position += 1
    emit(.fillOpen, from: start)
    guard let last = strings.indices.last else { return }
    strings[last].isFilling = true
    strings[last].fillStart = tokens.count - 1
    strings[last].bracketFloor = brackets.count
    if strings[last].isTriple { strings[last].pieces.append(.filled) }
  }

  /// Reads what ends an expression in `{…}`: `}`, or the first `:` outside brackets with a format. False elsewhere.
  mutating func closesFill() -> Bool {
    guard let string = strings.last, brackets.count <= string.bracketFloor else { return false }
    switch byte() {
    case UInt8(ascii: "}"): closeFill()
    case UInt8(ascii: ":"): format()
    default: return false
    }
    return true
  }

  private mutating func closeFill() {
    position += 1
    emit(.fillClose, from: position - 1)
    guard let last = strings.indices.last else { return }
    strings[last].isFilling = false
    tokens[strings[last].fillStart].payload = UInt64(tokens.count - 1)
  }

  private mutating func format() {
    let start = position
    position += 1
    while position < bytes.count, !isFormatEnd(byte()) { position += 1 }
    texts.append(text(from: start + 1, to: position))
    if byte() != UInt8(ascii: "}") {
      report(.badFormat, "a format is not closed", range(start, position), hint: "`{x:8.3}`; a `:` of your own goes in parentheses")
      emit(.invalid, from: start)
      if let last = strings.indices.last { strings[last].isFilling = false }
      return
    }
    emit(.fillFormat, from: start, payload: UInt64(texts.count - 1))
    closeFill()
  }

  private func isFormatEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
  }

  // MARK: Strings that do not end

  /// A newline in a one-line string: the error, and everything goes on with the next line.
  mutating func stringEndsItsLine() {
    guard let string = strings.last else { return }
    reportUnclosed(string)
    while let open = strings.last, !open.isTriple { abandonString() }
    brackets.forget(from: firstTokenOfLine)
  }

  private mutating func reportUnclosed(_ string: OpenString) {
    if string.isFilling {
      let brace = tokens[string.fillStart].range
      report(.unclosedString, "the `{` in this string is not closed", brace, hint: Lexer.braceHint)
    } else if strings.count > 1 {
      let outer = strings[strings.count - 2]
      let brace = outer.isFilling ? tokens[outer.fillStart].range : range(outer.start, outer.start + 1)
      report(.unclosedString, "a string in this `{…}` is not closed", range(string.start, position), hint: Lexer.braceHint)
      addLabel(brace, "opened here")
    } else {
      report(
        .unclosedString, "this string is not closed", range(string.start, position),
        hint: string.isTriple ? "it ends at the next `\"\"\"`" : "end it with `\"`; `\"\"\"` for several lines")
    }
  }

  private mutating func addLabel(_ place: SourceRange, _ note: String) {
    guard let last = diagnostics.indices.last else { return }
    diagnostics[last].labels.append(.init(source: source, range: place, note: note))
  }

  /// How to write a brace that is none of ours.
  static let braceHint = "`\\{` for a brace, or a raw string `r\"…\"`"

  /// Ends the innermost string as if it were closed, with a mark that tells the parser to stop there.
  private mutating func abandonString() {
    guard let string = strings.popLast() else { return }
    brackets.truncate(to: string.bracketFloor)
    emit(.invalid, from: position)
    emit(.stringClose, from: position)
    tokens[string.token].payload = UInt64(tokens.count - 1)
  }

  var firstTokenOfLine: Int {
    let start = lineStart
    var token = tokens.count
    while token > 0, Int(tokens[token - 1].range.start) >= start { token -= 1 }
    return token
  }

  mutating func closeStringsAtEnd() {
    if let string = strings.last, !isFull { reportUnclosed(string) }
    while !strings.isEmpty { abandonString() }
    brackets.removeAll()
  }
}
