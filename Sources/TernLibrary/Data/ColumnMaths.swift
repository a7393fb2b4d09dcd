import Glibc
import TernData
import TernRuntime
import TernSyntax

/// Functions of each number of a column; missing stays missing.
enum ColumnMaths {
  static var builtins: [Builtin] {
    [
      real("sqrt", "The square root of each number.") { $0.squareRoot() },
      real("exp", "e to the power of each number.") { Glibc.exp($0) },
      real("log", "The natural logarithm of each number.") { Glibc.log($0) },
      real("log2", "The logarithm to base 2 of each number.") { Glibc.log2($0) },
      real("log10", "The logarithm to base 10 of each number.") { Glibc.log10($0) },
      real("log1p", "The natural logarithm of 1 + each number.") { Glibc.log1p($0) },
      real("sin", "The sine of each number.") { Glibc.sin($0) },
      real("cos", "The cosine of each number.") { Glibc.cos($0) },
      real("tanh", "The hyperbolic tangent of each number.") { Glibc.tanh($0) },
      Builtin(
        "abs(column: column) -> column", "Each number without its sign.", example: "abs(dataset({x: [-1, 2]}).x)[0]  #> 1"
      ) { call throws(Fault) in
        let column = try call.column(0).column
        return .column(try dataCall { try column.magnitude() })
      },
      whole("floor", "The next int below each number.", .down),
      whole("ceil", "The next int above each number.", .up),
      Builtin(
        "round(column: column, places: int = none) -> column", "Each number rounded to an int, or to so many decimal places.",
        example: "round(dataset({x: [1.24, 2.5]}).x, 1)[0]  #> 1.2", body: round),
    ]
  }

  private static func real(_ name: String, _ sentence: String, _ function: @escaping (Double) -> Double) -> Builtin {
    Builtin("\(name)(column: column) -> column", sentence, example: "\(name)(dataset({x: [1.0]}).x)[0] == \(name)(1.0)  #> true") {
      call throws(Fault) in
      let column = try call.column(0).column
      return .column(try dataCall { try column.mapFloat(name, function) })
    }
  }

  private static func whole(_ name: String, _ sentence: String, _ rule: FloatingPointRoundingRule) -> Builtin {
    Builtin("\(name)(column: column) -> column", sentence, example: "\(name)(dataset({x: [2.0]}).x)[0]  #> 2") {
      call throws(Fault) in .column(try rounded(try call.column(0).column, name, rule))
    }
  }

  private static func rounded(_ column: Column, _ name: String, _ rule: FloatingPointRoundingRule) throws(Fault) -> Column {
    if column.type == .int { return column }
    return try dataCall { try column.mapFloat(name) { $0.rounded(rule) }.ints() }
  }

  private static func round(_ call: borrowing Call) throws(Fault) -> Value {
    let column = try call.column(0).column
    guard call.has(1) else { return .column(try rounded(column, "round", .toNearestOrEven)) }
    let places = try call.integer(1)
    guard -300...300 ~= places else { throw Fault(.badArgument, "there are no \(places) decimal places") }
    let scale = Glibc.pow(10, Double(places))
    return .column(try dataCall { try column.mapFloat("round") { ($0 * scale).rounded(.toNearestOrEven) / scale } })
  }
}
