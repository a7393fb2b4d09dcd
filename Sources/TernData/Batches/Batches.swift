package import TernTensor

/// A table cut into batches, in its own order or in a random one that an epoch gives anew.
///
/// Any batch can be asked for alone and is the same whenever it is: a pass that stopped at batch `i` goes on from there.
package struct Batches: RandomAccessCollection, Sendable {
  package let table: Table
  /// Rows in a batch; the last may have fewer.
  package let size: Int
  private let order: Permutation?
  package let endIndex: Int
  package let startIndex = 0

  /// - Parameters:
  ///   - dropLast: leaves out a last batch of fewer rows.
  ///   - order: the key of a random order; nil keeps the table's.
  /// - Throws: `badArgument` for a size below 1.
  package init(_ table: Table, size: Int, dropLast: Bool = false, order: Key? = nil) throws(DataError) {
    guard size >= 1 else { throw .badArgument(name: "batch", reason: "\(size) is below 1") }
    self.table = table
    self.size = size
    self.order = order.map { Permutation(count: table.rowCount, key: $0) }
    let (full, rest) = table.rowCount.quotientAndRemainder(dividingBy: size)
    endIndex = full + (rest > 0 && !dropLast ? 1 : 0)
  }

  package subscript(index: Int) -> Table {
    let start = index * size
    let rows = start..<start + Swift.min(size, table.rowCount - start)
    return order.map { order in table.gathered(rows.map { order[$0] }) } ?? table.sliced(rows)
  }
}
