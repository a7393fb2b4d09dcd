/// A JSON value. Objects keep the order of their keys; whole numbers that fit are ints, so that no digit is lost.
package enum JSONValue: Equatable, Sendable {
  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// The value of a key, nil when this is no object or has no such key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0, $1) }) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(stringLiteral value: String) { self = .string(value) }
}

/// Reading a known structure: each asks for a key of an object and says which was not as needed.
extension JSONValue {
  /// - Throws: `unexpectedJSON`.
  package func member(_ key: String) throws(DataError) -> JSONValue {
    guard let value = self[key] else { throw .unexpectedJSON(at: key, needed: "a value") }
    return value
  }

  /// - Throws: `unexpectedJSON`.
  package func string(_ key: String) throws(DataError) -> String {
    guard case .string(let value) = try member(key) else { throw .unexpectedJSON(at: key, needed: "a string") }
    return value
  }

  /// - Throws: `unexpectedJSON`.
  package func int(_ key: String) throws(DataError) -> Int {
    guard case .int(let value) = try member(key) else { throw .unexpectedJSON(at: key, needed: "an integer") }
    return value
  }

  /// - Throws: `unexpectedJSON`.
  package func number(_ key: String) throws(DataError) -> Double {
    switch try member(key) {
    case .int(let value): return Double(value)
    case .number(let value): return value
    default: throw .unexpectedJSON(at: key, needed: "a number")
    }
  }

  /// - Throws: `unexpectedJSON`.
  package func array(_ key: String) throws(DataError) -> [JSONValue] {
    guard case .array(let value) = try member(key) else { throw .unexpectedJSON(at: key, needed: "a list") }
    return value
  }
}
