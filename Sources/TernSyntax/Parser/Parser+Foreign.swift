// Recognising other languages where a production fails.

extension Parser {
  /// Another language's spelling around the current token, which nothing here can take, and its place.
  var foreignSpelling: (ForeignSpelling, SourceRange)? {
    if isOnSlashLine { return (.slashComment, current.range) }
    if let found = foreignWordBefore ?? foreignWordAfterBlock { return found }
    if let spelling = foreignSign { return (spelling, current.range) }
    return nil
  }

  /// `def f`, `import x`: a word that is a name here, with something behind it that cannot follow a name.
  private var foreignWordBefore: (ForeignSpelling, SourceRange)? {
    guard let word = previous, word.kind == .name else { return nil }
    switch current.kind {
    case .name, .stringOpen, .int, .float, .openBrace, .colon, .if, .not: break
    default: return nil
    }
    return ForeignSpelling(statementWord: text(word)).map { ($0, word.range) }
  }

  /// `} elif c {`, `} except {`
  private var foreignWordAfterBlock: (ForeignSpelling, SourceRange)? {
    guard at(.name), previous?.kind == .closeBrace else { return nil }
    return ForeignSpelling(statementWord: text(current)).map { ($0, current.range) }
  }

  private var foreignSign: ForeignSpelling? {
    let before = startsLine ? nil : previous
    switch current.kind {
    case .plus: return isDoubled(before) ? .plusPlus : .unaryPlus
    case .minus: return isDoubled(before) ? .plusPlus : nil
    case .resultArrow: return .thinArrow
    case .star, .starStar:
      if before?.kind == .dot { return .dotOperator }
      return opensItem(previous) ? .starSpread : nil
    case .slash where before?.kind == .dot: return .dotOperator
    case .dot: return next.kind == .int ? .leadingDot : nil
    case .name: return endsOperand(before) && text(current) == "is" ? .isWord : nil
    case .at: return before == nil ? .decorator : nil
    case .if: return endsOperand(before) ? .valueAfterIf : nil
    case .for: return endsOperand(before) ? .comprehension : nil
    case .closeParen: return before?.kind == .openParen ? .tuple : nil
    case .colon: return colon(after: before)
    case .newline, .end: return isDoubled(before, by: .minus) ? .plusPlus : nil
    default: return nil
    }
  }

  /// `else:` opens a block, `1:10` is a range, `x: int = 5` an annotation.
  private func colon(after before: Token?) -> ForeignSpelling? {
    switch before?.kind {
    case .else, .try: .colonBlock
    case .int: .colonRange
    case .name where next.kind == .name && token(after: index + 1).kind == .assign: .annotation
    default: nil
    }
  }

  /// `++`: the same sign directly before.
  private func isDoubled(_ before: Token?) -> Bool {
    before?.kind == current.kind && before?.range.end == current.range.start
  }

  /// `x--` at the end of a line.
  private func isDoubled(_ before: Token?, by sign: Token.Kind) -> Bool {
    guard let before, before.kind == sign, index >= 2 else { return false }
    return tokens[index - 2].kind == sign && tokens[index - 2].range.end == before.range.start
  }

  private func endsOperand(_ before: Token?) -> Bool {
    switch before?.kind {
    case .name, .int, .float, .duration, .size, .stringClose, .true, .false, .none?, .closeParen, .closeSquare, .closeBrace: true
    default: false
    }
  }

  private func opensItem(_ before: Token?) -> Bool {
    switch before?.kind {
    case .openParen, .openSquare, .openBrace, .comma, .newline: true
    default: false
    }
  }

  /// What `*` or `**` spreads, spread as it is here.
  var spreadHint: String? {
    guard next.kind == .name else { return nil }
    let name = text(next)
    return previous?.kind == .openBrace ? "`{...\(name), a: 1}`" : "`...\(name)`"
  }

  /// `x or 0`: a value that is no bool stands on the right, so a default is meant.
  func defaultHint(_ left: Expr, _ right: Expr) -> String? {
    guard right.isNoBool else { return nil }
    let fallback = written(right, else: "0")
    switch left.kind {
    case .index(let object, let items) where items.count == 1:
      return "`get(\(written(object, else: "d")), \(written(items[0].value, else: "key")), \(fallback))`"
    case .field(let object, let name): return "`get(\(written(object, else: "d")), \"\(name.text)\", \(fallback))`"
    default: return nil
    }
  }

  private func written(_ expr: Expr, else otherwise: String) -> String {
    let text = source.text(expr.range)
    return text.utf8.count < 30 && !text.contains("\n") ? text : otherwise
  }

