/// What one step of training does. The language implements it, by its machine or by a plan; the trainer sees named
/// tensors only.
package protocol TrainStep {
  /// Learns from one batch.
  ///
  /// `leaves` are everything that changes while training (parameters, states, the optimizer's moments), named by path.
  /// The step puts new tensors in their places, in the same order; one that throws leaves them as they were.
  /// - Throws: `TrainingInterruption` when the step was told to stop; anything else ends the run as failed.
  mutating func step(_ leaves: inout [NamedTensor], batch: Batch, moment: TrainMoment) throws -> BatchOutcome

  /// Judges one batch without learning from it: its loss.
  mutating func evaluate(_ leaves: [NamedTensor], batch: Batch) throws -> BatchOutcome

  /// The metrics of all rows evaluated since the last time: most are no means of what batches give.
  mutating func metricsOfEvaluated() throws -> [Metric]

  /// The first of the numbers learned so far that is infinite or not a number. Asked after an epoch: what its last step
  /// spoilt, no loss has met.
  func firstNonFinite(among leaves: [NamedTensor]) -> Metric?
}

/// Rows of a source, as tensors whose first axis is the row.
package struct Batch {
  package var tensors: [NamedTensor]
  /// The places of its rows in the source, from 0.
  package var rows: [Int]

  package init(tensors: [NamedTensor], rows: [Int]) {
    self.tensors = tensors
    self.rows = rows
  }
}

/// Where a step stands in its run, counted from 0, and its own stream of chance.
package struct TrainMoment: Equatable, Sendable {
  package let epoch: Int
  /// Steps since the run began.
  package let step: Int
  /// Differs for every step of every seed; the same again when the run is repeated.
  package let key: UInt64
}

/// What a batch came to: means over its rows.
package struct BatchOutcome: Equatable, Sendable {
  package var loss: Double
  package var metrics: [Metric]
  /// How much the batch counts in a mean over batches, where that is not its number of rows (as the sum of its rows'
  /// own weights).
  package var weight: Double?

  package init(loss: Double, metrics: [Metric] = [], weight: Double? = nil) {
    self.loss = loss
    self.metrics = metrics
    self.weight = weight
  }
}

/// A measured number and its name.
package struct Metric: Equatable, Sendable {
  package var name: String
  package var value: Double

  package init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// Thrown by a step that was told to stop before it was done.
package struct TrainingInterruption: Error, Equatable, Sendable {
  package init() {}
}
