import Testing
import TernTraining

@Suite("The trainer") struct TrainerTests {
  private func run(
    _ plan: TrainPlan, rows: Int = 10, step: LineFit = LineFit(), prepare: (inout Trainer) -> Void = { _ in }
  ) throws -> TrainRun {
    var trainer = try Trainer(plan: plan, step: step, data: LinePoints(rowCount: rows), leaves: LineFit.leaves)
    prepare(&trainer)
    return trainer.train()
  }

  private func rowsSeen(_ plan: TrainPlan, rows: Int) throws -> [[Int]] {
    var seen: [[Int]] = []
    _ = try run(plan, rows: rows, step: LineFit { batch, _ in seen.append(batch.rows) })
    return seen
  }

  @Test("learns a line") func learns() throws {
    let run = try run(TrainPlan(epochs: 200, batchSize: 4, seed: 1)) { $0.validation = LinePoints(rowCount: 7) }
    #expect(abs(run.leaves[0].tensor.double - 2) < 1e-3)
    #expect(abs(run.leaves[1].tensor.double - 1) < 1e-3)
    #expect(run.outcome.name == "done")
    #expect(run.steps == 600 && run.rows == 2000)
    #expect(run.history.map(\.epoch) == Array(0..<200))
    #expect(run.history[199].named.map(\.name) == ["loss", "val_loss", "mae", "val_mae"])
    #expect(run.history[199].loss < 1e-5 && (run.history[199].validationLoss ?? 1) < 1e-5)
  }

  @Test("repeats itself with the same seed, and not with another") func determinism() throws {
    let plan = TrainPlan(epochs: 3, batchSize: 3, seed: 5)
    let first = try run(plan), second = try run(plan)
    #expect(first.leaves[0].tensor.double == second.leaves[0].tensor.double)
    #expect(first.history.map(\.loss) == second.history.map(\.loss))
    var other = plan
    other.seed = 6
    #expect(try run(other).history.map(\.loss) != first.history.map(\.loss))
  }

  @Test("shows each row once an epoch, each epoch in an order of its own") func orders() throws {
    let seen = try rowsSeen(TrainPlan(epochs: 2, batchSize: 4, seed: 3), rows: 10)
    #expect(seen.map(\.count) == [4, 4, 2, 4, 4, 2])
    let epochs = [Array(seen[..<3].joined()), Array(seen[3...].joined())]
    #expect(epochs.allSatisfy { $0.sorted() == Array(0..<10) })
    #expect(epochs[0] != epochs[1] && epochs[0] != Array(0..<10))
    #expect(try rowsSeen(TrainPlan(epochs: 1, batchSize: 4, shuffles: false), rows: 6) == [[0, 1, 2, 3], [4, 5]])
    #expect(try rowsSeen(TrainPlan(epochs: 1, batchSize: 4, shuffles: false, dropsLast: true), rows: 6) == [[0, 1, 2, 3]])
    #expect(try rowsSeen(TrainPlan(epochs: 1, batchSize: .max, shuffles: false), rows: 3) == [[0, 1, 2]])
  }

  @Test("gives each step its own key, the same again in a second run") func keys() throws {
    func moments() throws -> [TrainMoment] {
      var moments: [TrainMoment] = []
      _ = try run(TrainPlan(epochs: 2, batchSize: 5, seed: 9), step: LineFit { _, moment in moments.append(moment) })
      return moments
    }
    let first = try moments()
    #expect(first.map(\.step) == [0, 1, 2, 3] && first.map(\.epoch) == [0, 0, 1, 1])
    #expect(Set(first.map(\.key)).count == 4)
    #expect(try moments() == first)
  }

  @Test("counts a short last batch for its rows only") func unevenBatch() throws {
    // Without learning the mean over batches of 4, 4 and 2 rows is the mean over all ten.
    let uneven = try run(TrainPlan(epochs: 1, batchSize: 4, seed: 2), step: LineFit(rate: 0)) {
      $0.validation = LinePoints(rowCount: 10)
    }
    let whole = try run(TrainPlan(epochs: 1, batchSize: 10, seed: 2), step: LineFit(rate: 0))
    #expect(abs(uneven.history[0].loss - whole.history[0].loss) < 1e-12)
    #expect(abs((uneven.history[0].validationLoss ?? 0) - whole.history[0].loss) < 1e-12)
    #expect(abs(uneven.history[0].metrics[0].value - whole.history[0].metrics[0].value) < 1e-12)
  }

