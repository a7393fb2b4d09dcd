/// Goes through every expression of a piece of tree, outer ones first. The parser bounds the depth.
package enum TreeWalk {
  package static func expressions(in statement: Statement, _ visit: (Expr) -> Void) {
    switch statement.kind {
    case .expression(let value): expressions(in: value, visit)
    case .binding(_, _, _, let value, _): expressions(in: value, visit)
    case .function(let function): expressions(in: function, visit)
    case .model(let declaration): expressions(in: declaration, visit)
    case .assignment(let place, _, let value):
      expressions(in: place, visit)
      expressions(in: value, visit)
    case .forLoop(_, let sequence, let body):
      expressions(in: sequence, visit)
      expressions(in: body, visit)
    case .whileLoop(let condition, let body):
      expressions(in: condition, visit)
      expressions(in: body, visit)
    case .returning(let value): if let value { expressions(in: value, visit) }
    case .breaking, .continuing, .invalid: break
    }
  }

  package static func expressions(in block: Block, _ visit: (Expr) -> Void) {
    for statement in block.statements { expressions(in: statement, visit) }
  }

  package static func expressions(in function: Function, _ visit: (Expr) -> Void) {
    for parameter in function.parameters { if let value = parameter.defaultValue { expressions(in: value, visit) } }
    switch function.body {
    case .block(let block): expressions(in: block, visit)
    case .expression(let value): expressions(in: value, visit)
    }
  }

  private static func expressions(in declaration: ModelDeclaration, _ visit: (Expr) -> Void) {
    for parameter in declaration.parameters { if let value = parameter.defaultValue { expressions(in: value, visit) } }
    for member in declaration.members {
      switch member {
      case .param(_, _, let start), .state(_, _, let start): expressions(in: start, visit)
      case .binding(_, _, let value): expressions(in: value, visit)
      case .function(let function): expressions(in: function, visit)
      }
    }
  }

  package static func expressions(in expression: Expr, _ visit: (Expr) -> Void) {
    visit(expression)
    switch expression.kind {
    case .none, .bool, .int, .float, .duration, .size, .name, .use, .type, .invalid: break
    case .string(let parts): for case .fill(let value, _) in parts { expressions(in: value, visit) }
    case .list(let items):
      for item in items {
        switch item { case .value(let value), .spread(let value): expressions(in: value, visit) }
      }
    case .record(let items):
      for item in items {
        switch item { case .field(_, let value), .spread(let value): expressions(in: value, visit) }
      }
    case .block(let block): expressions(in: block, visit)
    case .conditional(let condition, let then, let otherwise):
      expressions(in: condition, visit)
      expressions(in: then, visit)
      if let otherwise { expressions(in: otherwise, visit) }
    case .match(let subject, let arms):
      expressions(in: subject, visit)
      for arm in arms {
        if let condition = arm.guardCondition { expressions(in: condition, visit) }
        expressions(in: arm.body, visit)
      }
    case .attempt(let body, _, let handler):
      expressions(in: body, visit)
      expressions(in: handler, visit)
    case .lambda(let function): expressions(in: function, visit)
    case .range(let low, let high, _):
      if let low { expressions(in: low, visit) }
      if let high { expressions(in: high, visit) }
    case .negate(let inner), .not(let inner), .field(let inner, _), .paren(let inner): expressions(in: inner, visit)
    case .binary(_, let left, let right), .logic(_, let left, let right), .compare(_, let left, let right):
      expressions(in: left, visit)
      expressions(in: right, visit)
    case .index(let object, let items):
      expressions(in: object, visit)
      for item in items { expressions(in: item.value, visit) }
    case .call(let callee, let arguments):
      expressions(in: callee, visit)
      for argument in arguments { expressions(in: argument.value, visit) }
    }
  }
}
