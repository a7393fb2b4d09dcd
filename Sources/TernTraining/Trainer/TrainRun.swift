/// What training came to, complete or not.
package struct TrainRun {
  package enum Outcome {
    case done
    /// Told to stop; what was learned until then is kept.
    case interrupted
    case failed(any Error)
  }

  /// What ended a run that is done.
  package enum Ending: String, Sendable {
    case epochs, steps, time, cost, patience, callback
  }

  /// As the last sound step left them.
  package var leaves: [NamedTensor]
  /// A row for each finished epoch; of one that was cut short, the means of its part.
  package var history: [HistoryRow] = []
  package var outcome = Outcome.done
  package internal(set) var ending: Ending?
  /// The best epoch so far, where something was watched.
  package internal(set) var best: BestEpoch?
  /// Steps made, which says where in the data a run stands.
  package internal(set) var steps = 0
  /// Rows seen, again for each epoch.
  package var rows = 0
  /// Wall time.
  package var seconds = 0.0
  package internal(set) var timing = TrainTiming()
  /// Of the epoch at work, when the run stands inside of one.
  var partial = RunningMean()

  package init(leaves: [NamedTensor]) { self.leaves = leaves }

  /// A run as it stood after so many steps.
  package init(leaves: [NamedTensor], steps: Int, rows: Int, history: [HistoryRow]) {
    self.leaves = leaves
    self.steps = max(0, steps)
    // Half of what an int holds, so that counting on cannot overflow.
    self.rows = min(max(0, rows), .max / 2)
    self.history = history
  }
}

/// The epoch that what is watched liked best.
package struct BestEpoch {
  package let epoch: Int
  package let value: Double
  /// Steps made when it ended.
  package let step: Int
  package let leaves: [NamedTensor]

  package init(epoch: Int, value: Double, step: Int, leaves: [NamedTensor]) {
    self.epoch = epoch
    self.value = value
    self.step = step
    self.leaves = leaves
  }
}

/// Where the wall time of a run went, in seconds.
package struct TrainTiming: Equatable, Sendable {
  /// Putting batches together.
  package internal(set) var input = 0.0
  /// Learning, without the first step, which also traces and plans.
  package internal(set) var learning = 0.0
  /// Steps behind `learning`.
  package internal(set) var learnedSteps = 0
  /// The first step.
  package internal(set) var start = 0.0
  /// Judging validation data.
  package internal(set) var judging = 0.0

  package init() {}
}

extension TrainRun.Outcome {
  /// The word scripts and run records use.
  package var name: String {
    switch self {
    case .done: "done"
    case .interrupted: "interrupted"
    case .failed: "failed"
    }
  }

  package var error: (any Error)? { if case .failed(let error) = self { error } else { nil } }
}

/// One epoch of a run: means over its rows.
package struct HistoryRow: Equatable, Sendable {
  /// From 0.
  package let epoch: Int
  package let loss: Double
  package let metrics: [Metric]
  /// Of the validation data after the epoch; nil without any, or when the run was stopped before it was done.
  package let validationLoss: Double?
  package let validationMetrics: [Metric]
  /// Wall time of the epoch, validation included.
  package let seconds: Double

  package init(
    epoch: Int, loss: Double, metrics: [Metric] = [], validationLoss: Double? = nil, validationMetrics: [Metric] = [],
    seconds: Double
  ) {
    self.epoch = epoch
    self.loss = loss
    self.metrics = metrics
    self.validationLoss = validationLoss
    self.validationMetrics = validationMetrics
    self.seconds = seconds
  }
}

extension HistoryRow {
  /// Its numbers by the names scripts use: `loss`, `val_loss`, then the metrics, `val_` before those of validation.
  package var named: [Metric] {
    var row = [Metric("loss", loss)]
    if let validationLoss { row.append(Metric("val_loss", validationLoss)) }
    return row + metrics + validationMetrics.map { Metric("val_\($0.name)", $0.value) }
  }
}
