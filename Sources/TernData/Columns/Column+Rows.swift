internal import TernTensor

/// Choosing and joining rows.
extension Column {
  /// The cells at `rows`, which all exist, in that order.
  package func gathered(_ rows: [Int]) -> Column {
    let present = validity.flatMap { old in Validity(count: rows.count) { old[rows[$0]] }.reduced }
    let picked: Cells =
      switch cells {
      case .int(let values): .int(rows.map { values[$0] })
      case .float(let values): .float(rows.map { values[$0] })
      case .bool(let values): .bool(rows.map { values[$0] })
      case .time(let values): .time(rows.map { values[$0] })
      case .text(let values): .text(TextCells(codes: rows.map { values.codes[$0] }, categories: values.categories))
      case .tensor(let values): .tensor(TensorCells(values.tensor.rows(rows)))
      }
    return Column(picked, validity: present, dtype: dtype)
  }

  /// The cells of a range of rows, which all exist.
  package func sliced(_ rows: Range<Int>) -> Column {
    if rows == 0..<count { return self }
    let present = validity.flatMap { old in Validity(count: rows.count) { old[rows.lowerBound + $0] }.reduced }
    let picked: Cells =
      switch cells {
      case .int(let values): .int(Array(values[rows]))
      case .float(let values): .float(Array(values[rows]))
      case .bool(let values): .bool(Array(values[rows]))
      case .time(let values): .time(Array(values[rows]))
      case .text(let values): .text(TextCells(codes: Array(values.codes[rows]), categories: values.categories))
      case .tensor(let values): .tensor(TensorCells(values.tensor.rows(rows)))
      }
    return Column(picked, validity: present, dtype: dtype)
  }

  /// This column's cells, then the other's; ints widen to meet floats.
  /// - Throws: `columnType` when the types do not meet.
  package func followed(by other: Column, name: String) throws(DataError) -> Column {
    let joint = Column.joined(self, other)
    let mismatch = DataError.columnType(column: name, needed: type.name, found: other.type.name)
    switch (cells, other.cells) {
    case (.int(let a), .int(let b)): return Column(.int(a + b), validity: joint, dtype: dtype == other.dtype ? dtype : nil)
    case (.float(let a), .float(let b)): return Column(.float(a + b), validity: joint, dtype: dtype == other.dtype ? dtype : nil)
    case (.int(let a), .float(let b)): return .float(a.map(Double.init) + b, validity: joint)
    case (.float(let a), .int(let b)): return .float(a + b.map(Double.init), validity: joint)
    case (.bool(let a), .bool(let b)): return .bool(a + b, validity: joint)
    case (.time(let a), .time(let b)): return .time(a + b, validity: joint)
    case (.text(let a), .text(let b)): return Column(.text(a.followed(by: b)), validity: joint)
    case (.tensor(let a), .tensor(let b)):
      guard type == other.type, let both = a.tensor.followed(by: b.tensor) else { throw mismatch }
      return Column(.tensor(TensorCells(both)))
    default:
      // A column in which everything is missing has no type of its own.
      if missingCount == count { return try Column(allCells + other.allCells, name: name, type: other.type) }
      if other.missingCount == other.count { return try Column(allCells + other.allCells, name: name, type: type) }
      throw mismatch
    }
  }

  private static func joined(_ a: Column, _ b: Column) -> Validity? {
    guard a.validity != nil || b.validity != nil else { return nil }
    let first = a.count
    return Validity(count: first + b.count) { $0 < first ? a.isPresent($0) : b.isPresent($0 - first) }.reduced
  }
}

extension TextCells {
  fileprivate func followed(by other: TextCells) -> TextCells {
    var encoder = TextEncoder()
    for category in categories { _ = encoder.code(category) }
    let recoded = other.categories.map { encoder.code($0) }
    return TextCells(
      codes: codes + other.codes.map { $0 < 0 ? -1 : recoded[Int($0)] }, categories: encoder.categories)
  }
}
