package import TernRuntime
package import TernSyntax

/// A remark of `tern check` that is no error.
package struct Advice {
  package let range: SourceRange
  package let words: String

  package func text(in source: SourceText) -> String { "\(source.name):\(source.line(at: range.start)): note: \(words)" }

  package static func all(in tree: SourceTree, _ checker: Checker) -> [Advice] {
    var search = AdviceSearch()
    for cell in tree.cells where !cell.flags.contains("skip") { search.visit(cell.statements) }
    let all = search.found + marks(in: tree) + chance(in: tree, checker) + serving(in: tree, checker)
    return all.sorted { $0.range.start < $1.range.start }
  }

  private static let knownFlags = ["skip", "raises"]
  private static let knownOptions = ["tol"]

  /// Marks of cells that do nothing, and two cells of one name, which draw the same numbers.
  private static func marks(in tree: SourceTree) -> [Advice] {
    var found: [Advice] = [], names: Set<String> = []
    for cell in tree.cells {
      if let name = cell.identifier, !names.insert(name).inserted {
        found.append(Advice(range: cell.range, words: "another cell is called `#\(name)` too, and draws the same numbers"))
      }
      for (word, known) in cell.flags.map({ ($0, knownFlags) }) + cell.options.keys.map({ ($0, knownOptions) }) where !known.contains(word) {
        let near = didYouMean(word, among: knownFlags + knownOptions).map { "; did you mean `\($0)`?" } ?? ""
        found.append(Advice(range: cell.range, words: "`\(word)` in the cell's line says nothing to Tern\(near)"))
      }
    }
    return found
  }
}

/// Looks for what is allowed and hardly ever meant.
private struct AdviceSearch {
  private(set) var found: [Advice] = []
  private var scopes: [Set<String>] = [[]]

  // MARK: A `let` that hides a name and is never read

  mutating func visit(_ statements: [Statement]) {
    for (position, statement) in statements.enumerated() {
      if scopes.count > 1 { checkShadowing(statement, before: statements[(position + 1)...]) }
      visit(statement)
      if case .binding(_, let pattern, _, _, _) = statement.kind, case .name(let name) = pattern.kind {
        scopes[scopes.count - 1].insert(name)
      }
    }
  }

  private mutating func checkShadowing(_ statement: Statement, before rest: ArraySlice<Statement>) {
    guard case .binding(false, let pattern, _, let value, _) = statement.kind, case .name(let name) = pattern.kind,
      scopes.contains(where: { $0.contains(name) }), value.mentions(name), !rest.contains(where: { $0.mentions(name) })
    else { return }
    found.append(
      Advice(
        range: statement.range,
        words: "this `let` hides `\(name)` and is never read; did you mean `\(name) = …` on a `var`?"))
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .function(let function): visit(function)
    case .forLoop(let pattern, _, let body):
      if case .name(let name) = pattern.kind { within([name]) { $0.visit(body.statements) } } else { within([]) { $0.visit(body.statements) } }
    case .whileLoop(_, let body): within([]) { $0.visit(body.statements) }
    default: break
    }
    var blocks: [Block] = []
    TreeWalk.expressions(in: statement) { expression in
      switch expression.kind {
      case .conditional(_, let then, _): blocks.append(then)
      case .block(let block): blocks.append(block)
      default: break
      }
    }
    if case .expression = statement.kind { for block in blocks { within([]) { $0.visit(block.statements) } } }
    checkLosses(statement)
  }

  private mutating func visit(_ function: Function) {
    guard case .block(let block) = function.body else { return }
    let names = function.parameters.compactMap { parameter -> String? in
      if case .name(let name) = parameter.pattern.kind { name } else { nil }
    }
    within(Set(names)) { $0.visit(block.statements) }
  }

  private mutating func within(_ names: Set<String>, _ work: (inout AdviceSearch) -> Void) {
    scopes.append(names)
    work(&self)
    scopes.removeLast()
  }

  // MARK: `softmax` before `cross_entropy`

  private mutating func checkLosses(_ statement: Statement) {
    var ranges: [SourceRange] = []
    TreeWalk.expressions(in: statement) { expression in
      guard case .call(let callee, let arguments) = expression.kind, case .name("cross_entropy") = callee.kind,
        let scores = arguments.first?.value, case .call(let inner, _) = scores.kind, case .name("softmax") = inner.kind
      else { return }
      ranges.append(scores.range)
    }
    for range in ranges where !found.contains(where: { $0.range == range }) {
      found.append(Advice(range: range, words: "`cross_entropy` takes raw scores and does the `softmax` itself"))
    }
  }
}

extension Expr {
  fileprivate func mentions(_ name: String) -> Bool {
    var isFound = false
    TreeWalk.expressions(in: self) { if case .name(name) = $0.kind { isFound = true } }
    return isFound
  }
}

extension Statement {
  fileprivate func mentions(_ name: String) -> Bool {
    var isFound = false
    TreeWalk.expressions(in: self) { if case .name(name) = $0.kind { isFound = true } }
    return isFound
  }
}
