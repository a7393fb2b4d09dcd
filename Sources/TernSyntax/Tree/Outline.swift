// The tree as indented text, for `tern explain ast`, and the tokens for `tern explain tokens`.

/// The tree of a source, one node a line, its parts indented below.
package func describe(_ tree: SourceTree) -> String {
  var outline = Outline(source: tree.source)
  for cell in tree.cells { outline.add(cell) }
  return outline.text
}

/// The tokens of a source, one a line with its place.
package func describe(tokens: [Token], of source: SourceText) -> String {
  tokens.map { token in
    let line = source.line(at: token.range.start)
    let column = token.range.start - source.lineStarts[line - 1] + 1
    let text = token.range.start == token.range.end || token.kind == .newline ? "" : "  \(quoted(source.text(token.range)))"
    return "\(line):\(column)  \(name(of: token.kind))\(text)\n"
  }.joined()
}

private func name(of kind: Token.Kind) -> String {
  kind.isKeyword ? "keyword" : kind.rawValue.utf8.count <= 3 ? "sign" : kind.rawValue
}

private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case "\r": quoted += "\\r"
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

/// Writes nodes, each on its own line. Its depth is that of the tree, which the parser bounds.
private struct Outline {
  let source: SourceText
  var text = ""
  private var depth = 0

  init(source: SourceText) { self.source = source }

  private mutating func line(_ words: String) {
    text += String(repeating: "  ", count: depth) + words + "\n"
  }

  /// A line, with what `parts` writes indented below it.
  private mutating func node(_ words: String, _ parts: (inout Outline) -> Void = { _ in }) {
    line(words)
    depth += 1
    parts(&self)
    depth -= 1
  }

  private mutating func part(_ label: String, _ expression: Expr?) {
    guard let expression else { return }
    node(label) { $0.add(expression) }
  }

  // MARK: Cells and statements

  mutating func add(_ cell: CellTree) {
    var words = "cell"
    if let title = cell.title { words += " " + quoted(title) }
    if let identifier = cell.identifier { words += " #\(identifier)" }
    words += cell.flags.sorted().map { " \($0)" }.joined()
    words += cell.options.sorted { $0.key < $1.key }.map { " \($0.key): \($0.value)" }.joined()
    node(words) { outline in for statement in cell.statements { outline.add(statement) } }
  }

  private mutating func add(_ statement: Statement) {
    let hidden = statement.isHidden ? " ;" : ""
    switch statement.kind {
    case .expression(let value):
      if hidden.isEmpty { add(value) } else { part("hidden", value) }
    case .binding(let isVar, let pattern, let type, let value, _):
      node("\(isVar ? "var" : "let") \(words(pattern))\(annotation(type))\(hidden)") { $0.add(value) }
    case .function(let function): add(function)
    case .model(let model): add(model)
    case .assignment(let place, let operation, let value):
      node("assign \(operation?.rawValue ?? "")=") { outline in
        outline.add(place)
        outline.add(value)
      }
    case .forLoop(let pattern, let sequence, let body):
      node("for \(words(pattern))") { outline in
        outline.part("in", sequence)
        outline.add(body)
      }
    case .whileLoop(let condition, let body):
      node("while") { outline in
        outline.add(condition)
        outline.add(body)
      }
    case .returning(let value): node("return") { outline in if let value { outline.add(value) } }
    case .breaking: line("break")
    case .continuing: line("continue")
    case .invalid: line("invalid \(quoted(source.text(statement.range)))")
    }
  }

  private mutating func add(_ block: Block) {
    node("block") { outline in for statement in block.statements { outline.add(statement) } }
  }

  // MARK: Declarations

  private mutating func add(_ function: Function) {
    let name = function.name.map { " \($0.text)" } ?? ""
    node("fn\(name)\(words(function.parameters))\(function.result.map { " -> \(words($0))" } ?? "")") { outline in
      outline.addDefaults(function.parameters)
      switch function.body {
      case .block(let block): outline.add(block)
      case .expression(let value): outline.add(value)
      }
    }
  }

  private mutating func add(_ model: ModelDeclaration) {
    node("model \(model.name.text)\(words(model.parameters))") { outline in
      outline.addDefaults(model.parameters)
      for member in model.members { outline.add(member) }
    }
  }

  private mutating func add(_ member: ModelDeclaration.Member) {
    switch member {
    case .param(let name, let type, let start): part("param \(name.text): \(words(type))", start)
    case .state(let name, let type, let start): part("state \(name.text): \(words(type))", start)
    case .binding(let pattern, let type, let value): part("let \(words(pattern))\(annotation(type))", value)
    case .function(let function): add(function)
    }
  }

  private mutating func addDefaults(_ parameters: [Parameter]) {
    for parameter in parameters { part("default of \(words(parameter.pattern))", parameter.defaultValue) }
  }

