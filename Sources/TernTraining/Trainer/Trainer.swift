import TernData
import TernTensor

/// Carries out a plan: epochs of batches in a keyed order, their means, validation, and an orderly end.
///
/// The same plan, data, step and first leaves give the same run, whatever the machine is busy with.
package struct Trainer {
  package let plan: TrainPlan
  /// Judged after every epoch.
  package var validation: (any BatchSource)?
  /// Asked before each step; true ends the run as interrupted.
  package var shouldStop: () -> Bool = { false }
  package var observe: (TrainEvent) -> Void = { _ in }
  package var clock: TimeSource = SystemClock.monotonic

  private var step: any TrainStep
  private let data: any BatchSource
  private let rowCount: Int
  private var run: TrainRun

  /// A run from its beginning.
  /// - Throws: when the plan cannot be carried out on this data.
  package init(
    plan: TrainPlan, step: any TrainStep, data: any BatchSource, leaves: [NamedTensor]
  ) throws(TrainingError) {
    try self.init(plan: plan, step: step, data: data, resuming: TrainRun(leaves: leaves))
  }

  /// The rest of a run that was stopped: its leaves come out as if it never had been. (Where it stopped inside an
  /// epoch, that epoch's row has the means of its rest only.)
  package init(
    plan: TrainPlan, step: any TrainStep, data: any BatchSource, resuming run: TrainRun
  ) throws(TrainingError) {
    rowCount = data.rowCount
    try plan.check(rows: rowCount)
    self.plan = plan
    self.step = step
    self.data = data
    self.run = run
  }
}

// MARK: The run

extension Trainer {
  /// Trains until the plan is done, someone stops it or something fails; the run says which.
  package consuming func train() -> TrainRun {
    let began = clock()
    observe(.began(TrainSize(epochs: plan.epochs, stepsPerEpoch: stepsPerEpoch, rows: rowCount)))
    run.outcome = outcomeOfEpochs()
    run.seconds += clock() - began
    observe(.ended(run))
    return run
  }

  private mutating func outcomeOfEpochs() -> TrainRun.Outcome {
    do {
      while run.steps < stepsPerEpoch * plan.epochs { try trainEpoch(run.steps / stepsPerEpoch) }
      return .done
    } catch is TrainingInterruption {
      return .interrupted
    } catch {
      return .failed(error)
    }
  }

  private mutating func trainEpoch(_ epoch: Int) throws {
    let began = clock()
    let learned = try learn(epoch)
    var judged: RunningMean?
    var interruption: TrainingInterruption?
    do {
      judged = try judge()
    } catch let stopped as TrainingInterruption {
      interruption = stopped
    }
    finish(HistoryRow(epoch: epoch, learned: learned, judged: judged, seconds: clock() - began))
    if let interruption { throw interruption }
  }

  private mutating func finish(_ row: HistoryRow) {
    run.history.append(row)
    observe(.finishedEpoch(row, leaves: run.leaves))
  }
}

// MARK: Batches

extension Trainer {
  private var stepsPerEpoch: Int { plan.stepsPerEpoch(rows: rowCount) }

  /// Learns from each batch of an epoch that the run has not seen yet.
  private mutating func learn(_ epoch: Int) throws -> RunningMean {
    let order = plan.shuffles ? Permutation(count: rowCount, key: key(.order).fold(epoch)) : nil
    var mean = RunningMean()
    for place in run.steps % stepsPerEpoch..<stepsPerEpoch {
      try checkStop()
      let range = plan.rows(ofBatch: place, of: rowCount)
      let batch = try data.batch(rows: order.map { order in range.map { order[$0] } } ?? Array(range))
      mean.add(try learn(batch, epoch: epoch), rows: batch.rows.count)
      observe(.stepped(TrainProgress(epoch: epoch, stepsInEpoch: place + 1, rows: run.rows, loss: mean.meanLoss)))
    }
    return mean
  }

  private mutating func learn(_ batch: Batch, epoch: Int) throws -> BatchOutcome {
    let moment = TrainMoment(epoch: epoch, step: run.steps, key: key(.step).fold(run.steps).bits)
    let leafCount = run.leaves.count
    let outcome = try step.step(&run.leaves, batch: batch, moment: moment)
    // What an optimizer remembers comes with its first step.
    guard run.leaves.count == leafCount || run.steps == 0
    else { throw TrainingError.leavesChanged(step: moment.step, needed: leafCount, found: run.leaves.count) }
    guard outcome.loss.isFinite else {
      throw TrainingError.lossNotFinite(loss: outcome.loss, epoch: epoch, step: moment.step, rows: batch.rows)
    }
    run.steps += 1
    run.rows += batch.rows.count
    return outcome
  }

  /// Judges the validation data in its own order; nil without any.
  private mutating func judge() throws -> RunningMean? {
    guard let validation else { return nil }
    let count = validation.rowCount
    guard count > 0 else { return nil }
    var mean = RunningMean()
    for place in 0..<plan.batches(in: count) {
      try checkStop()
      let batch = try validation.batch(rows: Array(plan.rows(ofBatch: place, of: count)))
      mean.add(try step.evaluate(run.leaves, batch: batch), rows: batch.rows.count)
    }
    return mean
  }

  private func checkStop() throws(TrainingInterruption) {
    if shouldStop() { throw TrainingInterruption() }
  }
}

// MARK: Chance

extension Trainer {
  /// What a key is for: streams of different use never meet.
  private enum Stream: Int {
    case order, step
  }

  private func key(_ stream: Stream) -> Key { Key(seed: plan.seed).fold(stream.rawValue) }
}

extension HistoryRow {
  fileprivate init(epoch: Int, learned: RunningMean, judged: RunningMean?, seconds: Double) {
    self.init(
      epoch: epoch, loss: learned.meanLoss, metrics: learned.meanMetrics, validationLoss: judged?.meanLoss,
      validationMetrics: judged?.meanMetrics ?? [], seconds: seconds)
  }
}
