import Glibc
import TernData
import Testing
import TernTraining

@Suite("A run's record") struct RunRecorderTests {
  /// A recorder at a fixed moment, fed by a real run of two epochs.
  private func recorded(in store: RunStore?, rate: Double = 0.1, failing: Bool = false) throws -> RunRecorder {
    var now = 1_767_225_600.0
    let recorder = RunRecorder(
      store: store, seed: 4, parameters: [JSONMember("epochs", 2)], versions: [JSONMember("tern", "0.1")],
      dataFingerprint: "abc", cell: "3", clock: {
        now += 0.25
        return now
      })
    recorder.model = "line"
    let step = LineFit(rate: rate) { _, moment in if failing, moment.epoch == 1 { throw FileError(.read, "data", code: EIO) } }
    var trainer = try Trainer(
      plan: TrainPlan(epochs: 2, batchSize: 5, seed: 4), step: step, data: LinePoints(rowCount: 10),
      leaves: LineFit.leaves)
    trainer.observe = recorder.observe
    trainer.clock = { 0 }
    _ = trainer.train()
    return recorder
  }

  @Test("is a folder with a summary and a line an event") func folder() throws {
    let folder = TemporaryFolder()
    let store = RunStore(root: folder("state/runs"))
    let recorder = try recorded(in: store)
    #expect(recorder.warnings.isEmpty)
    #expect(recorder.record.id.hasPrefix("20260101-000000-"))
    let listing = store.list()
    #expect(listing.damaged.isEmpty)
    #expect(listing.runs == [recorder.record])
    let run = try #require(listing.runs.first)
    #expect(run.status == .done && run.seed == 4 && run.dataFingerprint == "abc")
    #expect(run.parameters == [JSONMember("epochs", 2)] && run.versions == [JSONMember("tern", "0.1")])
    #expect(run.metrics.map(\.name) == ["loss", "mae"])
    #expect(run.started.text == "2026-01-01T00:00:00.250Z")
    let ended = try #require(run.ended)
    #expect(ended > run.started)
    #expect(run.machine.cores > 0 && run.machine.memoryBytes > 0)
    let events = try store.events(of: run.id)
    #expect(events.map(\.kind) == ["began", "epoch", "epoch", "ended"])
    #expect(events.allSatisfy { $0.run == run.id && $0.cell == "3" && $0.model == "line" })
    #expect(events[1].fields.map(\.name) == ["epoch", "loss", "mae", "seconds"])
    #expect(events.map(\.step) == [nil, 2, 4, 4])
    #expect(events[3].step == 4 && events[3].fields == [JSONMember("status", "done"), JSONMember("ended_by", "epochs")])
    #expect(TemporaryFolder.names(in: "\(store.root)/\(run.id)") == ["events.jsonl", "run.json"])
  }

  @Test("says why a run failed, in the words it is given") func failure() throws {
    let folder = TemporaryFolder()
    let run = try recorded(in: RunStore(root: folder.path), failing: true).record
    #expect(run.status == .failed && run.failure?.contains("FileError") == true)
    #expect(run.metrics.map(\.name) == ["loss", "mae"])
  }

  @Test("in a home that cannot be written is a warning, and training goes on") func readOnlyHome() throws {
    let folder = TemporaryFolder()
    Disk.write("a file where a folder should be", to: folder("home"))
    let recorder = try recorded(in: RunStore(root: folder("home/runs")))
    #expect(recorder.record.status == .done && recorder.folder == nil)
    #expect(recorder.warnings.map(\.kind) == ["warning"])
    #expect(recorder.warnings[0].fields.map(\.name) == ["action", "path", "reason"])
    let homeless = try recorded(in: nil)
    #expect(homeless.record.status == .done && homeless.warnings.isEmpty)
  }

  @Test("that loses its folder half way is a warning") func lostFolder() throws {
    let folder = TemporaryFolder()
    let recorder = RunRecorder(store: RunStore(root: folder.path), seed: 1)
    let path = try #require(recorder.folder)
    #expect(rename(path, folder("elsewhere")) == 0)
    recorder.append("note")
    recorder.finish(.done)
    #expect(recorder.warnings.count == 1)
  }
}

