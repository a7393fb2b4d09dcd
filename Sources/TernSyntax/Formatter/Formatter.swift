/// Lays a file out: blanks between words, indentation, blank lines. Where lines break is the author's; prose, outputs, comments and
/// strings keep their text.
///
///     let xs=[1,2 ]|>map(x=>x*2)      let xs = [1, 2] |> map(x => x * 2)
package enum Formatter {
  package enum Outcome {
    case same
    case changed([UInt8])
    /// The text has errors.
    case faulty([Diagnostic])
    /// Laid out, it would not say the same: it is left alone.
    case refused
  }

  package static func format(_ source: SourceText) -> Outcome {
    let tree = parse(source)
    guard tree.diagnostics.isEmpty else { return .faulty(tree.diagnostics) }
    let bytes = Layout(source, tree.comments).bytes
    if bytes == source.bytes { return .same }
    let again = parse(SourceText(name: source.name, bytes: bytes))
    guard again.diagnostics.isEmpty, describe(again) == describe(tree), words(of: again) == words(of: tree) else { return .refused }
    return .changed(bytes)
  }

  /// Comments as they read, so that none is lost.
  private static func words(of tree: SourceTree) -> [String] {
    tree.comments.map { $0.kind == .cell ? "" : String(tree.source.text($0.range).drop(while: { $0 == "#" || $0 == " " })).withoutTrailingBlanks }
  }
}

/// A word, a sign, a whole string or a comment, and where it stands.
private struct Piece {
  enum Content {
    case token(Token.Kind)
    case comment(Comment.Kind)
  }

  let content: Content
  let start: Int
  let end: Int

  var kind: Token.Kind? { if case .token(let kind) = content { kind } else { nil } }
  var isComment: Bool { kind == nil }
}

/// A bracket that is open.
private struct OpenBracket {
  let kind: Token.Kind
  /// Of the line that opened it.
  let indent: Int
  /// Where its content goes on in later lines.
  let inner: Int
  /// A blank follows a `{`: then one stands before its `}`, too.
  let isSpaced: Bool
}

private struct Layout {
  private(set) var bytes: [UInt8] = []
  private let source: SourceText
  private let newline: [UInt8]
  private var open: [OpenBracket] = []
  /// The last word of the lines above leaves the statement open.
  private var goesOn = false

