/// How to train: everything but the step and the data.
package struct TrainPlan: Equatable, Sendable {
  /// Passes over the data; nil where something else ends the run. None at all is allowed, and changes nothing.
  package var epochs: Int?
  /// Steps after which the run ends, also in the middle of an epoch.
  package var steps: Int?
  /// Time after which no further step is begun.
  package var budget: TrainBudget?
  /// Rows in a batch; the last of an epoch may have fewer.
  package var batchSize: Int
  /// Batches whose gradients make one step.
  package var accumulation = 1
  package var seed: Int
  /// Whether each epoch takes the rows in an order of its own.
  package var shuffles: Bool
  /// Whether a last step with fewer rows is left out.
  package var dropsLast: Bool
  /// What tells a better epoch from a worse one.
  package var watch: TrainWatch?
  /// Epochs without a better one after which the run ends.
  package var patience: Int?
  /// When a stand is kept; nil keeps none.
  package var pace: CheckpointPace?

  package init(epochs: Int? = 10, batchSize: Int = 32, seed: Int = 0, shuffles: Bool = true, dropsLast: Bool = false) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.seed = seed
    self.shuffles = shuffles
    self.dropsLast = dropsLast
  }
}

/// What a run may take.
package struct TrainBudget: Equatable, Sendable {
  /// Wall time, over all parts of a run that was stopped and went on.
  package var seconds: Double
  /// Whether money set the time.
  package var isCost: Bool

  package init(seconds: Double, isCost: Bool = false) {
    self.seconds = seconds
    self.isCost = isCost
  }
}

/// A number of each epoch's row, and where it should go.
package struct TrainWatch: Equatable, Sendable {
  package enum Goal: String, Sendable { case least = "min", greatest = "max" }

  package var name: String
  package var goal: Goal
  /// By how much an epoch must differ from the best one to count as better.
  package var margin: Double

  package init(_ name: String, goal: Goal = .least, margin: Double = 0) {
    self.name = name
    self.goal = goal
    self.margin = margin
  }

  /// Whether a value is better than the best so far; what is not a number never is.
  func prefers(_ value: Double, to best: Double?) -> Bool {
    guard !value.isNaN else { return false }
    guard let best else { return true }
    return goal == .least ? value < best - margin : value > best + margin
  }
}

/// How often a run's stand is kept: after so many epochs, steps or seconds, whichever are given.
package struct CheckpointPace: Equatable, Sendable {
  package var epochs: Int?
  package var steps: Int?
  package var seconds: Double?
  /// Also after each epoch that is the best so far.
  package var best: Bool

  package init(epochs: Int? = nil, steps: Int? = nil, seconds: Double? = nil, best: Bool = false) {
    self.epochs = epochs
    self.steps = steps
    self.seconds = seconds
    self.best = best
  }
}

extension TrainPlan {
  /// Rows that one step learns from.
  package var rowsPerStep: Int {
    let (rows, overflow) = max(1, batchSize).multipliedReportingOverflow(by: max(1, accumulation))
    return overflow ? .max : rows
  }

  /// Steps in an epoch over so many rows.
  package func stepsPerEpoch(rows: Int) -> Int {
    dropsLast ? rows / rowsPerStep : TrainPlan.parts(of: rows, size: rowsPerStep)
  }

  /// Parts of so many rows, the last one perhaps smaller.
  static func parts(of rows: Int, size: Int) -> Int { rows / size + (rows.isMultiple(of: size) ? 0 : 1) }

  /// The places of the rows of a part among `count`.
  static func rows(ofPart place: Int, of count: Int, size: Int) -> Range<Int> {
    let start = place * size
    return start..<start + min(size, count - start)
  }

  /// The steps of the whole run; nil where only time ends it.
  package func totalSteps(rows: Int) -> Int? {
    let ofEpochs = epochs.map { epochs in
      let (steps, overflow) = stepsPerEpoch(rows: rows).multipliedReportingOverflow(by: epochs)
      return overflow ? .max : steps
    }
    guard let ofEpochs else { return steps }
    return min(ofEpochs, steps ?? .max)
  }

  /// Refuses a plan that cannot be carried out on so many rows.
  package func check(rows: Int) throws(TrainingError) {
    if let epochs, epochs < 0 { throw .badPlan(.epochs, found: epochs) }
    if let steps, steps < 0 { throw .badPlan(.steps, found: steps) }
    guard batchSize > 0 else { throw .badPlan(.batchSize, found: batchSize) }
    guard accumulation > 0 else { throw .badPlan(.accumulation, found: accumulation) }
    guard rows > 0 else { throw .noRows }
    guard epochs != nil || steps != nil || budget != nil || patience != nil else { throw .endless }
    let inEpoch = stepsPerEpoch(rows: rows)
    guard inEpoch > 0 else { throw .noWholeBatch(rows: rows, batchSize: rowsPerStep) }
    guard let epochs, inEpoch.multipliedReportingOverflow(by: epochs).overflow else { return }
    throw .badPlan(.epochs, found: epochs)
  }
}
