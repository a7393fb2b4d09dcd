package import TernTensor

/// Verbs that choose rows.
package struct Where: Verb {
  package let mask: @Sendable (Table) throws -> Column
  package let title = "where(…)"
  package func apply(to table: Table) throws -> Table { try table.filtered(try mask(table)) }
}

package struct DropMissing: Verb {
  package let names: [String]?
  package var title: String { "drop_missing(\((names ?? []).joined(separator: ", ")))" }

  package func apply(to table: Table) throws -> Table {
    let looked = try names.map { names in try names.map { try table.column($0) } } ?? table.columns
    guard let present = looked.reduce(nil, { Validity.both($0, $1.validity) }) else { return table }
    return table.gathered((0..<table.rowCount).filter { present[$0] })
  }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(names ?? [])
    return known
  }
}

package struct Take: Verb {
  package let count: Int
  package var title: String { "take(\(count))" }
  package func apply(to table: Table) throws -> Table { table.sliced(0..<(try checked(count, table))) }
}

package struct Skip: Verb {
  package let count: Int
  package var title: String { "skip(\(count))" }
  package func apply(to table: Table) throws -> Table { table.sliced(try checked(count, table)..<table.rowCount) }
}

/// A range of rows, all of which must be there.
package struct Slice: Verb {
  package let range: Range<Int>
  package var title: String { "[\(range.lowerBound)..\(range.upperBound)]" }
  package func apply(to table: Table) throws -> Table { try table.rows(in: range) }
}

package struct Sample: Verb {
  package let count: Int
  package let key: Key
  package var title: String { "sample(\(count))" }

  package func apply(to table: Table) throws -> Table {
    let order = Permutation(count: table.rowCount, key: key)
    return table.gathered(Array(order.prefix(try checked(count, table))))
  }
}

/// The rows of a verb's count that exist.
private func checked(_ count: Int, _ table: Table) throws(DataError) -> Int {
  guard count >= 0 else { throw .badArgument(name: "count", reason: "\(count) is below 0") }
  return min(count, table.rowCount)
}

package struct Distinct: Verb {
  package let names: [String]?
  package var title: String { "distinct(\((names ?? []).joined(separator: ", ")))" }

  package func apply(to table: Table) throws -> Table {
    let looked = try names.map { try table.selecting($0) } ?? table
    return table.gathered(GroupIndex(looked.columns).firstRows)
  }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(names ?? [])
    return known
  }
}
