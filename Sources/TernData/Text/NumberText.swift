/// Numbers for reading: a column of them with one count of decimals, so that points line up.
enum NumberText {
  private static let maxDecimals = 4

  /// A number each, in order; past 10⁷, or with nothing in four decimals, in the shortest form with six digits.
  static func column(_ values: [Double?], missing: String) -> [String] {
    let decimals = values.compactMap { $0 }.filter(isPlain).map(decimalsNeeded).max() ?? 1
    return values.map { value in
      guard let value else { return missing }
      return isPlain(value) ? fixed(value, decimals: decimals) : short(value)
    }
  }

  private static func isPlain(_ value: Double) -> Bool { value == 0 || (value.isFinite && abs(value) < 1e7 && abs(value) >= 1e-4) }

  /// At least one, so that a float is seen to be one.
  private static func decimalsNeeded(_ value: Double) -> Int {
    for decimals in 1..<maxDecimals where fixed(value, decimals: decimals) == fixed(value, decimals: maxDecimals).trimmed(to: decimals) {
      return decimals
    }
    return maxDecimals
  }

  /// Below 10⁷ and with few decimals every step fits an int.
  private static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return "\(sign)\(scaled / scale).\(padded(scaled % scale, decimals))"
  }

  /// At most six significant digits, with an exponent.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value.description }
    let text = value.description
    guard let mark = text.firstIndex(of: "e") else { return text }
    return String(text[..<mark].prefix(value < 0 ? 8 : 7)) + text[mark...]
  }
}

extension String {
  /// The text with its last digits gone, when they were zeros; else itself.
  fileprivate func trimmed(to decimals: Int) -> String {
    guard let point = firstIndex(of: ".") else { return self }
    let end = index(point, offsetBy: decimals + 1, limitedBy: endIndex) ?? endIndex
    return self[end...].allSatisfy { $0 == "0" } ? String(self[..<end]) : self
  }
}
