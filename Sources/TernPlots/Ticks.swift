internal import Glibc

/// Where an axis is marked, and how numbers are placed along it.
package struct Scale {
  package let low: Double
  package let high: Double
  package let ticks: [Tick]
  private let isLogarithmic: Bool

  package struct Tick {
    package let value: Double
    package let label: String
  }

  /// - Parameter isTight: The axis ends where the numbers end, not at the next mark.
  package init(_ numbers: some Sequence<Double>, _ axis: Plot.Axis, ticks count: Int, includesZero: Bool = false, isTight: Bool = false) {
    var low = Double.infinity, high = -Double.infinity, isWhole = true
    isLogarithmic = axis.measure == .logarithmic
    for number in numbers where number.isFinite && (!isLogarithmic || number > 0) {
      low = min(low, number)
      high = max(high, number)
      isWhole = isWhole && number == number.rounded()
    }
    if low > high { (low, high) = isLogarithmic ? (1, 10) : (0, 1) }
    if includesZero, !isLogarithmic { (low, high) = (min(low, 0), max(high, 0)) }
    if low == high, !isLogarithmic {
      let room = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - room, high + room)
    }
    // Differences of huge numbers are no numbers; times are 64 bits of nanoseconds.
    let limit = axis.measure == .time ? 9.2e18 : Double.greatestFiniteMagnitude / 4
    (low, high) = (min(max(low, -limit), limit), max(min(high, limit), -limit))
    // Between whole numbers there is nothing to mark.
    let least = isWhole && high - low >= 1 ? 1.0 : 0
    let step = max(Ticks.roundStep((high - low) / Double(max(count, 2))), least)
    var made = Ticks.ticks(low, high, axis.measure, count: max(count, 2), step: step)
    if made.count < 2, axis.measure == .linear, step > least { made = Ticks.ticks(low, high, .linear, count: 2, step: Ticks.roundStep(step * 0.4)) }
    if !isTight, axis.measure == .linear, let first = made.first, let last = made.last, made.count > 1 {
      let step = made[1].value - made[0].value
      // A half-empty axis says less than one without a mark at its end.
      if first.value > low, low - (first.value - step) < step * 0.7 { low = first.value - step }
      if last.value < high, (last.value + step) - high < step * 0.7 { high = last.value + step }
      ticks = Ticks.ticks(low, high, axis.measure, count: max(count, 2), step: step)
    } else {
      if isLogarithmic, let first = made.first, let last = made.last { (low, high) = (min(low, first.value), max(high, last.value)) }
      ticks = made
    }
    self.low = low
    self.high = high
  }

  /// From 0 at the low end to 1 at the high one; nil where the number has no place.
  func place(_ number: Double) -> Double? {
    guard number.isFinite, !isLogarithmic || number > 0 else { return nil }
    let share = isLogarithmic ? (log10(number) - log10(low)) / (log10(high) - log10(low)) : (number - low) / (high - low)
    return share.isFinite ? min(max(share, -1), 2) : nil
  }
}

/// Marks at round numbers (Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990).
enum Ticks {
  /// 1, 2 or 5 times a power of ten that is not below the number.
  static func roundStep(_ step: Double) -> Double {
    guard step.isFinite, step > 0 else { return 1 }
    let power = pow(10, log10(step).rounded(.down))
    guard power > 0 else { return step }
    let digit = step / power
    return (digit <= 1.0000001 ? 1 : digit <= 2.0000001 ? 2 : digit <= 5.0000001 ? 5 : 10) * power
  }

  static func ticks(_ low: Double, _ high: Double, _ measure: Plot.Axis.Measure, count: Int, step: Double? = nil) -> [Scale.Tick] {
    switch measure {
    case .linear: linear(low, high, step ?? roundStep((high - low) / Double(count)))
    case .logarithmic: powers(low, high, count)
    case .time: TimeTicks.ticks(low, high, count: count)
    }
  }

  private static func linear(_ low: Double, _ high: Double, _ step: Double) -> [Scale.Tick] {
    let first = (low / step - 1e-9).rounded(.up), last = (high / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    return (0...Int(last - first)).map { index in
      let value = (first + Double(index)) * step
      return Scale.Tick(value: value, label: label(value, step: step))
    }
  }

  private static func powers(_ low: Double, _ high: Double, _ count: Int) -> [Scale.Tick] {
    let first = log10(low).rounded(.down), last = max(log10(high).rounded(.up), log10(low).rounded(.down) + 1)
    let stride = max(1, ((last - first) / Double(count)).rounded(.up))
    let isShort = max(abs(first), abs(last)) <= 4
    return Swift.stride(from: first, through: last, by: stride).map { power in
      let value = pow(10, power)
      return Scale.Tick(value: value, label: isShort ? label(value, step: min(value, 1)) : "1e\(Int(power))")
    }
  }

  /// With as many decimals as the step has.
  static func label(_ value: Double, step: Double) -> String {
    let greatest = max(abs(value), step)
    guard greatest < 1e7, step >= 1e-5 else { return printed("%.4g", value) }
    let decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    let text = printed("%.\(decimals)f", value)
    return text.allSatisfy({ $0 == "-" || $0 == "0" || $0 == "." }) && text.first == "-" ? String(text.dropFirst()) : text
  }

  /// A number by itself: at most four significant digits.
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e7 ? printed("%.0f", value) : printed("%.4g", value)
  }

  static func printed(_ format: String, _ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(decoding: buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension Double {
  func logarithm(base: Double) -> Double { log(self) / log(base) }
}
