import Testing

import TernPlots

/// Plots of every content, with numbers that are hard on arithmetic among them.
private let contents: [Plot.Content] = {
  let odd: [[Double]] = [
    [], [1], [1, 2, 4], [0, 0, 0], [.nan, 1, .infinity, -.infinity], [1e308, -1e308, 5e-324], [1e-300, 2e-300], (0..<500).map { Double($0 * $0 % 97) },
    [1e15, 1e15 + 1], [-3, -2.5],
  ]
  return odd.flatMap { numbers -> [Plot.Content] in
    let places = numbers.indices.map(Double.init)
    let one = Series("first", x: places, y: numbers), other = Series("a rather long name of a series", x: numbers, y: places)
    return [
      .lines([one]), .lines([one, other]), .points([one]), .points([one, other]), .histogram(Histogram([("", numbers)])),
      .histogram(Histogram([("a", numbers), ("b", places)], bins: 7)), .bars(Bars(numbers.map { "\($0)" }, [Bars.Group("", numbers)])),
      .bars(Bars(numbers.map { "\($0)" }, [Bars.Group("a", numbers), Bars.Group("b", places)])), .heat(Grid([numbers, numbers])), .heat(Grid([])),
      .confusion(Grid(Array(repeating: numbers, count: numbers.count))),
      .image(Picture(height: 1, width: numbers.count, channels: 1, values: numbers)),
    ]
  }
}()

@Suite struct PlotTextTests {
  @Test func everyPlotFitsEveryWidth() {
    for content in contents {
      for measure in [Plot.Axis.Measure.linear, .logarithmic, .time] {
        let plot = Plot(content, title: "a title", x: Plot.Axis("across", measure), y: Plot.Axis("up", measure == .time ? .linear : measure))
        for width in [1, 2, 3, 10, 11, 12, 20, 79, 200] {
          let text = plot.text(width: width)
          #expect(text.split(separator: "\n", omittingEmptySubsequences: false).allSatisfy { $0.count <= width })
          #expect(!text.contains("\u{1B}"))
        }
      }
    }
  }

  @Test func coloursChangeNothingButColours() {
    for content in contents {
      if case .image = content { continue }
      let plot = Plot(content)
      let coloured = plot.text(width: 60, colors: true)
      // A trailing shade of nothing is paper: blanks at the ends of lines do not count.
      func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false).map { line in String(line).trimmedEnd } }
      #expect(lines(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")) == lines(plot.text(width: 60)))
      #expect(!coloured.contains("\u{1B}") || coloured.contains("\u{1B}[0m"))
    }
  }

  @Test func aLineRunsFromCornerToCorner() {
    let text = Plot(.lines([Series("", x: [0, 0.5, 1], y: [0, 0.5, 1])]), height: 4).text(width: 20)
    let rows = text.split(separator: "\n")
    #expect(rows.first?.hasPrefix("1.0 ┤") == true)
    #expect(rows.first?.last != " ")
    #expect(rows[3].dropFirst(5).first != " ")
    #expect(rows.last?.contains("0.0") == true && rows.last?.contains("1.0") == true)
  }

  @Test func ticksAreRound() {
    #expect(Scale([0, 97], Plot.Axis(), ticks: 5).ticks.map(\.label) == ["0", "20", "40", "60", "80", "100"])
    #expect(Scale([0.13, 0.29], Plot.Axis(), ticks: 4).ticks.map(\.label) == ["0.10", "0.15", "0.20", "0.25", "0.30"])
    #expect(Scale([1, 900], Plot.Axis(nil, .logarithmic), ticks: 4).ticks.map(\.label) == ["1", "10", "100", "1000"])
    #expect(Scale([0, 3], Plot.Axis(), ticks: 8).ticks.map(\.label) == ["0", "1", "2", "3"])
    let day = 86_400 * 1e9
    #expect(Scale([0, 400 * day], Plot.Axis(nil, .time), ticks: 5, isTight: true).ticks.map(\.label) == ["1970-01", "1970-04", "1970-07", "1970-10", "1971-01"])
  }

  @Test func everyNumberIsCountedOnce() {
    let numbers = (0..<1000).map { Double($0) / 7 }
    for bins in [nil, 1, 3, 50] {
      let histogram = Histogram([("", numbers)], bins: bins)
      #expect(histogram.groups[0].counts.reduce(0, +) == 1000)
      #expect(bins == nil || histogram.groups[0].counts.count == bins)
      #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func barsAreAsLongAsTheirNumbers() {
    let lines = Plot(.bars(Bars(["a", "b"], [Bars.Group("", [1, 2])]))).text(width: 40).split(separator: "\n")
    let lengths = lines.map { $0.count { $0 == "█" } }
    #expect(abs(lengths[1] - lengths[0] * 2) <= 1)
  }

  @Test func aCourseIsOneLine() {
    #expect(Plot.spark([8, 4, 2, 1, 0.5], width: 10) == "█▄▂▁▁")
    #expect(Plot.spark([1, .nan, 1e308, -1e308], width: 10).count == 4)
    #expect(Plot.spark((0..<1000).map(Double.init), width: 12).count == 12)
  }
}

@Suite struct PlotSVGTests {
  /// Tags that open and close in order, and no number that is none.
  @Test func everyPlotIsWellFormed() {
    for content in contents {
      let svg = Plot(content, title: "a < b & \"c\"", x: Plot.Axis("<x>"), y: Plot.Axis("y")).svg
      var open: [Substring] = []
      for tag in svg.matches(of: /<(\/?)([a-z]+)[^<>]*?(\/?)>/) {
        if !tag.3.isEmpty { continue }
        if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
      }
      #expect(open.isEmpty)
      #expect(!svg.contains("=\"nan") && !svg.contains("=\"inf") && !svg.contains(" nan") && !svg.contains(" inf"))
      #expect(svg.contains("a &lt; b &amp; &quot;c&quot;"))
    }
  }

  @Test func aLongCurveIsThinnedAndKeepsItsExtremes() {
    var y = (0..<1_000_000).map { Double($0 % 10) }
    y[333_333] = 100
    let svg = Plot(.lines([Series("", x: y.indices.map(Double.init), y: y)])).svg
    #expect(svg.utf8.count < 200_000)
    #expect(Scale(y, Plot.Axis(), ticks: 6).ticks.last?.label == "100")
  }
}

extension String {
  fileprivate var trimmedEnd: Substring {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return text
  }
}
