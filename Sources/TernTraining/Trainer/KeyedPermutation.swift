/// An order of `0..<count` that depends on a key alone, and takes no memory: the place of the millionth row is computed,
/// not looked up, so a run can begin anywhere in an epoch.
///
/// A Feistel network permutes the smallest power of two that holds `count`; a value that falls outside is permuted again
/// until it falls inside, which takes less than two turns on average.
package struct KeyedPermutation {
  package let count: Int
  private let roundKeys: [UInt64]
  private let leftBits: UInt64
  private let rightBits: UInt64

  /// Enough for small counts, where few bits a round mix slowly. Even, so that both halves end with their own widths.
  private static let rounds = 12

  package init(count: Int, key: SeedKey) {
    self.count = count
    let bits = UInt64(max(2, Int.bitWidth - max(0, count - 1).leadingZeroBitCount))
    leftBits = bits / 2
    rightBits = bits - bits / 2
    roundKeys = (0..<KeyedPermutation.rounds).map { key.folded($0).bits }
  }

  /// The row at a place of the order; `index` must be in `0..<count`.
  package subscript(index: Int) -> Int {
    var value = UInt64(index)
    repeat { value = permuted(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func permuted(_ value: UInt64) -> UInt64 {
    var (left, right) = (value >> rightBits, value & mask(rightBits))
    var (leftWidth, rightWidth) = (leftBits, rightBits)
    for key in roundKeys {
      (left, right) = (right, (left ^ SeedKey.mixed(right ^ key)) & mask(leftWidth))
      (leftWidth, rightWidth) = (rightWidth, leftWidth)
    }
    return left << rightBits | right
  }

  private func mask(_ bits: UInt64) -> UInt64 { 1 << bits - 1 }
}
