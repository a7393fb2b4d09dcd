package import TernTensor

/// Verbs that put rows in another order.
package struct SortKey: Equatable, Sendable {
  package let name: String
  package let isDescending: Bool

  package init(_ name: String, descending: Bool = false) {
    self.name = name
    isDescending = descending
  }
}

package struct Sort: Verb {
  package let keys: [SortKey]
  package var title: String { "sort(\(keys.map { ($0.isDescending ? "-" : "") + $0.name }.joined(separator: ", ")))" }

  package func apply(to table: Table) throws -> Table {
    let columns = try keys.map { (column: try table.column($0.name), isDescending: $0.isDescending) }
    return table.gathered(try order(table.rowCount, columns))
  }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(keys.map(\.name))
    return known
  }
}

package struct SortBy: Verb {
  package let isDescending: Bool
  package let keys: @Sendable (Table) throws -> [Column]
  package let title = "sort(by: …)"

  package func apply(to table: Table) throws -> Table {
    let columns = try keys(table)
    for column in columns where column.count != table.rowCount {
      throw DataError.columnLength(name: "sort", needed: table.rowCount, found: column.count)
    }
    return table.gathered(try order(table.rowCount, columns.map { (column: $0, isDescending: isDescending) }))
  }
}

/// By the last key first: each stable pass keeps the order that later keys made among equals.
private func order(_ count: Int, _ keys: [(column: Column, isDescending: Bool)]) throws(DataError) -> [Int] {
  var rows = Array(0..<count)
  for key in keys.reversed() { rows = try key.column.order(of: rows, descending: key.isDescending) }
  return rows
}

package struct Shuffle: Verb {
  package let key: Key
  package let title = "shuffle(…)"

  package func apply(to table: Table) -> Table {
    table.gathered(Array(Permutation(count: table.rowCount, key: key)))
  }
}

package struct Reverse: Verb {
  package let title = "reverse()"
  package func apply(to table: Table) -> Table { table.gathered((0..<table.rowCount).reversed()) }
}
