/// Lines and points on braille, with the names of several series beside their ends.
struct CurveText {
  private(set) var lines: [GlyphLine] = []

  init(_ plot: Plot, _ series: [Series], width: Int, joined: Bool) {
    let drawn = series.enumerated().filter { item in zip(item.element.x, item.element.y).contains { $0.isFinite && $1.isFinite } }
    guard !drawn.isEmpty else {
      lines = [GlyphLine("(no finite numbers to draw)")]
      return
    }
    let rows = max(plot.height, 2)
    let names = series.count > 1 && joined ? min((series.map(\.name.count).max() ?? 0) + 1, width / 3) : 0
    let y = Scale(series.lazy.flatMap(\.y), plot.y, ticks: max(rows / 3, 2))
    let frame = Frame(plot, rows: rows, width: width - names, y: y) { columns in
      Scale(series.lazy.flatMap(\.x), plot.x, ticks: max(columns / (plot.x.measure == .time ? 16 : 10), 2), isTight: joined)
    }
    let x = Scale(series.lazy.flatMap(\.x), plot.x, ticks: max(frame.columns / (plot.x.measure == .time ? 16 : 10), 2), isTight: joined)
    var canvas = BrailleCanvas(columns: frame.columns, rows: rows)
    func dot(_ px: Double, _ py: Double) -> (x: Int, y: Int)? {
      guard let across = x.place(px), let up = y.place(py) else { return nil }
      return (Int((across * Double(canvas.width - 1)).rounded()), Int(((1 - up) * Double(canvas.height - 1)).rounded()))
    }
    // The first series lies on top.
    for (index, one) in drawn.reversed() {
      let ink = Palette.series(index)
      var last: (x: Int, y: Int)?, travelled = 0
      for (px, py) in zip(one.x, one.y) {
        let place = dot(px, py)
        if let place {
          if !joined {
            if series.count > 1 { canvas.mark(place.x, place.y, Marks.letter(index), ink) } else { canvas.set(place.x, place.y, ink) }
          } else {
            canvas.line(last ?? place, place, ink, Dashes.pattern(index), &travelled)
          }
        }
        last = place
      }
    }
    if let heading = CurveText.heading(plot, series, joined) { lines.append(heading) }
    let framed = frame.lines { canvas.glyphs(row: $0) }
    lines += names > 0 ? CurveText.named(framed, rows, frame, drawn, dot) : framed
  }

  /// The name of what goes up; for points of several groups, their marks.
  private static func heading(_ plot: Plot, _ series: [Series], _ joined: Bool) -> GlyphLine? {
    var line = GlyphLine(plot.y.label ?? (series.count == 1 ? series[0].name : ""))
    if series.count > 1, !joined {
      for (index, one) in series.enumerated() {
        if line.count > 0 { line.add("   ") }
        line.add("\(Marks.letter(index)) ", Palette.series(index))
        line.add(one.name)
      }
    }
    return line.count > 0 ? line : nil
  }

  /// Each series' name in the row where it ends, or the nearest free one.
  private static func named(
    _ framed: [GlyphLine], _ rows: Int, _ frame: Frame, _ drawn: [(offset: Int, element: Series)], _ dot: (Double, Double) -> (x: Int, y: Int)?
  ) -> [GlyphLine] {
    var names: [Int: (String, Color)] = [:]
    for (index, one) in drawn {
      let end = zip(one.x, one.y).reversed().lazy.compactMap(dot).first
      let wanted = min(max((end?.y ?? 0) / 4, 0), rows - 1)
      let near = (0..<rows).sorted { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
      if let row = near.first(where: { names[$0] == nil }) { names[row] = (one.name, Palette.series(index)) }
    }
    return framed.enumerated().map { row, line in
      guard let (name, ink) = names[row] else { return line }
      var line = line
      line.pad(to: frame.left + frame.columns + 1)
      line.add(name, ink)
      return line
    }
  }
}
