internal import Glibc

/// Whether what a statement shows now is what was recorded.
///
/// 1. Text agrees exactly.
/// 2. Ints agree exactly.
/// 3. Floats agree within one unit of the recorded one's last digit; where the two are printed with different numbers of
///    digits, as the shortest text of a float is, within the noise of a few roundings.
/// 4. With a tolerance, numbers agree within it, relative to the recorded number when that is above 1.
package struct Comparison {
  package var tolerance: Double?

  package init(tolerance: Double? = nil) { self.tolerance = tolerance }

  package func agree(_ recorded: [String], _ now: [String]) -> Bool {
    recorded.count == now.count && zip(recorded, now).allSatisfy { agree($0, $1) }
  }

  package func agree(_ recorded: String, _ now: String) -> Bool {
    if recorded == now { return true }
    let before = OutputPiece.pieces(of: recorded)
    let after = OutputPiece.pieces(of: now)
    // Columns shift when a number gets longer; then runs of blanks count as one.
    let isShifted = zip(before, after).contains { $0.isNumber && $1.isNumber && $0.text.utf8.count != $1.text.utf8.count }
    guard before.count == after.count else { return false }
    return zip(before, after).allSatisfy { agree($0, $1, isShifted) }
  }

  private func agree(_ recorded: OutputPiece, _ now: OutputPiece, _ isShifted: Bool) -> Bool {
    if recorded.text == now.text { return true }
    guard recorded.isNumber, now.isNumber else {
      return isShifted && !recorded.isNumber && !now.isNumber && recorded.withSingleBlanks == now.withSingleBlanks
    }
    guard let a = Double(recorded.text), let b = Double(now.text) else { return false }
    let distance = abs(a - b)
    if let tolerance { return distance <= tolerance * max(1, abs(a)) }
    guard recorded.isFloat, now.isFloat else { return false }
    if recorded.unit == now.unit { return distance <= recorded.unit * (1 + 1e-6) }
    return distance <= max(1e-5 * abs(a), min(recorded.unit, now.unit), 1e-6)
  }
}

/// A number, or what stands between numbers.
private struct OutputPiece {
  let text: String
  let isNumber: Bool

  /// Has a point or an exponent.
  var isFloat: Bool { isNumber && text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } }

  /// One of the last printed digit: 0.01 for `3.14`, 1e-6 for `2.5e-5`.
  var unit: Double {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let decimals = parts.first?.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first?.utf8.count ?? 0
    return pow(10, Double(exponent) - Double(decimals))
  }

  var withSingleBlanks: String {
    text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }

  /// A number starts at a digit that no word goes before; a sign before it belongs to it unless a word or number goes before.
  static func pieces(of line: String) -> [OutputPiece] {
    let bytes = Array(line.utf8)
    var pieces: [OutputPiece] = []
    var textStart = 0
    var at = 0
    while at < bytes.count {
      guard let end = numberEnd(bytes, at) else {
        at += 1
        continue
      }
      if at > textStart { pieces.append(OutputPiece(text: String(decoding: bytes[textStart..<at], as: UTF8.self), isNumber: false)) }
      pieces.append(OutputPiece(text: String(decoding: bytes[at..<end], as: UTF8.self), isNumber: true))
      at = end
      textStart = end
    }
    if textStart < bytes.count { pieces.append(OutputPiece(text: String(decoding: bytes[textStart...], as: UTF8.self), isNumber: false)) }
    return pieces
  }

  /// Where the number that starts here ends: `-?digits[.digits][e±digits]`.
  private static func numberEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
    if start > 0, isWord(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".") { return nil }
    var at = start
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    func digits() -> Bool {
      let first = at
      while at < bytes.count, isDigit(bytes[at]) { at += 1 }
      return at > first
    }
    guard digits() else { return nil }
    if at + 1 < bytes.count, bytes[at] == UInt8(ascii: "."), isDigit(bytes[at + 1]) {
      at += 1
      _ = digits()
    }
    let beforeExponent = at
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < bytes.count, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") { at += 1 }
      if !digits() { at = beforeExponent }
    }
    return at
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80 || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
}
