// Literals, names, brackets, and the calls, indices and fields behind them.

extension Parser {
  /// postfixed → primary (arguments | index | "." word)*
  mutating func postfixed() throws(ParseFault) -> Expr {
    var expression = try primary()
    while true {
      switch current.kind {
      case .openParen: expression = try call(expression)
      case .openSquare: expression = try index(expression)
      case .dot: expression = try field(expression)
      default: return expression
      }
      try grow()
    }
  }

  private mutating func call(_ callee: Expr) throws(ParseFault) -> Expr {
    var arguments = Arguments(callee: callee)
    try list(.openParen) { (parser: inout Parser) throws(ParseFault) in try parser.argument(&arguments) }
    return Expr(.call(callee, arguments.items), range(from: callee.range))
  }

  private mutating func field(_ object: Expr) throws(ParseFault) -> Expr {
    advance()
    guard atWord else { throw expected("a field's name after `.`", hint: floatHint(object)) }
    let word = advance()
    return Expr(.field(object, Name(text(word), word.range)), object.range.union(word.range))
  }

  /// `5.` is no float.
  private func floatHint(_ object: Expr) -> String? {
    if case .int(let value) = object.kind { "a float is written `\(value).0`" } else { nil }
  }

  // MARK: Arguments

  struct Arguments {
    let callee: Expr
    var items: [Argument] = []
    var labels: Set<String> = []
  }

  /// argument → "..." expression | (word | string) ":" expression | expression
  private mutating func argument(_ arguments: inout Arguments) throws(ParseFault) {
    if accept(.ellipsis) { return arguments.items.append(Argument(.spread, try expression())) }
    if let label = try label() {
      guard arguments.labels.insert(label.text).inserted else {
        throw fail(.repeatedArgument, "label `\(label.text)` is given twice", at: label.range)
      }
      return arguments.items.append(Argument(.label(label), try expression()))
    }
    if at(.name), next.kind == .assign { throw equalLabel(arguments.callee) }
    guard arguments.labels.isEmpty else {
      throw fail(
        .unexpectedToken, "positional arguments come before those with a label", hint: "move it to the front, or give it its label")
    }
    arguments.items.append(Argument(.positional, try expression()))
  }

  /// A label or key with its `:`, if one stands here.
  mutating func label() throws(ParseFault) -> Name? {
    if atWord, next.kind == .colon {
      let word = advance()
      advance()
      return Name(text(word), word.range)
    }
    guard at(.stringOpen), afterString.kind == .colon else { return nil }
    let name = try constantText("a label")
    advance()
    return name
  }

  /// `axis=0`, as in Python.
  private mutating func equalLabel(_ callee: Expr) -> ParseFault {
    let word = text(current)
    let place = current.range.union(next.range)
    let isAxis = word == "axis" || word == "dim"
    guard isAxis, case .field(let object, let method) = callee.kind else {
      return fail(isAxis ? .axisLabel : .equalLabel, at: place, hint: "`\(isAxis ? "over" : word): \(assigned ?? "…")`")
    }
    let operand = source.text(object.range)
    let axis = assigned ?? "0"
    return fail(.axisLabel, at: place, hint: operand.utf8.count < 40 ? "`\(method.text)(\(operand), over: \(axis))`" : nil)
  }

  /// What stands behind the next token, when it is one token.
  var assigned: String? {
    let value = token(after: index + 1)
    switch token(after: index + 2).kind {
    case .comma, .closeParen, .closeBrace: return found(value) == "`\(text(value))`" ? text(value) : nil
    default: return nil
    }
  }

  // MARK: Indices

  /// index → "[" indexItem ("," indexItem)* ","? "]"
  private mutating func index(_ object: Expr) throws(ParseFault) -> Expr {
    let opener = current
    var items: [IndexItem] = []
    try list(.openSquare, openRanges: true) { (parser: inout Parser) throws(ParseFault) in
      items.append(try parser.indexItem(opener, object))
    }
    if items.isEmpty { throw fail(.unexpectedToken, "an index needs something between `[` and `]`", at: range(from: opener.range)) }
    return Expr(.index(object, items), range(from: object.range))
  }

