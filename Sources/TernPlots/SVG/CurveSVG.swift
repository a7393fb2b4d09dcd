/// Where a drawing with two axes stands on its page.
struct SVGFrame {
  let left, right, top, bottom: Double
  let x, y: Scale

  func across(_ value: Double) -> Double? { x.place(value).map { left + $0 * (right - left) } }
  func up(_ value: Double) -> Double? { y.place(value).map { bottom - $0 * (bottom - top) } }
}

extension SVGPage {
  mutating func draw(_ plot: Plot, _ series: [Series], joined: Bool) {
    let top = legend(series.count > 1 ? series.map(\.name) : []) + 8
    let x = Scale(series.lazy.flatMap(\.x), plot.x, ticks: plot.x.measure == .time ? 5 : 8, isTight: joined)
    let y = Scale(series.lazy.flatMap(\.y), plot.y, ticks: 6)
    let frame = axes(plot, x, y, top: top, yLabel: plot.y.label ?? (series.count == 1 ? series[0].name : nil))
    for (index, one) in series.enumerated() {
      let color = Palette.series(index).hex
      if joined {
        let path = SVGPage.path(one, frame)
        if !path.isEmpty { add("<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\" stroke-linejoin=\"round\"/>") }
      } else {
        let dots = SVGPage.dots(one, frame)
        add("<g fill=\"\(color)\" fill-opacity=\"0.65\">\(dots.map { "<circle cx=\"\(number($0.x))\" cy=\"\(number($0.y))\" r=\"3\"/>" }.joined())</g>")
      }
    }
  }

  mutating func draw(_ plot: Plot, _ histogram: Histogram) {
    let several = histogram.groups.count > 1
    let top = legend(several ? histogram.groups.map(\.name) : []) + 8
    let x = Scale(histogram.edges, plot.x, ticks: 8, isTight: true)
    let y = Scale(histogram.groups.flatMap(\.counts).map(Double.init), Plot.Axis(), ticks: 6, includesZero: true)
    let frame = axes(plot, x, y, top: top, yLabel: plot.y.label)
    for (index, group) in histogram.groups.enumerated() {
      for (place, count) in group.counts.enumerated() where count > 0 {
        guard let start = frame.across(histogram.edges[place]), let end = frame.across(histogram.edges[place + 1]), let height = frame.up(Double(count)) else { continue }
        let note = "\(Ticks.number(histogram.edges[place])) to \(Ticks.number(histogram.edges[place + 1])): \(count)"
        box(start + 0.5, height, end - start - 1, frame.bottom - height, Palette.series(index), opacity: several ? 0.5 : 0.85, note: note)
      }
    }
  }

  /// The names of several series with their colours, above the drawing; gives the height taken.
  mutating func legend(_ names: [String]) -> Double {
    guard !names.isEmpty else { return 4 }
    var x = 56.0, y = 14.0
    for (index, name) in names.enumerated() {
      let width = 26 + Double(name.count) * 7
      if x + width > SVGPage.width, x > 56 { (x, y) = (56, y + 18) }
      box(x, y - 9, 12, 10, Palette.series(index))
      words(name, x + 17, y)
      x += width
    }
    return y + 6
  }

  /// Marks, numbers and names of both axes, with faint lines across.
  private mutating func axes(_ plot: Plot, _ x: Scale, _ y: Scale, top: Double, yLabel: String?) -> SVGFrame {
    let numbers = Double(y.ticks.map(\.label.count).max() ?? 1) * 7
    let left = 12 + numbers + (yLabel == nil ? 0 : 18)
    let bottom = top + 260
    let frame = SVGFrame(left: left, right: SVGPage.width - 24, top: top, bottom: bottom, x: x, y: y)
    for tick in y.ticks {
      guard let height = frame.up(tick.value), height > top - 1, height < bottom + 1 else { continue }
      rule(left, height, frame.right, height, opacity: 0.12)
      words(tick.label, left - 6, height + 4, anchor: "end")
    }
    for tick in x.ticks {
      guard let place = frame.across(tick.value), place > left - 1, place < frame.right + 1 else { continue }
      rule(place, bottom, place, bottom + 4, opacity: 0.6)
      words(tick.label, place, bottom + 18, anchor: "middle")
    }
    rule(left, bottom, frame.right, bottom, opacity: 0.6)
    if let yLabel { words(yLabel, 13, (top + bottom) / 2, anchor: "middle", turned: true) }
    if let label = plot.x.label { words(label, (left + frame.right) / 2, bottom + 36, anchor: "middle") }
    reach(bottom + (plot.x.label == nil ? 26 : 44))
    return frame
  }

  /// A curve with at most its first, least, greatest and last point in each half pixel across, which looks the same as all of them.
  private static func path(_ series: Series, _ frame: SVGFrame) -> String {
    var path = "", isDown = false, column = Int.min
    var kept: [(x: Double, y: Double)] = []
    func flush() {
      guard let first = kept.first, let last = kept.last else { return }
      var chosen = [first]
      if kept.count > 4 {
        let least = kept.indices.min { kept[$0].y < kept[$1].y } ?? 0, greatest = kept.indices.max { kept[$0].y < kept[$1].y } ?? 0
        chosen += Set([least, greatest]).subtracting([0, kept.count - 1]).sorted().map { kept[$0] } + [last]
      } else {
        chosen = kept
      }
      for point in chosen {
        path += (isDown ? "L" : "M") + "\(number(point.x)) \(number(point.y))"
        isDown = true
      }
      kept = []
    }
    for (x, y) in zip(series.x, series.y) {
      guard let across = frame.across(x), let up = frame.up(y) else {
        flush()
        (isDown, column) = (false, .min)
        continue
      }
      let here = Int(across * 2)
      if here != column { flush() }
      column = here
      kept.append((across, up))
    }
    flush()
    return path
  }

  /// Points, one where several would cover each other.
  private static func dots(_ series: Series, _ frame: SVGFrame) -> [(x: Double, y: Double)] {
    var taken: Set<Int> = []
    return zip(series.x, series.y).compactMap { x, y in
      guard let across = frame.across(x), let up = frame.up(y), taken.insert(Int(across) * 4096 + Int(up)).inserted else { return nil }
      return (across, up)
    }
  }
}
