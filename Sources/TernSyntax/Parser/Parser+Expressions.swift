// Operators, by precedence, and what stands between them.

/// How tightly an operator binds, low to high: the page's list.
enum Precedence: Int, Comparable {
  case pipe, or, and, not, comparison, range, additive, multiplicative, negation, power

  static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }

  /// The next tighter one: what a right operand of a left-associative operator may hold.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .power }
}

/// An operator between two operands.
enum Infix {
  case pipe
  case logic(LogicOperator)
  case compare(CompareOperator)
  case range(inclusive: Bool)
  case binary(BinaryOperator)

  var precedence: Precedence {
    switch self {
    case .pipe: .pipe
    case .logic(.or): .or
    case .logic(.and): .and
    case .compare: .comparison
    case .range: .range
    case .binary(.add), .binary(.subtract): .additive
    case .binary(.power): .power
    case .binary: .multiplicative
    }
  }

  init?(_ kind: Token.Kind) {
    switch kind {
    case .pipe: self = .pipe
    case .or: self = .logic(.or)
    case .and: self = .logic(.and)
    case .range: self = .range(inclusive: false)
    case .rangeInclusive: self = .range(inclusive: true)
    case .plus: self = .binary(.add)
    case .minus: self = .binary(.subtract)
    case .star: self = .binary(.multiply)
    case .slash: self = .binary(.divide)
    case .slashSlash: self = .binary(.floorDivide)
    case .percent: self = .binary(.remainder)
    case .starStar: self = .binary(.power)
    case .at: self = .binary(.matmul)
    case .equal: self = .compare(.equal)
    case .notEqual: self = .compare(.notEqual)
    case .less: self = .compare(.less)
    case .lessEqual: self = .compare(.lessEqual)
    case .greater: self = .compare(.greater)
    case .greaterEqual: self = .compare(.greaterEqual)
    case .in: self = .compare(.isIn)
    default: return nil
    }
  }
}

extension Parser {
  /// expression → (name | "_") "=>" arrowValue | parameters "=>" arrowValue | operation
  mutating func expression() throws(ParseFault) -> Expr {
    if mode.allowsArrow {
      if at(.name), next.kind == .arrow { return try nameLambda() }
      if at(.openParen), isParenLambda { return try parenLambda() }
    }
    return try operation()
  }

  /// head → operation, without a bare `=>`: of `if for while match`, and a guard
  mutating func head() throws(ParseFault) -> Expr {
    let outer = mode
    defer { mode = outer }
    mode.allowsArrow = false
    mode.allowsOpenRange = false
    return try operation()
  }

  /// operation → operand (operator operand)*, by precedence
  mutating func operation(_ floor: Precedence = .pipe) throws(ParseFault) -> Expr {
    let outer = try descend()
    defer { ascend(outer) }
    var left = try prefixed(floor)
    while let infix = infix, infix.precedence >= floor {
      try grow()
      left = try operation(infix, left)
    }
    return left
  }

  /// The operator that stands here; `not in` is one.
  private var infix: Infix? {
    if at(.not) { return next.kind == .in ? .compare(.notIn) : nil }
    return Infix(current.kind)
  }

  private mutating func operation(_ infix: Infix, _ left: Expr) throws(ParseFault) -> Expr {
    switch infix {
    case .pipe: return try pipe(left)
    case .range(let isInclusive): return try range(left, isInclusive)
    case .compare(let comparison): return try compare(left, comparison)
    case .logic(let logic):
      advance()
      let right = try operation(infix.precedence.tighter)
      let place = left.range.union(right.range)
      if logic == .or, let hint = defaultHint(left, right) { throw fail(.defaultOr, at: place, hint: hint) }
      return Expr(.logic(logic, left, right), place)
    case .binary(let binary):
      advance()
      // `**` takes a signed right side, and leans right through it.
      let right = try operation(binary == .power ? .negation : infix.precedence.tighter)
      return Expr(.binary(binary, left, right), left.range.union(right.range))
    }
  }

