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

  package init(count: Int, key: Key) {
    self.count = Swift.max(0, count)
    self.key = key
    table = self.count <= Key.tableLimit ? key.shuffled(self.count) : []
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }
  package subscript(place: Int) -> Int { table.isEmpty ? key.permuted(place, of: count) : table[place] }
}
