/// The 64-bit xxHash (seed 0): tells damaged bytes from whole ones at the speed of memory. Not against an adversary.
package enum XXH64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var offset = 0
    var hash = bytes.count < 32 ? prime5 : stripes(of: bytes, offset: &offset)
    hash &+= UInt64(bytes.count)
    return finished(tail(of: bytes, from: offset, hash))
  }

  /// Stripes of 32 bytes feed four lanes, which the processor works on side by side.
  private static func stripes(of bytes: UnsafeRawBufferPointer, offset: inout Int) -> UInt64 {
    var (a, b, c, d) = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
    while bytes.count - offset >= 32 {
      a = round(a, word(bytes, offset))
      b = round(b, word(bytes, offset + 8))
      c = round(c, word(bytes, offset + 16))
      d = round(d, word(bytes, offset + 24))
      offset += 32
    }
    let hash = rotated(a, 1) &+ rotated(b, 7) &+ rotated(c, 12) &+ rotated(d, 18)
    return merged(merged(merged(merged(hash, a), b), c), d)
  }

  /// The last bytes, fewer than a stripe.
  private static func tail(of bytes: UnsafeRawBufferPointer, from start: Int, _ hash: UInt64) -> UInt64 {
    var (hash, offset) = (hash, start)
    while bytes.count - offset >= 8 {
      hash = rotated(hash ^ round(0, word(bytes, offset)), 27) &* prime1 &+ prime4
      offset += 8
    }
    if bytes.count - offset >= 4 {
      let half = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      hash = rotated(hash ^ half &* prime1, 23) &* prime2 &+ prime3
      offset += 4
    }
    for byte in bytes[offset...] { hash = rotated(hash ^ UInt64(byte) &* prime5, 11) &* prime1 }
    return hash
  }

  private static func finished(_ hash: UInt64) -> UInt64 {
    var hash = (hash ^ hash >> 33) &* prime2
    hash = (hash ^ hash >> 29) &* prime3
    return hash ^ hash >> 32
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 { rotated(lane &+ word &* prime2, 31) &* prime1 }
  private static func merged(_ hash: UInt64, _ lane: UInt64) -> UInt64 { (hash ^ round(0, lane)) &* prime1 &+ prime4 }
  private static func rotated(_ bits: UInt64, _ count: UInt64) -> UInt64 { bits << count | bits >> (64 - count) }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
