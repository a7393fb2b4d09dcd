internal import TernTensor

/// Collects cells into a column: ints widen to floats when a float comes; other kinds do not mix.
package struct ColumnBuilder {
  private let name: String
  /// What an empty or wholly missing column becomes.
  private let fallback: ColumnType
  private var cells: [Cell] = []
  /// The first cell's kind, widened by later ones.
  private var type: ColumnType?

  package init(name: String, type: ColumnType = .float) {
    self.name = name
    fallback = type
  }

  /// - Throws: `mixedCells` when the cell does not fit those before it.
  package mutating func append(_ cell: Cell) throws(DataError) {
    if let added = cell.type {
      guard let merged = ColumnBuilder.merge(type, added) else {
        throw .mixedCells(column: name, row: cells.count, needed: type?.name ?? "", found: added.name)
      }
      type = merged
    }
    cells.append(cell)
  }

  private static func merge(_ a: ColumnType?, _ b: ColumnType) -> ColumnType? {
    guard let a, a != b else { return b }
    return (a == .int && b == .float) || (a == .float && b == .int) ? .float : nil
  }

  package func finished() throws(DataError) -> Column {
    let validity = Validity(count: cells.count) { cells[$0] != .missing }.reduced
    switch type ?? fallback {
    case .int: return .int(cells.map { if case .int(let value) = $0 { value } else { 0 } }, validity: validity)
    case .float: return .float(cells.map { $0.number ?? 0 }, validity: validity)
    case .bool: return .bool(cells.map { $0 == .bool(true) }, validity: validity)
    case .text: return .text(cells.map { if case .text(let value) = $0 { value } else { nil } })
    case .time: return .time(cells.map { if case .time(let value) = $0 { value } else { 0 } }, validity: validity)
    case .tensor: return try stacked(validity)
    }
  }

  private func stacked(_ validity: Validity?) throws(DataError) -> Column {
    if let validity { throw .missingCells(column: name, count: validity.count - validity.presentCount) }
    let rows = cells.compactMap { if case .tensor(let row) = $0 { row.tensor } else { nil } }
    guard let stack = Tensor.stacking(rows) else { throw .noRows(operation: "stack") }
    return try .tensor(stack)
  }
}

extension Cell {
  /// The type of the column this cell fits, nil when it is missing.
  package var type: ColumnType? {
    switch self {
    case .missing: nil
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .text: .text
    case .time: .time
    case .tensor(let cells): .tensor(cells.tensor.dtype, cells.tensor.shape.array)
    }
  }
}

extension Column {
  /// A column of the given cells.
  /// - Throws: `mixedCells`.
  package init(_ cells: some Sequence<Cell>, name: String = "", type: ColumnType = .float) throws(DataError) {
    var builder = ColumnBuilder(name: name, type: type)
    for cell in cells { try builder.append(cell) }
    self = try builder.finished()
  }
}
