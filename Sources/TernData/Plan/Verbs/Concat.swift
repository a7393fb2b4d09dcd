/// The rows of several tables, one after the other. They have the same columns, in any order.
package struct Concat: PlanStep {
  package let title = "concat(…)"

  package func run(_ inputs: [Table]) throws -> Table {
    guard var result = inputs.first else { throw DataError.noColumns(operation: "concat") }
    for next in inputs.dropFirst() { result = try Concat.join(result, next) }
    return result
  }

  package func names(of inputs: [[String]]) throws -> [String] {
    let first = inputs.first ?? []
    for names in inputs.dropFirst() {
      try first.checking(names)
      try names.checking(first)
    }
    return first
  }

  private static func join(_ a: Table, _ b: Table) throws(DataError) -> Table {
    for name in b.names where !a.contains(name) { throw .unknownColumn(name: name, known: a.names) }
    var entries: [(name: String, column: Column)] = []
    for (name, column) in a.entries { entries.append((name, try column.followed(by: try b.column(name), name: name))) }
    return try Table(entries)
  }
}
