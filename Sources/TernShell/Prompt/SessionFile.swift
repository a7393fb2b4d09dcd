import TernRuntime
package import TernSyntax

/// A session as a file: the cells that ran and still matter, with what they showed.
package struct SessionFile {
  private struct Cell {
    let number: Int
    /// With what it showed below each statement.
    let text: String
    let statements: [Statement]
    let isShowing: Bool
    /// It drew: then it goes by its number wherever it stands.
    let draws: Bool
  }

  private var cells: [Cell] = []

  package init() {}

  package var count: Int { cells.count }

  /// Names that the cells bind.
  var names: Set<String> { Set(cells.flatMap(\.statements).flatMap(\.changedNames)) }

  /// - Parameter text: With its outputs.
  package mutating func add(_ text: String, number: Int, _ statements: [Statement], isShowing: Bool, draws: Bool = false) {
    cells.append(Cell(number: number, text: text, statements: statements, isShowing: isShowing, draws: draws))
  }

  /// Goes back to the first so many cells.
  package mutating func keep(first count: Int) { cells.removeLast(max(cells.count - count, 0)) }

  /// All cells under the numbers they had, those that kept nothing empty: run again, they draw what they drew.
  package var transcript: String {
    var text = "", next = 1
    for cell in cells {
      while next < cell.number {
        text += "# %%\n"
        next += 1
      }
      text += "# %%\n\(cell.text.trimmed)\n"
      next = cell.number + 1
    }
    return text
  }

  /// What is bound again later without having been read is left out, and so is what only led there. A cell that showed something
  /// stays for what it showed.
  package func text(defining names: [String]) -> String {
    var needed = Set(names), kept: [Cell] = []
    for cell in cells.reversed() {
      let bound = Set(cell.statements.flatMap(\.boundNames)), changed = Set(cell.statements.flatMap(\.changedNames))
      guard cell.isShowing || !needed.isDisjoint(with: bound.union(changed)) else { continue }
      kept.append(cell)
      needed.subtract(bound)
      var mentioned = NameCollector()
      for statement in cell.statements { mentioned.visit(statement) }
      needed.formUnion(mentioned.all.union(changed).subtracting(SessionFile.boundFirst(cell.statements)))
    }
    return kept.reversed().enumerated().map { place, cell in
      "# %%\(cell.draws && cell.number != place + 1 ? " {#\(cell.number)}" : "")\n\(cell.text.trimmed)\n"
    }.joined(separator: "\n")
  }

  /// Names that the cell binds before it mentions them.
  private static func boundFirst(_ statements: [Statement]) -> Set<String> {
    var bound: Set<String> = [], mentioned = NameCollector()
    for statement in statements {
      mentioned.visit(statement)
      bound.formUnion(statement.boundNames.filter { !mentioned.all.contains($0) })
    }
    return bound
  }
}
