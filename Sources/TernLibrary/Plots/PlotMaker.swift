import TernData
import TernPlots
import TernRuntime
import TernSyntax
import TernTensor

/// What a call of `plot` asks for, and how each kind of data becomes a plot.
struct PlotMaker {
  enum Mark: String, CaseIterable { case line, scatter, histogram, bar, heat, confusion, image }

  let y: Value
  let x: Value
  let by: String?
  let mark: Mark?
  let bins: Int?
  let names: [String]?
  private let title: String?
  private let height: Int
  private let logX: Bool
  private let logY: Bool
  private let machine: Machine

  /// More series than this nobody tells apart.
  static let mostSeries = 24

  init(_ call: borrowing Call) throws(Fault) {
    machine = call.machine
    y = call.has(1) ? call[1] : .none
    x = call.has(2) ? call[2] : .none
    by = call.has(3) ? try call.string(3, "the name of a column as `by`").text : nil
    mark = call.has(4) ? try PlotMaker.mark(call) : nil
    title = call.has(5) ? try call.string(5, "a str as `title`").text : nil
    bins = call.has(6) ? try call.count(6) : nil
    let log = call.has(7) ? try call.string(7, "\"x\", \"y\" or \"xy\" as `log`").text : ""
    guard ["", "x", "y", "xy"].contains(log) else {
      throw Fault(.badArgument, "`log` of `plot` is \"x\", \"y\" or \"xy\"; this is \"\(log)\"").marking(7, log)
    }
    (logX, logY) = (log.contains("x"), log.contains("y"))
    names = call.has(8) ? try PlotMaker.names(call) : nil
    height = call.has(9) ? min(max(try call.count(9), 2), 200) : Plot.usualHeight
  }

