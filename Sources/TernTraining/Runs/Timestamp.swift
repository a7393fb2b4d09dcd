internal import Glibc

/// A moment in universal time, to the millisecond.
package struct Timestamp: Equatable, Comparable, Sendable {
  /// Seconds since 1970.
  package let seconds: Double

  /// A moment beyond the years people write is taken as the nearest of theirs.
  package init(seconds: Double) {
    let milliseconds = (seconds * 1000).rounded()
    self.seconds = milliseconds.isFinite ? min(max(milliseconds / 1000, 0), Timestamp.latest) : 0
  }

  /// The last second of the year 9999.
  private static let latest = 253_402_300_799.0

  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }
}

extension Timestamp {
  /// As ISO 8601 has it: `2026-01-31T09:05:00.250Z`.
  package var text: String {
    let date = fields
    let day = [Timestamp.digits(date.year, 4), Timestamp.digits(date.month, 2), Timestamp.digits(date.day, 2)]
    let time = [date.hour, date.minute, date.second].map { Timestamp.digits($0, 2) }
    return "\(day.joined(separator: "-"))T\(time.joined(separator: ":")).\(Timestamp.digits(milliseconds, 3))Z"
  }

  /// To the second and without punctuation, fit for the name of a folder: `20260131-090500`.
  package var compact: String {
    let date = fields
    let day = Timestamp.digits(date.year, 4) + Timestamp.digits(date.month, 2) + Timestamp.digits(date.day, 2)
    return day + "-" + [date.hour, date.minute, date.second].map { Timestamp.digits($0, 2) }.joined()
  }

  /// Reads what `text` writes; nil for anything else.
  package init?(text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 24 else { return nil }
    let ranges = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19, 20..<23]
    let numbers = ranges.compactMap { Int32(String(decoding: bytes[$0], as: UTF8.self)) }
    guard numbers.count == ranges.count else { return nil }
    var date = tm()
    (date.tm_year, date.tm_mon, date.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (date.tm_hour, date.tm_min, date.tm_sec) = (numbers[3], numbers[4], numbers[5])
    self.init(seconds: Double(timegm(&date)) + Double(numbers[6]) / 1000)
    // Also refuses the 31st of February and misplaced punctuation.
    guard self.text == text else { return nil }
  }

  private var milliseconds: Int { Int(((seconds - seconds.rounded(.down)) * 1000).rounded()) }

  private var fields: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    var moment = time_t(seconds.rounded(.down))
    var date = tm()
    gmtime_r(&moment, &date)
    return (
      Int(date.tm_year) + 1900, Int(date.tm_mon) + 1, Int(date.tm_mday), Int(date.tm_hour), Int(date.tm_min),
      Int(date.tm_sec)
    )
  }

  private static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
