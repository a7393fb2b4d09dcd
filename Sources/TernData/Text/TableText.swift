/// A table as text: its size, the columns that fit with their types and missing cells, the first rows, and in words what
/// was left out.
///
///     dataset  344 rows × 8 columns
///       species  island     bill_length_mm
///       str      str                 float
///                                2 missing
///       Adelie   Torgersen            39.1
///       ⋮ 343 more rows
///       + year int
package struct TableText {
  private let table: Table
  private let style: TextStyle
  private let title: String
  private let rowsShown: Int
  private let shown: [TextColumn]

  package init(_ table: Table, title: String = "dataset", style: TextStyle = TextStyle()) {
    self.table = table
    self.style = style
    self.title = title
    rowsShown = min(max(style.rows, 0), table.rowCount)
    var width = 0, shown: [TextColumn] = []
    for (name, column) in table.entries {
      let next = TextColumn(name, column, rows: rowsShown, style)
      width += next.width + 2
      // One column is shown whatever its width: a table without any would say nothing.
      guard width <= style.width || shown.isEmpty else { break }
      shown.append(next)
    }
    self.shown = shown
  }

  /// Lines, without blanks at their ends.
  package var lines: [String] { ([size] + grid + leftOut).map(\.withoutTrailingBlanks) }
  package var text: String { lines.joined(separator: "\n") }

  private var size: String {
    "\(title)  \(counted(table.rowCount, "row")) \(style.times) \(counted(table.names.count, "column"))"
  }

  /// The line of missing cells is left out when there are none.
  private var grid: [String] {
    let height = shown.map(\.lines.count).max() ?? 0
    let isIdle = style.showsTypes && shown.allSatisfy { $0.lines[TextColumn.missingLine].isEmpty }
    return (0..<height).filter { !isIdle || $0 != TextColumn.missingLine }.map { line in
      shown.map { "  " + TextWidth.padded($0.lines[line], $0.width, right: $0.isRight) }.joined()
    }
  }

  private var leftOut: [String] {
    let rows = table.rowCount - rowsShown
    let fields = Schema(table).fields.dropFirst(shown.count)
    return (rows > 0 ? ["  \(style.more) \(counted(rows, "more row"))"] : []) + hidden(Array(fields))
  }

  /// The columns that did not fit, wrapped; past three lines only their count.
  private func hidden(_ fields: [Schema.Field]) -> [String] {
    let words = fields.map { field in
      "\(style.cell(field.name)) \(field.type.name)" + (field.missingCount > 0 ? " (\(field.missingCount) missing)" : "")
    }
    var lines: [String] = []
    for (place, word) in words.enumerated() {
      let last = place == words.count - 1
      // The third line keeps room for the count of what is not named.
      let room = style.width - (lines.count == 3 && !last ? 12 : 0)
      if let line = lines.last, TextWidth.of(line) + TextWidth.of(word) + 2 <= room {
        lines[lines.count - 1] = line + " " + word + (last ? "" : ",")
      } else if lines.count == 3 {
        lines[2] += " \(style.cut) \(words.count - place) more"
        break
      } else {
        lines.append((lines.isEmpty ? "  + " : "    ") + word + (last ? "" : ","))
      }
    }
    return lines
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

/// A column's name, type, missing cells and first cells.
private struct TextColumn {
  static let missingLine = 2

  let lines: [String]
  let width: Int
  /// Numbers stand right, texts left.
  let isRight: Bool

  init(_ name: String, _ column: Column, rows: Int, _ style: TextStyle) {
    let missing = column.missingCount > 0 ? "\(column.missingCount) missing" : ""
    let types = style.showsTypes ? [column.type.name, missing] : []
    lines = [style.cell(name)] + types + style.cells(of: column.sliced(0..<rows))
    width = lines.map(TextWidth.of).max() ?? 0
    isRight = column.type == .int || column.type == .float
  }
}

extension String {
  fileprivate var withoutTrailingBlanks: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
