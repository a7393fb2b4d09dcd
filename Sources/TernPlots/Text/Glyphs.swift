/// A character of a drawing and the colour it has where colours are shown.
struct Glyph {
  var character: Character
  var ink: Color?
  var paper: Color?

  init(_ character: Character, _ ink: Color? = nil, on paper: Color? = nil) {
    self.character = character
    self.ink = ink
    self.paper = paper
  }
}

/// A line of glyphs, put together from left to right.
struct GlyphLine {
  private(set) var glyphs: [Glyph] = []

  init(_ text: String = "", _ ink: Color? = nil) { add(text, ink) }

  var count: Int { glyphs.count }

  mutating func add(_ text: String, _ ink: Color? = nil) { glyphs += text.map { Glyph($0, ink) } }
  mutating func add(_ more: some Sequence<Glyph>) { glyphs += more }
  mutating func pad(to width: Int) { if glyphs.count < width { glyphs += Array(repeating: Glyph(" "), count: width - glyphs.count) } }

  /// Writes over what stands at a place.
  mutating func put(_ text: String, at start: Int) {
    pad(to: start)
    for (offset, character) in text.enumerated() {
      if start + offset < glyphs.count { glyphs[start + offset].character = character } else { glyphs.append(Glyph(character)) }
    }
  }

  func text(width: Int, colors: Bool) -> String {
    var shown = glyphs.prefix(max(width, 1))[...]
    while let last = shown.last, last.character == " ", last.paper == nil || !colors { shown.removeLast() }
    guard colors else { return String(shown.map(\.character)) }
    var text = "", state = ""
    for glyph in shown {
      let wanted = (glyph.ink.map { "\u{1B}[38;5;\($0.terminalCode)m" } ?? "") + (glyph.paper.map { "\u{1B}[48;5;\($0.terminalCode)m" } ?? "")
      if wanted != state {
        if !state.isEmpty { text += "\u{1B}[0m" }
        text += wanted
        state = wanted
      }
      text.append(glyph.character)
    }
    return state.isEmpty ? text : text + "\u{1B}[0m"
  }
}

/// Dots, two across and four down in each character (Unicode's braille patterns).
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var inks: [Color?]
  /// A letter instead of dots, where points of several groups are told apart.
  private var letters: [Character?]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = Array(repeating: 0, count: columns * rows)
    inks = Array(repeating: nil, count: columns * rows)
    letters = Array(repeating: nil, count: columns * rows)
  }

  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// A dot, counted from the upper left.
  mutating func set(_ x: Int, _ y: Int, _ ink: Color?) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let cell = y / 4 * columns + x / 2
    dots[cell] |= BrailleCanvas.bits[x % 2][y % 4]
    if let ink { inks[cell] = ink }
  }

  mutating func mark(_ x: Int, _ y: Int, _ letter: Character, _ ink: Color?) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let cell = y / 4 * columns + x / 2
    letters[cell] = letter
    inks[cell] = ink
  }

  /// A straight line (Bresenham, 1965), of which only some dots are set: `pattern` says which, along the whole curve.
  mutating func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ ink: Color?, _ pattern: Dashes, _ travelled: inout Int) {
    let dx = abs(to.x - from.x), dy = -abs(to.y - from.y)
    let stepX = from.x < to.x ? 1 : -1, stepY = from.y < to.y ? 1 : -1
    var (x, y) = from, error = dx + dy
    while true {
      if pattern.isDrawn(travelled) { set(x, y, ink) }
      if x == to.x, y == to.y { return }
      travelled += 1
      let twice = 2 * error
      if twice >= dy { (error, x) = (error + dy, x + stepX) }
      if twice <= dx { (error, y) = (error + dx, y + stepY) }
    }
  }

  func glyphs(row: Int) -> [Glyph] {
    (0..<columns).map { column in
      let cell = row * columns + column
      if let letter = letters[cell] { return Glyph(letter, inks[cell]) }
      guard dots[cell] != 0, let scalar = UnicodeScalar(0x2800 + UInt32(dots[cell])) else { return Glyph(" ") }
      return Glyph(Character(scalar), inks[cell])
    }
  }
}

/// How lines are told apart where nothing has a colour: drawn through, dashed, dotted, …
struct Dashes {
  let drawn: Int
  let period: Int

  func isDrawn(_ place: Int) -> Bool { place % period < drawn }

  private static let patterns = [Dashes(drawn: 1, period: 1), Dashes(drawn: 5, period: 9), Dashes(drawn: 1, period: 3), Dashes(drawn: 9, period: 12)]
  static func pattern(_ index: Int) -> Dashes { patterns[index % patterns.count] }
}

enum Marks {
  private static let letters: [Character] = ["●", "○", "▲", "△", "■", "□", "◆", "◇"]
  static func letter(_ index: Int) -> Character { letters[index % letters.count] }

  private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  private static let steps: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"]
  private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

  /// A bar from the left, so many characters long.
  static func bar(_ length: Double) -> String {
    let parts = Int((max(length, 0) * 8).rounded())
    return String(repeating: "█", count: parts / 8) + (parts % 8 > 0 ? String(eighths[parts % 8]) : "")
  }

  /// The character of a column so many characters high, in a row counted from the bottom.
  static func column(_ height: Double, row: Int) -> Character {
    let parts = Int((height * 8).rounded()) - row * 8
    return parts >= 8 ? "█" : parts <= 0 ? " " : steps[parts]
  }

  static func shade(_ share: Double) -> Character {
    share.isFinite ? shades[min(max(Int(share * 5), 0), 4)] : "?"
  }

  /// One line for a course of numbers: `▇▅▃▂▁▁`.
  package static func spark(_ numbers: [Double], width: Int) -> String {
    let finite = numbers.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), width > 0 else { return "" }
    let count = min(numbers.count, width)
    return String((0..<count).map { index -> Character in
      let value = numbers[count == 1 ? 0 : index * (numbers.count - 1) / (count - 1)]
      guard value.isFinite else { return "×" }
      // Halves, because the difference of two numbers may be none.
      let share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0
      return share >= 0.94 ? "█" : steps[1 + min(Int(share * 7.5), 6)]
    })
  }
}
