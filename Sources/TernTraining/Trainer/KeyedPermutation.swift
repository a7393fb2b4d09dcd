/// An order of `0..<count` that depends on a key alone.
///
/// Few rows are shuffled in a table, every order as likely as any other. Many take no memory: the place of the hundred
/// millionth row is computed, not looked up, so that a run can begin anywhere in an epoch.
package struct KeyedPermutation {
  package let count: Int
  private let order: Order

  private enum Order {
    case table([Int])
    case network(FeistelNetwork)
  }

  /// The most rows to keep a table for. Below about this many a network is measurably uneven or slower.
  private static let tableLimit = 1 << 16

  package init(count: Int, key: SeedKey) {
    self.count = count
    order =
      count <= KeyedPermutation.tableLimit
      ? .table(KeyedPermutation.shuffled(count, key)) : .network(FeistelNetwork(holding: count, key: key))
  }

  /// The row at a place of the order; `index` must be in `0..<count`.
  package subscript(index: Int) -> Int {
    switch order {
    case .table(let rows): rows[index]
    case .network(let network): row(at: index, network)
    }
  }

  /// A network permutes a power of two: a value that falls outside is permuted again until it falls inside, which takes
  /// less than two turns on average.
  private func row(at index: Int, _ network: FeistelNetwork) -> Int {
    var value = UInt64(index)
    repeat { value = network.permuted(value) } while value >= UInt64(count)
    return Int(value)
  }

  /// Fisher and Yates' shuffle.
  private static func shuffled(_ count: Int, _ key: SeedKey) -> [Int] {
    var rows = Array(0..<max(0, count))
    for last in rows.indices.dropFirst().reversed() {
      // The high half of a product of random bits and n is even over 0..<n.
      let pick = key.folded(last).bits.multipliedFullWidth(by: UInt64(last + 1)).high
      rows.swapAt(last, Int(pick))
    }
    return rows
  }
}

/// A permutation of the smallest power of two that holds a count: each round scrambles one half of the bits by the
/// other.
private struct FeistelNetwork {
  private let roundKeys: [UInt64]
  private let leftBits: UInt64
  private let rightBits: UInt64

  /// Even, so that both halves end with their own widths.
  private static let rounds = 8

  init(holding count: Int, key: SeedKey) {
    let bits = UInt64(Int.bitWidth - max(3, count - 1).leadingZeroBitCount)
    leftBits = bits / 2
    rightBits = bits - bits / 2
    roundKeys = (0..<FeistelNetwork.rounds).map { key.folded($0).bits }
  }

  func permuted(_ value: UInt64) -> UInt64 {
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
