/// Three-valued logic of bool columns, as SQL has it: a missing cell may be either, so the answer is missing only where it
/// depends on it. `false and missing` is false, `true or missing` is true.
extension Column {
  /// - Throws: `badOperands`, `lengthsDiffer`.
  package static func and(_ a: Operand, _ b: Operand) throws(DataError) -> Column {
    try logic("and", a, b, decides: false)
  }

  /// - Throws: `badOperands`, `lengthsDiffer`.
  package static func or(_ a: Operand, _ b: Operand) throws(DataError) -> Column {
    try logic("or", a, b, decides: true)
  }

  /// - Throws: `badOperand`.
  package func not() throws(DataError) -> Column {
    guard case .bool(let values) = cells else { throw .badOperand(operation: "not", found: type.name) }
    return .bool(values.map(!), validity: validity)
  }

  /// The cells of `a` where the mask is true, of `b` where it is false; missing where it is missing.
  /// - Throws: `badOperand` for a mask that is not bool, `lengthsDiffer`, `mixedCells` when the two are of different kinds.
  package static func choice(_ mask: Column, _ a: Operand, _ b: Operand) throws(DataError) -> Column {
    guard case .bool(let answers) = mask.cells else { throw .badOperand(operation: "where", found: mask.type.name) }
    for count in [a.count, b.count].compactMap({ $0 }) where count != mask.count {
      throw .lengthsDiffer(operation: "where", left: mask.count, right: count)
    }
    return try Column(answers.indices.map { !mask.isPresent($0) ? .missing : answers[$0] ? a.cell($0) : b.cell($0) })
  }

  /// `decides` is the value that settles the answer whatever the other side is.
  private static func logic(_ name: String, _ a: Operand, _ b: Operand, decides: Bool) throws(DataError) -> Column {
    let rows = try Rows(a, b, name)
    guard let x = a.threeValued, let y = b.threeValued else {
      throw .badOperands(operation: name, left: a.kindName, right: b.kindName)
    }
    let answers = (0..<rows.count).map { row -> Bool? in
      let left = x(row), right = y(row)
      if left == decides || right == decides { return decides }
      return left == nil || right == nil ? nil : !decides
    }
    return .bool(answers)
  }
}

extension Operand {
  fileprivate func cell(_ row: Int) -> Cell {
    switch self {
    case .scalar(let cell): cell
    case .column(let column): column[row]
    }
  }

  /// Each row's answer, nil where it is missing; nil altogether for what is not bool.
  fileprivate var threeValued: ((Int) -> Bool?)? {
    switch self {
    case .scalar(.missing): { _ in nil }
    case .scalar(.bool(let value)): { _ in value }
    case .column(let column):
      if case .bool(let values) = column.cells { { column.isPresent($0) ? values[$0] : nil } } else { nil }
    default: nil
    }
  }
}
