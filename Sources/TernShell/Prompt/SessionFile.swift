import TernRuntime
package import TernSyntax

/// A session as a file: the cells that ran and still matter, with what they showed.
package struct SessionFile {
  private struct Cell {
    let text: String
    let tree: CellTree
    var output: [String]
  }

  private var cells: [Cell] = []

  package init() {}

  package var count: Int { cells.count }

  package mutating func add(_ text: String, _ tree: CellTree, output: String) {
    cells.append(Cell(text: text, tree: tree, output: recordable(output)))
  }

  /// Goes back to the first so many cells.
  package mutating func keep(first count: Int) { cells.removeLast(max(cells.count - count, 0)) }

  /// What is bound again later without having been read is left out, and so is what only led there. A cell that showed something
  /// stays for what it showed.
  package func text(defining names: [String]) -> String {
    var needed = Set(names), kept: [Cell] = []
    for cell in cells.reversed() {
      let bound = Set(cell.tree.statements.flatMap(\.boundNames)), changed = Set(cell.tree.statements.flatMap(\.changedNames))
      guard !cell.output.isEmpty || !needed.isDisjoint(with: bound.union(changed)) else { continue }
      kept.append(cell)
      needed.subtract(bound)
      var mentioned = NameCollector()
      for statement in cell.tree.statements { mentioned.visit(statement) }
      needed.formUnion(mentioned.all.union(changed).subtracting(SessionFile.boundFirst(cell.tree)))
    }
    return kept.reversed().map { cell in
      "# %%\n" + cell.text.trimmed + "\n" + cell.output.map { "#>" + ($0.isEmpty ? "" : " " + $0) + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// Names that the cell binds before it mentions them.
  private static func boundFirst(_ cell: CellTree) -> Set<String> {
    var bound: Set<String> = [], mentioned = NameCollector()
    for statement in cell.statements {
      mentioned.visit(statement)
      bound.formUnion(statement.boundNames.filter { !mentioned.all.contains($0) })
    }
    return bound
  }
}
