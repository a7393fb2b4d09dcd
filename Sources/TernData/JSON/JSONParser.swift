extension JSONValue {
  /// Parses a whole document (RFC 8259), with whitespace around it.
  ///
  /// Stricter than the RFC where it leaves a choice: a name may stand once in an object, and a number must be finite.
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }

  package init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }
}

private struct JSONParser {
  let bytes: [UInt8]
  var offset = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard offset == bytes.count else { throw fault(.textAfterEnd) }
    return value
  }

  // value = object | array | string | number | "true" | "false" | "null"
  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    guard let byte = peek else { throw fault(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in .object(try parser.members()) }
    case UInt8(ascii: "["): return try nested { parser throws(JSONError) in .array(try parser.items()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw unexpected()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < JSONValue.depthLimit else { throw fault(.tooDeep(limit: JSONValue.depthLimit)) }
    depth += 1
    offset += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  // object = "{" [ string ":" value { "," string ":" value } ] "}"
  private mutating func members() throws(JSONError) -> [JSONMember] {
    var members: [JSONMember] = []
    var names = NameSet()
    if skip("}") { return members }
    repeat {
      skipSpace()
      let start = offset
      let name = try string()
      guard names.insert(name, beside: members) else { throw JSONError(reason: .duplicateName(name), offset: start) }
      try expect(":")
      members.append(JSONMember(name, try value()))
    } while skip(",")
    try expect("}")
    return members
  }

  // array = "[" [ value { "," value } ] "]"
  private mutating func items() throws(JSONError) -> [JSONValue] {
    var items: [JSONValue] = []
    if skip("]") { return items }
    repeat { items.append(try value()) } while skip(",")
    try expect("]")
    return items
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard peek == word.utf8Start[index] else { throw unexpected() }
      offset += 1
    }
    return value
  }

  // number = ["-"] ( "0" | nonzero {digit} ) [ "." digit {digit} ] [ ("e"|"E") ["+"|"-"] digit {digit} ]
  private mutating func number() throws(JSONError) -> JSONValue {
    let start = offset
    var isWhole = true
    let isNegative = take("-")
    if !take("0") { try digits(from: start) }
    if take(".") {
      isWhole = false
      try digits(from: start)
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      try digits(from: start)
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    // A negative zero is a double: an int has none.
    if isWhole, let number = Int(text), !(isNegative && number == 0) { return .int(number) }
    guard let number = Double(text) else { throw JSONError(reason: .badNumber, offset: start) }
    guard number.isFinite else { throw JSONError(reason: .numberTooLarge, offset: start) }
    return .double(number)
  }

  private mutating func digits(from start: Int) throws(JSONError) {
    let first = offset
    while let byte = peek, isDigit(byte) { offset += 1 }
    guard offset > first else { throw JSONError(reason: .badNumber, offset: start) }
  }

  // string = '"' { any but '"', "\" and control characters | escape } '"'
  private mutating func string() throws(JSONError) -> String {
    try expect("\"")
    let start = offset
    var text: [UInt8] = []
    while true {
      guard let byte = peek else { throw fault(.unexpectedEnd) }
      guard byte >= 0x20 else { throw fault(.controlCharacter) }
      offset += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw JSONError(reason: .notUTF8, offset: start)
    }
    return string
  }

  // escape = "\" ( '"' | "\" | "/" | "b" | "f" | "n" | "r" | "t" | "u" hex hex hex hex )
  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw fault(.unexpectedEnd) }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += Array(String(Character(try scalar())).utf8)
    default: throw JSONError(reason: .badEscape, offset: offset - 1)
    }
  }

  /// A code point beyond the first plane is written as two surrogates, high then low.
  private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, take("\\"), take("u") else { throw JSONError(reason: .loneSurrogate, offset: start) }
    let low = try codeUnit()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw JSONError(reason: .loneSurrogate, offset: start) }
    return scalar
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek else { throw fault(.unexpectedEnd) }
      guard let digit = hexDigit(byte) else { throw fault(.badEscape) }
      unit = unit << 4 | digit
      offset += 1
    }
    return unit
  }

  // MARK: Bytes

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return take(character)
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(JSONError) {
    guard skip(character) else { throw unexpected() }
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private func fault(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: offset) }
  private func unexpected() -> JSONError { fault(peek.map { .unexpectedByte($0) } ?? .unexpectedEnd) }
  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

/// The names seen in an object: looked for one by one while they are few, since most objects are small.
private struct NameSet {
  private var names: Set<String> = []
  private static let few = 8

  /// False when the name is there already.
  mutating func insert(_ name: String, beside members: [JSONMember]) -> Bool {
    if members.count < NameSet.few { return !members.contains { $0.name == name } }
    if names.isEmpty { names = Set(members.map(\.name)) }
    return names.insert(name).inserted
  }
}
