internal import TernData

/// Marks along time, at full seconds, minutes, hours, days, months and years.
enum TimeTicks {
  private static let second = 1e9
  /// Widths of which one is chosen, in seconds, with what of a time is worth writing then.
  private static let steps: [(seconds: Double, form: Form)] = [
    (1, .clock), (5, .clock), (15, .clock), (30, .clock), (60, .minutes), (300, .minutes), (900, .minutes), (1800, .minutes),
    (3600, .minutes), (10_800, .minutes), (21_600, .minutes), (43_200, .dayAndMinutes), (86_400, .day), (172_800, .day),
    (604_800, .day), (1_209_600, .day),
  ]
  private enum Form { case clock, minutes, dayAndMinutes, day }

  static func ticks(_ low: Double, _ high: Double, count: Int) -> [Scale.Tick] {
    let wanted = (high - low) / second / Double(max(count, 1))
    if wanted <= 1 {
      let step = Ticks.roundStep((high - low) / Double(max(count, 1)))
      return marks(low, high, step) { Ticks.label(($0 - (low / (60 * second)).rounded(.down) * 60 * second) / second, step: step / second) + " s" }
    }
    if let step = steps.first(where: { $0.seconds >= wanted }) {
      return marks(low, high, step.seconds * second) { text($0, step.form) }
    }
    return months(low, high, every: max(1, Int((wanted / 2_629_746).rounded(.up))))
  }

  private static func marks(_ low: Double, _ high: Double, _ step: Double, _ text: (Double) -> String) -> [Scale.Tick] {
    let first = (low / step).rounded(.up), last = (high / step).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    return (0...Int(last - first)).map { index in
      let value = (first + Double(index)) * step
      return Scale.Tick(value: value, label: text(value))
    }
  }

  private static func months(_ low: Double, _ high: Double, every given: Int) -> [Scale.Tick] {
    let every = [1, 2, 3, 6, 12].first { $0 >= given } ?? Int(Ticks.roundStep(Double(given) / 12)) * 12
    let start = day(low).split(separator: "-").compactMap { Int($0) }
    guard start.count == 3 else { return [] }
    var month = (start[0] * 12 + start[1] - 1) / every * every
    var ticks: [Scale.Tick] = []
    while ticks.count < 1000, let value = firstDay(month / 12, month % 12 + 1), value <= high {
      let label = every >= 12 ? "\(month / 12)" : "\(month / 12)-\(padded(month % 12 + 1))"
      if value >= low { ticks.append(Scale.Tick(value: value, label: label)) }
      month += every
    }
    return ticks
  }

  private static func text(_ value: Double, _ form: Form) -> String {
    let seconds = Int((value / second).rounded())
    let within = ((seconds % 86_400) + 86_400) % 86_400
    let minutes = "\(padded(within / 3600)):\(padded(within / 60 % 60))"
    return switch form {
    case .clock: "\(minutes):\(padded(within % 60))"
    case .minutes: minutes
    case .dayAndMinutes: "\(day(value).dropFirst(5)) \(minutes)"
    case .day: String(day(value))
    }
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The first day of a month, in nanoseconds since 1970; nil beyond what 64 bits can tell.
  private static func firstDay(_ year: Int, _ month: Int) -> Double? {
    Moment("\(year)-\(padded(month))-01").map { Double($0.nanoseconds) }
  }

  private static func moment(_ value: Double) -> Moment { Moment(nanoseconds: Int(min(max(value, -9.2e18), 9.2e18))) }

  /// `2013-01-31`
  private static func day(_ value: Double) -> Substring { moment(value).text.prefix(10) }
}
