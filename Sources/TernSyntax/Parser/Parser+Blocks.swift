// What stands in braces: blocks, records, and the expressions built from blocks.

extension Parser {
  /// The two tokens after a `{`, newlines aside; a string counts as one token.
  var afterBrace: (first: Token, second: Token) {
    let first = significant(after: index)
    let place = first.token.kind == .stringOpen ? closer(of: first.token) ?? first.index : first.index
    return (first.token, significant(after: place).token)
  }

  private func significant(after place: Int) -> (token: Token, index: Int) {
    var next = min(place + 1, tokens.count - 1)
    if tokens[next].kind == .newline { next = min(next + 1, tokens.count - 1) }
    return (tokens[next], next)
  }

  func isOnOneLine(_ a: Token, _ b: Token) -> Bool {
    source.line(at: a.range.start) == source.line(at: b.range.start)
  }

  /// Elsewhere than after a heading, a `{` opens a record when `}`, `...`, `name:`, `name,`, `name}` or `"text":` follows.
  var isRecord: Bool {
    let (first, second) = afterBrace
    switch first.kind {
    case .closeBrace, .ellipsis: return true
    case .name where second.kind == .closeBrace: return isOnOneLine(current, second)
    case .name: return second.kind == .colon || second.kind == .comma
    case .stringOpen, .int, .float: return second.kind == .colon
    default: return first.kind.isKeyword && second.kind == .colon
    }
  }

  /// record → "{" (recordItem ("," recordItem)* ","?)? "}"
  mutating func record() throws(ParseFault) -> Expr {
    let begin = current.range
    var items: [RecordItem] = []
    try list(.openBrace) { (parser: inout Parser) throws(ParseFault) in items.append(try parser.recordItem()) }
    return Expr(.record(items), range(from: begin))
  }

  /// recordItem → "..." expression | (word | string) ":" expression | name
  private mutating func recordItem() throws(ParseFault) -> RecordItem {
    if accept(.ellipsis) { return .spread(try expression()) }
    if let key = try label() {
      let item = RecordItem.field(key, try expression())
      if at(.for) { throw fail(.comprehension) }
      return item
    }
    if at(.int) || at(.float), next.kind == .colon { throw fail(.numberKey, hint: numberKeyHint) }
    guard at(.name) else { throw expected("a key") }
    let word = advance()
    let name = text(word)
    return .field(Name(name, word.range), Expr(.name(name), word.range))
  }

  /// `{1: 2}` as it is written here.
  private var numberKeyHint: String? {
    guard let value = assigned else { return nil }
    return "`{\"\(text(current))\": \(value)}`; another key goes through `str(k)`"
  }

  // MARK: Blocks

  /// block → "{" statement … "}"
  mutating func block() throws(ParseFault) -> Block {
    if at(.colon) { throw fail(.colonBlock) }
    let outer = try descend()
    defer { ascend(outer) }
    let begin = current.range
    var statements: [Statement] = []
    let opened = try openBraces()
    try sequence(
      opened, of: { (parser: inout Parser) throws(ParseFault) in statements.append(try parser.endedStatement()) },
      orElse: { statements.append(Statement(.invalid, $0)) })
    return Block(statements, range(from: begin))
  }

  mutating func blockExpression() throws(ParseFault) -> Expr {
    let block = try block()
    return Expr(.block(block), block.range)
  }

  /// A block that a function runs: `return` may stand in it, `break` only in a loop of its own.
  mutating func functionBody() throws(ParseFault) -> Block {
    let outer = mode
    mode.isInFunction = true
    mode.isInLoop = false
    if at(.assign) || at(.arrow) {
      throw fail(.unexpectedToken, "a `fn` has its body in `{ }`", hint: "`fn f(x) { x * 2 }`, or `let f = x => x * 2`")
    }
    let body = try block()
    mode.isInFunction = outer.isInFunction
    mode.isInLoop = outer.isInLoop
    return body
  }

  mutating func loopBody() throws(ParseFault) -> Block {
    let outer = mode.isInLoop
    mode.isInLoop = true
    let body = try block()
    mode.isInLoop = outer
    return body
  }

