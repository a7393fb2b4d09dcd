/// Verbs that choose and name columns.
package struct Select: Verb {
  package let names: [String]
  package var title: String { "select(\(names.joined(separator: ", ")))" }
  package func apply(to table: Table) throws -> Table { try table.selecting(names) }
}

package struct Drop: Verb {
  package let names: [String]
  package var title: String { "drop(\(names.joined(separator: ", ")))" }
  package func apply(to table: Table) throws -> Table { try table.dropping(names) }
}

package struct Rename: Verb {
  package let changes: [(old: String, new: String)]
  package var title: String { "rename(\(changes.map { "\($0.old): \($0.new)" }.joined(separator: ", ")))" }
  package func apply(to table: Table) throws -> Table { try table.renaming(changes) }
}

package struct Derive: Verb {
  package let columns: @Sendable (Table) throws -> [(name: String, column: Column)]
  package let title = "derive(…)"
  package func apply(to table: Table) throws -> Table { try table.setting(try columns(table)) }
}
