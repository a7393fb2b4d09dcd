import Testing
import TernData
import TernTraining

@Suite("Checkpoints") struct CheckpointTests {
  private let folder = TemporaryFolder()

  private func plan(_ epochs: Int = 4) -> TrainPlan {
    var plan = TrainPlan(epochs: epochs, batchSize: 4, seed: 8)
    plan.watch = TrainWatch("val_loss")
    plan.pace = CheckpointPace(steps: 1, best: true)
    return plan
  }

  private func train(_ plan: TrainPlan, from stand: TrainRun? = nil, keep: @escaping (TrainRun) -> Void) throws -> TrainRun {
    var trainer = try Trainer(plan: plan, step: LineFit(), data: LinePoints(rowCount: 10), resuming: stand ?? TrainRun(leaves: LineFit.leaves))
    trainer.validation = LinePoints(rowCount: 5)
    trainer.keep = keep
    return trainer.train()
  }

  private func kept(_ store: CheckpointStore, _ epochs: Int = 4) throws -> TrainRun {
    try store.prepare()
    return try train(plan(epochs)) { stand in
      do { try store.save(Checkpoint(stand: stand, identity: [JSONMember("batch", .int(4))])) } catch { Issue.record("\(error)") }
    }
  }

  @Test("come back bit by bit, and the run goes on from them") func roundTrip() throws {
    let store = CheckpointStore(path: folder("ck"), limit: 100)
    let whole = try kept(store)
    #expect(store.steps == Array(1...12))
    for step in store.steps {
      let alone = CheckpointStore(path: folder("alone-\(step)"), limit: 1)
      try alone.prepare()
      // Only what was there when the process was killed.
      for earlier in 1...step { try copy(store.folder(of: earlier), to: alone.folder(of: earlier)) }
      let stand = try #require(try alone.newest()).stand
      #expect(stand.steps == step)
      let rest = try train(plan(), from: stand) { _ in }
      #expect(rest.leaves.map(\.tensor.allBytes) == whole.leaves.map(\.tensor.allBytes))
      #expect(rest.history.map(\.named) == whole.history.map(\.named))
      #expect(rest.best?.leaves.map(\.tensor.allBytes) == whole.best?.leaves.map(\.tensor.allBytes))
    }
  }

  private func copy(_ folder: String, to other: String) throws {
    try Folder.create(other)
    for name in try Folder.names(in: folder) { Disk.write(Disk.read("\(folder)/\(name)"), to: "\(other)/\(name)") }
  }

  @Test("let the oldest go, and keep the best") func pruning() throws {
    let store = CheckpointStore(path: folder("ck"), limit: 2)
    let whole = try kept(store)
    let best = try #require(whole.best?.step)
    #expect(store.steps == Array(Set([best, 11, 12])).sorted())
    #expect(TemporaryFolder.names(in: folder("ck")).allSatisfy { !$0.hasPrefix(".tern") })
  }

  @Test("that are damaged give way to the one before, and the last one says what is wrong") func damage() throws {
    let store = CheckpointStore(path: folder("ck"), limit: 2)
    _ = try kept(store)
    Disk.write("{", to: store.folder(of: 12) + "/tree.json")
    #expect(try store.newest()?.stand.steps == 11)
    for step in store.steps { Disk.write("{", to: store.folder(of: step) + "/tree.json") }
    #expect(throws: CheckpointError.self) { try store.newest() }
  }

  @Test("are none where nobody kept any, and what was left half done is cleared") func empty() throws {
    let store = CheckpointStore(path: folder("deep/er/ck"))
    #expect(try store.newest()?.stand.steps == nil)
    try store.prepare()
    try Folder.create(folder("deep/er/ck/.tern.1.2.tmp"))
    Disk.write("x", to: folder("deep/er/ck/.tern.1.2.tmp/tree.json"))
    try store.prepare()
    #expect(TemporaryFolder.names(in: folder("deep/er/ck")) == [".lock"])
  }

  @Test("are one run's at a time") func lock() throws {
    let store = CheckpointStore(path: folder("ck"))
    let held = try store.prepare()
    #expect(throws: CheckpointError.busy(path: folder("ck"))) { try store.prepare() }
    withExtendedLifetime(held) {}
  }

  @Test("of another run are refused by what differs") func identity() throws {
    let store = CheckpointStore(path: folder("ck"))
    _ = try kept(store, 1)
    let checkpoint = try #require(try store.newest())
    try checkpoint.check([JSONMember("batch", .int(4))], path: "ck")
    #expect(throws: CheckpointError.otherRun(path: "ck", name: "batch", kept: "4", asked: "8")) {
      try checkpoint.check([JSONMember("batch", .int(8))], path: "ck")
    }
    #expect(throws: CheckpointError.otherRun(path: "ck", name: "seed", kept: "none", asked: "1")) {
      try checkpoint.check([JSONMember("seed", .int(1))], path: "ck")
    }
  }

  @Test("where nothing can be written are errors of the file") func unwritable() throws {
    Disk.write("x", to: folder("file"))
    #expect(throws: CheckpointError.self) { try CheckpointStore(path: folder("file/ck")).prepare() }
  }
}
