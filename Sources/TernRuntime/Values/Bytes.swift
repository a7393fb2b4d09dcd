import Glibc

/// Texts are compared and searched by their UTF-8 bytes, which is by code points: Swift's own comparison merges canonically
/// equivalent texts, and its search goes by grapheme.
extension String {
  package func hasSameBytes(as other: String) -> Bool {
    utf8.count == other.utf8.count && orderOfBytes(beside: other) == 0
  }

  /// Code points in order have their bytes in order.
  package func precedesBytes(of other: String) -> Bool { orderOfBytes(beside: other) < 0 }

  /// Below, at or above 0 as the text stands before, with or after another.
  package func orderOfBytes(beside other: String) -> Int {
    withBytes { a in
      other.withBytes { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return a.count - b.count }
        let order = memcmp(first, second, min(a.count, b.count))
        return order != 0 ? Int(order) : a.count - b.count
      }
    }
  }

  package func containsBytes(of part: String) -> Bool { firstOffset(of: part) != nil }

  package func startsWithBytes(of part: String) -> Bool { utf8.starts(with: part.utf8) }

  package func endsWithBytes(of part: String) -> Bool {
    utf8.count >= part.utf8.count && utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
  }

  /// Where a part first stands, in bytes.
  package func firstOffset(of part: String) -> Int? {
    withBytes { whole in part.withBytes { ByteSearch($0).firstOffset(in: whole, from: 0) } }
  }

  /// The pieces between the places where a separator stands, which is not empty.
  package func pieces(around separator: String) -> [String] {
    withBytes { whole in
      separator.withBytes { separator in
        let search = ByteSearch(separator)
        var pieces: [String] = []
        var start = 0
        while let end = search.firstOffset(in: whole, from: start) {
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

/// Finds a part in time linear in the whole, whatever both are (Knuth, Morris and Pratt), and at memory speed while not even
/// the first byte fits.
private struct ByteSearch {
  private let part: UnsafeBufferPointer<UInt8>
  /// For each length of a match that ends, the length of the longest shorter one that may go on.
  private let shorter: [Int]

  init(_ part: UnsafeBufferPointer<UInt8>) {
    self.part = part
    var shorter = [0]
    var length = 0
    for byte in part.dropFirst() {
      while length > 0 && part[length] != byte { length = shorter[length - 1] }
      if part[length] == byte { length += 1 }
      shorter.append(length)
    }
    self.shorter = shorter
  }

  func firstOffset(in whole: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let first = part.first else { return start <= whole.count ? start : nil }
    guard let memory = whole.baseAddress else { return nil }
    var place = start
    var length = 0
    while place < whole.count {
      if length == 0 {
        guard let next = memchr(memory + place, Int32(first), whole.count - place) else { return nil }
        place = UnsafeRawPointer(next) - UnsafeRawPointer(memory)
      }
      let byte = whole[place]
      while length > 0 && part[length] != byte { length = shorter[length - 1] }
      if part[length] == byte { length += 1 }
      place += 1
      if length == part.count { return place - length }
    }
    return nil
  }
}