  @Test("stops when asked, and keeps what was learned") func interruption() throws {
    var asked = 0
    let run = try run(TrainPlan(epochs: 5, batchSize: 5, seed: 1)) {
      $0.shouldStop = {
        asked += 1
        return asked > 5
      }
    }
    #expect(run.outcome.name == "interrupted")
    #expect(run.steps == 5 && run.history.count == 2)
    #expect(run.leaves[1].tensor.double != 0)
  }

  @Test("goes on with a stopped run as if it never had been", arguments: [0, 1, 2, 3, 5, 6, 9])
  func resuming(_ stop: Int) throws {
    let plan = TrainPlan(epochs: 3, batchSize: 4, seed: 8)
    let whole = try run(plan)
    let part = try run(plan, step: LineFit { _, moment in if moment.step == stop { throw TrainingInterruption() } })
    #expect(part.steps == min(stop, 9))
    let kept = TrainRun(leaves: part.leaves, steps: part.steps, rows: part.rows, history: part.history)
    let rest = try Trainer(plan: plan, step: LineFit(), data: LinePoints(rowCount: 10), resuming: kept).train()
    #expect(rest.leaves.map(\.tensor.double) == whole.leaves.map(\.tensor.double))
    #expect(rest.steps == 9 && rest.rows == 30 && rest.history.map(\.epoch) == [0, 1, 2])
    #expect(rest.outcome.name == "done")
  }

  @Test("takes a step's own word that it was stopped") func stoppedStep() throws {
    let run = try run(TrainPlan(epochs: 5, batchSize: 5), step: LineFit { _, moment in
      if moment.step == 3 { throw TrainingInterruption() }
    })
    #expect(run.outcome.name == "interrupted" && run.steps == 3)
  }

  @Test("stopped while judging keeps the epoch, without a validation loss") func stoppedJudging() throws {
    var asked = 0
    let run = try run(TrainPlan(epochs: 2, batchSize: 5)) {
      $0.validation = LinePoints(rowCount: 10)
      $0.shouldStop = {
        asked += 1
        return asked == 4
      }
    }
    #expect(run.outcome.name == "interrupted")
    #expect(run.history.count == 1 && run.history[0].validationLoss == nil)
  }

  @Test("ends a run whose loss is not finite, and says where") func notFinite() throws {
    let run = try run(TrainPlan(epochs: 2000, batchSize: 4, shuffles: false), step: LineFit(rate: 1e30))
    guard case .lossNotFinite(let loss, let epoch, let step, let rows) = run.outcome.error as? TrainingError else {
      Issue.record("no such error")
      return
    }
    #expect(run.outcome.name == "failed" && !loss.isFinite)
    #expect(epoch == step / 3 && rows == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]][step % 3])
    #expect(run.history.count == epoch)
  }

  @Test("hands on what a step throws") func failingStep() throws {
    struct Broken: Error {}
    let run = try run(TrainPlan(epochs: 1), step: LineFit { _, _ in throw Broken() })
    #expect(run.outcome.error is Broken && run.steps == 0)
  }

  @Test("refuses a plan it cannot carry out") func badPlans() {
    #expect(throws: TrainingError.badPlan(.epochs, found: -1)) { try run(TrainPlan(epochs: -1)) }
    #expect(throws: TrainingError.badPlan(.batchSize, found: 0)) { try run(TrainPlan(batchSize: 0)) }
    #expect(throws: TrainingError.noRows) { try run(TrainPlan(), rows: 0) }
    #expect(throws: TrainingError.noWholeBatch(rows: 10, batchSize: 32)) { try run(TrainPlan(dropsLast: true)) }
    #expect(throws: TrainingError.endless) { try run(TrainPlan(epochs: nil)) }
    #expect(throws: TrainingError.badPlan(.epochs, found: .max)) { try run(TrainPlan(epochs: .max, batchSize: 1)) }
  }

  @Test("of no epochs changes nothing") func noEpochs() throws {
    let run = try run(TrainPlan(epochs: 0))
    #expect(run.outcome.name == "done" && run.history.isEmpty && run.leaves[0].tensor.double == 0)
  }