  private func words(_ parameters: [Parameter]) -> String {
    let words = parameters.map { parameter in
      (parameter.isRest ? "..." : "") + self.words(parameter.pattern) + annotation(parameter.type)
        + (parameter.defaultValue == nil ? "" : " = …")
    }
    return "(\(words.joined(separator: ", ")))"
  }

  private func annotation(_ type: TypeExpr?) -> String { type.map { ": \(words($0))" } ?? "" }

  private func words(_ type: TypeExpr) -> String { words(type.range) }

  private func words(_ pattern: Pattern) -> String { words(pattern.range) }

  /// As written, but for blanks.
  private func words(_ range: SourceRange) -> String {
    var words = ""
    for character in source.text(range) where !character.isWhitespace {
      words.append(character)
      if character == "," || character == ":" { words.append(" ") }
    }
    return words
  }

  // MARK: Expressions

  private mutating func add(_ expression: Expr) {
    switch expression.kind {
    case .none: line("none")
    case .bool(let value): line("\(value)")
    case .int(let value): line("\(value)")
    case .float(let value): line("\(value)")
    case .duration(let nanoseconds): line("duration \(nanoseconds)ns")
    case .size(let bytes): line("size \(bytes)B")
    case .string(let parts): add(parts)
    case .name(let name): line(name)
    case .list(let items): node("list") { outline in for item in items { outline.add(item) } }
    case .record(let items): node("record") { outline in for item in items { outline.add(item) } }
    case .block(let block): add(block)
    case .conditional(let condition, let then, let otherwise):
      node("if") { outline in
        outline.add(condition)
        outline.add(then)
        outline.part("else", otherwise)
      }
    case .match(let subject, let arms): node("match") { outline in outline.add(subject, arms) }
    case .attempt(let body, let name, let handler):
      node("try") { outline in
        outline.add(body)
        outline.node("catch \(name.text)") { $0.add(handler) }
      }
    case .lambda(let function): add(function)
    case .use(let path): line("use \(quoted(path))")
    case .type(let type): line("type \(words(type))")
    case .range(let low, let high, let isInclusive):
      node(isInclusive ? "..=" : "..") { outline in
        outline.part("from", low)
        outline.part("to", high)
      }
    case .negate(let operand): part("negate", operand)
    case .not(let operand): part("not", operand)
    case .binary(let operation, let left, let right): pair(operation.rawValue, left, right)
    case .logic(let operation, let left, let right): pair(operation.rawValue, left, right)
    case .compare(let operation, let left, let right): pair(operation.rawValue, left, right)
    case .field(let object, let name): part(".\(name.text)", object)
    case .index(let object, let items): node("index") { outline in outline.add(object, items) }
    case .call(let callee, let arguments): node("call") { outline in outline.add(callee, arguments) }
    case .paren(let inner): part("( )", inner)
    case .invalid: line("invalid")
    }
  }

  private mutating func pair(_ words: String, _ left: Expr, _ right: Expr) {
    node(words) { outline in
      outline.add(left)
      outline.add(right)
    }
  }

  private mutating func add(_ parts: [StringPart]) {
    if parts.isEmpty { return line("\"\"") }
    if parts.count == 1, case .text(let text) = parts[0] { return line(quoted(text)) }
    node("string") { outline in
      for part in parts {
        switch part {
        case .text(let text): outline.line(quoted(text))
        case .fill(let value, let format): outline.part(format.isEmpty ? "fill" : "fill :\(format)", value)
        }
      }
    }
  }

  private mutating func add(_ item: ListItem) {
    switch item {
    case .value(let value): add(value)
    case .spread(let value): part("...", value)
    }
  }

  private mutating func add(_ item: RecordItem) {
    switch item {
    case .field(let key, let value): part("\(key.text):", value)
    case .spread(let value): part("...", value)
    }
  }

  private mutating func add(_ subject: Expr, _ arms: [MatchArm]) {
    add(subject)
    for arm in arms {
      node("arm \(words(arm.pattern))") { outline in
        outline.part("if", arm.guardCondition)
        outline.add(arm.body)
      }
    }
  }

  private mutating func add(_ object: Expr, _ items: [IndexItem]) {
    add(object)
    for item in items {
      switch item.kind {
      case .position: part("at", item.value)
      case .axis(let name): part("\(name.text):", item.value)
      case .rest: line("...")
      }
    }
  }

  private mutating func add(_ callee: Expr, _ arguments: [Argument]) {
    add(callee)
    for argument in arguments {
      switch argument.kind {
      case .positional: part("with", argument.value)
      case .label(let name): part("\(name.text):", argument.value)
      case .spread: part("...", argument.value)
      }
    }
  }
}
