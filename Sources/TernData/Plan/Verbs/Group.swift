/// One row for each combination of cells in some columns, in order of first appearance.
package struct Group: Verb {
  package let names: [String]
  package let summaries: [GroupSummary]
  package var title: String { "group(\(names.joined(separator: ", ")))" }

  package func apply(to table: Table) throws -> Table {
    let keys = try table.selecting(names)
    let groups = GroupIndex(keys.columns)
    let parts = groups.rows.map(table.gathered)
    var entries = keys.gathered(groups.firstRows).entries
    for summary in summaries {
      var cells = ColumnBuilder(name: summary.name)
      for (number, part) in parts.enumerated() { try cells.append(try summary.cell(part, number)) }
      entries.append((summary.name, try cells.finished()))
    }
    return try Table(entries)
  }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(names)
    return try (names + summaries.map(\.name)).distinct()
  }
}

/// What to say of a group, from its rows and its number.
package struct GroupSummary: Sendable {
  package let name: String
  package let cell: @Sendable (Table, Int) throws -> Cell

  package init(_ name: String, _ cell: @escaping @Sendable (Table, Int) throws -> Cell) {
    self.name = name
    self.cell = cell
  }
}
