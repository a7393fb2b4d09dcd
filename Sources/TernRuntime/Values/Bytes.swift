import Glibc

/// Texts are compared and searched by their UTF-8 bytes, which is by code points: Swift's own comparison merges canonically
/// equivalent texts, and its search goes by grapheme.
extension String {
  package func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return withBytes { a in other.withBytes { b in memcmp(a.baseAddress, b.baseAddress, a.count) == 0 } }
  }

  /// Code points in order have their bytes in order.
  package func precedesBytes(of other: String) -> Bool {
    withBytes { a in
      other.withBytes { b in
        let order = memcmp(a.baseAddress, b.baseAddress, min(a.count, b.count))
        return order != 0 ? order < 0 : a.count < b.count
      }
    }
  }

  package func containsBytes(of part: String) -> Bool { firstOffset(of: part) != nil }

  package func startsWithBytes(of part: String) -> Bool { utf8.starts(with: part.utf8) }

  package func endsWithBytes(of part: String) -> Bool {
    utf8.count >= part.utf8.count && utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
  }

  /// Where a part first stands, in bytes.
  package func firstOffset(of part: String, from start: Int = 0) -> Int? {
    withBytes { whole in part.withBytes { whole.firstOffset(of: $0, from: start) } }
  }

  /// The pieces between the places where a separator stands, which is not empty.
  package func pieces(around separator: String) -> [String] {
    withBytes { whole in
      separator.withBytes { separator in
        var pieces: [String] = []
        var start = 0
        while let end = whole.firstOffset(of: separator, from: start) {
          pieces.append(String(decoding: whole[start..<end], as: UTF8.self))
          start = end + separator.count
        }
        pieces.append(String(decoding: whole[start...], as: UTF8.self))
        return pieces
      }
    }
  }

  /// The number of code points in the first so many bytes.
  package func codePoints(inFirst byteCount: Int) -> Int {
    withBytes { bytes in bytes.prefix(byteCount).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
  }

  /// The text's bytes where they lie; a text that is not stored as UTF-8 is copied first.
  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func firstOffset(of part: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard start <= count else { return nil }
    guard let baseAddress, let other = part.baseAddress, part.count > 0 else { return part.isEmpty ? start : nil }
    guard let found = memmem(baseAddress + start, count - start, other, part.count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(baseAddress)
  }
}