  /// indexItem → "..." | word ":" operation | operation
  private mutating func indexItem(_ opener: Token, _ object: Expr) throws(ParseFault) -> IndexItem {
    let begin = current.range
    if accept(.ellipsis) { return IndexItem(.rest, Expr(.none, begin)) }
    if at(.colon) { throw colonSlice(opener, object) }
    var kind = IndexItem.Kind.position
    if atWord, next.kind == .colon {
      let axis = advance()
      advance()
      if at(.comma) || at(.closeSquare) || at(.colon) { throw colonSlice(opener, object) }
      kind = .axis(Name(text(axis), axis.range))
    }
    let value = try operation()
    if at(.colon) { throw colonSlice(opener, object) }
    return IndexItem(kind, value)
  }

  /// `x[:, 1:3]` and its like; the hint is this index as it is written here.
  private mutating func colonSlice(_ opener: Token, _ object: Expr) -> ParseFault {
    let rewritten = PythonIndex(parser: self, opener: opener, object: source.text(object.range))
    return fail(rewritten.spelling, at: rewritten.range, hint: rewritten.hint)
  }

  // MARK: Primaries

  /// primary → number | string | name | "true" | "false" | "none" | use | type | conditional | match | attempt
  ///         | function | "(" expression ")" | list | record | block
  private mutating func primary() throws(ParseFault) -> Expr {
    switch current.kind {
    case .int: return try int()
    case .float: return literal(.float(Double(bitPattern: current.payload)))
    case .duration: return literal(.duration(Int(truncatingIfNeeded: current.payload)))
    case .size: return literal(.size(Int(truncatingIfNeeded: current.payload)))
    case .true: return literal(.bool(true))
    case .false: return literal(.bool(false))
    case .none: return literal(.none)
    case .stringOpen: return try string()
    case .name: return try name()
    case .if: return try conditional()
    case .match: return try match()
    case .try: return try attempt()
    case .fn: return try functionLiteral()
    case .openParen: return try paren()
    case .openSquare: return try list()
    case .openBrace: return isRecord ? try record() : try blockExpression()
    default: throw expected("an expression")
    }
  }

  private mutating func literal(_ kind: Expr.Kind) -> Expr { Expr(kind, advance().range) }

  private mutating func int() throws(ParseFault) -> Expr {
    guard let value = Int(exactly: current.payload) else {
      throw fail(
        .tooLarge, "this int is too large", hint: "an int has 64 bits: at most 9223372036854775807; write `9.3e18` for a float")
    }
    return literal(.int(value))
  }

  /// name → word | dtype | type "[" axes "]" | "use" string
  private mutating func name() throws(ParseFault) -> Expr {
    let word = text(current)
    if word == "use", next.kind == .stringOpen { return try use() }
    let token = advance()
    let name = Name(word, token.range)
    if ReservedWord.isReserved(word) {
      if at(.openSquare), !startsLine {
        let type = try typeAxes(name)
        return Expr(.type(type), type.range)
      }
      if ReservedWord.isDType(word) { return Expr(.type(TypeExpr(name: name, axes: nil, range: token.range)), token.range) }
    }
    return Expr(.name(word), token.range)
  }

  private mutating func use() throws(ParseFault) -> Expr {
    let begin = advance().range
    let path = try constantText("the path of `use`")
    return Expr(.use(path: path.text), begin.union(path.range))
  }

  /// paren → "(" expression ")"
  private mutating func paren() throws(ParseFault) -> Expr {
    let begin = current.range
    let opened = try open(.openParen)
    let inner = try expression()
    if at(.comma) { throw fail(.tuple) }
    try close(opened)
    return Expr(.paren(inner), range(from: begin))
  }

