import TernSyntax

/// The tree of a one-cell text on one line: `(+ 1 (* 2 3))`. Faults come as `!E0120`.
func shape(_ text: String) -> String {
  let tree = parse(SourceText(name: "test.mlx", text: text))
  if !tree.diagnostics.isEmpty { return tree.diagnostics.map { "!\($0.code.rawValue)" }.joined(separator: " ") }
  return tree.cells.flatMap(\.statements).map(Shape.of).joined(separator: " ; ")
}

/// The diagnostics of a text as `line:column code message | hint`.
func faults(_ text: String) -> [String] {
  parse(SourceText(name: "test.mlx", text: text)).diagnostics.map { diagnostic in
    var place = ""
    if let label = diagnostic.labels.first {
      let line = label.source.line(at: label.range.start)
      place = "\(line):\(label.range.start - label.source.lineStarts[line - 1] + 1) "
    }
    return "\(place)\(diagnostic.code.rawValue) \(diagnostic.message)" + (diagnostic.hint.map { " | \($0)" } ?? "")
  }
}

enum Shape {
  static func of(_ statement: Statement) -> String {
    bare(statement) + (statement.isHidden ? ";" : "")
  }

  private static func bare(_ statement: Statement) -> String {
    switch statement.kind {
    case .expression(let value): of(value)
    case .binding(let isVar, let pattern, let type, let value, _):
      "(\(isVar ? "var" : "let") \(of(pattern))\(type.map { ":\(of($0))" } ?? "") \(of(value)))"
    case .function(let function): of(function)
    case .model(let model): "(model \(model.name.text)\(of(model.parameters)) \(model.members.map(of).joined(separator: " ")))"
    case .assignment(let place, let operation, let value): "(\(operation?.rawValue ?? "")= \(of(place)) \(of(value)))"
    case .forLoop(let pattern, let sequence, let body): "(for \(of(pattern)) \(of(sequence)) \(of(body)))"
    case .whileLoop(let condition, let body): "(while \(of(condition)) \(of(body)))"
    case .returning(let value): value.map { "(return \(of($0)))" } ?? "(return)"
    case .breaking: "(break)"
    case .continuing: "(continue)"
    case .invalid: "(invalid)"
    }
  }

  static func of(_ block: Block) -> String { "{\(block.statements.map { of($0) }.joined(separator: " "))}" }

  static func of(_ function: Function) -> String {
    let body =
      switch function.body {
      case .block(let block): of(block)
      case .expression(let value): of(value)
      }
    return "(fn\(function.name.map { " \($0.text)" } ?? "")\(of(function.parameters))\(function.result.map { ":\(of($0))" } ?? "") \(body))"
  }

  private static func of(_ parameters: [Parameter]) -> String {
    let parts = parameters.map { parameter in
      (parameter.isRest ? "..." : "") + of(parameter.pattern) + (parameter.type.map { ":\(of($0))" } ?? "")
        + (parameter.defaultValue.map { "=\(of($0))" } ?? "")
    }
    return "(\(parts.joined(separator: " ")))"
  }

  private static func of(_ member: ModelDeclaration.Member) -> String {
    switch member {
    case .param(let name, let type, let start): "(param \(name.text):\(of(type)) \(of(start)))"
    case .state(let name, let type, let start): "(state \(name.text):\(of(type)) \(of(start)))"
    case .binding(let pattern, let type, let value): "(let \(of(pattern))\(type.map { ":\(of($0))" } ?? "") \(of(value)))"
    case .function(let function): of(function)
    }
  }

  static func of(_ type: TypeExpr) -> String {
    guard let axes = type.axes else { return type.name.text }
    let parts = axes.map { axis in
      let size =
        switch axis.size {
        case .leading: "..."
        case .any: "_"
        case .expression(let value): of(value)
        }
      return (axis.name.map { "\($0.text)=" } ?? "") + size
    }
    return "\(type.name.text)[\(parts.joined(separator: " "))]"
  }

