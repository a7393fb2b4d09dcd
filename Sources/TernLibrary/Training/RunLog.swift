import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// The runs of this process, newest first: also those whose cell failed or was interrupted.
final class RunLog {
  private(set) var runs: [RunValue] = []
  /// Models are kept for so many of the newest runs.
  private static let modelLimit = 20

  func add(_ run: RunValue) {
    runs.insert(run.logged(withModel: true), at: 0)
    if runs.count > RunLog.modelLimit { runs[RunLog.modelLimit] = runs[RunLog.modelLimit].logged(withModel: false) }
  }
}

extension Machine {
  var runLog: RunLog {
    if let log = companions["runs"] as? RunLog { return log }
    let log = RunLog()
    companions["runs"] = log
    return log
  }

  /// Where records are kept; nil in a sandbox and where outputs are only compared, which keep them in memory.
  var runStore: RunStore? { denied.contains(.writes) || isQuiet ? nil : RunStore.standard() }

  /// What tells how far a run is, on standard error.
  var progressMeter: ProgressMeter {
    isQuiet ? ProgressMeter(style: .silent) { _ in } : .onStandardError(write: notes)
  }
}

extension Training {
  static var runs: Builtin {
    Builtin(
      "runs()", "The runs of this session, newest first, then those that earlier ones left on this machine.",
      example: "kind(runs())\n#> \"runs\"", effect: .reads
    ) { call throws(Fault) in
      let own = call.machine.runLog.runs
      let ids = Set(own.map(\.record.id))
      let stored = call.machine.runStore?.listed().filter { !ids.contains($0.record.id) } ?? []
      return .foreign(Foreign(RunList(own + stored)))
    }
  }
}

extension RunStore {
  /// The runs of the store, newest first. A damaged one does not hide the others.
  fileprivate func listed() -> [RunValue] {
    list().runs.reversed().map { record in
      let events = (try? events(of: record.id)) ?? []
      let history = events.filter { $0.kind == "epoch" }.compactMap { HistoryRow(members: $0.fields) }
      let ended = events.last { $0.kind == "ended" }
      // A run whose process was killed has no end: its last epoch says how far it came.
      let steps = ended?.step ?? events.last { $0.kind == "epoch" }?.step ?? 0
      let run = RunValue(record, history: history, model: nil, seconds: history.reduce(0) { $0 + $1.seconds }, steps: steps)
      run.ending = ended?.fields.first { $0.name == "ended_by" }?.value.string
      return run
    }
  }
}

/// What `runs()` gives: a list of runs that shows as a table.
final class RunList: ForeignValue {
  let runs: [RunValue]

  init(_ runs: [RunValue]) { self.runs = runs }

  var kind: String { "runs" }
  var count: Int? { runs.count }

  func item(_ position: Int) throws(Fault) -> Value { .foreign(Foreign(runs[position])) }

  func index(_ items: [IndexValue]) throws(Fault) -> Value? {
    guard items.count == 1, items[0].axis == nil else { return nil }
    switch items[0].value {
    case .int(let index):
      let place = index < 0 ? index + runs.count : index
      guard runs.indices.contains(place) else {
        throw Fault(.indexOutOfRange, "index \(index) is out of range: there are \(runs.count) runs")
      }
      return .foreign(Foreign(runs[place]))
    case .range(let range):
      let (start, end) = (range.low ?? 0, (range.high ?? runs.count) &+ (range.isInclusive ? 1 : 0))
      guard range.step == 1, start >= 0, start <= end, end <= runs.count else {
        throw Fault(.indexOutOfRange, "this range is not among the \(runs.count) runs")
      }
      return .foreign(Foreign(RunList(Array(runs[start..<end]))))
    default: return nil
    }
  }

  func text(width: Int) -> String {
    guard !runs.isEmpty, let table = try? Table(columns) else { return "no runs yet" }
    let title = "runs  \(runs.count)"
    let lines = TableText(table, style: TextStyle(width: width, rows: 10, showsTypes: false)).lines.dropFirst()
    return ([title] + lines).joined(separator: "\n")
  }

  private var columns: [(name: String, column: Column)] {
    func last(_ run: RunValue, _ name: String) -> Double? { run.history.last?.named.first { $0.name == name }?.value }
    return [
      ("started", .time(runs.map { $0.record.started.nanoseconds / 1_000_000_000 * 1_000_000_000 })),
      ("status", .text(runs.map { $0.record.status.rawValue })), ("ended_by", .text(runs.map(\.ending))),
      ("model", .text(runs.map { $0.parameter("model") })), ("epochs", .int(runs.map(\.history.count))),
      ("loss", .float(runs.map { last($0, "loss") })), ("val_loss", .float(runs.map { last($0, "val_loss") })),
      ("seconds", .float(runs.map { ($0.seconds * 100).rounded() / 100 })), ("seed", .int(runs.map(\.record.seed))),
    ]
  }
}

extension RunValue {
  fileprivate func parameter(_ name: String) -> String? { record.parameters.first { $0.name == name }?.value.string }
}