  /// list → "[" ("..."? expression ("," "..."? expression)* ","?)? "]"
  private mutating func list() throws(ParseFault) -> Expr {
    let begin = current.range
    var items: [ListItem] = []
    try list(.openSquare) { (parser: inout Parser) throws(ParseFault) in
      items.append(parser.accept(.ellipsis) ? .spread(try parser.expression()) : .value(try parser.expression()))
      if parser.at(.for), items.count == 1 { throw parser.comprehension(items) }
    }
    return Expr(.list(items), range(from: begin))
  }

  // MARK: Strings

  /// string → text and fills, as the lexer cut them
  private mutating func string() throws(ParseFault) -> Expr {
    let begin = advance().range
    var parts: [StringPart] = []
    while true {
      switch current.kind {
      case .stringText: add(decodedText(advance()), to: &parts)
      case .fillOpen: parts.append(try fill())
      case .stringClose:
        advance()
        return Expr(.string(parts), range(from: begin))
      default: throw fail(.unclosedString, "this string is not closed", at: begin)
      }
    }
  }

  private func add(_ text: String, to parts: inout [StringPart]) {
    guard !text.isEmpty else { return }
    if case .text(let before)? = parts.last {
      parts[parts.count - 1] = .text(before + text)
    } else {
      parts.append(.text(text))
    }
  }

  func decodedText(_ token: Token) -> String {
    let place = Int(truncatingIfNeeded: token.payload)
    return place < texts.count ? texts[place] : ""
  }

  /// fill → "{" expression (":" format)? "}"
  private mutating func fill() throws(ParseFault) -> StringPart {
    let outer = mode
    mode = Mode(skipsNewlines: true, isInFunction: outer.isInFunction, isInLoop: outer.isInLoop, isInFill: true)
    advance()
    if at(.fillClose) || at(.fillFormat) { throw fail(.unexpectedToken, "nothing stands in this `{}` of a string") }
    let value = try expression()
    var format = ""
    if at(.fillFormat) { format = try self.format() }
    guard at(.fillClose) else { throw fail(.unexpectedToken, "`{…}` in a string holds one expression; found \(found(current))") }
    mode = outer
    advance()
    return .fill(value, format: format)
  }

  /// format → [< > ^]? width? ","? ("." decimals)? [e %]?
  private mutating func format() throws(ParseFault) -> String {
    let format = decodedText(current)
    guard isFormat(format) else {
      throw fail(
        .badFormat, "`\(format)` is no format",
        hint: "`[< > ^][width][,][.decimals][e %]`, such as `{x:8.3}`, `{p:.1%}`, `{name:<12}`")
    }
    advance()
    return format
  }

  private func isFormat(_ format: String) -> Bool {
    var rest = format.utf8[...]
    func take(_ characters: StaticString) {
      if let first = rest.first, characters.withUTF8Buffer({ $0.contains(first) }) { rest.removeFirst() }
    }
    func takeDigits() -> Int {
      let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
      rest.removeFirst(count)
      return count
    }
    take("<>^")
    // A column wider than any screen, or more digits than a float has, is a slip, and would only fill the memory.
    guard takeDigits() <= 4 else { return false }
    take(",")
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard 1...3 ~= takeDigits() else { return false }
    }
    take("e%")
    return rest.isEmpty && !format.isEmpty
  }

  /// A string without `{…}`, for a key, a path or a label.
  mutating func constantText(_ what: String) throws(ParseFault) -> Name {
    guard at(.stringOpen) else { throw expected("a string") }
    let place = visibleRange(current)
    let string = try string()
    guard case .string(let parts) = string.kind, parts.count <= 1 else { throw notConstant(what, place) }
    guard let part = parts.first else { return Name("", string.range) }
    guard case .text(let text) = part else { throw notConstant(what, place) }
    return Name(text, string.range)
  }

  private mutating func notConstant(_ what: String, _ place: SourceRange) -> ParseFault {
    fail(.unexpectedToken, "\(what) is a constant text, without `{…}`", at: place, hint: "`r[key] = value` takes any key")
  }
}
