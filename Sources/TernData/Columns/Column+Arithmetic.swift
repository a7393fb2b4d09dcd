internal import Glibc

/// An operator of the language that makes numbers (or joins texts).
package enum ArithmeticOperator: String, Sendable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%", power = "**"
}

extension Column {
  /// Arithmetic of whole columns: a missing cell on either side is missing in the result.
  ///
  /// Two ints give ints, except that `/` gives floats, as does `**` with a negative exponent; an int beside a float
  /// widens. `+` joins texts. The difference of two times is a float, in seconds.
  /// - Throws: `badOperands`, `lengthsDiffer`, `integerOverflow`, `divisionByZero`.
  package static func arithmetic(_ op: ArithmeticOperator, _ a: Operand, _ b: Operand) throws(DataError) -> Column {
    let rows = try Rows(a, b, op.rawValue)
    if a.isMissingScalar || b.isMissingScalar {
      return .float(Array(repeating: 0, count: rows.count), validity: rows.validity)
    }
    switch (a.lane, b.lane) {
    case (.int(let x), .int(let y)) where op.keepsInts(y):
      return .int(try rows.map(0) { row throws(DataError) in try op.apply(x[row], y[row], row) }, validity: rows.validity)
    case (.text(let x), .text(let y)) where op == .add:
      return try joined(x, y, rows)
    case (.time(let x), .time(let y)) where op == .subtract:
      return .float(try rows.map(0) { row in secondsBetween(y[row], x[row]) }, validity: rows.validity)
    case (let x, let y):
      guard let x = x.floats, let y = y.floats else {
        throw .badOperands(operation: op.rawValue, left: a.kindName, right: b.kindName)
      }
      return .float(try rows.map(0) { row in op.apply(x[row], y[row]) }, validity: rows.validity)
    }
  }

  private static func joined(_ a: TextLane, _ b: TextLane, _ rows: Rows) throws(DataError) -> Column {
    var encoder = TextEncoder()
    let codes = try rows.map(Int32(-1)) { row in encoder.code(a[row] + b[row]) }
    return Column(.text(TextCells(codes: codes, categories: encoder.categories)), validity: rows.validity)
  }

  /// In two parts, since the nanoseconds between far times need not fit.
  private static func secondsBetween(_ start: Int, _ end: Int) -> Double {
    let whole = end / Moment.perSecond - start / Moment.perSecond
    let rest = end % Moment.perSecond - start % Moment.perSecond
    return Double(whole) + Double(rest) / Double(Moment.perSecond)
  }
}

extension ArithmeticOperator {
  fileprivate func keepsInts(_ right: Lane<Int>) -> Bool {
    switch (self, right) {
    case (.divide, _): false
    case (.power, .same(let exponent)): exponent >= 0
    case (.power, .cells(let exponents)): exponents.allSatisfy { $0 >= 0 }
    default: true
    }
  }

  fileprivate func apply(_ a: Int, _ b: Int, _ row: Int) throws(DataError) -> Int {
    if (self == .floorDivide || self == .remainder) && b == 0 { throw .divisionByZero(operation: rawValue, row: row) }
    let (value, overflow) = reporting(a, b)
    guard !overflow else { throw .integerOverflow(operation: rawValue, row: row) }
    return value
  }

  private func reporting(_ a: Int, _ b: Int) -> (partialValue: Int, overflow: Bool) {
    switch self {
    case .add: a.addingReportingOverflow(b)
    case .subtract: a.subtractingReportingOverflow(b)
    case .multiply, .divide: a.multipliedReportingOverflow(by: b)
    case .floorDivide: ArithmeticOperator.floored(a, b)
    case .remainder: (b == -1 ? 0 : ArithmeticOperator.floorRemainder(a, b), false)
    case .power: ArithmeticOperator.power(a, b)
    }
  }

  /// Rounds down, as Python does; only the least int by -1 overflows.
  private static func floored(_ a: Int, _ b: Int) -> (partialValue: Int, overflow: Bool) {
    let (quotient, overflow) = a.dividedReportingOverflow(by: b)
    guard !overflow, quotient &* b != a, (a < 0) != (b < 0) else { return (quotient, overflow) }
    return (quotient - 1, false)
  }

  private static func floorRemainder(_ a: Int, _ b: Int) -> Int {
    let remainder = a % b
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  /// By squaring; the exponent is not negative.
  private static func power(_ base: Int, _ exponent: Int) -> (partialValue: Int, overflow: Bool) {
    var result = 1, factor = base, left = exponent
    while left > 0 {
      if left & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: factor)
        if overflow { return (0, true) }
        result = product
      }
      left >>= 1
      guard left > 0 else { break }
      let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
      if overflow { return (0, true) }
      factor = square
    }
    return (result, false)
  }

  fileprivate func apply(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .floorDivide: (a / b).rounded(.down)
    case .remainder: ArithmeticOperator.floorRemainder(a, b)
    case .power: pow(a, b)
    }
  }

  private static func floorRemainder(_ a: Double, _ b: Double) -> Double {
    let remainder = fmod(a, b)
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }
}
