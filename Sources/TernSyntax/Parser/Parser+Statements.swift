// Statements, and the declarations of functions and models.

extension Parser {
  /// A statement with what ends it.
  mutating func endedStatement() throws(ParseFault) -> Statement {
    let statement = try statement()
    guard try endItem() else { return statement }
    return Statement(statement.kind, statement.range, isHidden: true)
  }

  /// statement → binding | fn | model | for | while | return | "break" | "continue" | assignment | expression
  mutating func statement() throws(ParseFault) -> Statement {
    let begin = start
    switch current.kind {
    case .let, .var: return try binding()
    case .fn where next.kind == .name: return Statement(.function(try functionDeclaration()), range(from: begin))
    case .for: return try forLoop()
    case .while: return try whileLoop()
    case .return: return try returning()
    case .break, .continue: return try loopControl()
    case .name where next.kind == .name && text(current) == "model":
      return Statement(.model(try modelDeclaration()), range(from: begin))
    case .closeParen, .closeSquare, .closeBrace: throw strayCloser()
    case .else, .catch: throw lonelyTail()
    default: return try assignmentOrValue(try expression(), begin)
    }
  }

  /// binding → ("let" | "var") pattern (":" type)? "=" expression
  private mutating func binding() throws(ParseFault) -> Statement {
    let word = advance()
    let (pattern, type) = try typedPattern(word)
    if at(.comma) { throw fail(.manyNames) }
    guard at(.assign) else { throw missingValue(word) }
    advance()
    let value = try expression()
    let kind = Statement.Kind.binding(
      isVar: word.kind == .var, pattern: pattern, type: type, value: value, documentation: documentation(above: word))
    return Statement(kind, range(from: word.range))
  }

  private mutating func missingValue(_ word: Token) -> ParseFault {
    guard at(.newline) || at(.end) else { return expected("`=`") }
    guard next.kind == .assign else {
      return expected("`=`", hint: "every name has a value from the start: `\(text(word)) x = none`")
    }
    advance()
    return fail(.unexpectedToken, "`=` stands on the line of its name")
  }

  /// The left side of a `let` or `var`: only a name has a type.
  private mutating func typedPattern(_ word: Token) throws(ParseFault) -> (Pattern, TypeExpr?) {
    let pattern = try bindingPattern()
    if case .wildcard = pattern.kind {
      throw fail(
        .badPattern, "`\(text(word)) _` keeps nothing", at: pattern.range, hint: "`;` hides a value, and `_` is the last one")
    }
    guard case .name = pattern.kind, accept(.colon) else { return (pattern, nil) }
    return (pattern, try type())
  }

  /// assignment → place ("=" | "+=" | …) expression
  mutating func assignmentOrValue(_ left: Expr, _ begin: SourceRange) throws(ParseFault) -> Statement {
    guard current.kind.isAssignment else { return Statement(.expression(left), range(from: begin)) }
    try checkPlace(left)
    let operation = advance().kind.compoundOperator
    let value = try expression()
    return Statement(.assignment(place: left, operation: operation, value: value), range(from: begin))
  }

  /// place → name (index | "." word)*
  private mutating func checkPlace(_ place: Expr) throws(ParseFault) {
    var root = place
    while true {
      switch root.kind {
      case .field(let object, _), .index(let object, _): root = object
      case .name("_"):
        throw fail(
          .badPlace, "`_` is the last value, and nothing is assigned to it", at: root.range, hint: "`;` hides a value")
      case .name: return
      case .call(let callee, _):
        if case .name(let name) = callee.kind, place === root {
          throw fail(
            .badPlace, "a call is no place for a value", at: place.range,
            hint: "a function is declared by `fn \(name)(…) { … }`")
        }
        throw badPlace(place)
      default: throw badPlace(place)
      }
    }
  }

  private mutating func badPlace(_ place: Expr) -> ParseFault {
    fail(
      .badPlace, "only a name, or a place in one, can be assigned to", at: place.range,
      hint: "`x = …`, `r.a = …`, `xs[0] = …`; `==` compares")
  }

  // MARK: Control

  /// for → "for" pattern "in" head block
  private mutating func forLoop() throws(ParseFault) -> Statement {
    let begin = advance().range
    if at(.openParen) { throw parenthesesAfterFor() }
    let pattern = try bindingPattern()
    if at(.assign) { throw fail(.cLoop) }
    if at(.comma) { throw fail(.forPair, at: pattern.range.union(next.range), hint: forPairHint(pattern)) }
    try expect(.in)
    let sequence = try head()
    let body = try loopBody()
    return Statement(.forLoop(pattern: pattern, sequence: sequence, body: body), range(from: begin))
  }

