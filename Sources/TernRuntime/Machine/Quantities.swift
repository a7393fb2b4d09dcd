import TernSyntax

/// Arithmetic of durations, sizes and times: a duration times a number, a time and a duration, the difference of two times.
enum Quantities {
  /// nil when the operator has no meaning here.
  static func apply(_ operation: BinaryOperator, _ a: Value, _ b: Value) throws(Fault) -> Value? {
    switch (operation, a, b) {
    case (.add, .duration(let x), .duration(let y)): return .duration(try add(x, y))
    case (.subtract, .duration(let x), .duration(let y)): return .duration(try subtract(x, y))
    case (.add, .size(let x), .size(let y)): return .size(try add(x, y))
    case (.subtract, .size(let x), .size(let y)): return .size(try subtract(x, y))
    case (.add, .time(let x), .duration(let y)), (.add, .duration(let y), .time(let x)): return .time(try add(x, y))
    case (.subtract, .time(let x), .duration(let y)): return .time(try subtract(x, y))
    case (.subtract, .time(let x), .time(let y)): return .duration(try subtract(x, y))
    case (.divide, .duration(let x), .duration(let y)), (.divide, .size(let x), .size(let y)):
      return .float(Double(x) / Double(y))
    case (.multiply, .duration(let x), _): return try scaled(x, b).map(Value.duration)
    case (.multiply, _, .duration(let y)): return try scaled(y, a).map(Value.duration)
    case (.multiply, .size(let x), _): return try scaled(x, b).map(Value.size)
    case (.multiply, _, .size(let y)): return try scaled(y, a).map(Value.size)
    case (.divide, .duration(let x), _): return try divided(x, b).map(Value.duration)
    case (.divide, .size(let x), _): return try divided(x, b).map(Value.size)
    default: return nil
    }
  }

  private static func add(_ x: Int, _ y: Int) throws(Fault) -> Int {
    let (sum, overflow) = x.addingReportingOverflow(y)
    if overflow { throw tooLong }
    return sum
  }

  private static func subtract(_ x: Int, _ y: Int) throws(Fault) -> Int {
    let (difference, overflow) = x.subtractingReportingOverflow(y)
    if overflow { throw tooLong }
    return difference
  }

  private static func scaled(_ amount: Int, _ factor: Value) throws(Fault) -> Int? {
    switch factor {
    case .int(let factor):
      let (product, overflow) = amount.multipliedReportingOverflow(by: factor)
      if overflow { throw tooLong }
      return product
    case .float(let factor): return try rounded(Double(amount) * factor)
    default: return nil
    }
  }

  private static func divided(_ amount: Int, _ divisor: Value) throws(Fault) -> Int? {
    switch divisor {
    case .int(let divisor): return try rounded(Double(amount) / Double(divisor))
    case .float(let divisor): return try rounded(Double(amount) / divisor)
    default: return nil
    }
  }

  static func rounded(_ amount: Double) throws(Fault) -> Int {
    guard let exact = Int(exactly: amount.rounded(.toNearestOrEven)) else { throw tooLong }
    return exact
  }

  private static var tooLong: Fault { Fault(.integerOverflow, "this quantity is too large to hold") }
}
