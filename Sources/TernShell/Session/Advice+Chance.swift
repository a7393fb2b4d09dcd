import TernRuntime
import TernSyntax

extension Advice {
  /// A draw depends on its cell's `{#id}`, else on its number: a recorded output that draws changes when a cell is put
  /// before it. A file of one cell has no such neighbours.
  static func chance(in tree: SourceTree, _ checker: Checker) -> [Advice] {
    guard tree.cells.count > 1 else { return [] }
    let drawing = drawingFunctions(of: tree, checker)
    return tree.cells.compactMap { cell -> Advice? in
      guard cell.identifier == nil, !cell.flags.contains("skip"), isRecorded(cell, tree),
        let word = cell.statements.lazy.compactMap({ $0.drawingWord(drawing, checker) }).first
      else { return nil }
      return Advice(
        range: cell.range,
        words: "`\(word)` draws, and what is recorded here changes with the cell's number; `{#name}` in its line, or `seed:`, holds it")
    }
  }

  private static func isRecorded(_ cell: CellTree, _ tree: SourceTree) -> Bool {
    tree.comments.contains { comment in
      comment.kind == .output && cell.range.start <= comment.range.start && comment.range.end <= cell.range.end
    }
  }

  /// The file's functions that draw, themselves or through one another.
  private static func drawingFunctions(of tree: SourceTree, _ checker: Checker) -> Set<String> {
    var functions: [(name: String, statement: Statement)] = []
    for statement in tree.cells.flatMap(\.statements) {
      if case .function(let function) = statement.kind, let name = function.name { functions.append((name.text, statement)) }
    }
    var drawing: Set<String> = []
    while let found = functions.first(where: { !drawing.contains($0.name) && $0.statement.drawingWord(drawing, checker) != nil }) {
      drawing.insert(found.name)
    }
    return drawing
  }
}

extension Statement {
  /// A word called here that draws without a seed of its own. A function's body counts only for the function itself.
  fileprivate func drawingWord(_ functions: Set<String>, _ checker: Checker) -> String? {
    var found: String?
    TreeWalk.expressions(in: self) { expression in
      guard found == nil, case .call(let callee, let arguments) = expression.kind, case .name(let word) = callee.kind,
        functions.contains(word) || checker.draws(word)
      else { return }
      let isSeeded = arguments.contains { argument in
        switch argument.kind {
        case .label(let label): label.text == "seed"
        case .spread: true
        case .positional: false
        }
      }
      if !isSeeded { found = word }
    }
    return found
  }
}
