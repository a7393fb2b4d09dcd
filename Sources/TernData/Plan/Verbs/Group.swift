/// One row for each combination of cells in some columns, in order of first appearance.
package struct Group: Verb {
  package let names: [String]
  /// What to say of a group, from its rows.
  package let summary: @Sendable (Table) throws -> Row
  package var title: String { "group(\(names.joined(separator: ", ")))" }

  package func apply(to table: Table) throws -> Table {
    let keys = try table.selecting(names)
    let groups = GroupIndex(keys.columns)
    let heads = keys.gathered(groups.firstRows)
    guard groups.count > 0 else { return heads }
    var rows = RowCollector()
    for group in groups.rows { try rows.append(try summary(table.gathered(group))) }
    return try Table(heads.entries + rows.table().entries)
  }
}
