package import TernData
package import TernRuntime
import TernSyntax
package import TernTensor

/// A table as a value of the language. Its rows are made when they are first asked for; its columns' names are known before.
package final class DatasetValue: ForeignValue {
  package let dataset: Dataset
  let remarks: Remarks?

  /// - Throws: what is wrong with the plan as far as names tell.
  package init(_ dataset: Dataset, remarks: Remarks? = Remarks()) throws(Fault) {
    self.dataset = dataset
    self.remarks = remarks
    _ = try dataCall { try dataset.names() }
  }

  /// A table at hand. Functions see one of their data: nothing is said of its missing cells, since it comes once a group.
  package init(_ table: Table, remarks: Remarks? = nil) {
    dataset = Dataset(table)
    self.remarks = remarks
  }

  /// The rows, made now unless they were made before.
  package func table() throws(Fault) -> Table { try dataCall { try dataset.table() } }

  package var kind: String { "dataset" }
  package var fieldNames: [String] { (try? dataset.names()) ?? [] }
  package var count: Int? { (try? table())?.rowCount }

  package func field(_ name: String) throws(Fault) -> Value? {
    guard fieldNames.contains(name) else { return nil }
    let column = try dataCall { try dataset.column(name) }
    return .foreign(Foreign(ColumnValue(column, name: name, remarks: remarks)))
  }

  package func item(_ position: Int) throws(Fault) -> Value { Value(try dataCall { try dataset.table().row(position) }) }

  /// A small table is shown whole. A dataset that cannot be made says why.
  package func text(width: Int) -> String {
    do throws(Fault) {
      let table = try table()
      let rows = table.rowCount <= DatasetValue.smallCount ? table.rowCount : DatasetValue.firstCount
      return TableText(table, style: TextStyle(width: width, rows: rows)).text
    } catch {
      return "dataset that cannot be made: \(error.message)"
    }
  }

  /// A table has no place inside a list: its size stands for it.
  package var inlineText: String {
    guard let table = try? table() else { return "<dataset>" }
    return "<dataset \(table.rowCount) × \(table.names.count)>"
  }

  private static let smallCount = 12
  private static let firstCount = 5

  package func prepare() throws(Fault) { _ = try table() }

  package func equals(_ other: any ForeignValue) -> Bool {
    guard let other = other as? DatasetValue, let mine = try? table(), let theirs = try? other.table() else { return false }
    return mine.names == theirs.names && mine.rowCount == theirs.rowCount
      && zip(mine.columns, theirs.columns).allSatisfy { $0.allCells == $1.allCells }
  }

  /// `d["kind"]` is a column, `d[3]` a row, `d[0..10]`, `d[mask]` and `d[[0, 2]]` are datasets.
  package func index(_ items: [IndexValue]) throws(Fault) -> Value? {
    guard let item = items.first, items.count == 1, item.axis == nil else { return nil }
    if case .string(let name) = item.value {
      if let column = try field(name.text) { return column }
      throw Fault(.unknownColumn(name.text, among: fieldNames))
    }
    let table = try table(), whole = Value.foreign(Foreign(self))
    switch try RowChoice(item.value, count: table.rowCount, of: whole) {
    case .one(let row): return Value(try dataCall { try table.row(row) })
    case .range(let rows): return .dataset(table.sliced(rows), remarks)
    case .several(let rows): return .dataset(table.gathered(rows), remarks)
    }
  }
}

extension DataError {
  static func unknownColumn(_ name: String, among known: [String]) -> DataError { .unknownColumn(name: name, known: known) }
}

extension Value {
  static func dataset(_ table: Table, _ remarks: Remarks? = Remarks()) -> Value {
    .foreign(Foreign(DatasetValue(table, remarks: remarks)))
  }
}

/// Features and targets, for what trains.
extension DatasetValue {
  /// The numeric columns side by side, `[batch, feature]`; a lone tensor column as it is.
  package func features(excluding excluded: [String] = []) throws(Fault) -> Tensor {
    try dataCall { try table().numericFeatures(excluding: excluded).tensor }
  }

  /// A column as a target: ints stay whole, as class numbers must; floats and bools are f32.
  package func target(_ name: String) throws(Fault) -> Tensor {
    try dataCall { try dataset.column(name).target(name).tensor }
  }
}