  static func of(_ pattern: Pattern) -> String {
    switch pattern.kind {
    case .wildcard: return "_"
    case .name(let name): return name
    case .none: return "none"
    case .bool(let value): return "\(value)"
    case .int(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .string(let text): return "\"\(text)\""
    case .range(let low, let high, let inclusive):
      return "\(low.map { "\($0)" } ?? "")\(inclusive ? "..=" : "..")\(high.map { "\($0)" } ?? "")"
    case .list(let items): return "[\(items.map { of($0) }.joined(separator: " "))]"
    case .record(let fields, let rest):
      let parts = fields.map { "\($0.key.text):\(of($0.pattern))" } + (rest.map { ["...\($0.text)"] } ?? [])
      return "{\(parts.joined(separator: " "))}"
    case .rest(let name): return "...\(name ?? "")"
    case .invalid: return "invalid"
    }
  }

  static func of(_ expression: Expr) -> String {
    switch expression.kind {
    case .none: return "none"
    case .bool(let value): return "\(value)"
    case .int(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .duration(let value): return "\(value)ns"
    case .size(let value): return "\(value)B"
    case .string(let parts): return "\"\(parts.map(of).joined())\""
    case .name(let name): return name
    case .list(let items): return "[\(items.map(of).joined(separator: " "))]"
    case .record(let items): return "{\(items.map(of).joined(separator: " "))}"
    case .block(let block): return "(do \(of(block)))"
    case .conditional(let condition, let then, let otherwise):
      return "(if \(of(condition)) \(of(then))\(otherwise.map { " \(of($0))" } ?? ""))"
    case .match(let subject, let arms): return "(match \(of(subject)) \(arms.map(of).joined(separator: " ")))"
    case .attempt(let body, let name, let handler): return "(try \(of(body)) \(name.text) \(of(handler)))"
    case .lambda(let function): return of(function)
    case .use(let path): return "(use \(path))"
    case .type(let type): return "<\(of(type))>"
    case .range(let low, let high, let inclusive):
      return "(\(inclusive ? "..=" : "..") \(low.map { of($0) } ?? "·") \(high.map { of($0) } ?? "·"))"
    case .negate(let operand): return "(- \(of(operand)))"
    case .not(let operand): return "(not \(of(operand)))"
    case .binary(let operation, let left, let right): return "(\(operation.rawValue) \(of(left)) \(of(right)))"
    case .logic(let operation, let left, let right): return "(\(operation.rawValue) \(of(left)) \(of(right)))"
    case .compare(let operation, let left, let right): return "(\(operation.rawValue) \(of(left)) \(of(right)))"
    case .field(let object, let name): return "\(of(object)).\(name.text)"
    case .index(let object, let items): return "\(of(object))[\(items.map(of).joined(separator: " "))]"
    case .call(let callee, let arguments): return "(\(([of(callee)] + arguments.map(of)).joined(separator: " ")))"
    case .paren(let inner): return "'\(of(inner))"
    case .invalid: return "invalid"
    }
  }

  private static func of(_ part: StringPart) -> String {
    switch part {
    case .text(let text): text
    case .fill(let value, let format): "{\(of(value))\(format.isEmpty ? "" : ":\(format)")}"
    }
  }

  private static func of(_ item: ListItem) -> String {
    switch item {
    case .value(let value): of(value)
    case .spread(let value): "...\(of(value))"
    }
  }

  private static func of(_ item: RecordItem) -> String {
    switch item {
    case .field(let key, let value): "\(key.text):\(of(value))"
    case .spread(let value): "...\(of(value))"
    }
  }

  private static func of(_ arm: MatchArm) -> String {
    "(\(of(arm.pattern))\(arm.guardCondition.map { " if \(of($0))" } ?? "") => \(of(arm.body)))"
  }

  private static func of(_ item: IndexItem) -> String {
    switch item.kind {
    case .position: of(item.value)
    case .axis(let name): "\(name.text):\(of(item.value))"
    case .rest: "..."
    }
  }

  private static func of(_ argument: Argument) -> String {
    switch argument.kind {
    case .positional: of(argument.value)
    case .label(let name): "\(name.text):\(of(argument.value))"
    case .spread: "...\(of(argument.value))"
    }
  }
}
