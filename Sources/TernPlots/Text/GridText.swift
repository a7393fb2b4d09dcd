/// A heat map: two characters a number, shaded or coloured, with the scale below.
struct HeatText {
  private(set) var lines: [GlyphLine] = []
  private static let mostRows = 40

  init(_ plot: Plot, _ grid: Grid, width: Int) {
    guard let range = grid.range else {
      lines = [GlyphLine("(no finite numbers to draw)")]
      return
    }
    let names = grid.rowNames.map { min($0.map(\.count).max() ?? 0, width / 3) } ?? 0
    let left = names > 0 ? names + 1 : 0
    let shown = grid.reduced(rows: HeatText.mostRows, columns: max((width - left) / 2, 1))
    if let label = plot.y.label { lines.append(GlyphLine(label)) }
    for (place, row) in shown.rows.enumerated() {
      var line = GlyphLine()
      if left > 0 { line.add(BarText.fitted(shown.rowNames?[place] ?? "", names) + " ") }
      for value in row {
        // Where there are colours the shade has the one of its paper, and is there for who copies the text.
        let shade = Marks.shade((value - range.lowerBound) / max(range.upperBound - range.lowerBound, .leastNormalMagnitude))
        let color = Palette.color(value, in: range)
        line.add(repeatElement(Glyph(shade, color, on: color), count: 2))
      }
      lines.append(line)
    }
    if let names = shown.columnNames, let numbers = HeatText.columnNames(names, left) { lines.append(numbers) }
    if let label = plot.x.label { lines.append(GlyphLine(String(repeating: " ", count: left) + label)) }
    lines.append(HeatText.scale(range, left))
  }

  /// Names under their columns, as far as they fit.
  private static func columnNames(_ names: [String], _ left: Int) -> GlyphLine? {
    var line = GlyphLine(), end = 0
    for (place, name) in names.enumerated() where left + place * 2 >= end {
      line.put(name, at: left + place * 2)
      end = left + place * 2 + name.count + 1
    }
    return line
  }

  private static func scale(_ range: ClosedRange<Double>, _ left: Int) -> GlyphLine {
    var line = GlyphLine(String(repeating: " ", count: left) + Ticks.number(range.lowerBound) + " ")
    for step in 0..<10 {
      let share = (Double(step) + 0.5) / 10
      let value = range.lowerBound + (range.upperBound - range.lowerBound) * share
      let color = Palette.color(value, in: range)
      line.add([Glyph(Marks.shade(share), color, on: color)])
    }
    line.add(" " + Ticks.number(range.upperBound))
    return line
  }
}

/// How often each true class (down) was taken for each class (across), and the share of each that was right.
struct ConfusionText {
  private(set) var lines: [GlyphLine] = []

  init(_ plot: Plot, _ grid: Grid) {
    let rowNames = grid.rowNames ?? grid.rows.indices.map(String.init)
    let columnNames = grid.columnNames ?? (0..<grid.columnCount).map(String.init)
    let corner = "true ╲ predicted"
    let left = max(rowNames.map(\.count).max() ?? 0, corner.count)
    let cells = grid.rows.map { $0.map(Ticks.number) }
    let widths = columnNames.indices.map { column in max(columnNames[column].count, cells.map { $0[column].count }.max() ?? 0) }
    func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    var head = GlyphLine(BarText.fitted(corner, left))
    for (name, width) in zip(columnNames, widths) { head.add("  " + right(name, width)) }
    head.add("   right")
    lines.append(head)
    for (place, row) in cells.enumerated() {
      let total = grid.rows[place].filter(\.isFinite).reduce(0, +)
      var line = GlyphLine(BarText.fitted(rowNames[place], left))
      for (column, text) in row.enumerated() {
        let share = total > 0 ? grid.rows[place][column] / total : 0
        let ink = share <= 0 ? Color(0.5, 0.5, 0.5) : column == place ? Color(hex: 0x009E73) : Color(hex: 0xD55E00)
        line.add("  " + right(text, widths[column]), ink)
      }
      if place < grid.rows[place].count { line.add("   " + right(total > 0 ? Ticks.printed("%.1f", grid.rows[place][place] / total * 100) + " %" : "–", 7)) }
      lines.append(line)
    }
  }
}

extension Picture {
  /// Half blocks, two pixels a character, where there are colours; shades two characters wide where not.
  func lines(width columns: Int, colors: Bool) -> [GlyphLine] {
    if colors {
      let shown = reduced(rows: 96, columns: columns)
      return stride(from: 0, to: shown.height, by: 2).map { top in
        var line = GlyphLine()
        line.add((0..<shown.width).map { column in
          Glyph("▀", shown.color(top, column), on: top + 1 < shown.height ? shown.color(top + 1, column) : nil)
        })
        return line
      }
    }
    let shown = reduced(rows: 48, columns: max(columns / 2, 1))
    return (0..<shown.height).map { row in
      GlyphLine(String((0..<shown.width).flatMap { column in repeatElement(Marks.shade(shown.color(row, column).lightness), count: 2) }))
    }
  }
}
