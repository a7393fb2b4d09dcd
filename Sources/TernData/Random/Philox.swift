/// Philox 4×32 with ten rounds (Salmon and others, 2011): random bits as a pure function of a key and a counter, so that a
/// draw depends on its place alone.
package struct Philox: Sendable {
  private let key: (UInt32, UInt32)

  package init(key: UInt64) { self.key = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)) }

  /// 128 bits for a 128-bit counter.
  package func block(_ counter: (UInt32, UInt32, UInt32, UInt32)) -> (UInt32, UInt32, UInt32, UInt32) {
    var (a, b, c, d) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let low = a.multipliedFullWidth(by: 0xd251_1f53), high = c.multipliedFullWidth(by: 0xcd9e_8d57)
      (a, b, c, d) = (high.high ^ b ^ k0, high.low, low.high ^ d ^ k1, low.low)
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (a, b, c, d)
  }

  /// 64 bits for a place in a stream.
  package func bits(stream: UInt64, at index: UInt64) -> UInt64 {
    let block = block((
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
      UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
    ))
    return UInt64(block.0) | UInt64(block.1) << 32
  }
}
