extension JSONValue {
  /// The value as JSON text: on one line, or with an indent of two spaces a level.
  ///
  /// Numbers are the shortest text that reads back. JSON has no infinity and no NaN: they become null.
  package func text(indented: Bool = false) -> String {
    var writer = JSONWriter(isIndented: indented)
    writer.append(self, level: 0)
    return writer.text
  }
}

private struct JSONWriter {
  let isIndented: Bool
  var text = ""

  mutating func append(_ value: JSONValue, level: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): append(string: value)
    case .array(let values):
      list("[", "]", values, level) { writer, value in writer.append(value, level: level + 1) }
    case .object(let members):
      list("{", "}", members, level) { writer, member in
        writer.append(string: member.key)
        writer.text += writer.isIndented ? ": " : ":"
        writer.append(member.value, level: level + 1)
      }
    }
  }

  private mutating func list<Item>(
    _ open: String, _ close: String, _ items: [Item], _ level: Int, _ append: (inout JSONWriter, Item) -> Void
  ) {
    text += open
    for (place, item) in items.enumerated() {
      if place > 0 { text += "," }
      breakLine(level + 1)
      append(&self, item)
    }
    if !items.isEmpty { breakLine(level) }
    text += close
  }

  private mutating func breakLine(_ level: Int) {
    if isIndented { text += "\n" + String(repeating: "  ", count: level) }
  }

  private mutating func append(string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
