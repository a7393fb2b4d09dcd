import TernData
import TernRuntime
import TernSyntax
import TernTraining

extension Training {
  static var compare: Builtin {
    Builtin(
      "compare(runs, to: record, price = none)",
      """
      What runs took to get equally far, as a dataset: the first epoch, the steps and seconds until each number of `to` was reached \
      (that of the validation data where there was any), with the `price` of an hour also the cost. A run that never got there has \
      missing cells, and its best beside them. `runs` is a list, or a record whose keys name them.
      """,
      example: """
        let data = dataset({x: arange(0, 4, step: 0.125), y: 3 * arange(0, 4, step: 0.125)})
        fn run(lr) { fit(dense(1), data, target: "y", loss: mse, optimizer: adam(lr: lr), epochs: 60, seed: 1) }
        let table = compare({fast: run(0.1), slow: run(1e-4)}, to: {loss: 1.0})
        [table[0].steps > 0, table[1].steps]
        #> [true, none]
        """
    ) { call throws(Fault) in
      let runs = try named(call[0])
      guard case .record(let goals) = call[1], goals.count > 0 else { throw call.refusal(1, takes: "a record of numbers to reach", hint: "`to: {accuracy: 0.88}`") }
      let price = call.has(2) ? try call.machine.double(call[2], "a number as `price`") : nil
      var rows: [Comparison] = []
      for (name, run) in runs { rows.append(try Comparison(name, run, goals, call.machine)) }
      return .dataset(try dataCall { try Comparison.table(rows, price: price) })
    }
  }

  private static func named(_ value: Value) throws(Fault) -> [(String, RunValue)] {
    var parts: [(String, Value)] = []
    switch value {
    case .record(let record): parts = record.layout.keys.enumerated().map { ($1.text, record.items[$0]) }
    case .list(let list): parts = list.values.enumerated().map { ("\($0)", $1) }
    case .foreign(let foreign):
      if let list = foreign.value as? RunList { parts = list.runs.enumerated().map { ("\($0)", .foreign(Foreign($1))) } }
    default: break
    }
    var runs: [(String, RunValue)] = []
    for (name, part) in parts { if let run = part.run { runs.append((name, run)) } }
    guard !runs.isEmpty, runs.count == parts.count else {
      throw Fault(.badArgument, "`compare` takes runs in a list or a record; this is \(value.description)", hint: "`compare([a, b], to: {accuracy: 0.88})`").atArgument(0, "runs")
    }
    return runs
  }
}

/// How far one run got, and when it was there.
private struct Comparison {
  let name: String
  let model: String?
  /// The place in the history of the first row that has all of it.
  private(set) var epoch: Int?
  private(set) var steps: Int?
  private(set) var seconds: Double?
  /// The best of the first number, whether it was enough or not.
  private(set) var best: Double?

  init(_ name: String, _ run: RunValue, _ goals: RecordObject, _ machine: Machine) throws(Fault) {
    self.name = name
    model = run.record.parameters.first { $0.name == "model" }?.value.string
    var wanted: [(name: String, goal: Double, isLeast: Bool)] = []
    for (position, key) in goals.layout.keys.enumerated() {
      let number = try machine.double(goals.items[position], "a number as `\(key.text)`")
      wanted.append((try Comparison.measured(key.text, in: run), number, Comparison.isLeast(key.text)))
    }
    for (place, row) in run.history.enumerated() {
      let values = wanted.map { goal in row.named.first { $0.name == goal.name }?.value ?? .nan }
      if let first = values.first, let goal = wanted.first { best = Comparison.better(best, first, goal.isLeast) }
      guard epoch == nil, zip(values, wanted).allSatisfy({ $1.isLeast ? $0 <= $1.goal : $0 >= $1.goal }) else { continue }
      epoch = row.epoch
      seconds = run.history[...place].reduce(0) { $0 + $1.seconds }
      steps = place + 1 == run.history.count ? run.steps : Comparison.stepsPerEpoch(run).map { $0 * (row.epoch + 1) }
    }
  }

  /// The name a number has in the history: that of the validation data comes first.
  private static func measured(_ name: String, in run: RunValue) throws(Fault) -> String {
    let known = run.history.first?.named.map(\.name) ?? []
    if known.contains("val_\(name)") { return "val_\(name)" }
    if known.contains(name) || known.isEmpty { return name }
    let near = didYouMean(name, among: known).map { "did you mean `\($0)`?" }
    throw Fault(.unknownField, "a run has no `\(name)` in its history", hint: near ?? "it has \(known.joined(separator: ", "))").atArgument(1, "to")
  }

  private static func isLeast(_ name: String) -> Bool {
    let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    return plain.hasSuffix("loss") || ["rmse", "mse", "mae", "mape"].contains(plain)
  }

  private static func better(_ best: Double?, _ value: Double, _ isLeast: Bool) -> Double? {
    guard !value.isNaN else { return best }
    return best.map { isLeast ? min($0, value) : max($0, value) } ?? value
  }

  private static func stepsPerEpoch(_ run: RunValue) -> Int? {
    func number(_ name: String) -> Int? { run.record.parameters.first { $0.name == name }?.value.int }
    guard let rows = number("rows"), let batch = number("batch"), batch > 0, rows > 0 else { return nil }
    var plan = TrainPlan(batchSize: batch)
    plan.accumulation = number("accumulate") ?? 1
    return plan.stepsPerEpoch(rows: rows)
  }

  static func table(_ rows: [Comparison], price: Double?) throws(DataError) -> Table {
    func ints(_ name: String, _ get: (Comparison) -> Int?) throws(DataError) -> (name: String, column: Column) {
      (name, try Column(rows.map { get($0).map { Cell.int($0) } ?? .missing }, name: name, type: .int))
    }
    var columns: [(name: String, column: Column)] = [("run", .text(rows.map { $0.name })), ("model", .text(rows.map(\.model)))]
    columns.append(try ints("epoch", \.epoch))
    columns.append(try ints("steps", \.steps))
    columns.append(("seconds", .float(rows.map(\.seconds))))
    if let price { columns.append(("cost", .float(rows.map { $0.seconds.map { $0 / 3600 * price } }))) }
    columns.append(("best", .float(rows.map(\.best))))
    return try Table(columns)
  }
}
