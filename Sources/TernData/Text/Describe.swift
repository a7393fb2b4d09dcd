/// `describe`: a table with a row for each column and its statistics.
package enum Describe {
  /// `column type count missing`, then of numbers `mean std min median max`, of texts and bools `top`, the most frequent
  /// cell. What does not apply is missing. Tensor columns have counts alone.
  package static func table(_ table: Table) throws(DataError) -> Table {
    var rows = RowCollector()
    for (name, column) in table.entries {
      let head: Row = [("column", .text(name)), ("type", .text(column.type.name))]
      try rows.append(head + counts(column) + statistics(column))
    }
    return try rows.table()
  }

  private static func counts(_ column: Column) -> Row {
    [("count", .int(column.count - column.missingCount)), ("missing", .int(column.missingCount))]
  }

  private static func statistics(_ column: Column) throws(DataError) -> Row {
    let isNumber = column.type == .int || column.type == .float
    var row: Row = []
    for aggregation in [Aggregation.mean, .std, .min, .median, .max] {
      let value = isNumber ? try column.aggregate(aggregation).value.number : nil
      row.append((aggregation.rawValue, value.map(Cell.float) ?? .missing))
    }
    row.append(("top", isNumber ? .missing : top(column)))
    return row
  }

  /// The most frequent cell, as text.
  private static func top(_ column: Column) -> Cell {
    switch column.type {
    case .text, .bool: column.mostFrequent.map { .text($0.text) } ?? .missing
    case .int, .float, .time, .tensor: .missing
    }
  }
}
