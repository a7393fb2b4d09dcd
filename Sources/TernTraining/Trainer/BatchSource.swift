/// Where batches come from: a table, a stream held in memory, tensors.
package protocol BatchSource {
  var rowCount: Int { get }

  /// The rows at these places, in this order.
  func batch(rows: [Int]) throws -> Batch
}
