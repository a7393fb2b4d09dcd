extension Plot {
  /// The plot as lines of text, at most so many columns wide. Without colours nothing but characters tells series apart.
  package func text(width: Int, colors: Bool = false) -> String {
    let width = max(width, 1)
    var lines = title.map { [GlyphLine($0)] } ?? []
    switch content {
    case .lines(let series): lines += CurveText(self, series, width: min(width, Plot.widest), joined: true).lines
    case .points(let series): lines += CurveText(self, series, width: min(width, Plot.widest), joined: false).lines
    case .histogram(let histogram): lines += HistogramText(self, histogram, width: min(width, Plot.widest)).lines
    case .bars(let bars): lines += BarText(self, bars, width: min(width, Plot.widest)).lines
    case .heat(let grid): lines += HeatText(self, grid, width: width).lines
    case .confusion(let grid): lines += ConfusionText(self, grid).lines
    case .image(let picture): lines += picture.lines(width: width, colors: colors)
    }
    return lines.map { $0.text(width: width, colors: colors) }.joined(separator: "\n")
  }

  /// Wider than this a curve only gets flatter.
  private static let widest = 100

  /// A course of numbers on one line, such as `▇▅▃▂▁▁`.
  package static func spark(_ numbers: [Double], width: Int) -> String { Marks.spark(numbers, width: width) }
}

/// What stands around a drawing: marks and their numbers on the left, and below.
struct Frame {
  let left: Int
  let columns: Int
  let rows: Int
  private let x: Scale?
  private let y: Scale
  private let xLabel: String?

  /// - Parameter x: Given the columns there are.
  init(_ plot: Plot, rows: Int, width: Int, y: Scale, x: ((Int) -> Scale)?) {
    self.rows = rows
    self.y = y
    xLabel = plot.x.label
    let labels = y.ticks.map(\.label.count).max() ?? 0
    // In a terminal a few columns wide the drawing comes first.
    left = width >= labels + 10 ? labels + 2 : 0
    columns = max(width - left, 1)
    self.x = x?(columns)
  }

  /// The row of a place from 0 at the bottom to 1 at the top.
  private func row(_ place: Double) -> Int { min(max(Int(((1 - place) * Double(rows * 4 - 1) / 4).rounded(.down)), 0), rows - 1) }

  /// The drawing's rows with their marks; the axis below, its numbers and its name.
  func lines(_ drawing: (Int) -> [Glyph]) -> [GlyphLine] {
    var marks: [Int: String] = [:]
    for tick in y.ticks { if let place = y.place(tick.value) { marks[row(place)] = tick.label } }
    var lines = (0..<rows).map { row in
      var line = GlyphLine()
      if left > 0 {
        let label = marks[row] ?? ""
        line.add(String(repeating: " ", count: max(0, left - 2 - label.count)) + label + (marks[row] == nil ? " │" : " ┤"))
      }
      line.add(drawing(row))
      return line
    }
    if left > 0, let x { lines += below(x) }
    return lines
  }

  private func below(_ x: Scale) -> [GlyphLine] {
    var axis = GlyphLine(String(repeating: " ", count: left - 1) + "└" + String(repeating: "─", count: columns))
    var numbers = GlyphLine(), end = 0
    for tick in x.ticks {
      guard let place = x.place(tick.value) else { continue }
      let column = left + min(Int(place * Double(columns * 2 - 1) / 2), columns - 1)
      let start = min(max(column - (tick.label.count - 1) / 2, 0), left + columns - tick.label.count)
      guard start >= end, start >= 0 else { continue }
      axis.put("┬", at: column)
      numbers.put(tick.label, at: start)
      end = start + tick.label.count + 1
    }
    guard let xLabel else { return [axis, numbers] }
    return [axis, numbers, GlyphLine(String(repeating: " ", count: left + max(0, (columns - xLabel.count) / 2)) + xLabel)]
  }
}
