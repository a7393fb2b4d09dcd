/// A comparison of the language.
package enum ComparisonOperator: String, Sendable {
  case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="

  fileprivate var isOrder: Bool { self != .equal && self != .notEqual }

  @inline(__always)
  fileprivate func apply<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }

  /// Compares without rounding the int: past 2⁵³ a float is whole and mostly an int too; past all ints it is beyond them.
  fileprivate func apply(_ a: Int, _ b: Double) -> Bool {
    if let whole = Int(exactly: b) { return apply(a, whole) }
    return apply(min(Double(a), 0x1p63.nextDown), b)
  }

  /// The operator that says the same with its sides exchanged.
  fileprivate var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension Column {
  /// Compares cell by cell; a comparison with a missing cell is missing.
  ///
  /// Ints and floats compare exactly, texts by code points. Kinds that do not meet are unequal;
  /// their order is an error.
  /// - Throws: `badOperands`, `lengthsDiffer`.
  package static func comparison(_ op: ComparisonOperator, _ a: Operand, _ b: Operand) throws(DataError) -> Column {
    let rows = try Rows(a, b, op.rawValue)
    if a.isMissingScalar || b.isMissingScalar {
      return .bool(Array(repeating: false, count: rows.count), validity: rows.validity)
    }
    return .bool(try compare(op, a, b, rows), validity: rows.validity)
  }

  private static func compare(
    _ op: ComparisonOperator, _ a: Operand, _ b: Operand, _ rows: Rows
  ) throws(DataError) -> [Bool] {
    switch (a.lane, b.lane) {
    case (.int(let x), .int(let y)), (.time(let x), .time(let y)):
      return try rows.map(false) { row in op.apply(x[row], y[row]) }
    case (.float(let x), .float(let y)):
      return try rows.map(false) { row in op.apply(x[row], y[row]) }
    case (.int(let x), .float(let y)):
      return try rows.map(false) { row in op.apply(x[row], y[row]) }
    case (.float(let x), .int(let y)):
      return try rows.map(false) { row in op.mirrored.apply(y[row], x[row]) }
    case (.bool(let x), .bool(let y)) where !op.isOrder:
      return try rows.map(false) { row in (x[row] == y[row]) == (op == .equal) }
    case (.text(let x), .text(let y)):
      return try compare(op, x, y, rows)
    case (let x, let y):
      guard !op.isOrder, !x.isOther, !y.isOther else {
        throw .badOperands(operation: op.rawValue, left: a.kindName, right: b.kindName)
      }
      return Array(repeating: op == .notEqual, count: rows.count)
    }
  }

  /// Against one word, each category is compared once.
  private static func compare(
    _ op: ComparisonOperator, _ a: TextLane, _ b: TextLane, _ rows: Rows
  ) throws(DataError) -> [Bool] {
    if case .same = b.codes, let word = b.categories.first {
      let answers = a.categories.map { op.apply(Cell.text($0), .text(word)) }
      return try rows.map(false) { row in answers[Int(a.codes[row])] }
    }
    return try rows.map(false) { row in op.apply(Cell.text(a[row]), .text(b[row])) }
  }
}

extension AnyLane {
  fileprivate var isOther: Bool { if case .other = self { true } else { false } }
}
