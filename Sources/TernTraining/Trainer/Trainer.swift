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
  /// Asked after each epoch, with the leaves as they are then; false ends the run.
  package var goesOn: (HistoryRow, TrainRun) throws -> Bool = { _, _ in true }
  package var observe: (TrainEvent) -> Void = { _ in }
  /// Takes a run that is to be kept as it stands, to go on from some day.
  package var keep: (TrainRun) -> Void = { _ in }
  package var clock: TimeSource = SystemClock.monotonic

  private var step: any TrainStep
  private let data: any BatchSource
  private let rowCount: Int
  private var run: TrainRun
  private var began = 0.0
  /// When the run's stand was kept last.
  private var kept = 0.0

  /// A run from its beginning.
  /// - Throws: when the plan cannot be carried out on this data.
  package init(
    plan: TrainPlan, step: any TrainStep, data: any BatchSource, leaves: [NamedTensor]
  ) throws(TrainingError) {
    try self.init(plan: plan, step: step, data: data, resuming: TrainRun(leaves: leaves))
  }

  /// The rest of a run that was stopped: it comes out as if it never had been. (Of a run that is not one `keep` took but
  /// was stopped inside of an epoch, that epoch's row has the means of its rest only.)
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
    began = clock()
    kept = began
    observe(.began(TrainSize(plan, rows: rowCount)))
    run.outcome = outcomeOfEpochs()
    run.seconds = seconds
    observe(.ended(run))
    return run
  }

  /// Wall time of the whole run until now.
  private var seconds: Double { run.seconds + clock() - began }

  private mutating func outcomeOfEpochs() -> TrainRun.Outcome {
    do {
      while run.ending == nil { try trainEpoch(run.steps / stepsPerEpoch) }
      return .done
    } catch is TrainingInterruption {
      return .interrupted
    } catch {
      return .failed(error)
    }
  }

  private mutating func trainEpoch(_ epoch: Int) throws {
    let began = clock()
    // A run whose last epoch was its best long ago ends at once, also when it goes on from there.
    run.ending = end ?? patienceEnd
    if run.ending == nil { try learnOrKeep(epoch) }
    guard !run.partial.isEmpty else { return }
    let isCut = !run.steps.isMultiple(of: stepsPerEpoch)
    if isCut { keepStand(isDue: plan.pace != nil) }
    let row = try judged(epoch, since: began)
    run.partial = RunningMean()
    try finish(row.row, isCut: isCut)
    if let interruption = row.interruption { throw interruption }
  }

  /// Someone who stops a run may want to go on with it.
  private mutating func learnOrKeep(_ epoch: Int) throws {
    do { try learn(epoch) } catch let stopped as TrainingInterruption {
      keepStand(isDue: plan.pace != nil)
      throw stopped
    }
  }

  /// The epoch's row. Stopped while judging, it has no validation.
  private mutating func judged(_ epoch: Int, since began: Double) throws -> (row: HistoryRow, interruption: TrainingInterruption?) {
    var judged: Judgement?
    var interruption: TrainingInterruption?
    let judgingBegan = clock()
    if let odd = step.firstNonFinite(among: run.leaves) {
      throw TrainingError.learnedNotFinite(name: odd.name, value: odd.value, epoch: epoch)
    }
    do {
      judged = try judge(epoch)
    } catch let stopped as TrainingInterruption {
      interruption = stopped
    }
    run.timing.judging += clock() - judgingBegan
    return (HistoryRow(epoch: epoch, learned: run.partial, judged: judged, seconds: clock() - began), interruption)
  }

  private mutating func finish(_ row: HistoryRow, isCut: Bool) throws {
    run.history.append(row)
    let isBest = try note(row)
    observe(.finishedEpoch(row, leaves: run.leaves))
    if run.ending == nil { run.ending = end ?? patienceEnd }
    if try !goesOn(row, run), run.ending == nil || run.ending == .patience { run.ending = .callback }
    if !isCut { keepStand(isDue: isDue(after: row.epoch, isBest: isBest)) }
  }
}

// MARK: What ends a run

extension Trainer {
  /// What ends the run before its next step; nil when there is one.
  private var end: TrainRun.Ending? {
    if let total = plan.totalSteps(rows: rowCount), run.steps >= total {
      return plan.steps.map { run.steps >= $0 } ?? false ? .steps : .epochs
    }
    if let budget = plan.budget, seconds >= budget.seconds { return budget.isCost ? .cost : .time }
    return nil
  }

  private var patienceEnd: TrainRun.Ending? {
    guard let patience = plan.patience, let last = run.history.last else { return nil }
    return last.epoch - (run.best?.epoch ?? -1) >= max(1, patience) ? .patience : nil
  }

  /// Notes an epoch that is better than those before it.
  private mutating func note(_ row: HistoryRow) throws(TrainingError) -> Bool {
    guard let watch = plan.watch else { return false }
    guard let value = row.named.first(where: { $0.name == watch.name })?.value else {
      // Stopped while judging: the epoch is not compared.
      if watch.name.hasPrefix("val_"), validation != nil { return false }
      throw .nothingToWatch(name: watch.name, known: row.named.map(\.name))
    }
    guard watch.prefers(value, to: run.best?.value) else { return false }
    run.best = BestEpoch(epoch: row.epoch, value: value, step: run.steps, leaves: run.leaves)
    return true
  }
}

