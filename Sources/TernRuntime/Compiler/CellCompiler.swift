package import TernSyntax

/// The code of one cell: its top-level statements, each run by itself so that what it prints and shows is known to be its.
package struct CompiledCell {
  package struct Step {
    package let statement: Statement
    package let prototype: Prototype
  }
  package let steps: [Step]
  /// Top-level names its own statements bind.
  package let writes: [String]
}

/// What a cell's text could not be: everything found before anything ran.
package struct CompileFailure: Error {
  package let diagnostics: [Diagnostic]

  /// A run shows the first five and says how many follow; `tern check` wants all of them.
  init(_ all: [Diagnostic], isWhole: Bool) {
    var shown = isWhole ? all : Array(all.prefix(5))
    let omitted = all.count - shown.count
    if omitted > 0, !shown.isEmpty { shown[shown.count - 1].notes.append("and \(omitted) more; `tern check` shows all of them") }
    diagnostics = shown
  }
}

extension Machine {
  /// Checks and compiles a cell of a file. Nothing has run when it fails.
  package func compile(
    _ statements: [Statement], of source: SourceText, in file: File, checking checker: Checker? = nil
  ) throws(CompileFailure) -> CompiledCell {
    let unit = FunctionCompiler.Unit(file: file, source: source, machine: self)
    unit.checker = checker
    var writes: [String] = []
    for statement in statements {
      for name in statement.boundNames where unit.bindings[name] == nil {
        unit.bindings[name] = source.line(at: statement.range.start)
        writes.append(name)
        // Slots in the order of the text, whatever mentions a name first: the order of a `use`d file's names.
        _ = file.slot(of: name)
      }
    }
    unit.noteMentions(statements)
    let steps = statements.map { statement in
      CompiledCell.Step(statement: statement, prototype: FunctionCompiler.compile(topLevel: statement, in: unit))
    }
    guard unit.diagnostics.isEmpty else { throw CompileFailure(unit.diagnostics, isWhole: checker != nil) }
    return CompiledCell(steps: steps, writes: writes)
  }
}

extension FunctionCompiler {
  /// A top-level statement as a function without arguments; its value is the expression's.
  static func compile(topLevel statement: Statement, in unit: Unit) -> Prototype {
    let compiler = FunctionCompiler(unit: unit, parent: nil, name: "", isTopLevel: true)
    compiler.openScope()
    let value = compiler.temporary()
    var literals = LoopLiterals()
    literals.visit(statement, inLoop: false)
    compiler.hoist(literals)
    if case .expression(let expr) = statement.kind {
      compiler.expression(expr, into: value)
      compiler.emit(.ret, a: compiler.r(value), b: compiler.top)
    } else {
      compiler.statement(statement)
      compiler.emit(.retNone, b: compiler.top)
    }
    return compiler.finish()
  }
}

extension FunctionCompiler.Unit {
  /// Notes what each top-level name's statements mention, for `mayGiveAway`.
  func noteMentions(_ statements: [Statement]) {
    for statement in statements {
      var names = NameCollector()
      names.visit(statement)
      for bound in statement.changedNames { file.mentions[bound, default: .init()].add(names) }
    }
  }

  /// In a top-level `s = f(s)`: can nothing that runs meanwhile read `s` by its name? Then its value is moved into the call
  /// and may be changed in place. Only a function's body reads a name late, so the names that the expression can reach are
  /// asked whether a body among them mentions `s`.
  func mayGiveAway(_ name: String, in value: Expr) -> Bool {
    var direct = NameCollector()
    direct.visit(value, inFunction: false)
    guard !direct.late.contains(name) else { return false }
    var pending = Array(direct.all.subtracting([name]))
    var seen = Set(pending)
    while let next = pending.popLast() {
      guard let mentions = file.mentions[next] else { continue }
      if mentions.late.contains(name) { return false }
      for other in mentions.all where other != name && seen.insert(other).inserted { pending.append(other) }
    }
    return true
  }
}

