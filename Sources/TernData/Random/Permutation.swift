package import TernTensor

/// A random order of `0..<count` that a key stands for: `order[i]` is the row in place `i`.
///
/// It takes no memory, and any place can be asked for alone, which is what makes a pass over data resumable.
package struct Permutation: RandomAccessCollection, Sendable {
  package let count: Int
  package let key: Key

  package init(count: Int, key: Key) {
    self.count = Swift.max(0, count)
    self.key = key
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }
  package subscript(place: Int) -> Int { key.permuted(place, of: count) }
}
