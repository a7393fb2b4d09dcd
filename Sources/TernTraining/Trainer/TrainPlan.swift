/// How to train: everything but the step and the data.
package struct TrainPlan: Equatable, Sendable {
  /// Passes over the data. None at all is allowed, and changes nothing.
  package var epochs: Int
  /// Rows in a batch; the last of an epoch may have fewer.
  package var batchSize: Int
  package var seed: Int
  /// Whether each epoch takes the rows in an order of its own.
  package var shuffles: Bool
  /// Whether a last batch with fewer rows is left out.
  package var dropsLast: Bool

  package init(epochs: Int = 10, batchSize: Int = 32, seed: Int = 0, shuffles: Bool = true, dropsLast: Bool = false) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.seed = seed
    self.shuffles = shuffles
    self.dropsLast = dropsLast
  }
}

extension TrainPlan {
  /// Steps in an epoch over so many rows.
  package func stepsPerEpoch(rows: Int) -> Int {
    dropsLast ? rows / max(1, batchSize) : batches(in: rows)
  }

  /// Batches that hold so many rows, the last one perhaps in part.
  func batches(in rows: Int) -> Int {
    let size = max(1, batchSize)
    return rows / size + (rows.isMultiple(of: size) ? 0 : 1)
  }

  /// The places of a batch's rows among `count`.
  func rows(ofBatch place: Int, of count: Int) -> Range<Int> {
    let start = place * batchSize
    return start..<start + min(batchSize, count - start)
  }

  /// Refuses a plan that cannot be carried out on so many rows.
  package func check(rows: Int) throws(TrainingError) {
    guard epochs >= 0 else { throw .badPlan(.epochs, found: epochs) }
    guard batchSize > 0 else { throw .badPlan(.batchSize, found: batchSize) }
    guard rows > 0 else { throw .noRows }
    let steps = stepsPerEpoch(rows: rows)
    guard steps > 0 else { throw .noWholeBatch(rows: rows, batchSize: batchSize) }
    guard !steps.multipliedReportingOverflow(by: epochs).overflow else { throw .badPlan(.epochs, found: epochs) }
  }
}
