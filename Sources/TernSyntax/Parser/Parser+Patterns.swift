// Patterns, names that are bound, and types.

/// The words that name dtypes and cannot be bound.
enum ReservedWord {
  static func isDType(_ word: String) -> Bool {
    switch word {
    case "bool", "u8", "i8", "i32", "i64", "f16", "bf16", "f32", "f64": true
    default: false
    }
  }

  static func isReserved(_ word: String) -> Bool { word == "int" || word == "float" || isDType(word) }

  /// What can have axes, for did-you-mean.
  static let all = ["f32", "f64", "i64", "i32", "u8", "i8", "f16", "bf16", "bool", "float", "int"]
}

extension Parser {
  // MARK: Names

  /// A name that is bound: no word of the language, no dtype, not `_`.
  mutating func bindingName() throws(ParseFault) -> Name {
    if current.kind.isKeyword { throw reserved("is a word of the language") }
    guard at(.name) else { throw expected("a name") }
    if at(name: "_") { throw fail(.badPattern, "`_` names nothing") }
    try refuseReserved()
    let word = advance()
    return Name(text(word), word.range)
  }

  private mutating func refuseReserved() throws(ParseFault) {
    if at(.name), ReservedWord.isReserved(text(current)) { throw reserved("is a type") }
  }

  private mutating func reserved(_ reason: String) -> ParseFault {
    fail(
      .reservedWord, "`\(text(current))` \(reason) and cannot be a name",
      hint: "`\(text(current))_` or another name; as a field or label any word will do")
  }

  /// name | "_"
  mutating func bindingOrWildcard() throws(ParseFault) -> Pattern {
    if at(name: "_") { return Pattern(.wildcard, advance().range) }
    let name = try bindingName()
    return Pattern(.name(name.text), name.range)
  }

  // MARK: Patterns

  /// pattern → bindingPattern | constant | int? ".." int? | int? "..=" int?
  mutating func pattern() throws(ParseFault) -> Pattern {
    switch current.kind {
    case .name, .openSquare, .openBrace: return try bindingPattern(isRefutable: true)
    case .true: return Pattern(.bool(true), advance().range)
    case .false: return Pattern(.bool(false), advance().range)
    case .none: return Pattern(.none, advance().range)
    case .stringOpen:
      let text = try constantText("a text in a pattern")
      return Pattern(.string(text.text), text.range)
    case .range, .rangeInclusive: return try rangePattern(nil, current.range)
    default: return try numberPattern()
    }
  }

  /// bindingPattern → name | "_" | listPattern | recordPattern
  mutating func bindingPattern(isRefutable: Bool = false) throws(ParseFault) -> Pattern {
    let outer = try descend()
    defer { ascend(outer) }
    switch current.kind {
    case .openSquare: return try listPattern(isRefutable)
    case .openBrace: return try recordPattern(isRefutable)
    case .name: return try bindingOrWildcard()
    default:
      if current.kind.isKeyword { throw reserved("is a word of the language") }
      if at(.openParen) { throw fail(.tuplePattern) }
      throw expected("a name or a pattern")
    }
  }

  /// A part of a pattern: of a `let` it only binds, of a `match` it may also ask for a value.
  private mutating func part(_ isRefutable: Bool) throws(ParseFault) -> Pattern {
    isRefutable ? try pattern() : try bindingPattern()
  }

  /// listPattern → "[" (pattern | "..." name?) ("," …)* ","? "]"
  private mutating func listPattern(_ isRefutable: Bool) throws(ParseFault) -> Pattern {
    let begin = current.range
    var items: [Pattern] = []
    var hasRest = false
    try list(.openSquare) { (parser: inout Parser) throws(ParseFault) in
      let place = parser.current.range
      guard parser.accept(.ellipsis) else { return items.append(try parser.part(isRefutable)) }
      if hasRest { throw parser.fail(.badPattern, "a list pattern has one `...`", at: place) }
      hasRest = true
      let name = try parser.restName()
      items.append(Pattern(.rest(name?.text), parser.range(from: place)))
    }
    return Pattern(.list(items), range(from: begin))
  }

  /// What gathers the rest, nil without a name.
  private mutating func restName() throws(ParseFault) -> Name? {
    guard at(.name) else { return nil }
    if at(name: "_") {
      advance()
      return nil
    }
    return try bindingName()
  }