@Suite("The store of runs") struct RunStoreTests {
  @Test("lists sound runs in order, and damaged ones beside them") func listing() throws {
    let folder = TemporaryFolder()
    let store = RunStore(root: folder.path)
    for time in [300.0, 100.0, 200.0] { RunRecorder(store: store, seed: Int(time), clock: { time }).finish(.done) }
    mkdir(folder("empty"), 0o755)
    mkdir(folder("torn"), 0o755)
    Disk.write("{\"format\":", to: folder("torn/run.json"))
    mkdir(folder("other"), 0o755)
    Disk.write("{}", to: folder("other/run.json"))
    Disk.write("not a folder", to: folder("notes.txt"))
    let listing = store.list()
    #expect(listing.runs.map(\.seed) == [100, 200, 300])
    #expect(listing.damaged.map(\.id) == ["empty", "other", "torn"])
    #expect(listing.damaged[1].error == .notARun(path: folder("other/run.json")))
    #expect(RunStore(root: folder("nowhere")).list().runs.isEmpty)
  }

  @Test("reads the events before a torn line") func tornEvents() throws {
    let folder = TemporaryFolder()
    let store = RunStore(root: folder.path)
    let recorder = RunRecorder(store: store, seed: 1)
    recorder.append("one", step: 1, fields: [JSONMember("loss", .double(.nan))])
    recorder.append("two")
    let path = folder("\(recorder.record.id)/events.jsonl")
    Disk.write(Array(Disk.read(path).dropLast(9)), to: path)
    let events = try store.events(of: recorder.record.id)
    #expect(events.map(\.kind) == ["one"] && events[0].fields == [JSONMember("loss", nil)])
  }

  @Test("takes an id for a name, never for a path", arguments: ["", ".", "..", "../x", "a/b", ".hidden", "a\0b"])
  func badIDs(_ id: String) {
    #expect(throws: RunStoreError.badID(id)) { try RunStore(root: "/tmp").record(of: id) }
  }

  @Test("of a record that names another run is not believed") func movedRecord() throws {
    let folder = TemporaryFolder()
    let store = RunStore(root: folder.path)
    let recorder = RunRecorder(store: store, seed: 1)
    let path = try #require(recorder.folder)
    #expect(rename(path, folder("renamed")) == 0)
    #expect(throws: RunStoreError.notARun(path: folder("renamed/run.json"))) { try store.record(of: "renamed") }
  }

  @Test("is where the environment says") func standardPlace() {
    func root(_ environment: [String: String]) -> String? { RunStore.standard { environment[$0] }?.root }
    #expect(root(["TERN_HOME": "/t", "HOME": "/h"]) == "/t/runs")
    #expect(root(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/tern/runs")
    #expect(root(["HOME": "/h", "TERN_HOME": ""]) == "/h/.local/state/tern/runs")
    #expect(root([:]) == nil)
  }
}

@Suite("A timestamp") struct TimestampTests {
  @Test("reads what it writes", arguments: [0, 0.001, 951_782_400, 1_767_225_599.999, 4_102_444_800.5, 1e12])
  func roundTrip(_ seconds: Double) {
    let time = Timestamp(seconds: seconds)
    #expect(Timestamp(text: time.text) == time)
  }

  @Test("is written as people write dates") func text() {
    #expect(Timestamp(seconds: 951_782_400.25).text == "2000-02-29T00:00:00.250Z")
    #expect(Timestamp(seconds: 951_782_400.25).compact == "20000229-000000")
    #expect(Timestamp(seconds: .nan).text == "1970-01-01T00:00:00.000Z")
    #expect(Timestamp(seconds: .infinity).seconds == 0)
  }

  @Test("refuses what is no date", arguments: [
    "", "2026-02-30T00:00:00.000Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00Z", "2026-13-01T00:00:00.000Z",
    "+026-01-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
  ])
  func refused(_ text: String) { #expect(Timestamp(text: text) == nil) }

  @Test("keeps where the run comes from and what bounded it") func origin() throws {
    let folder = TemporaryFolder()
    let store = RunStore(root: folder("origin"))
    let recorder = RunRecorder(store: store, seed: 1, inputs: [JSONMember("a.mlx", "0f"), JSONMember("b.csv", "1e")])
    recorder.version = "1a2b"
    recorder.conclude = { run in [JSONMember("by", "memory"), JSONMember("steps", .int(run.steps))] }
    var trainer = try Trainer(plan: TrainPlan(epochs: 1, batchSize: 5), step: LineFit(), data: LinePoints(rowCount: 10), leaves: LineFit.leaves)
    trainer.observe = recorder.observe
    _ = trainer.train()
    let run = try store.record(of: recorder.record.id)
    #expect(run == recorder.record)
    #expect(run.inputs.map(\.name) == ["a.mlx", "b.csv"])
    #expect(run.bound == [JSONMember("by", "memory"), JSONMember("steps", 2)])
    let events = try store.events(of: run.id)
    #expect(events.map(\.kind) == ["began", "epoch", "ended", "bound"])
    #expect(events.allSatisfy { $0.version == "1a2b" })
  }
}
