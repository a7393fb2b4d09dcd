/// Collects rows with the same names into a table.
package struct RowCollector {
  private var names: [String] = []
  private var builders: [ColumnBuilder] = []
  private var count = 0

  package init() {}

  /// - Throws: `missingField`, `unknownColumn` for a row with other names than the first; `mixedCells`; `repeatedColumn`.
  package mutating func append(_ row: Row) throws(DataError) {
    if count == 0 {
      names = row.map(\.name)
      builders = names.map { ColumnBuilder(name: $0) }
    }
    count += 1
    for (place, name) in names.enumerated() {
      // Nearly always the names come in the same order.
      let inPlace = row.indices.contains(place) && row[place].name == name
      guard let field = inPlace ? row[place] : row.first(where: { $0.name == name }) else {
        throw .missingField(column: name, given: row.map(\.name))
      }
      try builders[place].append(field.cell)
    }
    if row.count > names.count, let extra = row.first(where: { !names.contains($0.name) }) {
      throw .unknownColumn(name: extra.name, known: names)
    }
  }

  package func table() throws(DataError) -> Table {
    var entries: [(name: String, column: Column)] = []
    for (name, builder) in zip(names, builders) { entries.append((name, try builder.finished())) }
    return try Table(entries)
  }
}
