/// A column alone, as text: its type and size, then as many cells as fit on a line.
///
///     column of float  344 rows, 2 missing
///     [39.1, 39.5, 40.3, ·, 36.7, 39.3, 38.9, 39.2, 34.1, 42.0, 37.8, …]
package struct ColumnText {
  package let lines: [String]
  package var text: String { lines.joined(separator: "\n") }

  package init(_ column: Column, style: TextStyle = TextStyle()) {
    let missing = column.missingCount > 0 ? ", \(column.missingCount) missing" : ""
    let head = "column of \(column.type.name)  \(column.count) \(column.count == 1 ? "row" : "rows")\(missing)"
    if case .tensor = column.type { lines = [head] } else { lines = [head, ColumnText.cells(column, style)] }
  }

  private static func cells(_ column: Column, _ style: TextStyle) -> String {
    // A cell and its comma take two places at least.
    let head = column.sliced(0..<min(column.count, max(style.width, 2) / 2))
    let words = style.cells(of: head), last = column.count - 1
    var line = "["
    for (place, word) in words.enumerated() {
      let added = (place == 0 ? "" : ", ") + word
      let ending = place == last ? 1 : 3 + TextWidth.of(style.cut)
      guard place == 0 || TextWidth.of(line) + TextWidth.of(added) + ending <= style.width else {
        return line + ", \(style.cut)]"
      }
      line += added
    }
    return line + (words.count < column.count ? ", \(style.cut)]" : "]")
  }
}