  @Test("ends after so many steps, also inside of an epoch") func steps() throws {
    var plan = TrainPlan(epochs: nil, batchSize: 4, seed: 3)
    plan.steps = 4
    let run = try run(plan)
    #expect(run.steps == 4 && run.rows == 14 && run.ending == .steps)
    #expect(run.history.map(\.epoch) == [0, 1])
    plan.epochs = 1
    #expect(try self.run(plan).ending == .epochs)
  }

  @Test("begins no step when its time is over", arguments: [(true, "cost"), (false, "time")])
  func budget(_ isCost: Bool, _ name: String) throws {
    var plan = TrainPlan(epochs: nil, batchSize: 5)
    plan.budget = TrainBudget(seconds: 7, isCost: isCost)
    var now = 0.0
    let run = try run(plan, step: LineFit { _, _ in now += 2 }) { $0.clock = { now } }
    #expect(run.steps == 4 && run.seconds == 8 && run.ending?.rawValue == name)
  }

  @Test("ends after epochs without a better one, and remembers the best") func patience() throws {
    var plan = TrainPlan(epochs: nil, batchSize: 10)
    plan.watch = TrainWatch("loss")
    plan.patience = 4
    let run = try run(plan, step: LineFit(rate: 0))
    // Nothing is learned: the first epoch stays the best.
    #expect(run.ending == .patience && run.history.count == 5 && run.best?.epoch == 0)
    plan.watch = TrainWatch("mae", goal: .greatest, margin: 0.5)
    let other = try self.run(plan)
    #expect(other.best?.epoch == 0 && other.history.count == 5)
  }

  @Test("lets whoever looks on end it after an epoch") func callback() throws {
    let run = try run(TrainPlan(epochs: 9, batchSize: 5)) { $0.goesOn = { row, run in row.epoch < 2 && run.steps > 0 } }
    #expect(run.ending == .callback && run.history.count == 3)
  }

  @Test("keeps a stand from which the rest comes out the same, history and all", arguments: 1...9)
  func stands(_ place: Int) throws {
    var plan = TrainPlan(epochs: 3, batchSize: 4, seed: 8)
    plan.pace = CheckpointPace(steps: 1)
    plan.watch = TrainWatch("val_loss")
    var stands: [TrainRun] = []
    let whole = try run(plan) {
      $0.validation = LinePoints(rowCount: 5)
      $0.keep = { stands.append($0) }
    }
    #expect(stands.map(\.steps) == Array(1...9))
    var trainer = try Trainer(plan: plan, step: LineFit(), data: LinePoints(rowCount: 10), resuming: stands[place - 1])
    trainer.validation = LinePoints(rowCount: 5)
    let rest = trainer.train()
    #expect(rest.leaves.map(\.tensor.double) == whole.leaves.map(\.tensor.double))
    #expect(rest.history.map(\.named) == whole.history.map(\.named))
    #expect(rest.best?.epoch == whole.best?.epoch && rest.ending == .epochs && rest.rows == 30)
  }

  @Test("keeps stands when they are due", arguments: [
    (CheckpointPace(epochs: 2), [6, 9]), (CheckpointPace(steps: 4), [4, 8, 9]), (CheckpointPace(), [9]),
    (CheckpointPace(seconds: 100), [9]), (CheckpointPace(epochs: 9, best: true), [3, 6, 9]),
  ])
  func pace(_ pace: CheckpointPace, _ expected: [Int]) throws {
    var plan = TrainPlan(epochs: 3, batchSize: 4, seed: 8)
    plan.pace = pace
    plan.watch = pace.best ? TrainWatch("loss") : nil
    var steps: [Int] = []
    _ = try run(plan) { $0.keep = { steps.append($0.steps) } }
    #expect(steps == expected)
  }

  @Test("leaves a failed run as its last sound step left it") func failedRun() throws {
    let whole = try run(TrainPlan(epochs: 1, batchSize: 5, seed: 1))
    let broken = try run(TrainPlan(epochs: 9, batchSize: 5, seed: 1), step: LineFit { batch, moment in
      if moment.step == 2 { throw TrainingError.noRows }
    })
    #expect(broken.outcome.name == "failed" && broken.steps == 2)
    #expect(broken.leaves.map(\.tensor.double) == whole.leaves.map(\.tensor.double))
  }
}
