import Glibc
import TernData
import TernRuntime
import TernSyntax
import TernTensor

extension Training {
  static var recency: Builtin {
    Builtin(
      "recency(half_life, by = none)",
      """
      Weights for `fit` that fall with age: a row that is `half_life` older than the newest counts half, one twice as old a \
      quarter. `by:` names the column of times (or of numbers, with a number as half-life); a single column of times needs no name.
      """,
      example: "recency(30d, by: \"day\")\n#> recency(half_life: 30d, by: \"day\")"
    ) { call throws(Fault) in
      let column: String? = if call.has(1) { try call.string(1, "the name of a column as `by`").text } else { nil }
      switch call[0] {
      case .duration(let length) where length > 0: return .foreign(Foreign(RecencyValue(halfLife: .time(length), column: column)))
      case .int(let number) where number > 0: return .foreign(Foreign(RecencyValue(halfLife: .number(Double(number)), column: column)))
      case .float(let number) where number > 0 && number.isFinite:
        return .foreign(Foreign(RecencyValue(halfLife: .number(number), column: column)))
      default: throw call.refusal(0, takes: "a duration or number above 0 as `half_life`", hint: "`recency(30d)`")
      }
    }
  }
}

/// What `recency(…)` is.
final class RecencyValue: ForeignValue {
  enum HalfLife {
    /// Nanoseconds.
    case time(Int)
    case number(Double)
  }

  private let halfLife: HalfLife
  let column: String?

  init(halfLife: HalfLife, column: String?) {
    self.halfLife = halfLife
    self.column = column
  }

  var kind: String { "recency" }

  func text(width: Int) -> String {
    let length = switch halfLife { case .time(let length): QuantityText.duration(length); case .number(let number): floatText(number) }
    return "recency(half_life: \(length)\(column.map { ", by: \($0.quoted)" } ?? ""))"
  }

  /// The same with its column known, which must be of the half-life's kind.
  func settled(on table: Table) throws(Fault) -> RecencyValue {
    guard let column else {
      let times = table.entries.filter { $0.column.type == .time }.map(\.name)
      guard case .time = halfLife, times.count == 1 else {
        throw Fault(.badArgument, "`recency` needs a column: the data has \(times.count.counted("column")) of times", hint: "`recency(30d, by: \"day\")`")
      }
      return RecencyValue(halfLife: halfLife, column: times[0])
    }
    let type = try dataCall { try table.column(column) }.type
    let (fits, length) = switch halfLife {
    case .time: (type == .time, "a duration")
    case .number: (type == .int || type == .float, "a number")
    }
    guard fits else {
      throw Fault(
        .columnType, "`\(column)` is of \(type.name), and the half-life is \(length)",
        hint: type == .time ? "`recency(30d, by: \"\(column)\")`" : "a half-life in the column's own unit, or a column of times")
    }
    return self
  }

  /// 1 for the newest row, and half of that with each half-life.
  func weights(of table: Table) throws(Fault) -> [Double] {
    guard let name = column else { return Array(repeating: 1, count: table.rowCount) }
    let column = try dataCall { try table.column(name) }
    if let row = (0..<column.count).first(where: { !column.isPresent($0) }) {
      throw Fault(.missingCells, "`\(name)` has no time in row \(row), and `recency` weighs by it", hint: "`drop_missing(data, \"\(name)\")`")
    }
    let ages = RecencyValue.ages(column, length: halfLife)
    return ages.map { exp2(-$0) }
  }

  /// In half-lives before the newest row.
  private static func ages(_ column: Column, length: HalfLife) -> [Double] {
    let numbers: [Double] = switch column.cells {
    case .time(let times): RecencyValue.sinceFirst(times)
    case .int(let values): values.map(Double.init)
    case .float(let values): values
    default: []
    }
    let newest = numbers.max() ?? 0
    let unit = switch length { case .time(let length): Double(length); case .number(let number): number }
    return numbers.map { (newest - $0) / unit }
  }

  /// Nanoseconds of today are beyond what a double counts exactly.
  private static func sinceFirst(_ times: [Int]) -> [Double] {
    let first = times.min() ?? 0
    return times.map { time in
      let (age, overflow) = time.subtractingReportingOverflow(first)
      return overflow ? Double(time) - Double(first) : Double(age)
    }
  }
}