/// The names a piece of program mentions, and those among them that stand inside functions, which read them late.
package struct NameCollector {
  package private(set) var all: Set<String> = []
  private(set) var late: Set<String> = []

  mutating func add(_ other: NameCollector) {
    all.formUnion(other.all)
    late.formUnion(other.late)
  }

  package init() {}

  package mutating func visit(_ statement: Statement, inFunction: Bool = false) {
    switch statement.kind {
    case .expression(let value): visit(value, inFunction: inFunction)
    case .binding(_, _, _, let value, _): visit(value, inFunction: inFunction)
    case .function(let function): visit(function)
    case .model(let declaration): visit(declaration)
    case .assignment(let place, _, let value):
      visit(place, inFunction: inFunction)
      visit(value, inFunction: inFunction)
    case .forLoop(_, let sequence, let body):
      visit(sequence, inFunction: inFunction)
      visit(body, inFunction: inFunction)
    case .whileLoop(let condition, let body):
      visit(condition, inFunction: inFunction)
      visit(body, inFunction: inFunction)
    case .returning(let value):
      if let value { visit(value, inFunction: inFunction) }
    case .breaking, .continuing, .invalid: break
    }
  }

  mutating func visit(_ block: Block, inFunction: Bool) {
    for statement in block.statements { visit(statement, inFunction: inFunction) }
  }

  mutating func visit(_ function: Function) {
    for parameter in function.parameters {
      if let value = parameter.defaultValue { visit(value, inFunction: true) }
      if let type = parameter.type { visit(type, inFunction: true) }
    }
    switch function.body {
    case .block(let block): visit(block, inFunction: true)
    case .expression(let expr): visit(expr, inFunction: true)
    }
  }

  mutating func visit(_ declaration: ModelDeclaration) {
    for parameter in declaration.parameters {
      if let value = parameter.defaultValue { visit(value, inFunction: true) }
    }
    for member in declaration.members {
      switch member {
      case .param(_, let type, let start), .state(_, let type, let start):
        visit(type, inFunction: true)
        visit(start, inFunction: true)
      case .binding(_, _, let value): visit(value, inFunction: true)
      case .function(let function): visit(function)
      }
    }
  }

  private mutating func visit(_ type: TypeExpr, inFunction: Bool) {
    for axis in type.axes ?? [] {
      if case .expression(let size) = axis.size { visit(size, inFunction: inFunction) }
    }
  }

  mutating func visit(_ expr: Expr, inFunction: Bool) {
    switch expr.kind {
    case .name(let name):
      all.insert(name)
      if inFunction { late.insert(name) }
    case .lambda(let function): visit(function)
    case .block(let block): visit(block, inFunction: inFunction)
    case .type(let type): visit(type, inFunction: inFunction)
    default: for child in expr.children { visit(child, inFunction: inFunction) }
    }
    for block in expr.blocks { visit(block, inFunction: inFunction) }
    if case .match(_, let arms) = expr.kind {
      for arm in arms {
        if let condition = arm.guardCondition { visit(condition, inFunction: inFunction) }
        visit(arm.body, inFunction: inFunction)
      }
    }
  }
}

extension Expr {
  /// The expressions right below, blocks, arms and functions left out.
  var children: [Expr] {
    switch kind {
    case .string(let parts): parts.compactMap { if case .fill(let value, _) = $0 { value } else { nil } }
    case .list(let items):
      items.map {
        switch $0 { case .value(let value), .spread(let value): value }
      }
    case .record(let items):
      items.map {
        switch $0 { case .field(_, let value), .spread(let value): value }
      }
    case .conditional(let condition, _, let otherwise): [condition] + (otherwise.map { [$0] } ?? [])
    case .match(let subject, _): [subject]
    case .range(let low, let high, _): [low, high].compactMap { $0 }
    case .negate(let a), .not(let a), .field(let a, _), .paren(let a): [a]
    case .binary(_, let a, let b), .logic(_, let a, let b), .compare(_, let a, let b): [a, b]
    case .index(let a, let items): [a] + items.map(\.value)
    case .call(let f, let arguments): [f] + arguments.map(\.value)
    default: []
    }
  }

  /// The blocks right below.
  var blocks: [Block] {
    switch kind {
    case .conditional(_, let then, _): [then]
    case .attempt(let body, _, let handler): [body, handler]
    default: []
    }
  }
}

extension Statement {
  /// Top-level names the statement binds anew.
  package var boundNames: [String] {
    switch kind {
    case .binding(_, let pattern, _, _, _): pattern.boundNames
    case .function(let function): function.name.map { [$0.text] } ?? []
    case .model(let declaration): [declaration.name.text]
    default: []
    }
  }

  /// Names it binds or assigns, with those in its blocks.
  package var changedNames: [String] {
    switch kind {
    case .assignment(let place, _, _):
      var root = place
      while true {
        switch root.kind {
        case .index(let inner, _), .field(let inner, _), .paren(let inner):
          root = inner
          continue
        case .name(let name): return [name]
        default: return []
        }
      }
    case .forLoop(let pattern, _, let body): return pattern.boundNames + body.statements.flatMap(\.changedNames)
    case .whileLoop(_, let body): return body.statements.flatMap(\.changedNames)
    case .expression(let value): return value.changedNames
    default: return boundNames
    }
  }
}

extension Expr {
  fileprivate var changedNames: [String] {
    var names = children.flatMap(\.changedNames) + blocks.flatMap { $0.statements.flatMap(\.changedNames) }
    if case .block(let block) = kind { names += block.statements.flatMap(\.changedNames) }
    if case .match(_, let arms) = kind { names += arms.flatMap { $0.body.changedNames + $0.pattern.boundNames } }
    return names
  }
}