  /// `for (a, b) in pairs`, or `for (i = 0; i < n; i++)`.
  private mutating func parenthesesAfterFor() -> ParseFault {
    guard let end = closer(of: current), tokens[min(end + 1, tokens.count - 1)].kind == .in else { return fail(.cLoop) }
    let place = current.range.union(tokens[end].range)
    let names = source.text(SourceRange(current.range.end, tokens[end].range.start))
    let hint = names.utf8.count < 40 && !names.contains("\n") ? "`for [\(names)] in …`" : nil
    return fail(.forPair, at: place, hint: hint)
  }

  private func forPairHint(_ pattern: Pattern) -> String? {
    guard case .name(let first) = pattern.kind, next.kind == .name else { return nil }
    var ahead = self
    ahead.advance()
    let second = ahead.advance()
    guard ahead.accept(.in), let walked = try? ahead.head() else { return nil }
    return "`for [\(first), \(text(second))] in \(source.text(walked.range)) { … }`"
  }

  private mutating func whileLoop() throws(ParseFault) -> Statement {
    let begin = advance().range
    let condition = try head()
    let body = try loopBody()
    return Statement(.whileLoop(condition: condition, body: body), range(from: begin))
  }

  private mutating func returning() throws(ParseFault) -> Statement {
    guard mode.isInFunction else {
      throw fail(.misplacedControl, "`return` stands outside a function", hint: "a cell's value is that of its last statement")
    }
    let begin = advance().range
    let value = endsStatement ? nil : try expression()
    if at(.comma) { throw fail(.manyResults) }
    return Statement(.returning(value), range(from: begin))
  }

  private var endsStatement: Bool {
    switch current.kind {
    case .newline, .end, .cell, .semicolon, .closeBrace, .fillClose: true
    default: false
    }
  }

  private mutating func loopControl() throws(ParseFault) -> Statement {
    guard mode.isInLoop else {
      throw fail(
        .misplacedControl, "`\(text(current))` stands outside a loop", hint: mode.isInFunction ? "`return` leaves a function" : nil)
    }
    let word = advance()
    return Statement(word.kind == .break ? .breaking : .continuing, word.range)
  }

  // MARK: Functions

  /// fn → "fn" name parameters ("->" type)? block
  mutating func functionDeclaration() throws(ParseFault) -> Function {
    let word = advance()
    let name = try bindingName()
    let parameters = try parameters()
    let result = try resultType()
    let body = try functionBody()
    return Function(
      name: name, parameters: parameters, result: result, body: .block(body), range: range(from: word.range),
      documentation: documentation(above: word))
  }

  /// functionLiteral → "fn" parameters ("->" type)? block
  mutating func functionLiteral() throws(ParseFault) -> Expr {
    let begin = advance().range
    if at(.name) {
      throw fail(
        .unexpectedToken, "a `fn` with a name is a statement of its own",
        hint: "`fn (x) { … }` here, or declare it on a line before")
    }
    let parameters = try parameters()
    let result = try resultType()
    let body = try functionBody()
    let range = range(from: begin)
    return Expr(.lambda(Function(name: nil, parameters: parameters, result: result, body: .block(body), range: range)), range)
  }

  mutating func resultType() throws(ParseFault) -> TypeExpr? { accept(.resultArrow) ? try type() : nil }

  /// parameters → "(" (parameter ("," parameter)* ","?)? ")"
  mutating func parameters() throws(ParseFault) -> [Parameter] {
    let outer = try descend()
    defer { ascend(outer) }
    var parameters: [Parameter] = []
    try list(.openParen) { (parser: inout Parser) throws(ParseFault) in
      parameters.append(try parser.parameter(after: parameters))
    }
    return parameters
  }

  /// parameter → "..." name | pattern (":" type)? ("=" expression)?
  private mutating func parameter(after earlier: [Parameter]) throws(ParseFault) -> Parameter {
    let begin = current.range
    let isRest = accept(.ellipsis)
    if isRest, earlier.contains(where: \.isRest) { throw fail(.badParameters, "one parameter gathers the rest", at: begin) }
    let pattern = isRest ? try bindingOrWildcard() : try bindingPattern()
    try checkRepeated(pattern, earlier)
    var type: TypeExpr?
    if !isRest, case .name = pattern.kind, accept(.colon) { type = try self.type() }
    let defaultValue = !isRest && accept(.assign) ? try expression() : nil
    if defaultValue == nil, !isRest, earlier.last?.defaultValue != nil {
      throw fail(
        .badParameters, "parameters with defaults come last", at: range(from: begin),
        hint: "move it to the front, or give it a default")
    }
    return Parameter(pattern: pattern, type: type, defaultValue: defaultValue, isRest: isRest, range: range(from: begin))
  }

