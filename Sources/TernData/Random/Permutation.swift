/// A random order of `0..<count`, given by a seed and a stream (an epoch): `permutation[i]` is the element in place `i`.
///
/// Small orders are a table made by Fisher–Yates and so exactly uniform. Larger ones take no memory: a Feistel network
/// permutes the smallest power of two that holds `count`, and a result outside walks on through the network until it falls
/// inside. Any place can be asked for alone, which is what makes a pass over data resumable.
package struct Permutation: RandomAccessCollection, Sendable {
  package let count: Int
  private let method: Method

  private enum Method: Sendable {
    case table([Int])
    case network(Feistel)
  }

  private static let tableLimit = 1 << 16

  package init(count: Int, seed: UInt64, stream: UInt64 = 0) {
    self.count = Swift.max(0, count)
    let random = Philox(key: seed)
    method = count <= Permutation.tableLimit
      ? .table(Permutation.shuffled(self.count, random, stream))
      : .network(Feistel(count: UInt64(self.count), random: random, stream: stream))
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(place: Int) -> Int {
    switch method {
    case .table(let order): order[place]
    case .network(let network): network.image(of: place)
    }
  }

  private static func shuffled(_ count: Int, _ random: Philox, _ stream: UInt64) -> [Int] {
    var order = Array(0..<count)
    for place in stride(from: count - 1, to: 0, by: -1) {
      // The high half of a product with 64 random bits: biased by less than count / 2⁶⁴.
      let bits = random.bits(stream: stream, at: UInt64(place))
      order.swapAt(place, Int(bits.multipliedFullWidth(by: UInt64(place) + 1).high))
    }
    return order
  }
}

/// A keyed bijection of `0..<count` by a Feistel network of eight rounds and cycle walking.
private struct Feistel: Sendable {
  private let count: UInt64
  private let leftBits: UInt64
  private let rightBits: UInt64
  private let keys: [UInt64]

  init(count: UInt64, random: Philox, stream: UInt64) {
    self.count = count
    let bits = UInt64(64 - (count - 1).leadingZeroBitCount)
    leftBits = bits / 2
    rightBits = bits - bits / 2
    keys = (0..<8).map { random.bits(stream: stream, at: $0) }
  }

  /// At most half of the domain lies outside, so two steps are needed on average at worst.
  func image(of place: Int) -> Int {
    var value = UInt64(place)
    repeat { value = permuted(value) } while value >= count
    return Int(value)
  }

  /// Each round adds to one half a function of the other, in turn: the halves keep their sizes, so it can be undone.
  private func permuted(_ value: UInt64) -> UInt64 {
    let leftMask = (1 << leftBits) - 1 as UInt64, rightMask = (1 << rightBits) - 1 as UInt64
    var left = value >> rightBits, right = value & rightMask
    for round in stride(from: 0, to: keys.count, by: 2) {
      left ^= mixed(right ^ keys[round]) & leftMask
      right ^= mixed(left ^ keys[round + 1]) & rightMask
    }
    return left << rightBits | right
  }

  /// The finalizer of SplitMix64.
  private func mixed(_ value: UInt64) -> UInt64 {
    let a = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    let b = (a ^ a >> 27) &* 0x94d0_49bb_1331_11eb
    return b ^ b >> 31
  }
}
