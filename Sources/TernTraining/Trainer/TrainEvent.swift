/// What a trainer tells while it works: to a progress meter, a run record, a checkpoint.
package enum TrainEvent {
  case began(TrainSize)
  case stepped(TrainProgress)
  case finishedEpoch(HistoryRow, leaves: [NamedTensor])
  case ended(TrainRun)
}

/// How much work a run is.
package struct TrainSize: Equatable, Sendable {
  package let epochs: Int
  package let stepsPerEpoch: Int
  package let rows: Int

  package init(epochs: Int, stepsPerEpoch: Int, rows: Int) {
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    self.rows = rows
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
