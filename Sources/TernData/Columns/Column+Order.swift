/// Order, distinct cells and groups.
extension Column {
  /// The rows in ascending order of their cells: stable, missing last (and NaN before missing), whatever the direction.
  package func order(descending: Bool = false) throws(DataError) -> [Int] {
    try order(of: Array(0..<count), descending: descending)
  }

  /// As `order`, for `rows` as they stand: sorting by a second key first and then by the first sorts by both.
  func order(of rows: [Int], descending: Bool) throws(DataError) -> [Int] {
    switch cells {
    case .int(let values), .time(let values): return sorted(rows, descending) { values[$0] < values[$1] }
    case .bool(let values): return sorted(rows, descending) { !values[$0] && values[$1] }
    case .text(let values):
      let ranks = values.ranks
      return sorted(rows, descending) { ranks[Int(values.codes[$0])] < ranks[Int(values.codes[$1])] }
    case .float(let values):
      let isNumber = rows.filter { isPresent($0) && !values[$0].isNaN }
      let isNaN = rows.filter { isPresent($0) && values[$0].isNaN }
      let numbers = sorted(isNumber, descending) { values[$0] < values[$1] }
      return numbers + isNaN + rows.filter { !isPresent($0) }
    case .tensor: throw .badOperand(operation: "sort", found: type.name)
    }
  }

  /// Ties are broken by place, since the standard library does not promise a stable sort.
  private func sorted(_ rows: [Int], _ descending: Bool, _ precedes: (Int, Int) -> Bool) -> [Int] {
    let present = rows.filter(isPresent)
    let order = present.indices.sorted { a, b in
      let x = present[a], y = present[b]
      if descending ? precedes(y, x) : precedes(x, y) { return true }
      if descending ? precedes(x, y) : precedes(y, x) { return false }
      return a < b
    }
    return order.map { present[$0] } + (validity == nil ? [] : rows.filter { !isPresent($0) })
  }

  /// The distinct cells that are present, in order of first appearance.
  package func distinct() -> Column {
    let groups = GroupIndex([self])
    return gathered(groups.firstRows.filter(isPresent))
  }

  /// The cell that most rows hold, the least of them when several do; nil when nothing is present.
  package var mostFrequent: Cell? {
    let groups = GroupIndex([self])
    let counted = zip(groups.firstRows, groups.sizes).filter { isPresent($0.0) }.map { (cell: self[$0], count: $1) }
    return counted.max { ($0.count, $1.cell) < ($1.count, $0.cell) }?.cell
  }

  /// The distinct cells that are present, sorted.
  package func sortedDistinct() throws(DataError) -> Column {
    let found = distinct()
    return found.gathered(try found.order())
  }
}

extension TextCells {
  /// The place of each category in the order of text.
  fileprivate var ranks: [Int] {
    var ranks = Array(repeating: 0, count: categories.count)
    let order = categories.indices.sorted { Cell.text(categories[$0]) < .text(categories[$1]) }
    for (rank, code) in order.enumerated() { ranks[code] = rank }
    return ranks
  }
}

/// Rows that agree in some columns, numbered in order of first appearance. Missing agrees with missing.
package struct GroupIndex: Sendable {
  /// The group of each row.
  package let groups: [Int]
  /// The first row of each group.
  package let firstRows: [Int]

  package var count: Int { firstRows.count }

  /// Groups by one or more columns of equal length: by the first, then what it left together by the next.
  package init(_ columns: [Column]) {
    var groups = columns.first?.groupNumbers ?? []
    for column in columns.dropFirst() { groups = GroupIndex.refined(groups, by: column.groupNumbers) }
    var firstRows: [Int] = []
    for (row, group) in groups.enumerated() where group == firstRows.count { firstRows.append(row) }
    self.groups = groups
    self.firstRows = firstRows
  }

  /// How many rows each group has.
  package var sizes: [Int] {
    var sizes = Array(repeating: 0, count: count)
    for group in groups { sizes[group] += 1 }
    return sizes
  }

  /// The rows of each group, in order.
  package var rows: [[Int]] {
    var rows = Array(repeating: [Int](), count: count)
    for (row, group) in groups.enumerated() { rows[group].append(row) }
    return rows
  }

  private static func refined(_ a: [Int], by b: [Int]) -> [Int] {
    struct Pair: Hashable { let a, b: Int }
    return numbered(a.indices.map { Pair(a: a[$0], b: b[$0]) })
  }

  fileprivate static func numbered<Key: Hashable>(_ keys: [Key]) -> [Int] {
    var numbers: [Key: Int] = [:]
    return keys.map { key in
      if let known = numbers[key] { return known }
      numbers[key] = numbers.count
      return numbers.count - 1
    }
  }
}

extension Column {
  /// Each row's number among the distinct cells, in order of first appearance.
  fileprivate var groupNumbers: [Int] {
    if validity == nil, case .int(let values) = cells { return GroupIndex.numbered(values) }
    if case .text(let values) = cells { return GroupIndex.numbered(values.codes) }
    return GroupIndex.numbered((0..<count).map { self[$0] })
  }
}
