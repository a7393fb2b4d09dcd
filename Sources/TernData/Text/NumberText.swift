internal import Glibc

/// Numbers for reading: a column of them with one count of decimals, so that points line up. Enough to read by, not to read back.
enum NumberText {
  private static let maxDecimals = 4

  /// A number each, in order; past 10⁷, or with nothing in four decimals, in the shortest form with six digits.
  static func column(_ values: [Double?], missing: String) -> [String] {
    let plain = values.compactMap { $0 }.filter(isPlain)
    let decimals = min(plain.map(decimalsNeeded).max() ?? 1, decimalsWorthReading(plain))
    return values.map { value in
      guard let value else { return missing }
      return isPlain(value) ? fixed(value, decimals: decimals) : short(value)
    }
  }

  static func one(_ value: Double) -> String { column([value], missing: "").joined() }

  private static func isPlain(_ value: Double) -> Bool {
    value == 0 || (value.isFinite && abs(value) < 1e7 && abs(value) >= 1e-4)
  }

  /// The fewest that say as much as the most would; at least one, so that a float is seen to be one.
  private static func decimalsNeeded(_ value: Double) -> Int {
    let zeros = fixed(value, decimals: maxDecimals).reversed().prefix { $0 == "0" }.count
    return max(1, maxDecimals - zeros)
  }

  /// As many as leave the greatest number six digits; all of them beside a number that fewer would round away.
  private static func decimalsWorthReading(_ values: [Double]) -> Int {
    let magnitudes = values.map(abs).filter { $0 > 0 }
    guard let greatest = magnitudes.max(), let least = magnitudes.min() else { return 1 }
    // Finite and below 10⁷, as `isPlain` has it.
    return least < 0.1 ? maxDecimals : max(1, min(maxDecimals, 6 - String(Int(greatest)).utf8.count))
  }

  /// Below 10⁷ and with few decimals every step fits an int.
  private static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return "\(sign)\(scaled / scale).\(padded(scaled % scale, decimals))"
  }

  /// At most six significant digits, with an exponent where that is shorter.
  private static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.description }
    var buffer = [CChar](repeating: 0, count: 32)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.6g", $0) }
    return String(decoding: buffer.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
