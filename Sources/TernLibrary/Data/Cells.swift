import TernData
import TernRuntime
import TernSyntax
import TernTensor

// Values of the language as cells and columns, and back.

extension Value {
  init(_ cell: Cell) {
    self =
      switch cell {
      case .missing: .none
      case .int(let number): .int(number)
      case .float(let number): .float(number)
      case .bool(let flag): .bool(flag)
      case .text(let text): .string(text)
      case .time(let nanoseconds): .time(nanoseconds)
      case .tensor(let cells): .tensor(cells.tensor)
      }
  }

  init(_ row: Row) {
    let record = RecordObject()
    for field in row { record.set(field.name, Value(field.cell)) }
    self = .record(record)
  }
}

extension Cell {
  /// nil for what no cell holds: a record, a function, a list of other things than numbers.
  init?(_ value: Value) throws(Fault) {
    switch value {
    case .none: self = .missing
    case .int(let number): self = .int(number)
    case .float(let number): self = .float(number)
    case .bool(let flag): self = .bool(flag)
    case .string(let text): self = .text(text.text)
    case .time(let nanoseconds): self = .time(nanoseconds)
    case .tensor(let tensor):
      switch tensor.rank == 0 ? tensor.scalar : nil {
      case .int(let number)?: self = .int(number)
      case .float(let number)?: self = .float(number)
      case .bool(let flag)?: self = .bool(flag)
      case nil: self = .tensor(TensorCells(tensor))
      }
    case .list(let list): self = .tensor(TensorCells(try TensorList(list).tensor()))
    default: return nil
    }
  }

  /// The cell a value stands for.
  static func of(_ value: Value, in column: String) throws(Fault) -> Cell {
    if let cell = try Cell(value) { return cell }
    throw Fault(
      .columnType, "a cell of `\(column)` is a number, bool, str, time or tensor, or none; this is \(value.description)")
  }
}

extension TernData.Operand {
  /// A side of an operator beside a column; nil for what is neither a column nor a cell.
  init?(_ value: Value) {
    switch value {
    case .foreign(let foreign):
      guard let column = foreign.value as? ColumnValue else { return nil }
      self = .column(column.column)
    case .list: return nil
    case .tensor(let tensor) where tensor.rank > 0: return nil
    default:
      guard let cell = try? Cell(value) else { return nil }
      self = .scalar(cell)
    }
  }
}

extension Column {
  /// A value as a column: a column, a tensor along its first axis, a list or range of cells, or one cell for all rows.
  init(_ value: Value, name: String, rows: Int?) throws(Fault) {
    switch value {
    case .foreign(let foreign):
      if let column = foreign.value as? ColumnValue {
        self = column.column
        return
      }
      guard let tensor = try foreign.value.tensor() else { throw Column.none(value, name) }
      self = try dataCall { try Column.tensor(tensor) }
    case .tensor(let tensor) where tensor.rank > 0: self = try dataCall { try Column.tensor(tensor) }
    case .list(let list): self = try Column(list, name: name)
    case .range(let range):
      guard let count = range.count else { throw Column.none(value, name) }
      try Room.check(count, each: MemoryLayout<Int>.stride, "a column of \(count) ints")
      self = .int((0..<count).map(range.item))
    default:
      guard let cell = try Cell(value) else { throw Column.none(value, name) }
      self = try dataCall { try Column.repeating(cell, count: rows ?? 1) }
    }
  }

  /// A list of cells; lists of numbers inside are rows of a tensor.
  private init(_ list: ListObject, name: String) throws(Fault) {
    if case .list? = list.count > 0 ? list[0] : nil {
      let tensor = try TensorList(list).tensor()
      self = try dataCall { try Column.tensor(tensor) }
      return
    }
    var cells: [Cell] = []
    cells.reserveCapacity(list.count)
    for item in list.values { cells.append(try Cell.of(item, in: name)) }
    let all = cells
    self = try dataCall { try Column(all, name: name) }
  }

  private static func none(_ value: Value, _ name: String) -> Fault {
    Fault(.columnType, "`\(name)` is made of a column, a tensor, a list or a cell; this is \(value.description)")
  }
}
