package import TernSyntax

/// What the text of a cell says of its place among the others: names it binds, names of cells above it that running it may read, also
/// through functions, and what it may do outside.
package struct CellFacts {
  /// Top-level names it binds or changes.
  package fileprivate(set) var binds: [String] = []
  /// Top-level names from above.
  package fileprivate(set) var reads: [String] = []
  /// Builtins with an effect, by name.
  package fileprivate(set) var effects: [String: Effect] = [:]
  /// Paths written out in calls of such builtins.
  package fileprivate(set) var files: [String] = []
  /// Every name it binds is a `let`, or a `var` without a contract, so that its value is all there is to it.
  package fileprivate(set) var bindsPlainly = true
}

extension Machine {
  /// The facts of each cell of a text, in order. Nothing runs. A cell that does not compile keeps nothing, and reads what it mentions.
  ///
  /// - Parameter file: A fresh one, whose names are made as if every cell had run.
  package func cellFacts(of tree: SourceTree, in file: File) -> [CellFacts] {
    // What a name leads to when it is used later: the mentions of a function's body.
    var late: [String: Set<String>] = [:]
    var makers = FunctionMakers(machine: self)
    var above: Set<String> = []
    var all: [CellFacts] = []
    for cell in tree.cells {
      var facts = CellFacts()
      guard !cell.flags.contains("skip") else {
        all.append(facts)
        continue
      }
      guard let compiled = try? compile(cell.statements, of: tree.source, in: file) else {
        var mentioned = NameCollector()
        for statement in cell.statements { mentioned.visit(statement) }
        facts.note(mentioned.all.intersection(above))
        all.append(facts)
        continue
      }
      for name in compiled.writes where !file.isDefined(name) { file.define(name, .absent) }
      var here: Set<String> = []
      for step in compiled.steps {
        let mentioned = Set(step.prototype.globals.map { file.names[$0] })
        let bound = step.statement.boundNames, changed = OuterAssignments.names(in: step.statement)
        let direct: Set<String>
        if step.statement.isDeclaration {
          direct = []
          facts.bindsPlainly = false
        } else {
          direct = mentioned
        }
        let reached = Machine.closure(of: direct, late)
        facts.note(reached.subtracting(here).intersection(above))
        facts.note(reached.subtracting(bound).subtracting(above), self)
        facts.files += LiteralPaths.all(in: step.statement, vocabulary)
        if makers.mayMakeFunctions(step.statement) {
          for name in bound + changed { late[name, default: []].formUnion(mentioned.subtracting([name])) }
        } else {
          for name in bound { late[name] = nil }
        }
        here.formUnion(bound)
        if step.statement.isTypedVar { facts.bindsPlainly = false }
        for name in bound + changed where !facts.binds.contains(name) { facts.binds.append(name) }
      }
      above.formUnion(facts.binds)
      all.append(facts)
    }
    return all
  }

  private static func closure(of names: Set<String>, _ late: [String: Set<String>]) -> Set<String> {
    var seen = names, pending = Array(names)
    while let name = pending.popLast() {
      for next in late[name] ?? [] where seen.insert(next).inserted { pending.append(next) }
    }
    return seen
  }
}

/// Names that a top-level statement assigns to, and has not bound in a block of its own.
private struct OuterAssignments {
  private var found: [String] = []

  static func names(in statement: Statement) -> [String] {
    var names = OuterAssignments()
    names.visit(statement, [])
    return names.found
  }

  private mutating func visit(_ statement: Statement, _ locals: Set<String>) {
    switch statement.kind {
    case .assignment: found += statement.changedNames.filter { !locals.contains($0) }
    case .forLoop(let pattern, _, let body): visit(body, locals.union(pattern.boundNames))
    case .whileLoop(_, let body): visit(body, locals)
    default: break
    }
    for expr in statement.heads { visit(expr, locals) }
  }

  private mutating func visit(_ block: Block, _ outer: Set<String>) {
    var locals = outer
    for statement in block.statements {
      visit(statement, locals)
      locals.formUnion(statement.boundNames)
    }
  }

  private mutating func visit(_ expr: Expr, _ locals: Set<String>) {
    for child in expr.children { visit(child, locals) }
    for block in expr.blocks { visit(block, locals) }
    switch expr.kind {
    case .block(let block): visit(block, locals)
    case .match(_, let arms): for arm in arms { visit(arm.body, locals.union(arm.pattern.boundNames)) }
    default: break
    }
  }
}

/// Which expressions may have a function as their value, or in it: what such a value mentions is read when it is called. A model or
/// a jitted function keeps the definitions it was made with, but that is a reading, too, and on the safe side.
private struct FunctionMakers {
  let machine: Machine
  /// Functions of the file that may give a function, and all names that may hold one.
  private var makers: Set<String> = []
  private var functions: Set<String> = []

  init(machine: Machine) { self.machine = machine }

