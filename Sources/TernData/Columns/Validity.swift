/// Which cells of a column are there: one bit a row, set where a cell is present.
///
/// A column in which nothing is missing has none at all, so the common case costs neither memory nor a test per cell.
/// Bits past the last row are zero, so that whole words can be counted.
package struct Validity: Equatable, Sendable {
  package let count: Int
  private var words: [UInt64]

  package init(count: Int, allPresent: Bool) {
    self.count = count
    words = Array(repeating: allPresent ? .max : 0, count: (count + 63) / 64)
    if allPresent, count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
  }

  package init(count: Int, where isPresent: (Int) -> Bool) {
    self.init(count: count, allPresent: false)
    for row in 0..<count where isPresent(row) { set(row) }
  }

  package subscript(row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }

  package mutating func set(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }
  package mutating func clear(_ row: Int) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }

  package var presentCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// nil when every cell is present: the form in which columns keep it.
  package var reduced: Validity? { presentCount == count ? nil : self }

  /// Present where both are; nil stands for all present.
  package static func both(_ a: Validity?, _ b: Validity?) -> Validity? {
    guard let a else { return b }
    guard let b else { return a }
    var both = a
    for index in both.words.indices { both.words[index] &= b.words[index] }
    return both
  }
}
