package import TernData

/// Writes a run down while it goes on. Never fails: what cannot be written becomes a warning in memory, because
/// training matters more than its record.
package final class RunRecorder {
  package private(set) var record: RunRecord
  /// What could not be written, and why.
  package private(set) var warnings: [RunEvent] = []
  /// The run's folder; nil when the run is in memory only.
  package private(set) var folder: String?
  /// Given to every event.
  package var model: String?
  package var cell: String?
  package var version: String?
  /// What only the end tells: asked before the record is closed.
  package var conclude: (TrainRun) -> [JSONMember] = { _ in [] }
  /// The words for an error that ends a run.
  package var describe: (any Error) -> String = { "\($0)" }

  private var events: DiskFile?
  /// Steps made, and in an epoch.
  var stepsMade = 0, stepsPerEpoch = 0
  private let clock: TimeSource

  /// Opens the record of a run that starts now.
  ///
  /// - Parameters:
  ///   - store: Where to keep it; nil keeps it in memory only.
  ///   - clock: Seconds since 1970.
  package init(
    store: RunStore?, seed: Int, parameters: [JSONMember] = [], versions: [JSONMember] = [],
    dataFingerprint: String? = nil, inputs: [JSONMember] = [], cell: String? = nil, clock: @escaping TimeSource = SystemClock.wall
  ) {
    let started = Timestamp(seconds: clock())
    record = RunRecord(
      id: RunRecorder.newID(started), started: started, seed: seed, parameters: parameters, versions: versions,
      dataFingerprint: dataFingerprint)
    record.inputs = inputs
    self.cell = cell
    self.clock = clock
    do { if let store { try open(in: store) } } catch { giveUp(error) }
  }

  /// Sorts by time; the tail keeps runs of one second apart.
  private static func newID(_ time: Timestamp) -> String {
    let tail = String(UInt32.random(in: 0 ..< 1 << 24), radix: 16)
    return time.compact + "-" + String(repeating: "0", count: 6 - tail.count) + tail
  }
}

// MARK: Writing down

extension RunRecorder {
  /// Appends an event.
  package func append(_ kind: String, step: Int? = nil, fields: [JSONMember] = []) {
    guard let events else { return }
    let line = event(kind, step: step, fields: fields).json.text + "\n"
    // One write a line: it stands whole or not at all beside those of other processes.
    do { try events.write(Array(line.utf8)) } catch { giveUp(error) }
  }

  /// Writes down what kept the run from being faster.
  package func note(bound: [JSONMember]) {
    record.bound = bound
    if !bound.isEmpty { append("bound", fields: bound) }
  }

  /// Closes the record: what the run came to, with everything on the disk.
  package func finish(_ status: RunRecord.Status, metrics: [Metric] = [], failure: String? = nil) {
    record.status = status
    record.metrics = metrics
    record.failure = failure
    record.ended = Timestamp(seconds: clock())
    do { try close() } catch { giveUp(error) }
  }

  private func event(_ kind: String, step: Int? = nil, fields: [JSONMember]) -> RunEvent {
    RunEvent(
      time: Timestamp(seconds: clock()), run: record.id, kind: kind, model: model, version: version, step: step, cell: cell,
      fields: fields)
  }

  /// From now on no event is written; the record itself is tried once more at the end.
  private func giveUp(_ error: FileError) {
    events = nil
    let fields = [
      JSONMember("action", .string(error.action.rawValue)), JSONMember("path", .string(error.path)),
      JSONMember("reason", .string(error.reason)),
    ]
    warnings.append(event("warning", fields: fields))
  }
}

// MARK: Files

extension RunRecorder {
  private var recordText: [UInt8] { Array((record.json.text + "\n").utf8) }

  private func open(in store: RunStore) throws(FileError) {
    let folder = "\(store.root)/\(record.id)"
    try Folder.createAll(store.root)
    try Folder.create(folder)
    // Not synced: a run that a power cut ends at its start is no loss.
    try DiskFile.creating("\(folder)/\(RunStore.recordName)").write(recordText)
    events = try DiskFile.appending("\(folder)/\(RunStore.eventsName)")
    self.folder = folder
  }

  private func close() throws(FileError) {
    guard let folder else { return }
    let text = recordText
    try events?.sync()
    try Replacement.file(at: "\(folder)/\(RunStore.recordName)") { file throws(FileError) in try file.write(text) }
    events = nil
  }
}