  mutating func mayMakeFunctions(_ statement: Statement) -> Bool {
    let makes = makesFunctions(statement)
    if makes { functions.formUnion(statement.changedNames) } else { functions.subtract(statement.boundNames) }
    return makes
  }

  private mutating func makesFunctions(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .function(let function):
      if let name = function.name?.text { if mayGive(function) { makers.insert(name) } else { makers.remove(name) } }
      return true
    case .model: return true
    case .binding(_, _, _, let value, _), .assignment(_, _, let value): return may(value, [])
    case .forLoop(_, _, let body), .whileLoop(_, let body): return body.statements.contains { self.may($0, []) }
    default: return false
    }
  }

  private func mayGive(_ function: Function) -> Bool {
    switch function.body {
    case .expression(let value): may(value, [])
    case .block(let block): may(block, [])
    }
  }

  private func may(_ block: Block, _ outer: Set<String>) -> Bool {
    var locals = outer
    for statement in block.statements where may(statement, locals) { locals.formUnion(statement.boundNames) }
    return block.statements.contains { statement in
      if case .returning(let value?) = statement.kind { may(value, locals) } else { false }
    } || block.statements.last.map { if case .expression(let value) = $0.kind { may(value, locals) } else { false } } == true
  }

  private func may(_ statement: Statement, _ locals: Set<String>) -> Bool {
    switch statement.kind {
    case .function, .model: true
    case .binding(_, _, _, let value, _), .assignment(_, _, let value): may(value, locals)
    default: false
    }
  }

  private func may(_ expr: Expr, _ locals: Set<String>) -> Bool {
    switch expr.kind {
    case .lambda: return true
    case .name(let name): return locals.contains(name) || makers.contains(name) || functions.contains(name)
    case .block(let block): return may(block, locals)
    case .match(_, let arms): return arms.contains { may($0.body, locals) }
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind else { return true }
      if makers.contains(name) || locals.contains(name) { return true }
      guard let builtin = machine.vocabulary.builtins[name] else { return false }
      // What goes over a list gives a list of what its function gives.
      return builtin.signatureText.hasSuffix("-> fn") || arguments.contains { argument in
        if case .lambda(let function) = argument.value.kind { mayGive(function) } else { false }
      }
    default: return (expr.children + expr.blocks.flatMap { $0.statements.flatMap(\.expressions) }).contains { may($0, locals) }
    }
  }
}

extension CellFacts {
  fileprivate mutating func note(_ names: Set<String>) {
    reads += names.subtracting(reads).sorted()
  }

  fileprivate mutating func note(_ names: Set<String>, _ machine: Machine) {
    for name in names {
      guard let builtin = machine.vocabulary.builtins[name] else { continue }
      if let effect = ([builtin] + builtin.forms).map(\.effect).first(where: { $0 != .pure }) { effects[name] = effect }
    }
  }
}

extension Statement {
  fileprivate var isDeclaration: Bool {
    switch kind {
    case .function, .model: true
    default: false
    }
  }

  /// A `var` with a contract, which a value alone does not bring back.
  fileprivate var isTypedVar: Bool {
    if case .binding(let isVar, _, let type, _, _) = kind { isVar && type != nil } else { false }
  }
}

/// Paths that a statement hands to builtins that read or write, as far as they are written out.
private enum LiteralPaths {
  static func all(in statement: Statement, _ vocabulary: Vocabulary) -> [String] {
    var paths: [String] = []
    var pending: [Expr] = statement.expressions
    while let expr = pending.popLast() {
      if case .call(let callee, let arguments) = expr.kind, case .name(let name) = callee.kind, let word = vocabulary.builtins[name],
        word.effect == .reads || word.effect == .writes
      {
        let place = word.parameters.firstIndex { $0.name == "path" } ?? 0
        if place < arguments.count, case .string(let parts) = arguments[place].value.kind, parts.count == 1, case .text(let text) = parts[0] {
          paths.append(text)
        }
      }
      pending += expr.children + expr.blocks.flatMap { $0.statements.flatMap(\.expressions) }
      if case .lambda(let function) = expr.kind, case .expression(let body) = function.body { pending.append(body) }
    }
    return paths.reversed()
  }
}

extension Statement {
  fileprivate var expressions: [Expr] {
    switch kind {
    case .forLoop(_, _, let body), .whileLoop(_, let body): heads + body.statements.flatMap(\.expressions)
    case .function(let function):
      switch function.body {
      case .block(let block): block.statements.flatMap(\.expressions)
      case .expression(let value): [value]
      }
    default: heads
    }
  }

  /// Its expressions, without those of a block of its own.
  fileprivate var heads: [Expr] {
    switch kind {
    case .expression(let value), .binding(_, _, _, let value, _), .forLoop(_, let value, _), .whileLoop(let value, _): [value]
    case .assignment(let place, _, let value): [place, value]
    case .returning(let value): value.map { [$0] } ?? []
    default: []
    }
  }
}