// MARK: Keeping where it stands

extension Trainer {
  private mutating func keepStand(isDue: Bool) {
    guard isDue else { return }
    var stand = run
    stand.seconds = seconds
    // The others follow from the plan, which may be a longer one when the run goes on.
    if stand.ending != .callback { stand.ending = nil }
    keep(stand)
    kept = clock()
  }

  private func isDue(after epoch: Int, isBest: Bool) -> Bool {
    guard let pace = plan.pace else { return false }
    if isBest && pace.best || run.ending != nil { return true }
    if let epochs = pace.epochs, (epoch + 1).isMultiple(of: max(1, epochs)) { return true }
    return isDueInEpoch
  }

  private var isDueInEpoch: Bool {
    guard let pace = plan.pace else { return false }
    if let steps = pace.steps, run.steps.isMultiple(of: max(1, steps)) { return true }
    return pace.seconds.map { clock() - kept >= $0 } ?? false
  }
}

// MARK: Batches

extension Trainer {
  private var stepsPerEpoch: Int { plan.stepsPerEpoch(rows: rowCount) }

  /// Learns from each batch of an epoch that the run has not seen yet, until something ends the run.
  private mutating func learn(_ epoch: Int) throws {
    let order = plan.shuffles ? Permutation(count: rowCount, key: key(.order).fold(epoch)) : nil
    for place in run.steps % stepsPerEpoch..<stepsPerEpoch {
      try checkStop()
      run.ending = end
      if run.ending != nil { return }
      let batch = try batch(place, order)
      let outcome = try learn(batch, epoch: epoch)
      run.partial.add(outcome, rows: batch.rows.count)
      observe(.stepped(TrainProgress(epoch: epoch, stepsInEpoch: place + 1, rows: run.rows, loss: run.partial.meanLoss)))
      if place + 1 < stepsPerEpoch { keepStand(isDue: isDueInEpoch) }
    }
  }

  private mutating func batch(_ place: Int, _ order: Permutation?) throws -> Batch {
    let began = clock()
    let range = TrainPlan.rows(ofPart: place, of: rowCount, size: plan.rowsPerStep)
    let batch = try data.batch(rows: order.map { order in range.map { order[$0] } } ?? Array(range))
    run.timing.input += clock() - began
    return batch
  }

  private mutating func learn(_ batch: Batch, epoch: Int) throws -> BatchOutcome {
    let began = clock()
    let moment = TrainMoment(epoch: epoch, step: run.steps, key: key(.step).fold(run.steps).bits)
    // Kept until the step proves sound: what a failed run leaves is the last that was.
    var leaves = run.leaves
    let outcome = try step.step(&leaves, batch: batch, moment: moment)
    // What an optimizer remembers comes with its first step.
    guard run.leaves.count == leaves.count || run.steps == 0
    else { throw TrainingError.leavesChanged(step: moment.step, needed: run.leaves.count, found: leaves.count) }
    guard outcome.loss.isFinite else {
      throw TrainingError.lossNotFinite(loss: outcome.loss, epoch: epoch, step: moment.step, rows: batch.rows)
    }
    run.leaves = leaves
    run.steps += 1
    run.rows += batch.rows.count
    run.timing.add(clock() - began)
    return outcome
  }

  /// Judges the validation data in its own order; nil without any.
  private mutating func judge(_ epoch: Int) throws -> Judgement? {
    guard let validation else { return nil }
    let count = validation.rowCount
    var mean = RunningMean()
    for place in 0..<TrainPlan.parts(of: count, size: plan.batchSize) {
      try checkStop()
      let batch = try validation.batch(rows: Array(TrainPlan.rows(ofPart: place, of: count, size: plan.batchSize)))
      mean.add(try step.evaluate(run.leaves, batch: batch), rows: batch.rows.count)
    }
    guard mean.meanLoss.isFinite else { throw TrainingError.validationNotFinite(loss: mean.meanLoss, epoch: epoch) }
    return Judgement(loss: mean.meanLoss, metrics: try step.metricsOfEvaluated())
  }

  private func checkStop() throws(TrainingInterruption) {
    if shouldStop() { throw TrainingInterruption() }
  }
}

/// What the validation data came to.
private struct Judgement {
  let loss: Double
  let metrics: [Metric]
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
  fileprivate init(epoch: Int, learned: RunningMean, judged: Judgement?, seconds: Double) {
    self.init(
      epoch: epoch, loss: learned.meanLoss, metrics: learned.meanMetrics, validationLoss: judged?.loss,
      validationMetrics: judged?.metrics ?? [], seconds: seconds)
  }
}

extension TrainTiming {
  /// Counts a step; the first one apart.
  fileprivate mutating func add(_ seconds: Double) {
    if start == 0 {
      start = seconds
    } else {
      learning += seconds
      learnedSteps += 1
    }
  }
}
