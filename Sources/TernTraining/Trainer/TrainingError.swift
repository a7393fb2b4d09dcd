/// What can go wrong while training, but for what the step itself throws. Epochs, steps and rows count from 0.
package enum TrainingError: Error, Equatable, Sendable {
  package enum Option: String, Sendable {
    case epochs, steps
    case batchSize = "batch"
    case accumulation = "accumulate"
  }

  case badPlan(Option, found: Int)
  /// Nothing would ever end the run.
  case endless
  case noRows
  /// `drop_last` leaves nothing: there are fewer rows than a step takes.
  case noWholeBatch(rows: Int, batchSize: Int)
  /// The loss of a batch is infinite or not a number; `rows` are the batch's places in the data.
  case lossNotFinite(loss: Double, epoch: Int, step: Int, rows: [Int])
  /// The loss of the validation data is infinite or not a number.
  case validationNotFinite(loss: Double, epoch: Int)
  /// A number that was learned is infinite or not a number, and no loss has met it yet.
  case learnedNotFinite(name: String, value: Double, epoch: Int)
  /// The step gave back other leaves than it took.
  case leavesChanged(step: Int, needed: Int, found: Int)
  /// No epoch has a number of that name.
  case nothingToWatch(name: String, known: [String])
}
