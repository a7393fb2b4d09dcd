/// A key that chance is drawn from: pure, so that a draw depends on the seed and its place alone.
package struct SeedKey: Equatable, Sendable {
  package let bits: UInt64

  package init(seed: Int) { bits = SeedKey.mixed(UInt64(bitPattern: Int64(seed))) }

  private init(bits: UInt64) { self.bits = bits }

  /// The key of one branch, as of an epoch or a step.
  package func folded(_ index: Int) -> SeedKey {
    SeedKey(bits: SeedKey.mixed(bits ^ SeedKey.mixed(UInt64(bitPattern: Int64(index)))))
  }

  /// The finalizer of SplitMix64: every bit of the result depends on every bit of `bits`.
  static func mixed(_ bits: UInt64) -> UInt64 {
    var z = bits &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
