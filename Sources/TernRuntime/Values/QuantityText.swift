import TernSyntax

/// Durations and sizes as they would be written: `1.5h`, `250ms`, `64kB`.
package enum QuantityText {
  package static func duration(_ nanoseconds: Int) -> String {
    text(nanoseconds, [(.day, 2), (.hour, 2), (.minute, 2), (.second, 9), (.millisecond, 6), (.microsecond, 3)]) ?? inMilliseconds(nanoseconds)
  }

  static func size(_ bytes: Int) -> String {
    text(bytes, [(.terabyte, 12), (.gigabyte, 9), (.megabyte, 6), (.kilobyte, 3)]) ?? "\(bytes)B"
  }

  private static func inMilliseconds(_ nanoseconds: Int) -> String { nanoseconds == 0 ? "0ms" : "\(nanoseconds)ns" }

  /// In the largest unit that is no larger than the amount and says it exactly with so many decimals. A tenth of a minute
  /// reads well, a thousandth does not; what counts by thousands may have as many decimals as it needs.
  private static func text(_ amount: Int, _ units: [(unit: NumberUnit, decimals: Int)]) -> String? {
    let magnitude = amount.magnitude
    for (unit, decimals) in units where magnitude >= UInt(unit.factor) {
      if let text = decimal(magnitude, over: UInt(unit.factor), places: decimals) {
        return "\(amount < 0 ? "-" : "")\(text)\(unit.rawValue)"
      }
    }
    return nil
  }

  /// A quotient as an exact decimal; nil when that takes more places.
  private static func decimal(_ amount: UInt, over unit: UInt, places: Int) -> String? {
    var rest = amount % unit
    var text = String(amount / unit)
    if rest > 0 { text += "." }
    for _ in 0..<places where rest > 0 {
      rest *= 10
      text += String(rest / unit)
      rest %= unit
    }
    return rest == 0 ? text : nil
  }
}
