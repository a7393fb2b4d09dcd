/// A picture of numbers, before anyone has said where it is drawn: `text` is for terminals and files, `svg` for pages.
package struct Plot: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    /// Each series in one stroke, from point to point.
    case lines([Series])
    case points([Series])
    case histogram(Histogram)
    case bars(Bars)
    /// A colour or shade a number.
    case heat(Grid)
    /// Counts, true classes down and predicted ones across.
    case confusion(Grid)
    case image(Picture)
  }

  package var content: Content
  package var title: String?
  package var x: Axis
  package var y: Axis
  /// Rows of text for the drawing itself.
  package var height: Int

  package init(_ content: Content, title: String? = nil, x: Axis = Axis(), y: Axis = Axis(), height: Int = Plot.usualHeight) {
    self.content = content
    self.title = title
    self.x = x
    self.y = y
    self.height = height
  }

  package static let usualHeight = 12

  package struct Axis: Equatable, Sendable {
    package enum Measure: Equatable, Sendable {
      case linear
      case logarithmic
      /// Nanoseconds since 1970, UTC.
      case time
    }

    package var label: String?
    package var measure: Measure

    package init(_ label: String? = nil, _ measure: Measure = .linear) {
      self.label = label
      self.measure = measure
    }
  }
}

/// Points in the order they are joined. One that is not finite interrupts the line.
package struct Series: Equatable, Sendable {
  package var name: String
  package var x: [Double]
  package var y: [Double]

  package init(_ name: String, x: [Double], y: [Double]) {
    self.name = name
    self.x = x
    self.y = y
  }
}

/// How many numbers fall between edges: bin `i` is from `edges[i]` up to, but not, `edges[i + 1]`; the last takes its end too.
package struct Histogram: Equatable, Sendable {
  package struct Group: Equatable, Sendable {
    package let name: String
    package let counts: [Int]
  }

  package let edges: [Double]
  package let groups: [Group]

  /// - Parameter bins: As many of equal width from the least to the greatest number; nil takes about as many as Sturges' rule
  ///   says (1926), with edges at round numbers.
  package init(_ groups: [(name: String, numbers: [Double])], bins: Int? = nil) {
    let finite = groups.map { (name: $0.name, numbers: $0.numbers.filter(\.isFinite)) }
    let all = finite.flatMap(\.numbers)
    let edges = Histogram.edges(all.min() ?? 0, all.max() ?? 1, count: all.count, bins: bins)
    self.edges = edges
    self.groups = finite.map { group in
      var counts = [Int](repeating: 0, count: edges.count - 1)
      for number in group.numbers { counts[Histogram.place(of: number, edges)] += 1 }
      return Group(name: group.name, counts: counts)
    }
  }

  private static func edges(_ low: Double, _ high: Double, count: Int, bins: Int?) -> [Double] {
    // One number only has no width of its own.
    let (low, high) = low < high ? (low, high) : (low - 0.5, high + 0.5)
    if let bins {
      let bins = max(1, min(bins, 1000))
      return (0...bins).map { low + (high - low) * Double($0) / Double(bins) }
    }
    let wanted = 1 + Int(Double(max(count, 1)).logarithm(base: 2).rounded(.up))
    let step = Ticks.roundStep((high - low) / Double(max(wanted, 5)))
    let first = (low / step).rounded(.down), last = max((high / step).rounded(.up), first + 1)
    guard last - first < 1000 else { return [low, high] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  private static func place(of number: Double, _ edges: [Double]) -> Int {
    // The last edge that is not above the number.
    var low = 0, high = edges.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= number { low = middle } else { high = middle }
    }
    return low
  }
}

/// A bar for each category, or one of each group side by side.
package struct Bars: Equatable, Sendable {
  package var categories: [String]
  package var groups: [Group]

  package struct Group: Equatable, Sendable {
    package var name: String
    package var values: [Double]

    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  package init(_ categories: [String], _ groups: [Group]) {
    self.categories = categories
    self.groups = groups
  }
}

/// Numbers in rows and columns, all rows of one length.
package struct Grid: Equatable, Sendable {
  package var rows: [[Double]]
  package var rowNames: [String]?
  package var columnNames: [String]?

  package init(_ rows: [[Double]], rowNames: [String]? = nil, columnNames: [String]? = nil) {
    self.rows = rows
    self.rowNames = rowNames
    self.columnNames = columnNames
  }

  var columnCount: Int { rows.first?.count ?? 0 }

  var range: ClosedRange<Double>? {
    let finite = rows.joined().filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return low...high
  }

  /// At most so many rows and columns, each the mean of its neighbours.
  func reduced(rows rowLimit: Int, columns columnLimit: Int) -> Grid {
    let down = max(1, (rows.count + rowLimit - 1) / max(rowLimit, 1)), across = max(1, (columnCount + columnLimit - 1) / max(columnLimit, 1))
    guard down > 1 || across > 1 else { return self }
    let means = stride(from: 0, to: rows.count, by: down).map { top in
      stride(from: 0, to: columnCount, by: across).map { left in
        var sum = 0.0, count = 0.0
        for row in rows[top..<min(top + down, rows.count)] {
          for value in row[left..<min(left + across, row.count)] where value.isFinite {
            sum += value
            count += 1
          }
        }
        return count > 0 ? sum / count : .nan
      }
    }
    func every(_ names: [String]?, _ step: Int) -> [String]? { names.map { names in stride(from: 0, to: names.count, by: step).map { names[$0] } } }
    return Grid(means, rowNames: every(rowNames, down), columnNames: every(columnNames, across))
  }
}

/// An image: values from 0 to 1, row by row, one or three (red, green, blue) a pixel.
package struct Picture: Equatable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let values: [Double]

  /// - Precondition: as many values as height × width × channels, which are 1 or 3.
  package init(height: Int, width: Int, channels: Int, values: [Double]) {
    self.height = height
    self.width = width
    self.channels = channels
    self.values = values
  }

  func color(_ row: Int, _ column: Int) -> Color {
    let at = (row * width + column) * channels
    guard at >= 0, at + channels <= values.count else { return Color(0, 0, 0) }
    return channels == 1 ? Color(values[at], values[at], values[at]) : Color(values[at], values[at + 1], values[at + 2])
  }

  /// At most so many pixels each way; the nearest pixel stands for those between.
  func reduced(rows: Int, columns: Int) -> Picture {
    let step = max(1, (height + rows - 1) / max(rows, 1), (width + columns - 1) / max(columns, 1))
    guard step > 1 else { return self }
    let tops = Array(stride(from: 0, to: height, by: step)), lefts = Array(stride(from: 0, to: width, by: step))
    let kept = tops.flatMap { top in
      lefts.flatMap { left in (0..<channels).map { values[(top * width + left) * channels + $0] } }
    }
    return Picture(height: tops.count, width: lefts.count, channels: channels, values: kept)
  }
}
