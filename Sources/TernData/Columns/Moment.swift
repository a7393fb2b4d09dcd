/// A point in time as ISO 8601 text, in UTC: `2013-01-01`, `2013-01-01T06:00:00Z`, `2013-01-01 06:00:00.25+02:00`.
///
/// Days are counted with the proleptic Gregorian calendar. What does not fit 64-bit nanoseconds since 1970 (the years 1678 to
/// 2261 do) is no moment.
package struct Moment: Equatable, Sendable {
  package let nanoseconds: Int

  package static let perSecond = 1_000_000_000
  private static let secondsPerDay = 86_400

  package init(nanoseconds: Int) { self.nanoseconds = nanoseconds }

  package init?(_ text: String) {
    var text = text
    guard let moment = text.withUTF8({ Moment(utf8: $0) }) else { return nil }
    self = moment
  }

  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    var scanner = MomentScanner(bytes: bytes)
    guard let days = scanner.date() else { return nil }
    var seconds = days * Moment.secondsPerDay, fraction = 0
    if !scanner.isAtEnd {
      guard let clock = scanner.clock(), let offset = scanner.zone(), scanner.isAtEnd else { return nil }
      seconds += clock.seconds - offset
      fraction = clock.nanoseconds
    }
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: Moment.perSecond)
    let (total, carry) = scaled.addingReportingOverflow(fraction)
    guard !overflow, !carry else { return nil }
    nanoseconds = total
  }

  /// Whole days as a date, anything else with its time of day.
  package var text: String {
    let (days, inDay) = Moment.floorDivide(nanoseconds, Moment.secondsPerDay * Moment.perSecond)
    let date = Moment.dateText(days)
    guard inDay != 0 else { return date }
    let seconds = inDay / Moment.perSecond, fraction = inDay % Moment.perSecond
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(date)T\(clock)\(Moment.fractionText(fraction))Z"
  }

  private static func fractionText(_ nanoseconds: Int) -> String {
    guard nanoseconds != 0 else { return "" }
    var digits = Substring(padded(nanoseconds, 9))
    while digits.last == "0" { digits.removeLast() }
    return ".\(digits)"
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
  }

  /// Days since 1970 to a date, by 400-year eras that start on 1 March (Howard Hinnant's `civil_from_days`).
  private static func dateText(_ days: Int) -> String {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return "\(padded(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// Reads the parts of an ISO 8601 text from left to right.
private struct MomentScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  /// Days since 1970 of `YYYY-MM-DD`.
  mutating func date() -> Int? {
    guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"), let day = number(digits: 2) else {
      return nil
    }
    guard (1...12).contains(month), day >= 1, day <= MomentScanner.length(of: month, in: year) else { return nil }
    return MomentScanner.days(year, month, day)
  }

  /// `T` or a space, then `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`.
  mutating func clock() -> (seconds: Int, nanoseconds: Int)? {
    guard take("T") || take(" "), let hour = number(digits: 2), take(":"), let minute = number(digits: 2) else { return nil }
    guard hour < 24, minute < 60 else { return nil }
    guard take(":") else { return (hour * 3600 + minute * 60, 0) }
    guard let second = number(digits: 2), second < 60 else { return nil }
    guard take(".") else { return (hour * 3600 + minute * 60 + second, 0) }
    guard let nanoseconds = fraction() else { return nil }
    return (hour * 3600 + minute * 60 + second, nanoseconds)
  }

  /// Seconds east of UTC: nothing and `Z` are 0, `+02:00` and `+0200` are 7200.
  mutating func zone() -> Int? {
    if isAtEnd || take("Z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2) else { return nil }
    _ = take(":")
    guard let minutes = number(digits: 2), hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  private mutating func fraction() -> Int? {
    var value = 0, scale = Moment.perSecond
    while scale > 1, let digit = nextDigit() {
      scale /= 10
      value += digit * scale
    }
    return scale < Moment.perSecond ? value : nil
  }

  private mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = nextDigit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private mutating func nextDigit() -> Int? {
    guard position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 else { return nil }
    position += 1
    return Int(digit)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(truncatingIfNeeded: character.value) else { return false }
    position += 1
    return true
  }

  private static func length(of month: Int, in year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// The inverse of `dateText` (Hinnant's `days_from_civil`); the year has four digits, so nothing overflows.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

/// A number with zeros before it.
func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