  /// recordPattern → "{" (word (":" pattern)? | string ":" pattern | "..." name?) ("," …)* ","? "}"
  private mutating func recordPattern(_ isRefutable: Bool) throws(ParseFault) -> Pattern {
    let begin = current.range
    var fields: [(key: Name, pattern: Pattern)] = []
    var rest: Name?
    try list(.openBrace) { (parser: inout Parser) throws(ParseFault) in
      if parser.accept(.ellipsis) {
        rest = try parser.restName()
      } else if let key = try parser.label() {
        fields.append((key, try parser.part(isRefutable)))
      } else {
        guard parser.atWord else { throw parser.expected("a field's name") }
        let name = try parser.bindingName()
        fields.append((name, Pattern(.name(name.text), name.range)))
      }
    }
    return Pattern(.record(fields: fields, rest: rest), range(from: begin))
  }

  private mutating func numberPattern() throws(ParseFault) -> Pattern {
    let begin = current.range
    let kind = try patternNumber()
    guard at(.range) || at(.rangeInclusive) else { return Pattern(kind, range(from: begin)) }
    guard case .int(let low) = kind else { throw fail(.badPattern, "a range in a pattern is of ints", at: range(from: begin)) }
    return try rangePattern(low, begin)
  }

  private mutating func rangePattern(_ low: Int?, _ begin: SourceRange) throws(ParseFault) -> Pattern {
    let isInclusive = advance().kind == .rangeInclusive
    var high: Int?
    if at(.int) || at(.float) || at(.minus) {
      let place = current.range
      guard case .int(let value) = try patternNumber() else {
        throw fail(.badPattern, "a range in a pattern is of ints", at: range(from: place))
      }
      high = value
    }
    return Pattern(.range(low: low, high: high, inclusive: isInclusive), range(from: begin))
  }

  /// "-"? (int | float)
  private mutating func patternNumber() throws(ParseFault) -> Pattern.Kind {
    let isNegative = accept(.minus)
    switch current.kind {
    case .int:
      let magnitude = current.payload
      guard let value = isNegative ? Int(exactly: -Int128(magnitude)) : Int(exactly: magnitude) else {
        throw fail(.tooLarge, "this int does not fit 64 bits")
      }
      advance()
      return .int(value)
    case .float:
      let value = Double(bitPattern: advance().payload)
      return .float(isNegative ? -value : value)
    case .duration, .size:
      throw fail(
        .badPattern, "a \(current.kind == .size ? "size" : "duration") is no pattern", hint: "`d if d > 5s => …`")
    default: throw expected("a pattern")
    }
  }

  // MARK: Types

  /// type → word ("[" axes "]")?
  mutating func type() throws(ParseFault) -> TypeExpr {
    guard atWord else { throw expected("a type") }
    let word = advance()
    let name = Name(text(word), word.range)
    guard at(.openSquare), !startsLine else { return TypeExpr(name: name, axes: nil, range: word.range) }
    guard ReservedWord.isReserved(name.text) else {
      let near = didYouMean(name.text, among: ReservedWord.all).map { "did you mean `\($0)`?" }
      throw fail(
        .badType, "`\(name.text)` takes no axes", at: name.range, hint: near ?? "only dtypes, `int` and `float` do: `f32[batch, n]`")
    }
    return try typeAxes(name)
  }

  /// axes → (axis ("," axis)* ","?)?
  mutating func typeAxes(_ name: Name) throws(ParseFault) -> TypeExpr {
    var axes: [TypeExpr.Axis] = []
    try list(.openSquare) { (parser: inout Parser) throws(ParseFault) in axes.append(try parser.axis()) }
    return TypeExpr(name: name, axes: axes, range: range(from: name.range))
  }

  /// axis → "..." | (word ":")? ("_" | operation)
  private mutating func axis() throws(ParseFault) -> TypeExpr.Axis {
    if accept(.ellipsis) { return TypeExpr.Axis(name: nil, size: .leading) }
    var name: Name?
    if atWord, next.kind == .colon {
      let word = advance()
      advance()
      name = Name(text(word), word.range)
    }
    if at(name: "_") {
      advance()
      return TypeExpr.Axis(name: name, size: .any)
    }
    return TypeExpr.Axis(name: name, size: .expression(try operation()))
  }
}