  /// A line that starts with `//` goes on as a division, or was meant as a comment.
  private var isOnSlashLine: Bool {
    let line = source.line(at: current.range.start)
    var place = line - 1 < source.lineStarts.count ? Int(source.lineStarts[line - 1]) : source.bytes.count
    let bytes = source.bytes
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t") { place += 1 }
    return place + 1 < bytes.count && bytes[place] == UInt8(ascii: "/") && bytes[place + 1] == UInt8(ascii: "/")
  }

  /// `[f(x) for x in xs if c]`; the hint is the same list as it is written here.
  mutating func comprehension(_ items: [ListItem]) -> ParseFault {
    let place = current.range
    guard case .value(let value)? = items.first, let hint = comprehensionHint(value) else { return fail(.comprehension, at: place) }
    return fail(.comprehension, at: place, hint: hint)
  }

  /// Reads on, in a copy, through the clauses that Tern has in another order.
  private func comprehensionHint(_ value: Expr) -> String? {
    var ahead = self
    ahead.advance()
    guard let pattern = try? ahead.bindingPattern(), ahead.accept(.in), let sequence = try? ahead.operation() else { return nil }
    let condition = ahead.accept(.if) ? try? ahead.operation() : nil
    guard ahead.at(.closeSquare), ahead.index - index < 40 else { return nil }
    let isName = if case .name = pattern.kind { true } else { false }
    let parameter = isName ? source.text(pattern.range) : "(\(source.text(pattern.range)))"
    let walked = condition.map { "filter(\(source.text(sequence.range)), \(parameter) => \(source.text($0.range)))" }
    return "`map(\(walked ?? source.text(sequence.range)), \(parameter) => \(source.text(value.range)))`"
  }
}

extension Expr {
  /// A literal of another kind than bool.
  fileprivate var isNoBool: Bool {
    switch kind {
    case .none, .int, .float, .string, .duration, .size, .list, .record: true
    case .negate(let inner), .paren(let inner): inner.isNoBool
    default: false
    }
  }
}

/// An index with Python's slices, written as Tern's.
struct PythonIndex {
  let spelling: ForeignSpelling
  let range: SourceRange
  private(set) var hint: String?

  init(parser: Parser, opener: Token, object: String) {
    let closer = parser.closer(of: opener)
    let end = closer.map { parser.tokens[$0].range.end } ?? parser.current.range.end
    range = SourceRange(opener.range.start, max(end, opener.range.end))
    let written = parser.source.text(SourceRange(opener.range.end, closer == nil ? end : max(end, 1) - 1))
    let items = written.split(separator: ",", omittingEmptySubsequences: false).map(PythonIndex.trimmed)
    spelling = items.contains("None") ? .newAxis : written.contains("::") ? .colonStep : .colonSlice
    // Only what is plainly a list of simple slices is rewritten; else the table's own hint stands.
    let isSimple = object.utf8.count < 30 && written.utf8.count < 40 && !written.contains { "()[]{}\"'\n".contains($0) }
    hint = isSimple && closer != nil ? PythonIndex.rewritten(object, items) : nil
  }

  private static func rewritten(_ object: String, _ items: [String]) -> String? {
    let kept = items.filter { $0 != "None" }
    let slices = kept.compactMap { slice($0, object) }
    guard slices.count == kept.count else { return nil }
    let isWhole = slices.allSatisfy { $0 == ".." }
    let index = isWhole && kept.count < items.count ? object : "\(object)[\(slices.joined(separator: ", "))]"
    guard let axis = items.firstIndex(of: "None") else { return "`\(index)`" }
    return "`expand(\(index), \(axis))`"
  }

  /// `a:b` as `a..b`, `a:b:c` as a range that steps.
  private static func slice(_ item: String, _ object: String) -> String? {
    let parts = item.split(separator: ":", omittingEmptySubsequences: false).map(trimmed)
    switch parts.count {
    case 1: return item
    case 2: return "\(parts[0])..\(parts[1])"
    case 3 where parts[2].isEmpty: return "\(parts[0])..\(parts[1])"
    case 3:
      let low = parts[0].isEmpty ? "0" : parts[0]
      let high = parts[1].isEmpty ? "len(\(object))" : parts[1]
      return "range(\(low), \(high), step: \(parts[2]))"
    default: return nil
    }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = text.drop { $0 == " " }.reversed()[...]
    rest = rest.drop { $0 == " " }
    return String(rest.reversed())
  }
}
