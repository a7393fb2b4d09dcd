/// How tables are laid out as text.
package struct TextStyle: Equatable, Sendable {
  /// Columns of the terminal.
  package var width: Int
  /// Rows shown.
  package var rows: Int
  /// Plain ASCII, for terminals and files that want it.
  package var isASCII: Bool
  /// Whether types and missing cells stand under the names.
  package var showsTypes: Bool

  package init(width: Int = 80, rows: Int = 5, ascii: Bool = false, showsTypes: Bool = true) {
    self.width = width
    self.rows = rows
    self.showsTypes = showsTypes
    isASCII = ascii
  }

  var missing: String { isASCII ? "NA" : "·" }
  var times: String { isASCII ? "x" : "×" }
  var more: String { isASCII ? "..." : "⋮" }
  var cut: String { isASCII ? "..." : "…" }

  /// The longest text a cell shows.
  static let cellWidth = 24

  /// A text on one line, safe for a terminal, and cut to fit.
  func cell(_ text: String) -> String {
    let visible = TextWidth.visible(text, ascii: isASCII)
    guard TextWidth.of(visible) > TextStyle.cellWidth else { return visible }
    return TextWidth.prefix(visible, TextStyle.cellWidth - TextWidth.of(cut)) + cut
  }
}

extension TextStyle {
  /// Each cell of a column on one line; floats with one count of decimals.
  func cells(of column: Column) -> [String] {
    switch column.cells {
    case .float(let values):
      NumberText.column(values.indices.map { column.isPresent($0) ? values[$0] : nil }, missing: missing)
    case .tensor(let values): Array(repeating: "[\(cut)]", count: values.rowCount)
    case .int, .bool, .text, .time: column.allCells.map { $0 == .missing ? missing : cell($0.text) }
    }
  }
}

/// The width of text on a terminal.
enum TextWidth {
  static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  /// As many characters as fit.
  static func prefix(_ text: String, _ width: Int) -> String {
    var used = 0
    return String(text.prefix { character in
      used += of(character)
      return used <= width
    })
  }

  /// Two for East Asian wide characters and emoji.
  private static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
      0x1f300...0x1faff, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }

  /// Control characters stand as `\n` or `\u{1b}`: data must not move the cursor.
  static func visible(_ text: String, ascii: Bool) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0) || (ascii && !$0.isASCII) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isHidden(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
      case _ where ascii && !scalar.isASCII: result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
  }

  static func padded(_ text: String, _ width: Int, right: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - of(text)))
    return right ? blanks + text : text + blanks
  }
}
