/// Reading a known structure: each asks for a name in an object and says which was not as needed.
extension JSONValue {
  /// - Throws: `unexpectedJSON`.
  package func member(_ name: String) throws(DataError) -> JSONValue {
    guard let value = self[name] else { throw .unexpectedJSON(at: name, needed: "a value") }
    return value
  }

  /// - Throws: `unexpectedJSON`.
  package func string(_ name: String) throws(DataError) -> String {
    guard case .string(let value) = try member(name) else { throw .unexpectedJSON(at: name, needed: "a string") }
    return value
  }

  /// - Throws: `unexpectedJSON`.
  package func int(_ name: String) throws(DataError) -> Int {
    guard case .int(let value) = try member(name) else { throw .unexpectedJSON(at: name, needed: "an integer") }
    return value
  }

  /// - Throws: `unexpectedJSON`.
  package func number(_ name: String) throws(DataError) -> Double {
    switch try member(name) {
    case .int(let value): return Double(value)
    case .double(let value): return value
    default: throw .unexpectedJSON(at: name, needed: "a number")
    }
  }

  /// - Throws: `unexpectedJSON`.
  package func array(_ name: String) throws(DataError) -> [JSONValue] {
    guard case .array(let value) = try member(name) else { throw .unexpectedJSON(at: name, needed: "a list") }
    return value
  }
}