  // MARK: Expressions of blocks

  /// conditional → "if" head block ("else" "if" head block)* ("else" block)?
  mutating func conditional() throws(ParseFault) -> Expr {
    var branches: [(begin: SourceRange, condition: Expr, then: Block)] = []
    var otherwise: Expr?
    while at(.if) {
      let begin = advance().range
      let condition = try head()
      if at(.assign) { throw fail(.unexpectedToken, "a condition compares with `==`; `=` assigns", hint: "`==`") }
      branches.append((begin, condition, try block()))
      try grow()
      guard accept(.else) else { break }
      if !at(.if) { otherwise = try blockExpression() }
    }
    for branch in branches.reversed() {
      let end = otherwise?.range ?? branch.then.range
      let kind = Expr.Kind.conditional(condition: branch.condition, then: branch.then, otherwise: otherwise)
      otherwise = Expr(kind, branch.begin.union(end))
    }
    return otherwise ?? Expr(.invalid, start)
  }

  /// match → "match" head "{" arm … "}"
  mutating func match() throws(ParseFault) -> Expr {
    let begin = advance().range
    let subject = try head()
    if at(.colon) { throw fail(.colonBlock) }
    var arms: [MatchArm] = []
    let opened = try openBraces()
    try sequence(opened, of: { (parser: inout Parser) throws(ParseFault) in arms.append(try parser.arm()) })
    return Expr(.match(subject: subject, arms: arms), range(from: begin))
  }

  /// arm → pattern ("if" head)? "=>" (arrowValue | simpleStatement)
  private mutating func arm() throws(ParseFault) -> MatchArm {
    let pattern = try pattern()
    let guardCondition = accept(.if) ? try head() : nil
    if at(.or) { throw fail(.unexpectedToken, "a pattern has no `or`", hint: "`x if x == 1 or x == 2 => …`") }
    try expect(.arrow)
    let body = try armBody()
    if at(.comma) { throw fail(.unexpectedToken, "an arm ends at a newline or `;`", hint: "`1 => a; _ => b`") }
    _ = try endItem()
    return MatchArm(pattern: pattern, guardCondition: guardCondition, body: body)
  }

  private mutating func armBody() throws(ParseFault) -> Statement {
    switch current.kind {
    case .return, .break, .continue: return try statement()
    default:
      let begin = start
      let value = try arrowValue()
      return try assignmentOrValue(value, begin)
    }
  }

  /// attempt → "try" block "catch" name block
  mutating func attempt() throws(ParseFault) -> Expr {
    let begin = advance().range
    let body = try block()
    // At the prompt the `catch` may be yet to come.
    if at(.newline), next.kind == .end { advance() }
    guard at(.catch) else {
      throw expected("`catch`", hint: "`try { … } catch e { … }`")
    }
    advance()
    guard at(.name), !ReservedWord.isReserved(text(current)) else {
      throw fail(.unexpectedToken, "`catch` names the error, found \(found(current))", hint: "`catch e { e.message }`")
    }
    let word = advance()
    let handler = try block()
    let kind = Expr.Kind.attempt(body: body, name: Name(text(word), word.range), handler: handler)
    return Expr(kind, begin.union(handler.range))
  }

  /// `else { … }` without what it belongs to. All of it is read first, so that the prompt, which has run the `if` already,
  /// complains once and not at every line.
  mutating func lonelyTail() -> ParseFault {
    let word = advance()
    let isElse = word.kind == .else
    if at(.colon) { return fail(.colonBlock) }
    do throws(ParseFault) {
      if isElse, at(.if) { _ = try conditional() }
      if !isElse, at(.name) { advance() }
      if at(.openBrace) { _ = try block() }
    } catch { return error }
    let hint = isElse ? "`if c { … } else { … }`, with `} else {` on one line; a loop has no `else`" : "`try { … } catch e { … }`"
    return fail(.unexpectedToken, "this `\(text(word))` has no `\(isElse ? "if" : "try")` before it", at: word.range, hint: hint)
  }
}
