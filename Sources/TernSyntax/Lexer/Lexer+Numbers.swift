// `42  48_211  0xff  1e-3  5ms  64kB`

extension Lexer {
  /// number → digits ("." digits)? ("e" sign? digits)? unit? | "0x" hexdigits
  mutating func number() {
    let start = position
    if byte() == UInt8(ascii: "0"), byte(ahead: 1) | 0x20 == UInt8(ascii: "x") { return hexadecimal() }
    skipDigits()
    let isFloat = skipFraction()
    let hasExponent = skipExponent()
    let written = digits(from: start, to: position)
    let unitStart = position
    while position < bytes.count, isWordPart(at: position) { position += scalar(at: position).length }
    let unit = text(from: unitStart, to: position)
    if isFloat || hasExponent {
      fraction(written, unit, start)
    } else {
      whole(written, unit, start)
    }
  }

  private mutating func skipDigits() {
    while Lexer.isDigit(byte()) || byte() == UInt8(ascii: "_") { position += 1 }
  }

  private mutating func skipFraction() -> Bool {
    guard byte() == UInt8(ascii: "."), Lexer.isDigit(byte(ahead: 1)) else { return false }
    position += 1
    skipDigits()
    return true
  }

  private mutating func skipExponent() -> Bool {
    guard byte() | 0x20 == UInt8(ascii: "e") else { return false }
    let isSigned = byte(ahead: 1) == UInt8(ascii: "+") || byte(ahead: 1) == UInt8(ascii: "-")
    guard Lexer.isDigit(byte(ahead: isSigned ? 2 : 1)) else { return false }
    position += isSigned ? 2 : 1
    skipDigits()
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  private func digits(from start: Int, to end: Int) -> String {
    let written = bytes[start..<end]
    guard written.contains(UInt8(ascii: "_")) else { return String(decoding: written, as: UTF8.self) }
    return String(decoding: written.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
  }

  // MARK: Values

  private mutating func whole(_ digits: String, _ unit: String, _ start: Int) {
    guard let value = UInt64(digits), value <= 1 << 63 else { return tooLarge("int", start) }
    if unit.isEmpty { return emit(.int, from: start, payload: value) }
    guard let known = NumberUnit(rawValue: unit) else { return unknownUnit(unit, digits, start) }
    let (product, overflows) = value.multipliedReportingOverflow(by: UInt64(known.factor))
    guard !overflows, product <= UInt64(Int.max) else { return tooLarge(known.kindName, start) }
    emit(known.isDuration ? .duration : .size, from: start, payload: product)
  }

  private mutating func fraction(_ digits: String, _ unit: String, _ start: Int) {
    guard let value = Double(digits), value.isFinite else { return tooLarge("float", start) }
    if unit.isEmpty { return emit(.float, from: start, payload: value.bitPattern) }
    guard let known = NumberUnit(rawValue: unit) else { return unknownUnit(unit, digits, start) }
    guard let product = Int(exactly: (value * Double(known.factor)).rounded()) else { return tooLarge(known.kindName, start) }
    emit(known.isDuration ? .duration : .size, from: start, payload: UInt64(product))
  }

  private mutating func hexadecimal() {
    let start = position
    position += 2
    let digitsStart = position
    while position < bytes.count, isWordPart(at: position) { position += scalar(at: position).length }
    let written = digits(from: digitsStart, to: position)
    guard !written.isEmpty, written.utf8.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else {
      report(
        .badNumber, "a hexadecimal number needs digits 0–9 and a–f after `0x`", range(start, position),
        hint: "`0xff` is 255")
      return emit(.invalid, from: start)
    }
    guard let value = UInt64(written, radix: 16), value <= 1 << 63 else { return tooLarge("int", start) }
    emit(.int, from: start, payload: value)
  }

  // MARK: Errors

  private mutating func tooLarge(_ kind: String, _ start: Int) {
    let limit =
      switch kind {
      case "int": "an int has 64 bits: at most 9223372036854775807; write `1e20` for a float"
      case "float": "a float reaches to about 1.8e308; `inf` is beyond"
      case "duration": "a duration counts nanoseconds in 64 bits: at most about 292 years"
      default: "a size counts bytes in 64 bits"
      }
    report(.tooLarge, "this \(kind) is too large", range(start, position), hint: limit)
    emit(.int, from: start, payload: 0)
  }

  private mutating func unknownUnit(_ unit: String, _ digits: String, _ start: Int) {
    let place = range(position - unit.utf8.count, position)
    if let radix = radixPrefix(digits, unit) {
      report(.badNumber, "Tern has no \(radix) numbers", range(start, position), hint: "`0x` for hexadecimal, else decimal")
    } else {
      let meant = NumberUnit.meant(by: unit).map { "`\(digits)\($0.rawValue)`" }
      report(
        .unknownUnit, "`\(unit)` is no unit", place,
        hint: meant ?? "durations: ns us ms s min h d; sizes: B kB MB GB TB; a product needs its `*`")
    }
    emit(.int, from: start, payload: 0)
  }

  private func radixPrefix(_ digits: String, _ unit: String) -> String? {
    guard digits == "0", let letter = unit.utf8.first else { return nil }
    return letter | 0x20 == UInt8(ascii: "b") ? "binary" : letter | 0x20 == UInt8(ascii: "o") ? "octal" : nil
  }
}

/// The units of durations, in nanoseconds, and of sizes, in bytes.
package enum NumberUnit: String, CaseIterable, Sendable {
  case nanosecond = "ns", microsecond = "us", millisecond = "ms", second = "s", minute = "min", hour = "h", day = "d"
  case byte = "B", kilobyte = "kB", megabyte = "MB", gigabyte = "GB", terabyte = "TB"

  package var factor: Int {
    switch self {
    case .nanosecond, .byte: 1
    case .microsecond, .kilobyte: 1000
    case .millisecond, .megabyte: 1_000_000
    case .second, .gigabyte: 1_000_000_000
    case .minute: 60_000_000_000
    case .hour: 3_600_000_000_000
    case .day: 86_400_000_000_000
    case .terabyte: 1_000_000_000_000
    }
  }

  package var isDuration: Bool {
    switch self {
    case .nanosecond, .microsecond, .millisecond, .second, .minute, .hour, .day: true
    case .byte, .kilobyte, .megabyte, .gigabyte, .terabyte: false
    }
  }

  var kindName: String { isDuration ? "duration" : "size" }

  /// The unit that another spelling plainly means.
  static func meant(by spelling: String) -> NumberUnit? {
    switch spelling.lowercased() {
    case "sec", "secs", "second", "seconds": .second
    case "m", "mins", "minute", "minutes": .minute
    case "hr", "hrs", "hour", "hours": .hour
    case "day", "days": .day
    case "msec", "millis": .millisecond
    case "µs", "μs", "usec": .microsecond
    case "k", "kb", "kib": .kilobyte
    case "mb", "mib": .megabyte
    case "g", "gb", "gib": .gigabyte
    case "tb", "tib": .terabyte
    case "b", "byte", "bytes": .byte
    default: nil
    }
  }
}
