import CTernKernels

/// The shortest text that reads back as the same number: `1.0`, `0.0001`, `1e-05`, `1e+16`, `inf`, `nan`.
package func floatText(_ x: Double) -> String { laidOut(x.description, x.isFinite, x.isNaN, x < 0) }

/// The same for single precision: fewer digits say which number it is.
package func floatText(_ x: Float) -> String { laidOut(x.description, x.isFinite, x.isNaN, x < 0) }

/// The same for half precision.
package func floatText(_ x: Float16) -> String { laidOut(x.description, x.isFinite, x.isNaN, x < 0) }
func brainFloatText(_ bits: UInt16) -> String {
  let x = Float(bitPattern: UInt32(bits) << 16)
  // Whole numbers are shown as they are: 4096 is no 4100, though that reads back as the same.
  guard x.isFinite, abs(x) >= 0x1p24 || x != x.rounded() else { return floatText(x) }
  let digits = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer -> String in
    guard let text = buffer.baseAddress else { return "" }
    tern_bf16_text(bits, text)
    return String(cString: text)
  }
  return laidOut(digits, true, false, x < 0)
}

/// Swift finds the shortest digits; where the point stands and when an exponent is used are Python's rules.
private func laidOut(_ description: String, _ isFinite: Bool, _ isNaN: Bool, _ isNegative: Bool) -> String {
  if isNaN { return "nan" }
  if !isFinite { return isNegative ? "-inf" : "inf" }
  var digits: [UInt8] = [], point: Int?, exponent = 0, sign = ""
  var rest = description.utf8[...]
  if rest.first == UInt8(ascii: "-") {
    sign = "-"
    rest = rest.dropFirst()
  }
  while let byte = rest.popFirst() {
    switch byte {
    case UInt8(ascii: "."): point = digits.count
    case UInt8(ascii: "e"):
      exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
      rest = rest.suffix(0)
    default: digits.append(byte)
    }
  }
  var place = (point ?? digits.count) + exponent           // the number is 0.digits · 10^place
  while digits.count > 1, digits.first == UInt8(ascii: "0") {
    digits.removeFirst()
    place -= 1
  }
  while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
  if digits == [UInt8(ascii: "0")] { return sign + "0.0" }
  let text = String(decoding: digits, as: UTF8.self)
  if place > 16 || place < -3 {
    let power = place - 1, size = abs(power)
    let mantissa = digits.count > 1 ? text.prefix(1) + "." + text.dropFirst() : text[...]
    return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)"
  }
  if place <= 0 { return sign + "0." + String(repeating: "0", count: -place) + text }
  if place >= digits.count { return sign + text + String(repeating: "0", count: place - digits.count) + ".0" }
  return sign + text.prefix(place) + "." + text.dropFirst(place)
}
