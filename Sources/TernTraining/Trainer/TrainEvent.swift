/// What a trainer tells while it works: to a progress meter, a run record, a checkpoint.
package enum TrainEvent {
  case began(TrainSize)
  case stepped(TrainProgress)
  case finishedEpoch(HistoryRow, leaves: [NamedTensor])
  case ended(TrainRun)
}

/// How much work a run is.
package struct TrainSize: Equatable, Sendable {
  /// nil where something else ends the run.
  package let epochs: Int?
  package let stepsPerEpoch: Int
  package let rows: Int
  /// Steps of the whole run; nil where only time or success ends it.
  package let steps: Int?
  /// The time it may take.
  package let seconds: Double?

  package init(epochs: Int?, stepsPerEpoch: Int, rows: Int, steps: Int? = nil, seconds: Double? = nil) {
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    self.rows = rows
    self.steps = steps ?? epochs.map { max(0, $0).multipliedReportingOverflow(by: max(0, stepsPerEpoch)).partialValue }
    self.seconds = seconds
  }

  init(_ plan: TrainPlan, rows: Int) {
    self.init(
      epochs: plan.epochs, stepsPerEpoch: plan.stepsPerEpoch(rows: rows), rows: rows, steps: plan.totalSteps(rows: rows),
      seconds: plan.budget?.seconds)
  }
}

/// How far a run is.
package struct TrainProgress: Equatable, Sendable {
  /// The epoch at work, from 0.
  package let epoch: Int
  /// Steps made in it.
  package let stepsInEpoch: Int
  /// Rows seen since the run began.
  package let rows: Int
  /// Mean loss of the epoch so far.
  package let loss: Double

  package init(epoch: Int, stepsInEpoch: Int, rows: Int, loss: Double) {
    self.epoch = epoch
    self.stepsInEpoch = stepsInEpoch
    self.rows = rows
    self.loss = loss
  }
}
