package import TernSyntax

/// Int arithmetic with Python's signs: `//` rounds down, `%` takes the divisor's sign.
package enum IntegerArithmetic {
  /// nil when the result does not fit 64 bits, or has no value among the ints.
  package static func apply(_ operation: BinaryOperator, _ a: Int, _ b: Int) -> Int? {
    switch operation {
    case .add: return checked(a.addingReportingOverflow(b))
    case .subtract: return checked(a.subtractingReportingOverflow(b))
    case .multiply: return checked(a.multipliedReportingOverflow(by: b))
    case .floorDivide: return floorDivide(a, b)
    case .remainder: return remainder(a, b)
    case .power: return power(a, b)
    case .divide, .matmul: return nil
    }
  }

  private static func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
    result.overflow ? nil : result.partialValue
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int? {
    guard b != 0, !(a == Int.min && b == -1) else { return nil }
    let quotient = a / b
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
  }

  private static func remainder(_ a: Int, _ b: Int) -> Int? {
    guard b != 0 else { return nil }
    if b == -1 { return 0 }
    let rest = a % b
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    guard exponent >= 0 else { return nil }
    switch base {
    case 0: return exponent == 0 ? 1 : 0
    case 1: return 1
    case -1: return exponent % 2 == 0 ? 1 : -1
    default: break
    }
    // Any other base leaves 64 bits within 63 steps.
    var result = 1
    for _ in 0..<min(exponent, 64) {
      guard let product = checked(result.multipliedReportingOverflow(by: base)) else { return nil }
      result = product
    }
    return result
  }
}