  private mutating func checkRepeated(_ pattern: Pattern, _ earlier: [Parameter]) throws(ParseFault) {
    guard case .name(let name) = pattern.kind else { return }
    let isRepeated = earlier.contains { parameter in
      if case .name(name) = parameter.pattern.kind { true } else { false }
    }
    if isRepeated { throw fail(.badParameters, "two parameters are called `\(name)`", at: pattern.range) }
  }

  // MARK: Models

  /// model → "model" name parameters "{" member … "}"
  private mutating func modelDeclaration() throws(ParseFault) -> ModelDeclaration {
    let word = advance()
    let name = try bindingName()
    let parameters = try parameters()
    let outer = mode
    mode.isInFunction = false
    mode.isInLoop = false
    var members: [ModelDeclaration.Member] = []
    let opened = try openBraces()
    var isWhole = true
    try sequence(
      opened, of: { (parser: inout Parser) throws(ParseFault) in members.append(try parser.member()) },
      orElse: { _ in isWhole = false })
    mode = outer
    if isWhole, !members.contains(where: \.isCall) {
      throw fail(
        .badModel, "a model needs a `fn call`", at: name.range,
        hint: "`fn call(x) { … }`: what `\(name.text)(…)(x)` does")
    }
    return ModelDeclaration(
      name: name, parameters: parameters, members: members, range: range(from: word.range),
      documentation: documentation(above: word))
  }

  /// member → ("param" | "state") name ":" type "=" expression | "let" pattern (":" type)? "=" expression | fn
  private mutating func member() throws(ParseFault) -> ModelDeclaration.Member {
    let member = try bareMember()
    _ = try endItem()
    return member
  }

  private mutating func bareMember() throws(ParseFault) -> ModelDeclaration.Member {
    switch current.kind {
    case .name where next.kind == .name && text(current) == "param": return try number { .param($0, $1, start: $2) }
    case .name where next.kind == .name && text(current) == "state": return try number { .state($0, $1, start: $2) }
    case .fn where next.kind == .name: return .function(try functionDeclaration())
    case .let:
      let statement = try binding()
      guard case .binding(_, let pattern, let type, let value, _) = statement.kind else { throw notAMember() }
      return .binding(pattern: pattern, type: type, value: value)
    default: throw notAMember()
    }
  }

  private mutating func notAMember() -> ParseFault {
    fail(
      .badModel, "a model's body holds `param`, `state`, `let` and `fn`, found \(found(current))",
      hint: at(.var) ? "what changes while training is a `state`" : nil)
  }

  private mutating func number(
    _ make: (Name, TypeExpr, Expr) -> ModelDeclaration.Member
  ) throws(ParseFault) -> ModelDeclaration.Member {
    advance()
    let name = try bindingName()
    guard at(.colon) else { throw expected("`:` and a type", hint: "`param w: float[inputs, units] = glorot`") }
    advance()
    let type = try type()
    guard at(.assign) else { throw expected("`=` and a start", hint: "`= zeros`, `= glorot`, a number or a tensor") }
    advance()
    return make(name, type, try expression())
  }

  // MARK: Documentation

  /// The text of the `##` lines directly above a declaration.
  private func documentation(above word: Token) -> String {
    var line = source.line(at: word.range.start)
    var lines: [String] = []
    var place = lastComment(before: word.range.start)
    while place >= 0, comments[place].kind == .documentation, source.line(at: comments[place].range.start) == line - 1 {
      line -= 1
      let text = source.text(comments[place].range).dropFirst(2)
      lines.append(String(text.first == " " ? text.dropFirst() : text))
      place -= 1
    }
    return lines.reversed().joined(separator: "\n")
  }

  /// The index of the last comment that ends before a place, or -1.
  private func lastComment(before place: UInt32) -> Int {
    var low = 0
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].range.start < place { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}

extension ModelDeclaration.Member {
  fileprivate var isCall: Bool {
    if case .function(let function) = self { function.name?.text == "call" } else { false }
  }
}
