/// Conversions between column types. Missing stays missing.
extension Column {
  /// Every cell as a text, as a CSV file would hold it.
  package func texts() throws(DataError) -> Column {
    if case .text = cells { return self }
    return try Column(allCells.map { $0 == .missing ? .missing : .text($0.text) }, type: .text)
  }

  /// The column as floats: ints and bools widen, texts are read.
  /// - Throws: `badCast` with the first row that cannot be, `badOperand`.
  package func floats() throws(DataError) -> Column {
    switch cells {
    case .float: return self
    case .int(let values): return .float(values.map(Double.init), validity: validity)
    case .bool(let values): return .float(values.map { $0 ? 1 : 0 }, validity: validity)
    case .text:
      return try converted(to: .float) { cell in
        guard case .text(let text) = cell, let number = CellSyntax.float(text) else { return nil }
        return .float(number)
      }
    case .time, .tensor: throw .badOperand(operation: "float", found: type.name)
    }
  }

  /// The column as ints: floats lose their fraction, texts are read.
  /// - Throws: `badCast` for what is not finite, does not fit or is no number; `badOperand`.
  package func ints() throws(DataError) -> Column {
    switch cells {
    case .int: return self
    case .bool(let values): return .int(values.map { $0 ? 1 : 0 }, validity: validity)
    case .float:
      return try converted(to: .int) { cell in
        guard case .float(let number) = cell, let whole = Int(exactly: number.rounded(.towardZero)) else { return nil }
        return .int(whole)
      }
    case .text:
      return try converted(to: .int) { cell in
        guard case .text(let text) = cell, let whole = CellSyntax.int(text) else { return nil }
        return .int(whole)
      }
    case .time, .tensor: throw .badOperand(operation: "int", found: type.name)
    }
  }

  /// The column as times, read from ISO 8601 texts.
  /// - Throws: `badCast`, `badOperand`.
  package func times() throws(DataError) -> Column {
    switch cells {
    case .time: return self
    case .text:
      return try converted(to: .time) { cell in
        guard case .text(let text) = cell, let moment = Moment(text) else { return nil }
        return .time(moment.nanoseconds)
      }
    default: throw .badOperand(operation: "time", found: type.name)
    }
  }

  private func converted(to type: ColumnType, _ convert: (Cell) -> Cell?) throws(DataError) -> Column {
    var builder = ColumnBuilder(name: "", type: type)
    for row in 0..<count {
      let cell = self[row]
      guard let value = cell == .missing ? .missing : convert(cell) else {
        throw .badCast(row: row, value: cell.text, type: type.name)
      }
      try builder.append(value)
    }
    return try builder.finished()
  }
}
