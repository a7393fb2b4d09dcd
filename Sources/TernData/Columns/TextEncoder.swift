/// Gives each distinct text its code, in order of first appearance.
///
/// An open-addressing table over the texts' bytes, so that reading a file makes a `String` only for a text not met before.
/// The hash starts from a number drawn for each process: a file cannot be made to collide everywhere.
package struct TextEncoder {
  package private(set) var categories: [String] = []
  /// Where each category's bytes end in `arena`, and its hash.
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  private var arena: [UInt8] = []
  /// A code, or -1. The count is a power of two, at most half of it used.
  private var slots: [Int32] = Array(repeating: -1, count: 64)
  private static let seed = UInt64.random(in: .min ... .max)

  package init() {}

  package mutating func code(_ text: String) -> Int32 {
    var text = text
    return text.withUTF8 { code($0) }
  }

  /// The code of UTF-8 bytes known to be valid.
  package mutating func code(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = TextEncoder.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let code = Int(slots[slot])
      if hashes[code] == hash, holds(code, bytes) { return Int32(code) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return insert(bytes, hash, at: slot)
  }

  private func holds(_ code: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = code == 0 ? 0 : ends[code - 1]
    guard ends[code] - start == bytes.count else { return false }
    return arena.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[start..<ends[code]]).elementsEqual(bytes) }
  }

  private mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64, at slot: Int) -> Int32 {
    let code = Int32(truncatingIfNeeded: categories.count)
    categories.append(String(decoding: bytes, as: UTF8.self))
    arena.append(contentsOf: bytes)
    ends.append(arena.count)
    hashes.append(hash)
    slots[slot] = code
    if categories.count * 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: code)
    }
  }

  /// Eight bytes a step, each folded in by a full 128-bit product.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = seed ^ UInt64(bytes.count)
    var index = 0
    let raw = UnsafeRawBufferPointer(bytes)
    while index + 8 <= raw.count {
      hash = fold(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    while index < raw.count {
      tail = tail << 8 | UInt64(raw[index])
      index += 1
    }
    return fold(hash ^ tail)
  }

  private static func fold(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return product.high ^ product.low
  }
}
