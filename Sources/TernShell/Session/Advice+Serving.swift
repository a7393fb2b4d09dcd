import TernRuntime
import TernSyntax

extension Advice {
  /// `grad` of a function that calls `net(x)`: that is serving, so dropout is off and states stay as they are.
  static func serving(in tree: SourceTree, _ checker: Checker) -> [Advice] {
    var search = ServingSearch(checker: checker)
    let statements = tree.cells.filter { !$0.flags.contains("skip") }.flatMap(\.statements)
    for statement in statements { search.note(statement) }
    for statement in statements { search.visit(statement) }
    return search.found
  }
}

private struct ServingSearch {
  let checker: Checker
  private(set) var found: [Advice] = []
  private var functions: [String: Function] = [:]
  /// Models of the file that differ in training, and names bound to what is made of such.
  private var differing: Set<String> = []

  init(checker: Checker) { self.checker = checker }

  mutating func note(_ statement: Statement) {
    switch statement.kind {
    case .function(let function): if let name = function.name { functions[name.text] = function }
    case .model(let declaration): if declaration.differsInTraining { differing.insert(declaration.name.text) }
    case .binding(_, let pattern, _, let value, _):
      if case .name(let name) = pattern.kind, makesDiffering(value) { differing.insert(name) }
    default: break
    }
  }

  /// Is a model made here that holds dropout or state, or is one passed on?
  private func makesDiffering(_ value: Expr) -> Bool {
    switch value.kind {
    case .name(let name): return differing.contains(name)
    case .paren(let inner): return makesDiffering(inner)
    case .call(let callee, let arguments):
      guard case .name(let word) = callee.kind else { return false }
      if differing.contains(word) || checker.libraryModel(word)?.differsInTraining == true { return true }
      // What makes a model of others, or fills one with numbers; a call of anything else gives something else.
      guard word == "init" || checker.libraryModel(word) != nil else { return false }
      return arguments.contains { makesDiffering($0.value) }
    default: return false
    }
  }

  mutating func visit(_ statement: Statement) {
    var places: [(SourceRange, String)] = []
    TreeWalk.expressions(in: statement) { expression in
      guard case .call(let callee, let arguments) = expression.kind else { return }
      if let function = differentiated(expression) {
        for name in calledNames(of: function) where differing.contains(name) && !function.binds(name) { places.append((expression.range, name)) }
      }
      // `grad(loss)(net, x, y)`: the net is an argument.
      guard let function = differentiated(callee) else { return }
      let called = calledNames(of: function)
      for (parameter, argument) in zip(function.parameters, arguments) {
        guard case .name(let inner) = parameter.pattern.kind, called.contains(inner), makesDiffering(argument.value) else { continue }
        places.append((expression.range, inner))
      }
    }
    for (range, name) in places where !found.contains(where: { $0.range == range }) {
      let words = "`\(name)(…)` is serving: dropout is off and states stay; `apply(\(name), x, training: true)` is training"
      found.append(Advice(range: range, words: words))
    }
  }

  /// The function that `grad(f)` or `value_and_grad(f)` takes.
  private func differentiated(_ expr: Expr) -> Function? {
    guard case .call(let callee, let arguments) = expr.kind, case .name(let word) = callee.kind,
      word == "grad" || word == "value_and_grad", let first = arguments.first?.value
    else { return nil }
    switch first.kind {
    case .lambda(let function): return function
    case .name(let name): return functions[name]
    default: return nil
    }
  }

  private func calledNames(of function: Function) -> Set<String> {
    var names: Set<String> = []
    TreeWalk.expressions(in: function) { expression in
      if case .call(let callee, _) = expression.kind, case .name(let name) = callee.kind { names.insert(name) }
    }
    return names
  }
}

extension Function {
  fileprivate func binds(_ name: String) -> Bool {
    parameters.contains { parameter in
      if case .name(name) = parameter.pattern.kind { true } else { false }
    }
  }
}

extension ModelDeclaration {
  /// Has a state, or asks for `training`.
  fileprivate var differsInTraining: Bool {
    var differs = false
    for member in members {
      switch member {
      case .state: differs = true
      case .function(let function):
        TreeWalk.expressions(in: function) { if case .name("training") = $0.kind { differs = true } }
      case .param, .binding: break
      }
    }
    return differs
  }
}