  /// prefixed → "not" prefixed | "-" prefixed | ".." end | postfixed
  private mutating func prefixed(_ floor: Precedence) throws(ParseFault) -> Expr {
    switch current.kind {
    case .minus: return try negation()
    case .not where floor <= .not: return try not()
    case .not:
      throw fail(
        .unexpectedToken, "`not` binds looser than the operator before it", hint: "put it in parentheses: `(not x)`")
    case .range where floor <= .range, .rangeInclusive where floor <= .range: return try rangeWithoutLow()
    default: return try postfixed()
    }
  }

  private mutating func not() throws(ParseFault) -> Expr {
    let start = advance().range
    let operand = try operation(.not)
    return Expr(.not(operand), start.union(operand.range))
  }

  private mutating func negation() throws(ParseFault) -> Expr {
    let start = advance().range
    if isSmallestInt {
      advance()
      return Expr(.int(.min), range(from: start))
    }
    let operand = try operation(.negation)
    return Expr(.negate(operand), start.union(operand.range))
  }

  /// `-9223372036854775808` is one literal, for without its sign it would not fit.
  private var isSmallestInt: Bool { at(.int) && current.payload == 1 << 63 && !(next.kind == .starStar) }

  // MARK: Comparisons and ranges

  private mutating func compare(_ left: Expr, _ comparison: CompareOperator) throws(ParseFault) -> Expr {
    if comparison == .notIn { advance() }
    advance()
    let right = try operation(.range)
    if let second = infix, case .compare = second { throw chained(left, comparison, right) }
    return Expr(.compare(comparison, left, right), left.range.union(right.range))
  }

  private mutating func chained(_ left: Expr, _ first: CompareOperator, _ middle: Expr) -> ParseFault {
    fail(.chainedComparison, "comparisons do not chain", hint: unchained(left, first, middle) ?? "`0 < x and x < 1`")
  }

  /// `a < b < c` as `a < b and b < c`, when it is short; the last operand is read in a copy.
  private func unchained(_ left: Expr, _ first: CompareOperator, _ middle: Expr) -> String? {
    var ahead = self
    let second = at(.not) ? "not in" : text(current)
    if at(.not) { ahead.advance() }
    ahead.advance()
    guard let right = try? ahead.operation(.range) else { return nil }
    let (a, b, c) = (source.text(left.range), source.text(middle.range), source.text(right.range))
    guard a.utf8.count + b.utf8.count + c.utf8.count < 40, !(a + b + c).contains("\n") else { return nil }
    return "`\(a) \(first.rawValue) \(b) and \(b) \(second) \(c)`"
  }

  /// range → sum ".." sum? | sum "..=" sum?; an open end only directly in an index
  private mutating func range(_ low: Expr, _ isInclusive: Bool) throws(ParseFault) -> Expr {
    let sign = advance()
    let high = try rangeEnd(sign)
    try refuseSecondRange()
    let range = SourceRange(low.range.start, high?.range.end ?? sign.range.end)
    return Expr(.range(low: low, high: high, inclusive: isInclusive), range)
  }

  private mutating func rangeWithoutLow() throws(ParseFault) -> Expr {
    guard mode.allowsOpenRange else { throw openRange(current) }
    let sign = advance()
    let high = try rangeEnd(sign)
    try refuseSecondRange()
    return Expr(.range(low: nil, high: high, inclusive: sign.kind == .rangeInclusive), range(from: sign.range))
  }

  private mutating func refuseSecondRange() throws(ParseFault) {
    guard at(.range) || at(.rangeInclusive) else { return }
    throw fail(.openRange, "ranges do not chain", hint: "`range(0, 10, step: 2)` steps")
  }

  /// An open end never swallows the next line, brackets or not.
  private mutating func rangeEnd(_ sign: Token) throws(ParseFault) -> Expr? {
    guard startsLine || endsRange(current.kind) else { return try operation(.additive) }
    guard mode.allowsOpenRange else { throw openRange(sign) }
    return nil
  }