  private static func mark(_ call: borrowing Call) throws(Fault) -> Mark {
    let word = try call.string(4, "a str as `kind`").text
    if let mark = Mark(rawValue: word) { return mark }
    let known = Mark.allCases.map(\.rawValue)
    throw Fault(
      .badArgument, "`plot` draws no \"\(word)\"; it draws \(known.map { "\"\($0)\"" }.joined(separator: ", "))",
      hint: didYouMean(word, among: known).map { "did you mean \"\($0)\"?" }
    ).marking(4, word)
  }

  private static func names(_ call: borrowing Call) throws(Fault) -> [String] {
    guard call[8].isSequence else { throw call.refusal(8, takes: "a list or column of str as `names`") }
    return try Column(call[8], name: "names", rows: nil).allCells.map { Value($0).plotName }
  }

  // MARK: By the kind of the data

  func plot(_ data: Value) throws(Fault) -> Plot {
    switch data {
    case .function, .builtin, .model: return try curves([("", data)])
    case .list(let list): return try plot(list)
    case .record(let record): return try plot(record)
    case .tensor(let tensor): return try plot(tensor, data)
    case .range: return try sequence(data)
    case .foreign(let foreign):
      switch foreign.value {
      case let run as RunValue: return try histories([("", run.history.map(\.record))])
      case let dataset as DatasetValue:
        let table = try dataset.table()
        if mark == .confusion {
          guard let plot = try confusion(table) else { throw mismatch(.confusion, data) }
          return plot
        }
        return try self.table(table, usual: .scatter)
      case let report as ReportValue: return try confusion(of: report)
      case is ColumnValue: return try sequence(data)
      case let plot as PlotValue: return plot.plot
      case is any CallableValue: return try curves([("", data)])
      default: throw PlotMaker.refusal(data)
      }
    default: throw PlotMaker.refusal(data)
    }
  }

  static func refusal(_ data: Value) -> Fault {
    Fault(
      .badArgument, "`plot` draws numbers, datasets, runs, functions, matrices, images and reports; this is \(data.description)",
      hint: "`plot(data, x: \"age\", y: \"income\")`").marking(0, data.description)
  }

  private func plot(_ list: ListObject) throws(Fault) -> Plot {
    let items = list.values
    guard let first = items.first else { throw Fault(.badArgument, "`plot` has nothing to draw: this list is empty").marking(0, "empty") }
    switch first {
    case .record: return try histories([("", try items.map { value throws(Fault) in try PlotMaker.record(value) })])
    case .function, .builtin, .model: return try curves(items.enumerated().map { (String($0.offset), $0.element) })
    case .foreign(let foreign) where foreign.value is RunValue:
      return try histories(try items.enumerated().map { item throws(Fault) in
        guard case .foreign(let foreign) = item.element, let run = foreign.value as? RunValue else { throw PlotMaker.refusal(item.element) }
        return (String(item.offset), run.history.map(\.record))
      })
    case .list(let inner):
      if case .record? = inner.values.first {
        return try histories(try items.enumerated().map { item throws(Fault) in
          guard case .list(let rows) = item.element else { throw PlotMaker.refusal(item.element) }
          return (String(item.offset), try rows.values.map { value throws(Fault) in try PlotMaker.record(value) })
        })
      }
      return try plot(try TensorList(list).tensor(), .list(list))
    default: return try sequence(.list(list))
    }
  }

  private static func record(_ value: Value) throws(Fault) -> RecordObject {
    guard case .record(let record) = value else { throw refusal(value) }
    return record
  }

  /// A record of numbers is bars; one of sequences, a line each.
  private func plot(_ record: RecordObject) throws(Fault) -> Plot {
    let fields = record.layout.keys.indices.map { (name: record.layout.keys[$0].text, value: record.items[$0]) }
    guard !fields.isEmpty else { throw Fault(.badArgument, "`plot` has nothing to draw: this record is empty").marking(0, "empty") }
    if fields.allSatisfy({ $0.value.plainNumber != nil }) {
      let bars = Bars(fields.map(\.name), [Bars.Group("", fields.map { $0.value.plainNumber ?? .nan })])
      return made(.bars(bars), x: nil, y: nil)
    }
    var columns: [(name: String, column: Column)] = []
    for field in fields { columns.append((field.name, try Column(field.value, name: field.name, rows: nil))) }
    let all = columns
    return try table(try dataCall { try Table(all) }, usual: .line)
  }

  private func plot(_ tensor: Tensor, _ value: Value) throws(Fault) -> Plot {
    try tensor.mustBeKnown("a plot of it")
    if tensor.rank == 1, mark == nil || mark == .line || mark == .histogram || mark == .bar || mark == .scatter { return try sequence(value) }
    if tensor.rank == 3 || tensor.rank == 2 && mark == .image { return try image(tensor) }
    guard tensor.rank == 2 else {
      throw Fault(
        .badArgument, "`plot` draws tensors with 1 axis, 2, or 3 as an image `[height, width, 1 or 3]`; this is \(value.description)",
        hint: "`plot(x[0])` draws the first").marking(0, value.description)
    }
    let (rows, columns) = (tensor.shape[0], tensor.shape[1])
    let numbers = tensor.plotNumbers
    let grid = Grid((0..<rows).map { row in Array(numbers[row * columns..<(row + 1) * columns]) }, rowNames: names, columnNames: names)
    if mark == .confusion {
      guard rows == columns else {
        throw Fault(.badArgument, "a confusion has a row and a column for each class; this is \(value.description)").marking(0, value.description)
      }
      return made(.confusion(PlotMaker.named(grid, names, count: rows)), x: nil, y: nil)
    }
    if let mark, mark != .heat { throw mismatch(mark, value) }
    let axes = (0..<2).map { tensor.axisName($0) }
    return made(.heat(PlotMaker.named(grid, names, count: rows)), x: axes[1], y: axes[0])
  }

  /// Names only where there is one for each.
  private static func named(_ grid: Grid, _ names: [String]?, count: Int) -> Grid {
    Grid(grid.rows, rowNames: names?.count == count ? names : nil, columnNames: names?.count == grid.rows.first?.count ? names : nil)
  }

  func mismatch(_ mark: Mark, _ value: Value) -> Fault {
    Fault(.badArgument, "`plot` cannot draw \(value.description) as \"\(mark.rawValue)\"").marking(0, value.description)
  }

  private func image(_ tensor: Tensor) throws(Fault) -> Plot {
    let channels = tensor.rank == 3 ? tensor.shape[2] : 1
    guard channels == 1 || channels == 3, tensor.count > 0 else {
      throw Fault(
        .badArgument, "an image is `[height, width]`, or with a last axis of 1 or 3 colours; this is \(Value.tensor(tensor).description)",
        hint: "`plot(images[0])` draws one of several").marking(0, "")
    }
    let numbers = tensor.plotNumbers
    let isBytes = tensor.dtype == .u8 || tensor.dtype.isInteger
    let finite = numbers.filter(\.isFinite)
    let (low, high) = isBytes ? (0, 255) : (min(finite.min() ?? 0, 0), max(finite.max() ?? 1, 1))
    let picture = Picture(height: tensor.shape[0], width: tensor.shape[1], channels: channels, values: numbers.map { ($0 - low) / (high - low) })
    return made(.image(picture), x: nil, y: nil)
  }

  private func confusion(of report: ReportValue) throws(Fault) -> Plot {
    for field in report.fields {
      if case .tensor(let tensor) = field.value, tensor.rank == 2, tensor.shape[0] == tensor.shape[1] {
        return try PlotMaker(self, mark: .confusion).plot(tensor, field.value)
      }
      guard let dataset = field.value.dataset, let plot = try confusion(try DatasetValue(dataset).table()) else { continue }
      return plot
    }
    throw Fault(.badArgument, "this report has no confusion to draw", hint: "`evaluate(model, test, metrics: [accuracy, confusion])`").marking(0, "a report")
  }

  /// A table with a row and a column for each class: their names first, then the counts. nil for any other.
  func confusion(_ table: Table) throws(Fault) -> Plot? {
    guard let first = table.entries.first, first.column.type == .text, table.entries.count == table.rowCount + 1 else { return nil }
    var columns: [[Double]] = []
    for entry in table.entries.dropFirst() {
      guard entry.column.type.isMeasured else { return nil }
      columns.append(try entry.column.plotNumbers(entry.name))
    }
    let rows = (0..<table.rowCount).map { row in columns.map { $0[row] } }
    let rowNames = first.column.allCells.map { Value($0).plotName }
    return made(.confusion(Grid(rows, rowNames: names ?? rowNames, columnNames: names ?? table.entries.dropFirst().map(\.name))), x: nil, y: nil)
  }

  /// The same wishes with another mark.
  private init(_ other: PlotMaker, mark: Mark) {
    (y, x, by, bins, names, title, height, logX, logY, machine) =
      (other.y, other.x, other.by, other.bins, other.names, other.title, other.height, other.logX, other.logY, other.machine)
    self.mark = mark
  }

  // MARK: Numbers alone

  /// One sequence: a line over its places, or over `x`; of a column, how often each value is there.
  private func sequence(_ value: Value) throws(Fault) -> Plot {
    let column = try Column(value, name: "data", rows: nil)
    var isColumn = false, name = ""
    if case .foreign(let foreign) = value, let given = foreign.value as? ColumnValue { (isColumn, name) = (true, given.name) }
    // `plot(xs, ys)`: as others have it.
    if y.isSequence, !y.isText {
      return try xy(column, try Column(y, name: "y", rows: nil), usual: .line, names: (isColumn ? name : nil, nil))
    }
    if x.isSequence, !x.isText {
      return try xy(try Column(x, name: "x", rows: nil), column, usual: .line, names: (nil, isColumn ? name : nil))
    }
    if x.isSequence, mark == nil || mark == .bar {
      let places = try Column(x, name: "x", rows: nil)
      try PlotMaker.beSame(places.count, column.count)
      return made(.bars(Bars(places.allCells.map { Value($0).plotName }, [Bars.Group("", try column.plotNumbers(name))])), x: nil, y: nil)
    }
    switch mark ?? (isColumn ? (column.type.isMeasured ? .histogram : .bar) : .line) {
    case .histogram:
      return made(.histogram(Histogram([("", try column.plotNumbers(name))], bins: bins)), x: name.isEmpty ? nil : name, y: nil)
    case .bar where isColumn && !column.type.isMeasured: return counts(column, name)
    case .bar:
      let numbers = try column.plotNumbers(name)
      return made(.bars(Bars(names ?? numbers.indices.map(String.init), [Bars.Group("", numbers)])), x: nil, y: nil)
    case .line, .scatter:
      let numbers = try column.plotNumbers(name)
      let y = column.plotAxis(name.isEmpty ? nil : name)
      return drawn([Series(name, x: numbers.indices.map(Double.init), y: numbers)], mark ?? .line, x: Plot.Axis(), y: y)
    case let mark: throw mismatch(mark, value)
    }
  }

  private func xy(_ across: Column, _ up: Column, usual: Mark, names: (x: String?, y: String?)) throws(Fault) -> Plot {
    try PlotMaker.beSame(across.count, up.count)
    let series = Series(names.y ?? "", x: try across.plotNumbers("x"), y: try up.plotNumbers("y"))
    return drawn([series], mark ?? usual, x: across.plotAxis(names.x), y: up.plotAxis(names.y))
  }

  private static func beSame(_ across: Int, _ up: Int) throws(Fault) {
    guard across != up else { return }
    throw Fault(.columnLengths, "`plot` has \(across) places across and \(up) numbers up: there must be as many").marking(0, "")
  }

  /// How often each text is there, in the order in which they come first.
  func counts(_ column: Column, _ name: String) -> Plot {
    let groups = PlotMaker.groups(column)
    return made(.bars(Bars(groups.map(\.name), [Bars.Group("", groups.map { Double($0.rows.count) })])), x: nil, y: name.isEmpty ? nil : name)
  }

  static func groups(_ column: Column) -> [(name: String, rows: [Int])] {
    GroupIndex([column]).rows.map { rows in
      let cell = rows.first.flatMap { column.isPresent($0) ? column[$0] : nil }
      return (cell.map { Value($0).plotName } ?? "(missing)", rows)
    }
  }

  // MARK: Functions

  private static let samples = 240

  private func curves(_ functions: [(name: String, value: Value)]) throws(Fault) -> Plot {
    let (low, high) = try bounds()
    var series: [Series] = []
    for (place, function) in functions.prefix(PlotMaker.mostSeries).enumerated() {
      var xs: [Double] = [], ys: [Double] = []
      for step in 0...PlotMaker.samples {
        let at = low + (high - low) * Double(step) / Double(PlotMaker.samples)
        let result = try machine.call(function.value, .float(at))
        guard let number = result.plainNumber else {
          throw Fault(
            .badArgument, "`plot` draws functions that give a number for a number; for \(floatText(at)) this gives \(result.description)"
          ).marking(0, "")
        }
        xs.append(at)
        ys.append(number)
      }
      series.append(Series(names?[checked: place] ?? function.name, x: xs, y: ys))
    }
    return drawn(series, mark == .scatter ? .scatter : .line, x: Plot.Axis(), y: Plot.Axis())
  }

  private func bounds() throws(Fault) -> (Double, Double) {
    if x.isNone { return (-5, 5) }
    let ends = try? Column(x, name: "x", rows: nil).plotNumbers("x")
    guard let low = ends?.first, let high = ends?.last, low.isFinite, high.isFinite, low < high else {
      throw Fault(.badArgument, "`x` of a function is where its curve begins and ends; this is \(x.description)", hint: "`x: [0, 10]`").marking(2, x.description)
    }
    return (low, high)
  }

  // MARK: Made

  func drawn(_ series: [Series], _ mark: Mark, x: Plot.Axis, y: Plot.Axis) -> Plot {
    let named = series.enumerated().map { place, one in names?[checked: place].map { Series($0, x: one.x, y: one.y) } ?? one }
    return made(mark == .scatter ? .points(named) : .lines(named), x, y)
  }

  func made(_ content: Plot.Content, x: String?, y: String?) -> Plot { made(content, Plot.Axis(x), Plot.Axis(y)) }

  private func made(_ content: Plot.Content, _ x: Plot.Axis, _ y: Plot.Axis) -> Plot {
    func wished(_ axis: Plot.Axis, _ isLogarithmic: Bool) -> Plot.Axis { isLogarithmic ? Plot.Axis(axis.label, .logarithmic) : axis }
    return Plot(content, title: title, x: wished(x, logX), y: wished(y, logY), height: height)
  }
}

