/// Red, green and blue, each from 0 to 1.
struct Color: Equatable {
  let red, green, blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) {
    func bounded(_ part: Double) -> Double { part.isFinite ? min(max(part, 0), 1) : 0 }
    (self.red, self.green, self.blue) = (bounded(red), bounded(green), bounded(blue))
  }

  init(hex: Int) { self.init(Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255) }

  /// As eyes see it, from 0 to 1 (ITU-R BT.709).
  var lightness: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

  /// The nearest of the 256 colours of terminals: 24 greys, else a place in the cube of 6 × 6 × 6.
  var terminalCode: Int {
    if red == green, green == blue { return red > 0.97 ? 231 : red < 0.02 ? 16 : 232 + min(23, Int(red * 24)) }
    func step(_ part: Double) -> Int { Int((part * 5).rounded()) }
    return 16 + 36 * step(red) + 6 * step(green) + step(blue)
  }

  var hex: String {
    func pair(_ part: Double) -> String {
      let digits = String(Int((part * 255).rounded()), radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "#" + pair(red) + pair(green) + pair(blue)
  }

  func mixed(with other: Color, _ share: Double) -> Color {
    Color(red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
  }
}

enum Palette {
  /// Told apart by people who see few colours, too (Okabe and Ito, 2008).
  static let series = [0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0xD55E00, 0x56B4E9, 0x8A7B00].map { Color(hex: $0) }

  static func series(_ index: Int) -> Color { series[index % series.count] }

  /// From dark to bright, evenly for the eye: anchors of viridis (van der Walt and Smith, 2015).
  private static let rising = [0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725].map { Color(hex: $0) }
  /// From cold over white to warm, around zero (ColorBrewer's RdBu).
  private static let around = [0x2166AC, 0x92C5DE, 0xF7F7F7, 0xF4A582, 0xB2182B].map { Color(hex: $0) }

  /// A number's colour between the least and the greatest; where they stand on two sides of zero, zero is white.
  static func color(_ value: Double, in range: ClosedRange<Double>) -> Color {
    guard value.isFinite else { return Color(0.5, 0.5, 0.5) }
    if range.lowerBound < 0, range.upperBound > 0 {
      let reach = max(-range.lowerBound, range.upperBound)
      return blend(around, (value / reach + 1) / 2)
    }
    let width = range.upperBound - range.lowerBound
    return blend(rising, width > 0 ? (value - range.lowerBound) / width : 0.5)
  }

  private static func blend(_ anchors: [Color], _ share: Double) -> Color {
    let place = min(max(share.isFinite ? share : 0.5, 0), 1) * Double(anchors.count - 1), index = min(Int(place), anchors.count - 2)
    return anchors[index].mixed(with: anchors[index + 1], place - Double(index))
  }
}