  private func endsRange(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .newline, .end, .cell, .closeSquare, .comma, .closeParen, .closeBrace, .semicolon, .arrow, .pipe, .fillClose: true
    default: false
    }
  }

  private mutating func openRange(_ sign: Token) -> ParseFault {
    fail(
      .openRange, "a range with an open end stands only in an index or a pattern", at: sign.range,
      hint: "give it both ends: `0..n`")
  }

  // MARK: Pipes

  /// pipe → operation "|>" (name | field | call | "(" expression ")")
  private mutating func pipe(_ left: Expr) throws(ParseFault) -> Expr {
    advance()
    let piped = at(.openParen) ? try pipeIntoParens(left) : try pipeIntoCall(left)
    if let infix, infix.precedence > .pipe {
      throw fail(.badPipe, "a pipe that meets an operator stands in parentheses", hint: "`(xs |> len) \(text(current)) …`")
    }
    return piped
  }

  private mutating func pipeIntoParens(_ left: Expr) throws(ParseFault) -> Expr {
    let start = self.start
    let opened = try open(.openParen)
    let inner = try expression()
    try close(opened)
    let callee = Expr(.paren(inner), range(from: start))
    return Expr(.call(callee, [Argument(.positional, left)]), left.range.union(callee.range))
  }

  private mutating func pipeIntoCall(_ left: Expr) throws(ParseFault) -> Expr {
    guard at(.name) else { throw badPipe(nil) }
    let right = try postfixed()
    let first = Argument(.positional, left)
    switch right.kind {
    case .call(let callee, let arguments): return Expr(.call(callee, [first] + arguments), left.range.union(right.range))
    case .name, .field: return Expr(.call(right, [first]), left.range.union(right.range))
    default: throw badPipe(right.range)
    }
  }

  private mutating func badPipe(_ place: SourceRange?) -> ParseFault {
    fail(
      .badPipe, "the right side of `|>` is a name, a field or a call", at: place,
      hint: "anything else stands in parentheses: `x |> (grad(f))`, `xs |> (v => v + 1)`")
  }

  // MARK: Lambdas

  private mutating func nameLambda() throws(ParseFault) -> Expr {
    let name = current
    let pattern = try bindingOrWildcard()
    let parameter = Parameter(pattern: pattern, type: nil, defaultValue: nil, isRest: false, range: name.range)
    return try lambda([parameter], name.range)
  }

  private mutating func parenLambda() throws(ParseFault) -> Expr {
    let start = current.range
    return try lambda(try parameters(), start)
  }

  /// lambda → parameters "=>" arrowValue
  private mutating func lambda(_ parameters: [Parameter], _ start: SourceRange) throws(ParseFault) -> Expr {
    let height = try descend()
    defer { ascend(height) }
    try expect(.arrow)
    let outer = mode
    mode.isInFunction = true
    mode.isInLoop = false
    let body = try arrowValue()
    mode.isInFunction = outer.isInFunction
    mode.isInLoop = outer.isInLoop
    let range = start.union(body.range)
    return Expr(.lambda(Function(name: nil, parameters: parameters, result: nil, body: .expression(body), range: range)), range)
  }

  /// There are no tuples, so `( … ) =>` is always a lambda.
  private var isParenLambda: Bool {
    guard let closer = closer(of: current), closer + 1 < tokens.count else { return false }
    return tokens[closer + 1].kind == .arrow
  }

  /// arrowValue → expression, but not `{x}`: that would be a block of `x` as much as a record with it
  mutating func arrowValue() throws(ParseFault) -> Expr {
    if at(.openBrace) {
      let (first, second) = afterBrace
      if first.kind == .name, second.kind == .closeBrace, isOnOneLine(current, second) {
        let name = text(first)
        throw fail(
          .ambiguousArrow, "`=> {\(name)}` reads both ways, as a block and as a record",
          at: current.range.union(second.range), hint: "`=> \(name)` for the value, `=> {\(name): \(name)}` for a record")
      }
    }
    return try expression()
  }
}
