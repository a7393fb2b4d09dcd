package import TernTensor

/// The rows of each batch, in their own order or in a random one.
///
/// Any batch can be asked for alone and is the same whenever it is: a pass that stopped at batch `i` goes on from there.
package struct BatchRows: RandomAccessCollection, Sendable {
  package enum Rows: Equatable, Sendable {
    /// Rows that lie side by side.
    case run(Range<Int>)
    case scattered([Int])

    package var count: Int {
      switch self {
      case .run(let rows): rows.count
      case .scattered(let rows): rows.count
      }
    }
  }

  package let rowCount: Int
  /// Rows in a batch; the last may have fewer.
  package let size: Int
  private let order: Permutation?
  package let endIndex: Int
  package let startIndex = 0

  /// - Parameters:
  ///   - dropLast: leaves out a last batch of fewer rows.
  ///   - order: the key of a random order; nil keeps the rows'.
  /// - Throws: `badArgument` for a size below 1.
  package init(of rowCount: Int, size: Int, dropLast: Bool = false, order: Key? = nil) throws(DataError) {
    guard size >= 1 else { throw .badArgument(name: "size", reason: "\(size) is below 1") }
    self.rowCount = rowCount
    self.size = size
    self.order = order.map { Permutation(count: rowCount, key: $0) }
    let (full, rest) = rowCount.quotientAndRemainder(dividingBy: size)
    endIndex = full + (rest > 0 && !dropLast ? 1 : 0)
  }

  package subscript(index: Int) -> Rows {
    let start = index * size
    let places = start..<start + Swift.min(size, rowCount - start)
    return order.map { order in .scattered(places.map { order[$0] }) } ?? .run(places)
  }
}

extension Column {
  /// The cells of a batch.
  package func cells(of rows: BatchRows.Rows) -> Column {
    switch rows {
    case .run(let rows): sliced(rows)
    case .scattered(let rows): gathered(rows)
    }
  }
}
