package import TernSyntax

/// Integer operators with Python's signs: `//` rounds down, and `%` has the sign of the divisor.
package enum IntegerArithmetic {
  /// nil where the result is no 64-bit int: on overflow, on division by zero, for a negative power, and for `/` and `@`.
  package static func apply(_ operation: BinaryOperator, _ a: Int, _ b: Int) -> Int? {
    switch operation {
    case .add: exact(a.addingReportingOverflow(b))
    case .subtract: exact(a.subtractingReportingOverflow(b))
    case .multiply: exact(a.multipliedReportingOverflow(by: b))
    case .floorDivide: floorDivide(a, b)
    case .remainder: remainder(a, b)
    case .power: power(a, b)
    case .divide, .matmul: nil
    }
  }

  private static func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
    result.overflow ? nil : result.partialValue
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int? {
    guard b != 0, let quotient = exact(a.dividedReportingOverflow(by: b)) else { return nil }
    let isRoundedUp = (a < 0) != (b < 0) && quotient &* b != a
    return isRoundedUp ? quotient - 1 : quotient
  }

  private static func remainder(_ a: Int, _ b: Int) -> Int? {
    guard b != 0 else { return nil }
    // The one quotient that overflows, `Int.min / -1`, leaves nothing.
    if b == -1 { return 0 }
    let rest = a % b
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  /// By squaring, so that even `1 ** 9223372036854775807` takes 63 steps.
  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    guard exponent >= 0 else { return nil }
    var result = 1
    var square = base
    var rest = exponent
    while true {
      if rest & 1 == 1 {
        guard let product = exact(result.multipliedReportingOverflow(by: square)) else { return nil }
        result = product
      }
      rest >>= 1
      if rest == 0 { return result }
      guard let next = exact(square.multipliedReportingOverflow(by: square)) else { return nil }
      square = next
    }
  }
}