  init(_ source: SourceText, _ comments: [Comment]) {
    self.source = source
    newline = source.bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 > 0 && source.bytes[$0 - 1] == UInt8(ascii: "\r") } == true ? [13, 10] : [10]
    var lastLine = 0
    for line in Layout.lines(of: source, comments) {
      guard let first = line.first, let last = line.last else { continue }
      let number = source.line(at: UInt32(first.start))
      if lastLine > 0, number > lastLine + 1 { bytes += newline }
      add(line)
      lastLine = source.line(at: UInt32(max(last.end - 1, last.start)))
    }
  }

  /// Pieces by the line they start in; what follows a string of several lines belongs to its first.
  private static func lines(of source: SourceText, _ comments: [Comment]) -> [[Piece]] {
    var pieces: [Piece] = comments.map { Piece(content: .comment($0.kind), start: Int($0.range.start), end: Int($0.range.end)) }
    let all = tokens(of: source)
    var place = 0
    while place < all.count {
      let token = all[place]
      var end = Int(token.range.end)
      if token.kind == .stringOpen, token.payload > UInt64(place), token.payload < UInt64(all.count) {
        place = Int(token.payload)
        end = Int(all[place].range.end)
      }
      place += 1
      if token.kind == .newline || token.kind == .cell || token.kind == .end { continue }
      pieces.append(Piece(content: .token(token.kind), start: Int(token.range.start), end: end))
    }
    pieces.sort { $0.start < $1.start }
    var lines: [[Piece]] = [], lineEnd = -1
    for piece in pieces {
      if piece.start > lineEnd {
        lines.append([])
        lineEnd = endOfLine(source, piece.start)
      }
      lines[lines.count - 1].append(piece)
      lineEnd = max(lineEnd, endOfLine(source, piece.end))
    }
    return lines
  }

  private static func endOfLine(_ source: SourceText, _ place: Int) -> Int {
    let next = source.line(at: UInt32(min(place, source.bytes.count)))
    return next < source.lineStarts.count ? Int(source.lineStarts[next]) - 1 : source.bytes.count
  }

  // MARK: A line

  private mutating func add(_ line: [Piece]) {
    let first = line[0]
    if case .comment(let kind) = first.content, isAtEdge(first), kind != .plain, kind != .documentation {
      if kind == .cell {
        open = []
        goesOn = false
      }
      bytes += Array(marked(first, kind).utf8) + newline
      return
    }
    let indent = indentation(of: first)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: indent)
    let start = bytes.count - indent
    var unary = false
    for (place, piece) in line.enumerated() {
      let previous = place > 0 ? line[place - 1] : nil
      let isUnary = piece.kind == .minus && !(previous?.kind?.endsOperand ?? false) && (previous != nil || !hasBlank(after: piece))
      if let previous { bytes += [UInt8](repeating: UInt8(ascii: " "), count: gap(previous, piece, isFirst: place == 1, afterUnary: unary)) }
      unary = isUnary
      put(piece)
      track(piece, next: place + 1 < line.count ? line[place + 1] : nil, indent, column: bytes.count - start)
    }
    bytes += newline
    if let last = line.last(where: { !$0.isComment })?.kind { goesOn = last.leavesLineOpen }
  }

  private func isAtEdge(_ piece: Piece) -> Bool { piece.start == 0 || source.bytes[piece.start - 1] == UInt8(ascii: "\n") }

  /// A line of prose, output or a cell; a cell line begins with `# %%`.
  private func marked(_ piece: Piece, _ kind: Comment.Kind) -> String {
    let text = text(of: piece)
    let words = (kind == .cell && text.hasPrefix("#%%") ? "# %%" + text.dropFirst(3) : text).withoutTrailingBlanks
    // Two blanks at its end break a line of Markdown.
    return kind == .prose && text.hasSuffix("  ") && words.utf8.count > 2 ? words + "  " : words
  }

  private func text(of piece: Piece) -> String { source.text(SourceRange(UInt32(piece.start), UInt32(piece.end))) }

  private mutating func put(_ piece: Piece) {
    if piece.isComment { bytes += Array(comment(piece).withoutTrailingBlanks.utf8) } else { bytes += source.bytes[piece.start..<piece.end] }
  }

  /// An indented comment that would read as prose, an output or a cell at the edge of its line keeps a blank from being one.
  private func comment(_ piece: Piece) -> String {
    let text = text(of: piece)
    guard bytes.isEmpty || bytes.last == UInt8(ascii: "\n"), ["'", ">", "~>", "%%", " %%"].contains(where: text.dropFirst().hasPrefix) else { return text }
    let words = text.dropFirst().drop { $0 == " " }
    return (words.hasPrefix("%%") ? "#  " : "# ") + words
  }

  private func hasBlank(after piece: Piece) -> Bool { piece.end < source.bytes.count && (source.bytes[piece.end] == 32 || source.bytes[piece.end] == 9) }

  // MARK: Indentation

  private mutating func indentation(of first: Piece) -> Int {
    guard let kind = first.kind else { return open.last?.inner ?? 0 }
    if kind.isCloser { return open.last?.indent ?? 0 }
    let base = open.last?.inner ?? 0
    guard open.last.map({ $0.kind == .openBrace }) ?? true else { return base }
    if kind == .else || kind == .catch { return base }
    return goesOn || kind.continuesLine(isSpaced: hasBlank(after: first)) ? base + 2 : base
  }

  private mutating func track(_ piece: Piece, next: Piece?, _ indent: Int, column: Int) {
    guard let kind = piece.kind else { return }
    if kind.closer != nil {
      let isSpaced = hasBlank(after: piece)
      let isLast = next == nil || next?.isComment == true
      let isBlock = kind == .openBrace && isSpaced
      open.append(OpenBracket(kind: kind, indent: indent, inner: isLast || isBlock ? indent + 2 : column, isSpaced: isSpaced && !isLast))
    } else if kind.isCloser {
      _ = open.popLast()
    }
  }

  // MARK: Blanks

  private func gap(_ left: Piece, _ right: Piece, isFirst: Bool, afterUnary: Bool) -> Int {
    let had = right.start - left.end
    guard let a = left.kind, let b = right.kind else { return right.isComment ? max(had, 2) : 1 }
    if afterUnary { return 0 }
    // At the start of a line the blank says that the line goes on.
    if isFirst, a.isBinaryOperator { return had > 0 ? 1 : 0 }
    if a == .openBrace { return b == .closeBrace ? 0 : min(had, 1) }
    if b == .closeBrace { return open.last.map { $0.isSpaced || had > 0 && $0.inner == $0.indent + 2 } == true ? 1 : 0 }
    if [.comma, .semicolon, .closeParen, .closeSquare, .dot, .colon].contains(b) || [.openParen, .openSquare, .dot, .ellipsis].contains(a) { return 0 }
    if a == .comma || a == .semicolon || a == .colon { return 1 }
    if a == .range || a == .rangeInclusive { return b.isKeyword || b == .arrow || b.isAssignment || b == .pipe ? 1 : 0 }
    if b == .range || b == .rangeInclusive { return a.endsOperand ? 0 : 1 }
    if b == .openParen || b == .openSquare {
      if a == .closeBrace { return min(had, 1) }
      return a.endsOperand || a == .fn ? 0 : 1
    }
    return 1
  }
}

extension Token.Kind {
  /// Whether an operand ends here, so that a `-` behind it takes away.
  fileprivate var endsOperand: Bool {
    switch self {
    case .name, .int, .float, .duration, .size, .stringOpen, .closeParen, .closeSquare, .closeBrace, .true, .false, .none: true
    default: false
    }
  }
}

extension String {
  fileprivate var withoutTrailingBlanks: String {
    var text = self[...]
    while let last = text.unicodeScalars.last, last == " " || last == "\t" || last == "\r" { text.unicodeScalars.removeLast() }
    return String(text)
  }
}
