/// A bar a line, with its name before and its number behind it.
struct BarText {
  private(set) var lines: [GlyphLine] = []
  /// More bars than this nobody reads one by one.
  private static let most = 60

  init(_ plot: Plot, _ bars: Bars, width: Int) {
    let several = bars.groups.count > 1
    let names = min(bars.categories.map(\.count).max() ?? 0, width / 3)
    let groups = several ? min(bars.groups.map(\.name.count).max() ?? 0, width / 4) + 1 : 0
    let values = bars.groups.flatMap(\.values).filter(\.isFinite)
    let numbers = values.map { Ticks.number($0).count }.max() ?? 1
    let room = max(width - names - groups - numbers - 3, 1)
    let least = min(values.min() ?? 0, 0), most = max(values.max() ?? 0, 0)
    let span = most / 2 - least / 2
    func length(_ value: Double) -> Double { span > 0 && value.isFinite ? abs(value) / 2 / span * Double(room) : 0 }
    // What lies below zero grows to the left of where zero is.
    let zero = Int(length(least).rounded(.up))
    if let label = plot.y.label { lines.append(GlyphLine(label)) }
    for (place, category) in bars.categories.prefix(BarText.most).enumerated() {
      for (index, group) in bars.groups.enumerated() where place < group.values.count {
        let value = group.values[place]
        var line = GlyphLine(BarText.fitted(index == 0 ? category : "", names) + " ")
        if several { line.add(BarText.fitted(group.name, groups - 1) + " ") }
        if value < 0 {
          let characters = min(Int(length(value).rounded()), zero)
          line.add(String(repeating: " ", count: zero - characters))
          line.add(String(repeating: "█", count: characters), Palette.series(index))
        } else {
          line.add(String(repeating: " ", count: zero))
          line.add(Marks.bar(length(value)), Palette.series(index))
        }
        line.add(" " + (value.isFinite ? Ticks.number(value) : value.isNaN ? "–" : "\(value)"))
        lines.append(line)
      }
    }
    let rest = bars.categories.count - BarText.most
    if rest > 0 { lines.append(GlyphLine("⋮ \(rest) more")) }
    if let label = plot.x.label { lines.append(GlyphLine(String(repeating: " ", count: names + groups + 1) + label)) }
  }

  static func fitted(_ name: String, _ width: Int) -> String {
    if name.count > width { return width > 1 ? name.prefix(width - 1) + "…" : String(name.prefix(width)) }
    return name + String(repeating: " ", count: width - name.count)
  }
}

/// Columns side by side, as high as what they count; outlines where there are several groups.
struct HistogramText {
  private(set) var lines: [GlyphLine] = []

  init(_ plot: Plot, _ histogram: Histogram, width: Int) {
    guard histogram.groups.count == 1, let group = histogram.groups.first else {
      var outlined = plot
      outlined.content = .lines(histogram.outlines)
      lines = CurveText(outlined, histogram.outlines, width: width, joined: true).lines
      return
    }
    let rows = max(plot.height, 2)
    let y = Scale(group.counts.map(Double.init), Plot.Axis(), ticks: max(rows / 3, 2), includesZero: true)
    let frame = Frame(plot, rows: rows, width: width, y: y) { HistogramText.x(histogram, plot, $0, width) }
    // Every column as wide as the next: what is left over stays empty.
    let each = max(1, frame.columns / max(group.counts.count, 1))
    let shown = group.counts.count <= frame.columns ? group.counts : HistogramText.summed(group.counts, frame.columns)
    if let label = plot.y.label { lines.append(GlyphLine(label)) }
    let narrow = Frame(plot, rows: rows, width: frame.left + each * shown.count, y: y) { HistogramText.x(histogram, plot, $0, width) }
    let scale = (y.place(Double(group.counts.max() ?? 0)) ?? 0) / Double(max(shown.max() ?? 1, 1))
    lines += narrow.lines { row in
      shown.flatMap { count in
        let character = Marks.column(Double(count) * scale * Double(rows), row: rows - 1 - row)
        return (0..<each).map { place in Glyph(place == each - 1 && each > 2 ? " " : character, Palette.series(0)) }
      }
    }
  }

  private static func x(_ histogram: Histogram, _ plot: Plot, _ columns: Int, _ width: Int) -> Scale {
    Scale(histogram.edges, plot.x, ticks: max(columns / 10, 2), isTight: true)
  }

  private static func summed(_ counts: [Int], _ columns: Int) -> [Int] {
    let step = (counts.count + columns - 1) / columns
    return stride(from: 0, to: counts.count, by: step).map { counts[$0..<min($0 + step, counts.count)].reduce(0, +) }
  }
}

extension Histogram {
  /// Each group as a line along the tops of its columns.
  var outlines: [Series] {
    groups.map { group in
      var x: [Double] = [edges[0]], y: [Double] = [0]
      for (place, count) in group.counts.enumerated() {
        x += [edges[place], edges[place + 1]]
        y += [Double(count), Double(count)]
      }
      return Series(group.name, x: x + [edges[edges.count - 1]], y: y + [0])
    }
  }
}
