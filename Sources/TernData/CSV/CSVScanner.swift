/// One cell's bytes in the file, quotes left out.
struct CSVField {
  var start: Int
  var end: Int
  var isQuoted = false
  /// Doubled quotes stand in it.
  var hasEscapes = false
  var endsRecord = false
}

/// Cuts the bytes of a CSV file into cells, by RFC 4180:
///
///     file   = record *(newline record) [newline]
///     record = cell *(separator cell)
///     cell   = *byte | '"' *(byte | '""') '"'
///
/// A newline is LF, CRLF or CR. Lines without anything are passed over. A quote inside a cell that does not start with
/// one is itself.
struct CSVScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let separator: UInt8
  let path: String
  private(set) var position: Int
  /// The line at `position`, from 1.
  private(set) var line = 1

  init(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8, path: String) {
    self.bytes = bytes
    self.separator = separator
    self.path = path
    position = CSVScanner.startsWithMark(bytes) ? 3 : 0
  }

  /// Whether another record starts here.
  mutating func startsRecord() -> Bool {
    while position < bytes.count, isNewline(bytes[position]) { takeNewline() }
    return position < bytes.count
  }

  /// The next cell of a record that has started.
  /// - Throws: `unclosedQuote`, `textAfterQuote`.
  @inline(__always)
  mutating func next() throws(DataError) -> CSVField {
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quoted() }
    let start = position
    var end = start
    while end < bytes.count, case let byte = bytes[end], byte != separator, !isNewline(byte) { end += 1 }
    position = end
    return finish(CSVField(start: start, end: end))
  }

  private mutating func quoted() throws(DataError) -> CSVField {
    let opening = line
    var field = CSVField(start: position + 1, end: position + 1, isQuoted: true)
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        guard position + 1 < bytes.count, bytes[position + 1] == byte else { return try closed(&field) }
        field.hasEscapes = true
        position += 2
      } else if isNewline(byte) {
        takeNewline()
      } else {
        position += 1
      }
    }
    throw .unclosedQuote(path: path, line: opening)
  }

  private mutating func closed(_ field: inout CSVField) throws(DataError) -> CSVField {
    field.end = position
    position += 1
    if position < bytes.count, bytes[position] != separator, !isNewline(bytes[position]) {
      throw .textAfterQuote(path: path, line: line)
    }
    return finish(field)
  }

  /// Steps over what ended the cell.
  @inline(__always)
  private mutating func finish(_ field: CSVField) -> CSVField {
    var field = field
    if position < bytes.count, bytes[position] == separator {
      position += 1
    } else {
      field.endsRecord = true
      if position < bytes.count { takeNewline() }
    }
    return field
  }

  @inline(__always)
  private mutating func takeNewline() {
    let isPair = bytes[position] == 13 && position + 1 < bytes.count && bytes[position + 1] == 10
    position += isPair ? 2 : 1
    line += 1
  }

  @inline(__always)
  private func isNewline(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

  /// UTF-8's byte order mark, which Excel writes.
  private static func startsWithMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// A cell's bytes. Blanks around an unquoted cell are no part of a number or of `NA`.
  @inline(__always)
  func bytes(of field: CSVField, trimmed: Bool) -> UnsafeBufferPointer<UInt8> {
    var start = field.start, end = field.end
    if trimmed, !field.isQuoted {
      while start < end, self[start] == 32 || self[start] == 9 { start += 1 }
      while start < end, self[end - 1] == 32 || self[end - 1] == 9 { end -= 1 }
    }
    return UnsafeBufferPointer(rebasing: self[start..<end])
  }

  /// A cell as text, doubled quotes made one and blanks around it gone.
  func text(of field: CSVField) -> String {
    let cell = bytes(of: field, trimmed: true)
    guard field.hasEscapes else { return String(decoding: cell, as: UTF8.self) }
    return String(decoding: cell.withoutDoubledQuotes, as: UTF8.self)
  }

  var withoutDoubledQuotes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var index = 0
    while index < count {
      result.append(self[index])
      index += self[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return result
  }
}
