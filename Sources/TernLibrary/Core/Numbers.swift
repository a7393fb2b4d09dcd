import Glibc
import TernRuntime
import TernSyntax
import TernTensor

/// Functions of one number. Floats follow IEEE: `sqrt(-1)` is `nan`, `log(0)` is `-inf`.
enum Numbers {
  static var builtins: [Builtin] { rounding + functions }

  // MARK: Real functions

  private static var functions: [Builtin] {
    [
      real("sqrt", "The square root.", example: "sqrt(9)  #> 3.0") { $0.squareRoot() },
      real("exp", "e to a power.", example: "exp(0)  #> 1.0") { exp($0) },
      real("log", "The natural logarithm.", example: "log(1)  #> 0.0") { log($0) },
      real("log2", "The logarithm to base 2.", example: "log2(8)  #> 3.0") { log2($0) },
      real("log10", "The logarithm to base 10.", example: "log10(1000)  #> 3.0") { log10($0) },
      real("log1p", "The logarithm of 1 + x, exact near 0.", example: "log1p(0)  #> 0.0") { log1p($0) },
      real("expm1", "e to a power, less 1, exact near 0.", example: "expm1(0)  #> 0.0") { expm1($0) },
      real("sin", "The sine of an angle in radians.", example: "sin(0)  #> 0.0") { sin($0) },
      real("cos", "The cosine of an angle in radians.", example: "cos(0)  #> 1.0") { cos($0) },
      real("tan", "The tangent of an angle in radians.", example: "tan(0)  #> 0.0") { tan($0) },
      real("asin", "The angle whose sine this is.", example: "asin(0)  #> 0.0") { asin($0) },
      real("acos", "The angle whose cosine this is.", example: "acos(1)  #> 0.0") { acos($0) },
      real("atan", "The angle whose tangent this is.", example: "atan(0)  #> 0.0") { atan($0) },
      real("sinh", "The hyperbolic sine.", example: "sinh(0)  #> 0.0") { sinh($0) },
      real("cosh", "The hyperbolic cosine.", example: "cosh(0)  #> 1.0") { cosh($0) },
      real("tanh", "The hyperbolic tangent.", example: "tanh(0)  #> 0.0") { tanh($0) },
    ]
  }

  private static func real(
    _ name: String, _ sentence: String, example: String, _ function: @escaping (Double) -> Double
  ) -> Builtin {
    Builtin(
      "\(name)(x: number) -> float", sentence, example: example,
      quick: { arguments, count, target in
        guard count == 1 else { return false }
        switch arguments.pointee {
        case .float(let number): target.pointee = .float(function(number))
        case .int(let number): target.pointee = .float(function(Double(number)))
        default: return false
        }
        return true
      },
      body: { call throws(Fault) in .float(function(try number(call).double)) })
  }

  // MARK: Whole numbers

  private static var rounding: [Builtin] {
    [
      Builtin("abs(x: number)", "The number without its sign.", example: "abs(-3)  #> 3", quick: quickAbs, body: abs),
      Builtin("sign(x: number)", "-1, 0 or 1.", example: "sign(-2.5)  #> -1.0", body: sign),
      Builtin("floor(x: number) -> int", "The next int below.", example: "floor(-2.5)  #> -3", quick: quickFloor) {
        call throws(Fault) in try whole(call, .down)
      },
      Builtin("ceil(x: number) -> int", "The next int above.", example: "ceil(2.1)  #> 3") { call throws(Fault) in
        try whole(call, .up)
      },
      Builtin(
        "round(x: number, places: int = none)",
        "The nearest int, or with so many decimal places the nearest float; halves go to even.",
        example: "round(2.5)  #> 2", body: round),
    ]
  }

  private static func abs(_ call: borrowing Call) throws(Fault) -> Value {
    switch try number(call) {
    case .int(Int.min): throw Fault(.integerOverflow, "the absolute value of \(Int.min) does not fit a 64-bit int")
    case .int(let number): .int(Swift.abs(number))
    case let other: .float(Swift.abs(other.double))
    }
  }

  private static func quickAbs(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 1 else { return false }
    switch arguments.pointee {
    case .int(let number) where number != Int.min: target.pointee = .int(Swift.abs(number))
    case .float(let number): target.pointee = .float(Swift.abs(number))
    default: return false
    }
    return true
  }

  private static func sign(_ call: borrowing Call) throws(Fault) -> Value {
    switch try number(call) {
    case .int(let number): .int(number.signum())
    case let other: .float(other.double > 0 ? 1 : other.double < 0 ? -1 : other.double)
    }
  }

  private static func quickFloor(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 1, case .float(let number) = arguments.pointee, let floor = Int(exactly: number.rounded(.down)) else {
      return false
    }
    target.pointee = .int(floor)
    return true
  }

  private static func whole(_ call: borrowing Call, _ rule: FloatingPointRoundingRule) throws(Fault) -> Value {
    switch try number(call) {
    case .int(let number): .int(number)
    case let other: .int(try integer(other.double.rounded(rule)))
    }
  }

  private static func round(_ call: borrowing Call) throws(Fault) -> Value {
    guard call.has(1) else { return try whole(call, .toNearestOrEven) }
    return .float(rounded(try number(call).double, places: try call.integer(1)))
  }

  /// From the number's exact decimal digits, so that `round(2.675, 2)` is 2.67, as the float lies below.
  private static func rounded(_ number: Double, places: Int) -> Double {
    guard number.isFinite, places <= 323 else { return number }
    if places >= 0 { return Double(NumberFormat.rounded(number, places)) ?? number }
    return roundedBeforePoint(number, places)
  }

  /// As many leading digits as are left of those before the point; with none left, all or nothing of the next power of ten.
  private static func roundedBeforePoint(_ number: Double, _ places: Int) -> Double {
    let digits = NumberFormat.rounded(Swift.abs(number.rounded(.towardZero)), 0).utf8.count
    guard places >= -digits else { return number * 0 }
    let kept = digits + places
    if kept > 0 { return Double(NumberFormat.rounded(number, kept - 1, exponent: true)) ?? number }
    let unit = pow(10, Double(digits))
    return Swift.abs(number) > unit / 2 ? (number < 0 ? -unit : unit) : number * 0
  }

  /// A whole float as an int.
  static func integer(_ number: Double) throws(Fault) -> Int {
    if let whole = Int(exactly: number) { return whole }
    if number.isFinite {
      throw Fault(.integerOverflow, "\(floatText(number)) does not fit a 64-bit int").marking(0, floatText(number))
    }
    throw Fault(.badArgument, "\(floatText(number)) is no int").marking(0, floatText(number))
  }

  // MARK: The argument

  private static func number(_ call: borrowing Call) throws(Fault) -> Number {
    switch call[0] {
    case .int(let number): return .int(number)
    case .float(let number): return .float(number)
    case .tensor(let tensor) where tensor.rank == 0: return try call.machine.number(of: call[0])
    case .bool: throw call.refusal(0, takes: "a number", hint: "`int(x)` is 1 for true and 0 for false")
    case .list: throw call.refusal(0, takes: "a number or a tensor", hint: "`tensor(xs)` makes one of a list")
    case .string: throw call.refusal(0, takes: "a number or a tensor", hint: "`float(text)` reads a number")
    default: throw call.refusal(0, takes: "a number or a tensor")
    }
  }
}
