/// Limits on JSON from strangers.
package struct JSONLimits: Sendable {
  /// Arrays and objects inside one another.
  package var depth: Int
  package var bytes: Int

  package init(depth: Int = 128, bytes: Int = 1 << 28) {
    self.depth = depth
    self.bytes = bytes
  }
}

extension JSONValue {
  /// Reads one JSON value (RFC 8259) that takes up all the bytes.
  /// - Throws: `badJSON` with the place of the first fault: also for bytes that are not UTF-8, a key given twice, half a
  ///   surrogate pair, a number that is no finite double, and anything past the limits.
  package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(DataError) {
    var result: Result<JSONValue, DataError> = .success(.null)
    bytes.withUnsafeBufferPointer { buffer in
      result = Result { () throws(DataError) in
        var parser = JSONParser(bytes: buffer, limits: limits)
        return try parser.document()
      }
    }
    self = try result.get()
  }

  package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(DataError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }
}

private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var position = 0
  var depth = 0

  mutating func document() throws(DataError) -> JSONValue {
    guard bytes.count <= limits.bytes else { throw fault("more than \(limits.bytes) bytes") }
    if let place = UTF8Check.firstFault(bytes) {
      position = place
      throw fault("bytes that are not UTF-8 text")
    }
    let value = try value()
    skipBlanks()
    guard position == bytes.count else { throw fault("more text after the value") }
    return value
  }

  /// value = object | array | string | number | "true" | "false" | "null"
  private mutating func value() throws(DataError) -> JSONValue {
    skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return try nested { (parser) throws(DataError) in .object(try parser.members()) }
    case UInt8(ascii: "["): return try nested { (parser) throws(DataError) in .array(try parser.elements()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || byte &- 48 < 10: return try number()
    case nil: throw fault("the text ends where a value should be")
    default: throw fault("this is no JSON value")
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws(DataError) -> JSONValue) throws(DataError) -> JSONValue {
    guard depth < limits.depth else { throw fault("nested deeper than \(limits.depth)") }
    depth += 1
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  /// elements = "]" | value *("," value) "]"
  private mutating func elements() throws(DataError) -> [JSONValue] {
    var values: [JSONValue] = []
    if takes("]") { return values }
    repeat { values.append(try value()) } while takes(",")
    guard takes("]") else { throw fault("`,` or `]` should be here") }
    return values
  }

  /// members = "}" | string ":" value *("," string ":" value) "}"
  private mutating func members() throws(DataError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [], keys: Set<String> = []
    if takes("}") { return members }
    repeat {
      skipBlanks()
      guard peek == UInt8(ascii: "\"") else { throw fault("a key in quotes should be here") }
      let key = try string()
      guard keys.insert(key).inserted else { throw fault("the key \"\(key)\" stands twice") }
      guard takes(":") else { throw fault("`:` should be here") }
      members.append(JSONValue.Member(key, try value()))
    } while takes(",")
    guard takes("}") else { throw fault("`,` or `}` should be here") }
    return members
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(DataError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw fault("this is no JSON value") }
    position += word.utf8.count
    return value
  }

  /// number = ["-"] ("0" | digit1-9 *digit) ["." 1*digit] ["e" ["+" | "-"] 1*digit]
  private mutating func number() throws(DataError) -> JSONValue {
    let start = position
    while let byte = peek, byte &- 48 < 10 || [43, 45, 46, 69, 101].contains(byte) { position += 1 }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
    if let whole = CellSyntax.int(text) { return .int(whole) }
    let isStrict = text.last.map { $0 &- 48 < 10 } ?? false
    guard isStrict, hasDigitsAroundPoint(text), let value = CellSyntax.float(text), value.isFinite else {
      position = start
      throw fault("this number is malformed or too large")
    }
    return .number(value)
  }

  /// JSON asks for a digit on both sides of a point, which a CSV cell does not.
  private func hasDigitsAroundPoint(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return true }
    return point > 0 && text[point - 1] &- 48 < 10 && point + 1 < text.count && text[point + 1] &- 48 < 10
  }

  // MARK: Strings

  private mutating func string() throws(DataError) -> String {
    position += 1
    let start = position
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 { position += 1 }
    var text = String(decoding: bytes[start..<position], as: UTF8.self)
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 32 else { throw fault("a string holds a raw control character") }
      text.unicodeScalars.append(contentsOf: try piece())
    }
    guard peek != nil else { throw fault("a string is not closed") }
    position += 1
    return text
  }

  /// One escape, or the run of plain text up to the next.
  private mutating func piece() throws(DataError) -> String.UnicodeScalarView {
    if peek == UInt8(ascii: "\\") { return String(try escape()).unicodeScalars }
    let start = position
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self).unicodeScalars
  }

  private mutating func escape() throws(DataError) -> Character {
    position += 1
    let letter = peek
    position += letter == nil ? 0 : 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try scalar())
    default: throw fault("an unknown escape")
    }
  }

  /// Four hexadecimal digits, or two times four for what lies past U+FFFF.
  private mutating func scalar() throws(DataError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, peek == UInt8(ascii: "\\") else { throw fault("half a surrogate pair") }
    position += 1
    guard peek == UInt8(ascii: "u") else { throw fault("half a surrogate pair") }
    position += 1
    let second = try hexadecimal()
    guard (0xdc00...0xdfff).contains(second) else { throw fault("half a surrogate pair") }
    guard let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) else {
      throw fault("half a surrogate pair")
    }
    return scalar
  }

  private mutating func hexadecimal() throws(DataError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 128 else {
        throw fault("`\\u` needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  private mutating func takes(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard let byte = peek, UInt32(byte) == character.value else { return false }
    position += 1
    return true
  }

  private func fault(_ reason: String) -> DataError {
    let before = bytes[..<min(position, bytes.count)]
    let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    return .badJSON(line: 1 + before.count { $0 == 10 }, column: column, reason: reason)
  }
}
