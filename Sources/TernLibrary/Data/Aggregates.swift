import TernData
import TernRuntime
import TernSyntax

/// One value for a column. Missing cells are passed over, which a note says once.
enum Aggregates {
  static var builtins: [Builtin] {
    [
      aggregate("sum", .sum, "The sum of the cells; of bools, how many are true.", example: "sum(dataset({x: [1, none, 2]}).x)  #> 3"),
      aggregate("mean", .mean, "The mean of the cells.", example: "mean(dataset({x: [1, none, 2]}).x)  #> 1.5"),
      aggregate("std", .std, "The standard deviation of the cells, by their number.", example: "std(dataset({x: [1, 3]}).x)  #> 1.0"),
      aggregate("median", .median, "The middle of the cells in order.", example: "median(dataset({x: [5, 1, 2]}).x)  #> 2.0"),
      aggregate("any", .any, "Is one of the cells true?", example: "any(dataset({x: [1, 2]}).x > 1)  #> true"),
      aggregate("all", .all, "Are all of the cells true?", example: "all(dataset({x: [1, 2]}).x > 1)  #> false"),
      Builtin("variance(column: column)", "The variance of the cells, by their number.", example: "variance(dataset({x: [1, 3]}).x)  #> 1.0") { call throws(Fault) in
        let std = try value(of: .std, call)
        return try call.machine.arithmetic(.multiply, std, std)
      },
      Builtin(
        "count(column: column) -> int", "The number of cells that are not missing.",
        example: "count(dataset({x: [1, none, 2]}).x)  #> 2"
      ) { call throws(Fault) in .int(try call.column(0).column.count - (try call.column(0).column.missingCount)) },
      Builtin(
        "quantile(column: column, share: float) -> float", "The number below which a share of the cells lies.",
        example: "quantile(dataset({x: [1, 2, 3]}).x, 0.25)  #> 1.5", body: quantile),
      Builtin(
        "most_frequent(column: column)", "The cell that most rows hold.",
        example: "most_frequent(dataset({x: [\"a\", \"b\", \"b\"]}).x)  #> \"b\""
      ) { call throws(Fault) in Value(try call.column(0).column.mostFrequent ?? .missing) },
      Builtin(
        "min(column: column, ...more)", "The smallest of the cells, or cell by cell the smaller of column and value.",
        example: "min(dataset({x: [3, 1, 2]}).x)  #> 1"
      ) { call throws(Fault) in try extreme(call, .min, .less) },
      Builtin(
        "max(column: column, ...more)", "The largest of the cells, or cell by cell the larger of column and value.",
        example: "max(dataset({x: [3, 1, 2]}).x)  #> 3"
      ) { call throws(Fault) in try extreme(call, .max, .greater) },
    ]
  }

  private static func aggregate(_ name: String, _ aggregation: Aggregation, _ sentence: String, example: String) -> Builtin {
    Builtin("\(name)(column: column)", sentence, example: example) { call throws(Fault) in try value(of: aggregation, call) }
  }

  private static func value(of aggregation: Aggregation, _ call: borrowing Call) throws(Fault) -> Value {
    let column = try call.column(0)
    remark(column, call)
    let aggregate = try dataCall { try column.column.aggregate(aggregation) }
    guard aggregate.value != .missing else { throw Fault(.emptyInput, "`\(call.builtin.name)` of nothing has no value") }
    return Value(aggregate.value)
  }

  private static func remark(_ column: ColumnValue, _ call: borrowing Call) {
    let missing = column.column.missingCount
    guard missing > 0, !column.name.isEmpty else { return }
    column.remarks?.say("`\(call.builtin.name)` passes over \(missing.counted("missing cell")) of `\(column.name)`", on: call.machine)
  }

  private static func quantile(_ call: borrowing Call) throws(Fault) -> Value {
    let column = try call.column(0), share = try call.machine.double(call[1], "a share between 0 and 1")
    guard share >= 0, share <= 1 else { throw Fault(.badArgument, "a share is between 0 and 1; this is \(share)") }
    remark(column, call)
    guard let value = try dataCall({ try column.column.quantile(share) }) else {
      throw Fault(.emptyInput, "`quantile` of nothing has no value")
    }
    return .float(value)
  }

  private static func extreme(
    _ call: borrowing Call, _ aggregation: Aggregation, _ sign: ComparisonOperator
  ) throws(Fault) -> Value {
    let more = try call.list(1)
    guard more.count > 0 else { return try value(of: aggregation, call) }
    var best = try call.column(0).column
    for item in more.values {
      guard let other = TernData.Operand(item) else { throw call.refusal(1, takes: "a column and numbers or columns") }
      let current = best
      best = try dataCall { try Column.choice(try Column.comparison(sign, .column(current), other), .column(current), other) }
    }
    return .column(best)
  }
}
