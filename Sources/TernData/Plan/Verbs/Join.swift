internal import TernTensor

/// Rows of two tables that agree in some columns: those columns, the rest of the left, the rest of the right.
///
/// Rows come in the left's order, several matches in the right's. A column both have gets `_right` on the right. Missing
/// agrees with nothing.
package struct Join: PlanStep {
  package enum Kind: String, Sendable {
    /// Rows that match.
    case inner
    /// All rows of the left; where nothing matches, the right's cells are missing.
    case left
  }

  package let names: [String]
  package let kind: Kind
  package var title: String { "join(on: \(names.joined(separator: ", ")), \(kind.rawValue))" }

  package func run(_ inputs: [Table]) throws -> Table {
    guard inputs.count == 2 else { throw DataError.noColumns(operation: "join") }
    return try join(inputs[0], inputs[1])
  }

  package func names(of inputs: [[String]]) throws -> [String] {
    guard inputs.count == 2 else { throw DataError.noColumns(operation: "join") }
    for known in inputs { try known.checking(names) }
    let added = inputs[1].filter { !names.contains($0) }
    return try (inputs[0] + added.map { inputs[0].contains($0) ? "\($0)_right" : $0 }).distinct()
  }

  private func join(_ left: Table, _ right: Table) throws(DataError) -> Table {
    let matches = try pairs(left, right)
    var entries = left.gathered(matches.left).entries
    for (name, column) in right.entries where !names.contains(name) {
      entries.append((left.contains(name) ? "\(name)_right" : name, try column.gathered(matches.right, name: name)))
    }
    return try Table(entries)
  }

  /// The most rows that fit in memory: every row of the one may match every row of the other.
  private func limit(_ left: Table, _ right: Table) -> Int {
    let width = 24 + 8 * (left.names.count + right.names.count)
    return MemoryBudget.limit > 0 ? MemoryBudget.limit / width : .max
  }

  /// Rows to put side by side; nil on the right where nothing matches.
  private func pairs(_ left: Table, _ right: Table) throws(DataError) -> (left: [Int], right: [Int?]) {
    let (leftKeys, rightKeys) = (try left.selecting(names), try right.selecting(names))
    for (name, (a, b)) in zip(names, zip(leftKeys.columns, rightKeys.columns)) where a.type != b.type {
      throw .columnType(column: name, needed: a.type.name, found: b.type.name)
    }
    var places: [[Cell]: [Int]] = [:]
    for row in 0..<right.rowCount { places[rightKeys.columns.map { $0[row] }, default: []].append(row) }
    var pairs: (left: [Int], right: [Int?]) = ([], [])
    let limit = limit(left, right)
    for row in 0..<left.rowCount {
      let key = leftKeys.columns.map { $0[row] }
      let found: [Int?] = key.contains(.missing) ? [] : places[key] ?? []
      if found.count > limit - pairs.left.count { throw .tooManyRows(operation: "join", limit: limit) }
      for match in found.isEmpty && kind == .left ? [nil] : found {
        pairs.left.append(row)
        pairs.right.append(match)
      }
    }
    return pairs
  }
}

extension Column {
  /// The cells at `rows`, missing where there is no row.
  /// - Throws: `missingCells` for a tensor column, which cannot have any.
  fileprivate func gathered(_ rows: [Int?], name: String) throws(DataError) -> Column {
    let lacking = rows.count { $0 == nil }
    guard lacking > 0 else { return gathered(rows.compactMap { $0 }) }
    if case .tensor = cells { throw .missingCells(column: name, count: lacking) }
    return try Column(rows.map { $0.map { self[$0] } ?? .missing }, name: name, type: type)
  }
}
