/// Named columns of one length, in order. A value: columns are shared until they change.
package struct Table: Sendable {
  package let names: [String]
  package let columns: [Column]
  package let rowCount: Int
  private let places: [String: Int]

  /// - Throws: `repeatedColumn`; `columnLength` when the columns differ in length.
  package init(_ entries: [(name: String, column: Column)]) throws(DataError) {
    let rowCount = entries.first?.column.count ?? 0
    var places: [String: Int] = [:]
    for (place, entry) in entries.enumerated() {
      guard places.updateValue(place, forKey: entry.name) == nil else { throw .repeatedColumn(name: entry.name) }
      guard entry.column.count == rowCount else {
        throw .columnLength(name: entry.name, needed: rowCount, found: entry.column.count)
      }
    }
    self.init(names: entries.map(\.name), columns: entries.map(\.column), rowCount: rowCount, places: places)
  }

  private init(names: [String], columns: [Column], rowCount: Int, places: [String: Int]) {
    self.names = names
    self.columns = columns
    self.rowCount = rowCount
    self.places = places
  }

  package var entries: [(name: String, column: Column)] { Array(zip(names, columns)).map { (name: $0, column: $1) } }

  package func contains(_ name: String) -> Bool { places[name] != nil }

  /// - Throws: `unknownColumn`, with the names there are.
  package func column(_ name: String) throws(DataError) -> Column {
    guard let place = places[name] else { throw .unknownColumn(name: name, known: names) }
    return columns[place]
  }

  /// The row as its named cells.
  /// - Throws: `rowOutOfRange`; negative rows count from the end.
  package func row(_ index: Int) throws(DataError) -> Row {
    let row = index < 0 ? index + rowCount : index
    guard row >= 0, row < rowCount else { throw .rowOutOfRange(index: index, count: rowCount) }
    return zip(names, columns).map { (name: $0, cell: $1[row]) }
  }

  // MARK: Rows

  /// The rows at `rows`, which all exist, in that order.
  package func gathered(_ rows: [Int]) -> Table { mapColumns(rowCount: rows.count) { $0.gathered(rows) } }

  /// A range of rows, which all exist.
  package func sliced(_ rows: Range<Int>) -> Table { mapColumns(rowCount: rows.count) { $0.sliced(rows) } }

  /// A range of rows.
  /// - Throws: `rowOutOfRange` for an end that is not there.
  package func rows(in range: Range<Int>) throws(DataError) -> Table {
    guard range.lowerBound >= 0 else { throw .rowOutOfRange(index: range.lowerBound, count: rowCount) }
    guard range.upperBound <= rowCount else { throw .rowOutOfRange(index: range.upperBound, count: rowCount) }
    return sliced(range)
  }

  private func mapColumns(rowCount: Int, _ change: (Column) -> Column) -> Table {
    Table(names: names, columns: columns.map(change), rowCount: rowCount, places: places)
  }

  /// The rows where `mask` is true; a missing answer drops its row.
  /// - Throws: `badOperand` when the mask is not bool, `columnLength`.
  package func filtered(_ mask: Column) throws(DataError) -> Table {
    guard case .bool(let keeps) = mask.cells else { throw .badOperand(operation: "where", found: mask.type.name) }
    guard keeps.count == rowCount else { throw .columnLength(name: "where", needed: rowCount, found: keeps.count) }
    return gathered(keeps.indices.filter { keeps[$0] && mask.isPresent($0) })
  }

  // MARK: Columns

  /// - Throws: `unknownColumn`, `repeatedColumn`.
  package func selecting(_ wanted: [String]) throws(DataError) -> Table {
    if wanted == names { return self }
    var entries: [(name: String, column: Column)] = []
    for name in wanted { entries.append((name, try column(name))) }
    return try Table(entries)
  }

  /// - Throws: `unknownColumn`.
  package func dropping(_ unwanted: [String]) throws(DataError) -> Table {
    for name in unwanted { _ = try column(name) }
    return try Table(entries.filter { !unwanted.contains($0.name) })
  }

  /// - Throws: `unknownColumn`, `repeatedColumn`.
  package func renaming(_ changes: [(old: String, new: String)]) throws(DataError) -> Table {
    var renamed = names
    for change in changes {
      guard let place = places[change.old] else { throw .unknownColumn(name: change.old, known: names) }
      renamed[place] = change.new
    }
    return try Table(zip(renamed, columns).map { (name: $0, column: $1) })
  }

  /// Columns put in the place of those of the same name, or at the end.
  /// - Throws: `columnLength`.
  package func setting(_ added: [(name: String, column: Column)]) throws(DataError) -> Table {
    var result = entries
    for entry in added {
      if let place = result.firstIndex(where: { $0.name == entry.name }) { result[place] = entry } else { result.append(entry) }
    }
    return try Table(result)
  }
}

extension [String] {
  /// Names of columns that are all among these.
  /// - Throws: `unknownColumn`.
  func checking(_ names: [String]) throws(DataError) {
    for name in names where !contains(name) { throw .unknownColumn(name: name, known: self) }
  }

  /// Itself, when no name stands in it twice.
  /// - Throws: `repeatedColumn`.
  func distinct() throws(DataError) -> [String] {
    var seen: Set<String> = []
    for name in self where !seen.insert(name).inserted { throw .repeatedColumn(name: name) }
    return self
  }
}

/// One row: named cells, in the table's order.
package typealias Row = [(name: String, cell: Cell)]
