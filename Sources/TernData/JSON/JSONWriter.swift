extension JSONValue {
  /// Whether what is written can be read again: it nests at most `depth` deep, and no object has a name twice.
  package func isReadable(depth: Int = JSONValue.depthLimit) -> Bool {
    switch self {
    case .array(let items): depth > 0 && items.allSatisfy { $0.isReadable(depth: depth - 1) }
    case .object(let members):
      depth > 0 && Set(members.map(\.name)).count == members.count
        && members.allSatisfy { $0.value.isReadable(depth: depth - 1) }
    default: true
    }
  }

  /// The document on one line, without spaces. A number that is not finite is `null`: JSON has no other word for it.
  package var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  package func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .int(let number): text += String(number)
    case .double(let number): text += number.isFinite ? "\(number)" : "null"
    case .string(let string): JSONValue.write(string, to: &text)
    case .array(let items): JSONValue.write(items, between: "[", "]", to: &text) { $0.write(to: &$1) }
    case .object(let members):
      JSONValue.write(members, between: "{", "}", to: &text) {
        JSONValue.write($0.name, to: &$1)
        $1 += ":"
        $0.value.write(to: &$1)
      }
    }
  }

  private static func write<Part>(
    _ parts: [Part], between open: String, _ close: String, to text: inout String, each: (Part, inout String) -> Void
  ) {
    text += open
    for (index, part) in parts.enumerated() {
      if index > 0 { text += "," }
      each(part, &text)
    }
    text += close
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case ..<"\u{20}":
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
