/// What the text of a cell could be read as. No kind at all leaves text.
struct CellKinds: OptionSet {
  let rawValue: UInt8

  static let int = CellKinds(rawValue: 1)
  static let float = CellKinds(rawValue: 2)
  static let bool = CellKinds(rawValue: 4)
  static let time = CellKinds(rawValue: 8)
  static let all: CellKinds = [.int, .float, .bool, .time]
}

/// How numbers, bools and missing cells are written.
///
///     int    [+-] digits           without a leading zero: 007 is a name, not a number
///     float  [+-] digits [. digits] [e [+-] digits] | [+-] inf | nan
///     bool   true | True | TRUE | false | False | FALSE
package enum CellSyntax {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  static func isMissing(_ bytes: Bytes) -> Bool {
    bytes.isEmpty || (bytes.count == 2 && bytes[0] == UInt8(ascii: "N") && bytes[1] == UInt8(ascii: "A"))
  }

  /// Every kind the bytes can be read as.
  static func kinds(_ bytes: Bytes) -> CellKinds {
    guard let first = bytes.first else { return .all }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      if bytes.count >= 10, bytes[4] == UInt8(ascii: "-") { return Moment(utf8: bytes) == nil ? [] : .time }
      return numberKinds(bytes)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): return numberKinds(bytes)
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "T"), UInt8(ascii: "F"):
      return bool(bytes) == nil ? [] : .bool
    case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "n"), UInt8(ascii: "N"):
      return specialFloat(bytes) == nil ? [] : .float
    default: return []
    }
  }

  /// An integer that fits is int and float, one that does not is float alone, as is what has a point or an exponent.
  private static func numberKinds(_ bytes: Bytes) -> CellKinds {
    if int(bytes) != nil { return [.int, .float] }
    return Decimal(bytes) != nil || specialFloat(bytes) != nil ? .float : []
  }

  /// Whether a number is digits alone, so that a float would round it.
  static func isDigits(_ bytes: Bytes) -> Bool {
    bytes.dropFirst(isSign(bytes.first) ? 1 : 0).allSatisfy { $0 &- 48 < 10 }
  }

  // MARK: Numbers

  static func int(_ text: String) -> Int? {
    var text = text
    return text.withUTF8(int)
  }

  static func float(_ text: String) -> Double? {
    var text = text
    return text.withUTF8(float)
  }

  /// nil for anything but an int that fits 64 bits.
  static func int(_ bytes: Bytes) -> Int? {
    let start = isSign(bytes.first) ? 1 : 0
    let digits = bytes.count - start
    guard digits > 0, digits <= 19, !hasLeadingZero(bytes, at: start) else { return nil }
    var magnitude: UInt64 = 0  // 19 digits fit
    for index in start..<bytes.count {
      let digit = bytes[index] &- 48
      guard digit < 10 else { return nil }
      magnitude = magnitude &* 10 &+ UInt64(digit)
    }
    if start == 1, bytes[0] == UInt8(ascii: "-") {
      return magnitude <= 1 << 63 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return magnitude < 1 << 63 ? Int(truncatingIfNeeded: magnitude) : nil
  }

  /// nil for anything but a number. Correctly rounded.
  static func float(_ bytes: Bytes) -> Double? {
    guard let decimal = Decimal(bytes) else { return specialFloat(bytes) }
    if let quick = decimal.exactValue { return quick }
    return Double(String(decoding: bytes, as: UTF8.self))
  }

  private static func specialFloat(_ bytes: Bytes) -> Double? {
    let start = isSign(bytes.first) ? 1 : 0
    guard bytes.count - start == 3 || bytes.count - start == 8 else { return nil }
    let word = String(decoding: bytes.dropFirst(start), as: UTF8.self).lowercased()
    let isNegative = start == 1 && bytes[0] == UInt8(ascii: "-")
    switch word {
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    case "nan": return start == 0 ? .nan : nil
    default: return nil
    }
  }

  fileprivate static func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }

  fileprivate static func hasLeadingZero(_ bytes: Bytes, at start: Int) -> Bool {
    start + 1 < bytes.count && bytes[start] == 48 && bytes[start + 1] &- 48 < 10
  }

  // MARK: Bools

  static func bool(_ bytes: Bytes) -> Bool? {
    guard bytes.count == 4 || bytes.count == 5 else { return nil }
    switch String(decoding: bytes, as: UTF8.self) {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }
}

/// A decimal number in two integers: `significand` × 10^`exponent`.
private struct Decimal {
  private var significand: UInt64 = 0
  private var exponent = 0
  private var isNegative = false
  /// The significand holds all digits.
  private var isWhole = true

  /// nil when the bytes are not a decimal number.
  init?(_ bytes: CellSyntax.Bytes) {
    var index = CellSyntax.isSign(bytes.first) ? 1 : 0
    isNegative = bytes.first == UInt8(ascii: "-")
    guard !CellSyntax.hasLeadingZero(bytes, at: index) else { return nil }
    let whole = takeDigits(bytes, &index, scale: 0)
    var fraction = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      fraction = takeDigits(bytes, &index, scale: -1)
    }
    guard whole + fraction > 0, takeExponent(bytes, &index), index == bytes.count else { return nil }
  }

  /// Returns how many digits there were; each moves the exponent by `scale`.
  private mutating func takeDigits(_ bytes: CellSyntax.Bytes, _ index: inout Int, scale: Int) -> Int {
    let start = index
    while index < bytes.count, case let digit = bytes[index] &- 48, digit < 10 {
      if significand < 100_000_000_000_000_000 {
        significand = significand * 10 + UInt64(digit)
        exponent += scale
      } else {
        isWhole = false
      }
      index += 1
    }
    return index - start
  }

  /// False when an `e` is followed by no digits. Exponents past five digits are infinite or zero all the same.
  private mutating func takeExponent(_ bytes: CellSyntax.Bytes, _ index: inout Int) -> Bool {
    guard index < bytes.count, bytes[index] | 32 == UInt8(ascii: "e") else { return true }
    index += 1
    let sign = index < bytes.count && bytes[index] == UInt8(ascii: "-") ? -1 : 1
    if index < bytes.count, CellSyntax.isSign(bytes[index]) { index += 1 }
    let start = index
    var value = 0
    while index < bytes.count, case let digit = bytes[index] &- 48, digit < 10 {
      value = min(value * 10 + Int(digit), 99_999)
      index += 1
    }
    exponent += sign * value
    return index > start
  }

  /// The value where one rounding gives it (Clinger): both integers exact as doubles; nil elsewhere.
  var exactValue: Double? {
    guard isWhole, significand <= 1 << 53, abs(exponent) <= 22 else { return nil }
    let magnitude = Double(significand)
    let value = exponent < 0 ? magnitude / Decimal.powers[-exponent] : magnitude * Decimal.powers[exponent]
    return isNegative ? -value : value
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
  ]
}