extension Array {
  fileprivate subscript(checked place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}

extension Value {
  /// The number this is, if it is one.
  var plainNumber: Double? {
    switch self {
    case .int(let number): Double(number)
    case .float(let number): number
    case .bool(let flag): flag ? 1 : 0
    case .tensor(let tensor) where tensor.rank == 0 && !tensor.isUnknown:
      tensor.scalar?.double
    default: nil
    }
  }

  var isSequence: Bool {
    switch self {
    case .list, .range: true
    case .tensor(let tensor): tensor.rank == 1
    case .foreign(let foreign): foreign.value is ColumnValue
    default: false
    }
  }

  /// A list of texts names columns, it is no sequence of numbers.
  var isText: Bool {
    if case .list(let list) = self, case .string? = list.values.first { return true }
    return false
  }

  /// A cell as a label: text without quotes.
  var plotName: String { if case .string(let text) = self { text.text } else { inline } }
}

extension ColumnType {
  /// Numbers rather than names of things; yes and no are names.
  var isMeasured: Bool { self == .int || self == .float }
}

extension Tensor {
  fileprivate var plotNumbers: [Double] { (0..<count).map { element($0).double } }
}

extension Column {
  func plotAxis(_ label: String?) -> Plot.Axis { Plot.Axis(label, type == .time ? .time : .linear) }

  /// The cells as numbers; NaN for what is missing.
  func plotNumbers(_ name: String) throws(Fault) -> [Double] {
    let numbers: [Double]
    switch cells {
    case .int(let values), .time(let values): numbers = values.map(Double.init)
    case .float(let values): numbers = values
    case .bool(let values): numbers = values.map { $0 ? 1 : 0 }
    case .text, .tensor:
      throw Fault(
        .columnType, "`plot` needs numbers; \(name.isEmpty ? "this" : "`\(name)`") is of \(type.name)",
        hint: "`kind: \"bar\"` or `by:` draws what is no number").about(name)
    }
    guard validity != nil else { return numbers }
    return numbers.indices.map { isPresent($0) ? numbers[$0] : .nan }
  }
}
