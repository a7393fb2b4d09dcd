import TernData
import TernPlots
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// What `fit` gives: the model as it was learned, a row of history an epoch, and how it ended. Also a run read from its
/// record, whose model nobody kept.
final class RunValue: ForeignValue {
  let record: RunRecord
  let history: [HistoryRow]
  let seconds: Double
  let steps: Int
  private(set) var model: Value?

  init(_ record: RunRecord, history: [HistoryRow], model: Value?, seconds: Double, steps: Int) {
    self.record = record
    self.history = history
    self.model = model
    self.seconds = seconds
    self.steps = steps
  }

  /// What training came to.
  convenience init(_ record: RunRecord, _ run: TrainRun, model: Value?) throws(Fault) {
    self.init(record, history: run.history, model: model, seconds: run.seconds, steps: run.steps)
    ending = run.ending?.rawValue
    best = run.best.map { ($0.epoch, $0.value) }
  }

  /// What ended it, such as `epochs` or `patience`; nil where that is not known.
  var ending: String?
  /// The best epoch, where something was watched.
  var best: (epoch: Int, value: Double)?
  /// The optimizer as the last step left it, with what it remembers.
  var optimizer: Value?

  /// As the log of a session keeps it: without what the optimizer remembers, and in the end without its model.
  func logged(withModel: Bool) -> RunValue {
    let run = RunValue(record, history: history, model: withModel ? model : nil, seconds: seconds, steps: steps)
    (run.ending, run.best) = (ending, best)
    return run
  }

  var kind: String { "run" }

  var fieldNames: [String] { ["model", "opt", "history", "status", "ended_by", "best", "loss", "seed", "id", "started", "seconds", "steps", "parameters", "bound", "data", "inputs", "versions", "machine"] }

  func field(_ name: String) throws(Fault) -> Value? {
    switch name {
    case "model": return try keptModel()
    case "opt": return optimizer ?? Value.none
    case "history": return .list(history.map(\.value))
    case "status": return .string(record.status.rawValue)
    case "ended_by": return ending.map { .string($0) } ?? Value.none
    case "best": return best.map { .record(RecordObject(["epoch": .int($0.epoch), "value": .float($0.value)])) } ?? Value.none
    case "loss": return history.last.map { .float($0.loss) } ?? Value.none
    case "seed": return .int(record.seed)
    case "id": return .string(record.id)
    case "started": return .time(record.started.nanoseconds)
    case "seconds": return .float(seconds)
    case "steps": return .int(steps)
    case "bound": return record.bound.isEmpty ? Value.none : Value(json: .object(record.bound))
    case "data": return record.dataFingerprint.map { .string($0) } ?? Value.none
    case "inputs": return Value(json: .object(record.inputs))
    case "versions": return Value(json: .object(record.versions))
    case "machine": return Value(json: record.machine.json)
    case "parameters": return Value(json: .object(record.parameters))
    default: return nil
    }
  }

  func keptModel() throws(Fault) -> Value {
    if let model { return model }
    switch record.status {
    case .failed: throw Fault(.uninitialised, "this run failed before it learned anything to keep")
    default:
      throw Fault(.uninitialised, "the model of this run was not kept", hint: "`save(run, path)` keeps a run with its model")
    }
  }

  func equals(_ other: any ForeignValue) -> Bool { (other as? RunValue)?.record.id == record.id }
}

extension Timestamp {
  /// As times of the language count; the last they can tell for what lies beyond.
  var nanoseconds: Int {
    let (nanoseconds, overflow) = Int((seconds * 1000).rounded()).multipliedReportingOverflow(by: 1_000_000)
    return overflow ? .max : nanoseconds
  }
}

// MARK: Text

extension RunValue {
  /// Rows of history shown: the first ones and the last ones.
  private static let shownAtStart = 3
  private static let shownAtEnd = 4

  /// `40 epochs in 3.2 s`
  var extent: String {
    let count = history.count
    return "\(count) epoch\(count == 1 ? "" : "s") in \(DurationText.text(seconds: seconds))"
  }

  var title: String { "run  \(record.status.rawValue), \(extent), seed \(record.seed)" }

  func text(width: Int) -> String {
    let rows = RunValue.shownRows(history.count).map { $0.map { history[$0] } }
    guard !history.isEmpty, let table = try? Table(HistoryRow.columns(of: rows)) else { return title }
    let style = TextStyle(width: width, rows: rows.count, showsTypes: false)
    // The first line of a table is its size.
    let lines = TableText(table, style: style).lines.dropFirst().map { $0.contains("⋮") ? "  ⋮" : $0 }
    return ([title] + lines + courses(width: width)).joined(separator: "\n")
  }

  /// How each metric went, on a line: `loss  █▅▃▂▁▁▁`.
  private func courses(width: Int) -> [String] {
    guard history.count > RunValue.shownAtStart, let names = history.last?.named.map(\.name) else { return [] }
    let longest = names.map(\.count).max() ?? 0
    return names.map { name in
      let numbers = history.map { row in row.named.first { $0.name == name }?.value ?? .nan }
      return "  \(name)\(String(repeating: " ", count: longest - name.count))  \(Plot.spark(numbers, width: min(max(width - longest - 4, 1), 40)))"
    }
  }

  /// The places to show; nil stands for those left out.
  private static func shownRows(_ count: Int) -> [Int?] {
    guard count > shownAtStart + shownAtEnd + 1 else { return Array(0..<count) }
    return Array(0..<shownAtStart) + [nil] + Array(count - shownAtEnd..<count)
  }
}

extension HistoryRow {
  /// As a script sees a row: `{epoch, loss, val_loss, …, seconds}`.
  var value: Value { .record(record) }

  var record: RecordObject {
    let row = RecordObject()
    row.set("epoch", .int(epoch))
    for metric in named { row.set(metric.name, .float(metric.value)) }
    row.set("seconds", .float(seconds))
    return row
  }

  /// Rows as the columns of a table; a nil becomes a row of dots.
  fileprivate static func columns(of rows: [HistoryRow?]) -> [(name: String, column: Column)] {
    let names = rows.lazy.compactMap { $0?.named.map(\.name) }.max { $0.count < $1.count } ?? []
    var columns = [(name: "epoch", column: Column.text(rows.map { $0.map { String($0.epoch) } ?? "⋮" }))]
    for name in names {
      columns.append((name, .float(rows.map { row in row?.named.first { $0.name == name }?.value })))
    }
    return columns + [("seconds", .float(rows.map { $0?.seconds }))]
  }
}
