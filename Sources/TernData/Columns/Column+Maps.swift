/// Cell-by-cell functions of one column.
extension Column {
  /// A float function of each number: ints widen, missing stays missing.
  /// - Throws: `badOperand` for a column that is not int or float.
  package func mapFloat(_ operation: String, _ function: (Double) -> Double) throws(DataError) -> Column {
    guard let values = AnyLane(self).floats, case .cells(let numbers) = values else {
      throw .badOperand(operation: operation, found: type.name)
    }
    return .float(numbers.map(function), validity: validity)
  }

  /// A function of each text, called once for each distinct one.
  /// - Throws: `badOperand` for a column that is not of texts.
  package func mapText(_ operation: String, _ function: (String) -> Cell) throws(DataError) -> Column {
    guard case .text(let values) = cells else { throw .badOperand(operation: operation, found: type.name) }
    let answers = values.categories.map(function)
    return try Column(values.codes.map { $0 < 0 ? .missing : answers[Int($0)] }, type: .text)
  }

  /// - Throws: `badOperand`, `integerOverflow`.
  package func negated() throws(DataError) -> Column {
    guard case .int(let values) = cells else { return try mapFloat("-") { -$0 } }
    return try mapInt("-", values) { 0.subtractingReportingOverflow($0) }
  }

  /// - Throws: `badOperand`, `integerOverflow`.
  package func magnitude() throws(DataError) -> Column {
    guard case .int(let values) = cells else { return try mapFloat("abs") { abs($0) } }
    return try mapInt("abs", values) { $0 < 0 ? 0.subtractingReportingOverflow($0) : ($0, false) }
  }

  private func mapInt(
    _ operation: String, _ values: [Int], _ function: (Int) -> (partialValue: Int, overflow: Bool)
  ) throws(DataError) -> Column {
    var results = values
    for row in values.indices where isPresent(row) {
      let (value, overflow) = function(values[row])
      if overflow { throw .integerOverflow(operation: operation, row: row) }
      results[row] = value
    }
    return .int(results, validity: validity)
  }

  /// The times that lie so many nanoseconds later.
  /// - Throws: `badOperand` for a column that is not of times, `integerOverflow`.
  package func shifted(by nanoseconds: Int) throws(DataError) -> Column {
    guard case .time(let values) = cells else { throw .badOperand(operation: "+", found: type.name) }
    let moved = try Column.arithmetic(.add, .column(.int(values, validity: validity)), .scalar(.int(nanoseconds)))
    guard case .int(let values) = moved.cells else { return self }
    return .time(values, validity: validity)
  }

  /// True where the cell is one of `choices`; missing where it is missing. Ints and floats meet as numbers.
  package func isIn(_ choices: [Cell]) -> Column {
    let wanted = Set(choices.map { type == .float ? $0.asFloat : $0 })
    return .bool(Categories(Array(wanted)).places(of: self).map { $0 != nil }, validity: validity)
  }

  /// True where a cell is missing; itself without missing cells.
  package var isMissing: Column { .bool((0..<count).map { !isPresent($0) }) }

  /// The column with `cell` where something was missing.
  /// - Throws: `mixedCells` when the cell is of another kind.
  package func filled(with cell: Cell, name: String = "") throws(DataError) -> Column {
    guard let validity, cell != .missing else { return self }
    if case .float(let values) = cells, let number = cell.number, cell.type != .bool {
      return .float(values.indices.map { validity[$0] ? values[$0] : number })
    }
    return try Column(allCells.map { $0 == .missing ? cell : $0 }, name: name, type: type)
  }
}

extension Cell {
  fileprivate var asFloat: Cell { if case .int(let value) = self { .float(Double(value)) } else { self } }
}
