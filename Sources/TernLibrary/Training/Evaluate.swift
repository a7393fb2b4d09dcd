import TernData
import TernRuntime
import TernSyntax
import TernTensor

extension Training {
  static var evaluate: Builtin {
    Builtin(
      "evaluate(model, data, metrics = none, by = none)",
      """
      Judges a model that `fit` made, or a run, by data it has not learned from, and gives a report. A metric is any function of \
      scores and target; `by` also tells how each group of rows fares.
      """,
      example: """
        let data = dataset({x: arange(0, 4, step: 0.125), y: 3 * arange(0, 4, step: 0.125)})
        let run = fit(dense(1), data, target: "y", loss: mse, optimizer: adam(lr: 0.1), epochs: 100, seed: 1)
        evaluate(run.model, data, metrics: [rmse]).rmse < 1
        #> true
        """
    ) { call throws(Fault) in
      guard let dataset = call[1].dataset else {
        throw Fault(.badArgument, "`evaluate` takes a dataset; this is \(call[1].description)", hint: "`dataset({x, y})` makes one")
          .marking(1, call[1].description)
      }
      let table = try dataCall { try dataset.table() }
      var evaluation = try Evaluation(call[0], table, call[2], call.machine)
      if case .string(let column) = call[3] { try evaluation.divide(by: column.text, table) }
      return .foreign(Foreign(evaluation.report))
    }
  }
}

extension Preparation {
  fileprivate func standardMetrics(_ machine: Machine) throws(Fault) -> [NamedMetric] {
    let names = answer == .number ? ["rmse"] : ["accuracy", "log_loss"]
    var metrics: [NamedMetric] = []
    for name in names { metrics.append(NamedMetric(name: name, function: try machine.libraryWord(name))) }
    return metrics
  }
}

/// The scores and targets of all rows, and what metrics make of them.
struct Evaluation {
  private let machine: Machine
  private let metrics: [NamedMetric]
  private let classes: [Cell]?
  private let scores: Tensor
  private let target: Tensor
  private(set) var report: ReportValue

  static func report(_ model: Value, _ table: Table, _ metrics: Value, _ machine: Machine) throws(Fault) -> ReportValue {
    try Evaluation(model, table, metrics, machine).report
  }

  init(_ model: Value, _ table: Table, _ metrics: Value, _ machine: Machine) throws(Fault) {
    let trained = try Trained(model, for: "evaluate")
    var named = try NamedMetric.all(metrics, machine, argument: (2, "metrics"))
    if named.isEmpty { named = try trained.preparation.standardMetrics(machine) }
    try self.init(trained, table, named, machine)
  }

  private init(_ trained: Trained, _ table: Table, _ metrics: [NamedMetric], _ machine: Machine) throws(Fault) {
    self.machine = machine
    self.metrics = metrics
    classes = trained.preparation.classes
    guard table.rowCount > 0 else { throw Fault(.emptyInput, "there are no rows to evaluate on") }
    let features = try dataCall { try trained.preparation.features(of: table) }
    let scale = trained.preparation.scale
    scores = try trained.scores(of: features, machine).scaled(scale)
    target = try dataCall { try trained.preparation.target(of: table) }.scaled(scale)
    report = ReportValue(rows: table.rowCount, fields: [])
    report = ReportValue(rows: table.rowCount, fields: try measured(scores, target))
  }

  private func measured(_ scores: Tensor, _ target: Tensor) throws(Fault) -> [(name: String, value: Value)] {
    var fields: [(name: String, value: Value)] = []
    for metric in metrics {
      let result = try metric.measured(machine, scores: .tensor(scores), target: .tensor(target))
      fields.append((metric.name, try reported(result)))
    }
    return fields
  }

  /// Numbers as floats; a count for each pair of classes as a table with their names.
  private func reported(_ result: Value) throws(Fault) -> Value {
    if let number = try machine.numberIfAny(result) { return .float(number.double) }
    guard case .tensor(let counts) = result, counts.rank == 2, counts.shape[0] == counts.shape[1] else { return result }
    let names = classes.map { $0.map(\.text) } ?? (0..<counts.shape[1]).map(String.init)
    guard names.count == counts.shape[1] else { return result }
    return try dataCall { .dataset(try Table(counts.columns(named: names))) }
  }

  /// A row for each group, beside the report of the whole.
  mutating func divide(by name: String, _ table: Table) throws(Fault) {
    let column = try dataCall { try table.column(name) }
    var groups: [Cell: [Int]] = [:]
    for row in 0..<table.rowCount { groups[column[row], default: []].append(row) }
    var rows: [(cell: Cell, count: Int, fields: [(name: String, value: Value)])] = []
    for cell in groups.keys.sorted() {
      try machine.limits.check(after: 1)
      let places = groups[cell] ?? []
      rows.append((cell, places.count, try measured(scores.gathered(places), target.gathered(places))))
    }
    report.groups = try dataCall { .dataset(try Table(Evaluation.columns(name, rows))) }
  }

  private static func columns(
    _ name: String, _ rows: [(cell: Cell, count: Int, fields: [(name: String, value: Value)])]
  ) throws(DataError) -> [(name: String, column: Column)] {
    var columns = [(name: name, column: try Column(rows.map(\.cell), name: name)), ("rows", .int(rows.map(\.count)))]
    for (place, field) in (rows.first?.fields ?? []).enumerated() {
      guard case .float = field.value, field.name != name, field.name != "rows" else { continue }
      columns.append((field.name, .float(rows.map { if case .float(let number) = $0.fields[place].value { number } else { .nan } })))
    }
    return columns
  }
}

extension Tensor {
  /// On a scale's `slope * x + start`.
  func scaled(_ scale: (slope: Double, start: Double)?) throws(Fault) -> Tensor {
    guard let scale else { return self }
    return try tensorCall { () throws(TensorError) in
      let stretched = try Tensor.binary(.multiply, .tensor(self), .scalar(.float(scale.slope)))
      return try Tensor.binary(.add, .tensor(stretched), .scalar(.float(scale.start)))
    }
  }

  /// A square of counts as columns: the true class first, then one for each guess.
  fileprivate func columns(named names: [String]) -> [(name: String, column: Column)] {
    let count = names.count
    var columns = [(name: names.contains("truth") ? "is" : "truth", column: Column.text(names.map(Optional.some)))]
    for guess in 0..<count {
      let cells = (0..<count).map { element($0 * count + guess).double }
      let whole = cells.compactMap(Int.init(exactly:))
      columns.append((names[guess], whole.count == count ? .int(whole) : .float(cells)))
    }
    return columns
  }
}
