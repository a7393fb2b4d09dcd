/// Verbs that choose and name columns.
package struct Select: Verb {
  package let names: [String]
  package var title: String { "select(\(names.joined(separator: ", ")))" }
  package func apply(to table: Table) throws -> Table { try table.selecting(names) }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(names)
    return try names.distinct()
  }
}

package struct Drop: Verb {
  package let names: [String]
  package var title: String { "drop(\(names.joined(separator: ", ")))" }
  package func apply(to table: Table) throws -> Table { try table.dropping(names) }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(names)
    return known.filter { !names.contains($0) }
  }
}

package struct Rename: Verb {
  package let changes: [(old: String, new: String)]
  package var title: String { "rename(\(changes.map { "\($0.old): \($0.new)" }.joined(separator: ", ")))" }
  package func apply(to table: Table) throws -> Table { try table.renaming(changes) }

  package func names(after known: [String]) throws -> [String] {
    try known.checking(changes.map(\.old))
    return try known.map { name in changes.last { $0.old == name }?.new ?? name }.distinct()
  }
}

package struct Derive: Verb {
  package let name: String
  package let column: @Sendable (Table) throws -> Column
  package var title: String { "derive(\(name))" }
  package func apply(to table: Table) throws -> Table { try table.setting([(name: name, column: try column(table))]) }
  package func names(after known: [String]) -> [String] { known.contains(name) ? known : known + [name] }
}
