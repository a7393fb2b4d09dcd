package import TernTensor

/// A random order of `0..<count` that a key stands for: `order[i]` is the row in place `i`. Any place can be asked for alone,
/// which is what makes a pass over data resumable.
///
/// Few rows are shuffled in a table, every order as likely as any other. Many take no memory: their places are computed by the
/// key's own network, which is uneven only for few.
package struct Permutation: RandomAccessCollection, Sendable {
  package let count: Int
  private let key: Key
  /// The order of few rows; empty for many.
  private let table: [Int]

  private static let tableLimit = 1 << 16

  package init(count: Int, key: Key) {
    self.count = Swift.max(0, count)
    self.key = key
    table = self.count <= Permutation.tableLimit ? Permutation.shuffled(self.count, key) : []
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }
  package subscript(place: Int) -> Int { table.isEmpty ? key.permuted(place, of: count) : table[place] }

  /// Fisher and Yates' shuffle.
  private static func shuffled(_ count: Int, _ key: Key) -> [Int] {
    var rows = Array(0..<count)
    for last in rows.indices.dropFirst().reversed() {
      // The high half of a product of random bits and n is even over 0..<n.
      rows.swapAt(last, Int(key.word(at: last).multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return rows
  }
}
