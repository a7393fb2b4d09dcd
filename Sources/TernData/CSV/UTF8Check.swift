/// Whether bytes are UTF-8 text, and where they stop being it.
enum UTF8Check {
  /// The offset of the first byte that is not UTF-8 or is NUL, which no text has; nil when all is well.
  static func firstFault(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index < raw.count {
      if index + 8 <= raw.count, isPlain(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
        index += 8
        continue
      }
      guard let length = sequenceLength(raw, at: index) else { return index }
      index += length
    }
    return nil
  }

  /// Eight bytes of ASCII, none of them zero: no high bit is set, and none appears when one is taken from each.
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 == 0
  }

  /// Bytes of the character at `index`; nil when it is none (Unicode, table 3-7).
  private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int? {
    let first = bytes[index]
    switch first {
    case 0x01...0x7f: return 1
    case 0xc2...0xdf: return follows(bytes, index, 1, 0x80...0xbf) ? 2 : nil
    case 0xe0: return follows(bytes, index, 2, 0xa0...0xbf) ? 3 : nil
    case 0xed: return follows(bytes, index, 2, 0x80...0x9f) ? 3 : nil
    case 0xe1...0xef: return follows(bytes, index, 2, 0x80...0xbf) ? 3 : nil
    case 0xf0: return follows(bytes, index, 3, 0x90...0xbf) ? 4 : nil
    case 0xf1...0xf3: return follows(bytes, index, 3, 0x80...0xbf) ? 4 : nil
    case 0xf4: return follows(bytes, index, 3, 0x80...0x8f) ? 4 : nil
    default: return nil
    }
  }

  /// `second` is the range of the byte after the first; any further ones are plain continuation bytes.
  private static func follows(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ count: Int, _ second: ClosedRange<UInt8>) -> Bool {
    guard index + count < bytes.count, second.contains(bytes[index + 1]) else { return false }
    return (index + 2..<index + 1 + count).allSatisfy { bytes[$0] & 0xc0 == 0x80 }
  }

  /// The line of an offset, from 1.
  static func line(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    1 + bytes[..<offset].count { $0 == 10 }
  }
}
