/// What the columns of a table are: the facts a header shows and completion offers.
package struct Schema: Equatable, Sendable {
  package struct Field: Equatable, Sendable {
    package let name: String
    package let type: ColumnType
    package let missingCount: Int
  }

  package let fields: [Field]
  package let rowCount: Int

  package init(_ table: Table) {
    fields = table.entries.map { Field(name: $0.name, type: $0.column.type, missingCount: $0.column.missingCount) }
    rowCount = table.rowCount
  }

  package var names: [String] { fields.map(\.name) }
}
