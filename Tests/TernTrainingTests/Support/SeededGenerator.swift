/// SplitMix64: the same numbers on every machine, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The bytes with one to four small damages: a byte changed, removed, doubled or swapped for a telling one.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    let telling = Array("[]{}\",:0-9.eE\\u ".utf8) + [0, 0xFF, 0x80, 0x7F]
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &self)
      switch Int.random(in: 0..<5, using: &self) {
      case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &self)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[place], at: place)
      case 3: bytes.removeLast(bytes.count - place)
      default: bytes[place] = telling[Int.random(in: telling.indices, using: &self)]
      }
    }
    return bytes
  }
}
