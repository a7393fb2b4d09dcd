extension Plot {
  /// The plot as an SVG image (W3C, SVG 1.1) of 640 units width. Words have the colour of the text around it.
  package var svg: String {
    var page = SVGPage()
    switch content {
    case .lines(let series): page.draw(self, series, joined: true)
    case .points(let series): page.draw(self, series, joined: false)
    case .histogram(let histogram): page.draw(self, histogram)
    case .bars(let bars): page.draw(self, bars)
    case .heat(let grid): page.draw(self, grid, counts: false)
    // Numbers are written where there is room for them.
    case .confusion(let grid): page.draw(self, grid, counts: grid.rows.count <= 40)
    case .image(let picture): page.draw(self, picture)
    }
    return page.text(title: title)
  }
}

/// The elements of an image, and how high they have made it.
struct SVGPage {
  static let width = 640.0
  private var elements: [String] = []
  private(set) var height = 0.0

  func text(title: String?) -> String {
    let top = title == nil ? 0.0 : 28
    let name = title.map { "<title>\($0.escapedXML)</title>" } ?? ""
    let heading = title.map { SVGPage.words($0, SVGPage.width / 2, 18, anchor: "middle", size: 15) + "\n" } ?? ""
    let box = "0 0 \(number(SVGPage.width)) \(number(height + top))"
    let body = top > 0 ? "<g transform=\"translate(0 \(number(top)))\">\n\(elements.joined(separator: "\n"))\n</g>" : elements.joined(separator: "\n")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="\(box)" role="img" width="100%" style="max-width:\(number(SVGPage.width))px" \
      font-family="system-ui, sans-serif" font-size="12" fill="currentColor">
      \(name)\(heading)\(body)
      </svg>
      """
  }

  mutating func reach(_ bottom: Double) { height = max(height, bottom) }
  mutating func add(_ element: String) { elements.append(element) }

  mutating func words(_ text: String, _ x: Double, _ y: Double, anchor: String = "start", size: Double = 12, turned: Bool = false, fill: String? = nil) {
    add(SVGPage.words(text, x, y, anchor: anchor, size: size, turned: turned, fill: fill))
  }

  private static func words(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", size: Double = 12, turned: Bool = false, fill: String? = nil
  ) -> String {
    let turn = turned ? " transform=\"rotate(-90 \(number(x)) \(number(y)))\"" : ""
    let paint = fill.map { " fill=\"\($0)\"" } ?? ""
    let letters = size == 12 ? "" : " font-size=\"\(number(size))\""
    return "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(letters)\(paint)\(turn)>\(text.escapedXML)</text>"
  }

  mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: Color, opacity: Double = 1, note: String? = nil) {
    let through = opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : ""
    let start = "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 0)))\" height=\"\(number(max(height, 0)))\" fill=\"\(color.hex)\"\(through)"
    add(note.map { start + "><title>\($0.escapedXML)</title></rect>" } ?? start + "/>")
  }

  mutating func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, opacity: Double) {
    add("<path d=\"M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))\" stroke=\"currentColor\" stroke-opacity=\"\(number(opacity))\"/>")
  }
}

/// Two decimals are a hundredth of a pixel.
func number(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e9 else { return "0" }
  var text = Ticks.printed("%.2f", value)
  while text.last == "0" { text.removeLast() }
  if text.last == "." { text.removeLast() }
  return text == "-0" ? "0" : text
}

extension String {
  /// Text and attributes of XML; characters it has no place for are left out.
  var escapedXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped.unicodeScalars.append(" ")
      default: if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF { escaped.unicodeScalars.append(scalar) }
      }
    }
    return escaped
  }
}
