extension SVGPage {
  private static let mostBars = 200

  mutating func draw(_ plot: Plot, _ bars: Bars) {
    let several = bars.groups.count > 1
    var y = legend(several ? bars.groups.map(\.name) : []) + 4
    if let label = plot.y.label {
      words(label, 12, y + 12)
      y += 20
    }
    let values = bars.groups.flatMap(\.values).filter(\.isFinite)
    let least = min(values.min() ?? 0, 0), most = max(values.max() ?? 0, 0)
    let left = 20 + Double(bars.categories.map(\.count).max() ?? 0) * 7, right = SVGPage.width - 70
    let scale = most > least ? (right - left) / (most - least) : 0
    let zero = left - least * scale, thick = several ? 14.0 : 20
    for (place, category) in bars.categories.prefix(SVGPage.mostBars).enumerated() {
      words(category, left - 8, y + thick * Double(bars.groups.count) / 2 + 4, anchor: "end")
      for (index, group) in bars.groups.enumerated() where place < group.values.count {
        let value = group.values[place]
        guard value.isFinite else { continue }
        let end = zero + value * scale
        box(min(zero, end), y + 1, abs(end - zero), thick - 2, Palette.series(index), note: "\(category): \(Ticks.number(value))")
        words(Ticks.number(value), max(zero, end) + 6, y + thick / 2 + 4)
        y += thick
      }
      y += 6
    }
    rule(zero, 4, zero, y, opacity: 0.6)
    if let label = plot.x.label {
      words(label, (left + right) / 2, y + 16, anchor: "middle")
      y += 22
    }
    reach(y + 6)
  }

  /// Coloured numbers; with `counts`, each row by its shares, and the counts written in.
  mutating func draw(_ plot: Plot, _ given: Grid, counts: Bool) {
    guard let range = given.range else {
      words("(no finite numbers to draw)", 12, 20)
      return reach(32)
    }
    let grid = counts ? given : given.reduced(rows: 400, columns: 600)
    let rowNames = grid.rowNames ?? (counts ? grid.rows.indices.map(String.init) : nil)
    let columnNames = grid.columnNames ?? (counts ? (0..<grid.columnCount).map(String.init) : nil)
    let left = 12 + Double(rowNames?.map(\.count).max() ?? 0) * 7 + (counts || plot.y.label != nil ? 20 : 0)
    let across = (SVGPage.width - left - 60) / Double(max(grid.columnCount, 1))
    let down = min(counts ? 36 : 24, max(across, 1))
    let cell = (width: counts ? min(across, 90) : min(across, 24), height: down)
    for (row, values) in grid.rows.enumerated() {
      let y = 8 + Double(row) * cell.height
      if let name = rowNames?[row], cell.height >= 10 || row % Int(14 / max(cell.height, 0.1)) == 0 { words(name, left - 6, y + cell.height / 2 + 4, anchor: "end") }
      let total = values.filter(\.isFinite).reduce(0, +)
      for (column, value) in values.enumerated() {
        let x = left + Double(column) * cell.width
        let color = counts ? Color(1, 1, 1).mixed(with: Palette.series(column == row ? 2 : 4), total > 0 ? value / total : 0) : Palette.color(value, in: range)
        box(x, y, cell.width - (counts ? 1 : -0.2), cell.height - (counts ? 1 : -0.2), color)
        if counts { words(Ticks.number(value), x + cell.width / 2, y + cell.height / 2 + 4, anchor: "middle", fill: color.lightness > 0.45 ? "#1d2329" : "#fdfdfb") }
      }
    }
    var y = 8 + Double(grid.rows.count) * cell.height
    if let columnNames {
      let every = max(1, Int((Double(columnNames.map(\.count).max() ?? 1) * 7 + 6) / max(cell.width, 0.1)))
      for (column, name) in columnNames.enumerated() where column % every == 0 { words(name, left + (Double(column) + 0.5) * cell.width, y + 16, anchor: "middle") }
      y += 22
    }
    if let label = plot.y.label ?? (counts ? "true" : nil) { words(label, 13, 8 + Double(grid.rows.count) * cell.height / 2, anchor: "middle", turned: true) }
    if let label = plot.x.label ?? (counts ? "predicted" : nil) {
      words(label, left + Double(grid.columnCount) * cell.width / 2, y + 16, anchor: "middle")
      y += 22
    }
    if !counts { y = colorBar(range, left, y) }
    reach(y + 6)
  }

  private mutating func colorBar(_ range: ClosedRange<Double>, _ left: Double, _ top: Double) -> Double {
    words(Ticks.number(range.lowerBound), left, top + 21)
    let start = left + Double(Ticks.number(range.lowerBound).count) * 7 + 8
    for step in 0..<40 {
      let value = range.lowerBound + (range.upperBound - range.lowerBound) * (Double(step) + 0.5) / 40
      box(start + Double(step) * 4, top + 11, 4.2, 12, Palette.color(value, in: range))
    }
    words(Ticks.number(range.upperBound), start + 168, top + 21)
    return top + 28
  }

  mutating func draw(_ plot: Plot, _ given: Picture) {
    let picture = given.reduced(rows: 256, columns: 256)
    let side = max(1, min(12, (320 / Double(max(picture.width, picture.height, 1))).rounded(.down)))
    for row in 0..<picture.height {
      var column = 0
      while column < picture.width {
        // Equal neighbours are one rectangle.
        let color = picture.color(row, column)
        var end = column + 1
        while end < picture.width, picture.color(row, end) == color { end += 1 }
        box(12 + Double(column) * side, 8 + Double(row) * side, Double(end - column) * side + 0.1, side + 0.1, color)
        column = end
      }
    }
    reach(14 + Double(picture.height) * side)
  }
}
