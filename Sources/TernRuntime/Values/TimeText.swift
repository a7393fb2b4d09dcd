/// Times as ISO text, in UTC: `2026-01-31`, `2026-01-31 12:30:05`. A time is nanoseconds since 1970.
package enum TimeText {
  static let second = 1_000_000_000
  static let day = 86_400 * second

  /// The shortest of date, minutes, seconds and fractions that says it exactly.
  package static func text(_ time: Int) -> String {
    let days = floor(time, day)
    let rest = time &- days &* day
    let date = Date(days: days).text
    if rest == 0 { return date }
    let seconds = rest / second
    let clock = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return "\(date) \(clock)\(fraction(rest % second))"
  }

  /// `2026-01-31`, then perhaps `T12:30`, `:05`, `.25` and `Z` or an offset. nil when the text is no time, or one outside of
  /// the years 1677 to 2262 that 64 bits of nanoseconds reach.
  package static func parse(_ text: String) -> Int? {
    var scanner = Scanner(text)
    guard let date = scanner.date() else { return nil }
    var nanoseconds = 0
    if scanner.take("T") || scanner.take(" ") {
      guard let clock = scanner.clock() else { return nil }
      nanoseconds = clock
      guard let offset = scanner.offset() else { return nil }
      nanoseconds -= offset
    }
    guard scanner.isAtEnd else { return nil }
    return sum(of: date.days, nanoseconds)
  }

  /// Days times a day plus a rest, where the parts may overflow although the sum does not: the first instants that 64 bits
  /// hold lie in a day that begins before them.
  private static func sum(of days: Int, _ rest: Int) -> Int? {
    let isBefore = days < 0
    let (whole, tooFar) = (isBefore ? days + 1 : days).multipliedReportingOverflow(by: day)
    let (sum, overflow) = whole.addingReportingOverflow(isBefore ? rest - day : rest)
    return tooFar || overflow ? nil : sum
  }

  private static func floor(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -1 - (-1 - a) / b }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func fraction(_ nanoseconds: Int) -> String {
    if nanoseconds == 0 { return "" }
    let digits = String(nanoseconds + second).dropFirst()
    let kept = digits.count - digits.reversed().prefix { $0 == "0" }.count
    return "." + digits.prefix(kept)
  }
}

extension TimeText {
  /// A day of the Gregorian calendar, which is continued to the years before it began.
  struct Date {
    let year, month, day: Int

    /// nil when the month has no such day.
    init?(year: Int, month: Int, day: Int) {
      guard 1...12 ~= month, 1...Date.length(ofMonth: month, in: year) ~= day else { return nil }
      (self.year, self.month, self.day) = (year, month, day)
    }

    /// The inverse of `days`. An era is 400 years, which are always 146,097 days; its years begin in March, so that the leap
    /// day is the last.
    init(days: Int) {
      let shifted = days + 719_468
      let era = floor(shifted, 146_097)
      let dayOfEra = shifted - era * 146_097
      let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
      let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let monthFromMarch = (5 * dayOfYear + 2) / 153
      day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
      month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
      year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var days: Int {
      let shifted = month <= 2 ? year - 1 : year
      let era = floor(shifted, 400)
      let yearOfEra = shifted - era * 400
      let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
      return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    var text: String { String(repeating: "0", count: max(0, 4 - String(year).count)) + "\(year)-\(two(month))-\(two(day))" }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
      switch month {
      case 4, 6, 9, 11: 30
      case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
      default: 31
      }
    }
  }

  private struct Scanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: mark) else { return false }
      rest.removeFirst()
      return true
    }

    /// Exactly so many digits.
    private mutating func number(digits: Int) -> Int? {
      var value = 0
      for _ in 0..<digits {
        guard let byte = rest.first, let digit = TimeText.digit(byte) else { return nil }
        value = value * 10 + digit
        rest.removeFirst()
      }
      return value
    }

    /// date → year "-" month "-" day
    mutating func date() -> Date? {
      guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"), let day = number(digits: 2)
      else { return nil }
      return Date(year: year, month: month, day: day)
    }

    /// clock → hour ":" minute (":" second ("." fraction)?)?, as nanoseconds
    mutating func clock() -> Int? {
      guard let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60 else { return nil }
      var seconds = hour * 3600 + minute * 60
      guard take(":") else { return seconds * TimeText.second }
      guard let second = number(digits: 2), second < 60 else { return nil }
      seconds += second
      guard take(".") else { return seconds * TimeText.second }
      return fraction().map { seconds * TimeText.second + $0 }
    }

    /// Digits beyond the ninth are too fine to keep.
    private mutating func fraction() -> Int? {
      var value = 0
      var scale = TimeText.second
      guard rest.first.flatMap(TimeText.digit) != nil else { return nil }
      while let byte = rest.first, let digit = TimeText.digit(byte) {
        scale /= 10
        value += digit * scale
        rest.removeFirst()
      }
      return value
    }

    /// offset → ("Z" | ("+" | "-") hour ":"? minute)?, as nanoseconds
    mutating func offset() -> Int? {
      if isAtEnd || take("Z") { return 0 }
      let isWest = take("-")
      guard isWest || take("+"), let hour = number(digits: 2), hour < 24 else { return nil }
      _ = take(":")
      guard let minute = number(digits: 2), minute < 60 else { return nil }
      let offset = (hour * 60 + minute) * 60 * TimeText.second
      return isWest ? -offset : offset
    }
  }

  private static func digit(_ byte: UInt8) -> Int? {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? Int(byte - UInt8(ascii: "0")) : nil
  }
}
