import TernSyntax
import TernTensor

/// A value's text. A cell shows a value as it would be written, strings in quotes, and leaves out the middle of what is long;
/// `print` gives strings raw and all of it.
extension Value {
  /// As a cell shows it, at most `width` columns wide where it has columns.
  package func text(width: Int = 80) -> String {
    switch self {
    case .tensor(let tensor): TensorValues.cellText(tensor, width: width)
    case .foreign(let foreign): foreign.value.text(width: width)
    case .model(let model): ([nested(TextLimits.cell)] + ModelText.lines(model, width: width)).joined(separator: "\n")
    default: nested(TextLimits.cell)
    }
  }

  /// As `print` gives it.
  package var printed: String {
    switch self {
    case .string(let string): string.text
    case .tensor(let tensor): TensorValues.printed(tensor)
    case .foreign(let foreign): foreign.value.text(width: 80)
    default: nested(TextLimits.print)
    }
  }

  /// As it stands inside a list or record.
  package var inline: String { nested(TextLimits.cell) }

  private func nested(_ limits: TextLimits) -> String {
    var writer = TextWriter(limits: limits)
    writer.write(self, depth: 0)
    return writer.text
  }
}

/// How much of a value is written. A list that holds itself twice over, sixty times deep, has more items than atoms.
private struct TextLimits {
  /// Items of one list or record.
  let items: Int
  /// Items in all, and bytes.
  let total: Int
  let bytes: Int
  static let depth = 100

  static let cell = TextLimits(items: 1000, total: 10_000, bytes: 1 << 24)
  static let print = TextLimits(items: .max, total: .max, bytes: 1 << 28)
}

private struct TextWriter {
  let limits: TextLimits
  private(set) var text = ""
  private var written = 0

  init(limits: TextLimits) { self.limits = limits }

  /// A model as the call that made it, without the arguments that are their defaults: `dense(32, act: relu)`.
  private mutating func write(_ model: ModelObject, depth: Int) {
    text += model.blueprint.name + "("
    var isFirst = true
    for (position, parameter) in model.blueprint.declaration.parameters.enumerated() where position < model.blueprint.argumentCount {
      let value = model.items[position]
      if parameter.defaultValue?.isWritten(as: value) == true { continue }
      if !isFirst { text += ", " }
      if parameter.isRest, case .list(let rest) = value {
        for (index, item) in rest.values.enumerated() {
          if index > 0 { text += ", " }
          writeArgument(item, depth: depth + 1)
        }
        isFirst = isFirst && rest.count == 0
        continue
      }
      if parameter.defaultValue != nil, case .name(let name) = parameter.pattern.kind { text += "\(name): " }
      writeArgument(value, depth: depth + 1)
      isFirst = false
    }
    text += ")"
  }

  private mutating func writeArgument(_ value: Value, depth: Int) {
    switch value {
    case .function(let closure) where !closure.prototype.name.isEmpty: text += closure.prototype.name
    case .builtin(let builtin): text += builtin.name
    case .tensor(let tensor): text += tensor.typeText
    default: write(value, depth: depth)
    }
  }

  mutating func write(_ value: Value, depth: Int) {
    switch value {
    case .none: text += "none"
    case .bool(let flag): text += flag ? "true" : "false"
    case .int(let number): text += String(number)
    case .float(let number): text += floatText(number)
    case .duration(let nanoseconds): text += QuantityText.duration(nanoseconds)
    case .size(let bytes): text += QuantityText.size(bytes)
    case .time(let time): text += TimeText.text(time)
    case .unset: text += "unset"
    case .string(let string): text += string.text.quoted
    case .list(let list): write(list, depth)
    case .record(let record): write(record, depth)
    case .range(let range): text += range.text
    case .function(let closure): text += labelled("fn", closure.prototype.name)
    case .builtin(let builtin): text += labelled("fn", builtin.name)
    case .type(let type): text += type.text
    case .model(let model): write(model, depth: depth)
    case .tensor(let tensor): text += TensorValues.inlineText(tensor, isWhole: limits.items == .max)
    case .foreign(let foreign): text += foreign.value.inlineText
    }
  }

  private mutating func write(_ list: ListObject, _ depth: Int) {
    text += "["
    if depth < TextLimits.depth || list.count == 0 {
      writeItems(list.count) { writer, position in writer.write(list[position], depth: depth + 1) }
    } else {
      text += "…"
    }
    text += "]"
  }

  private mutating func write(_ record: RecordObject, _ depth: Int) {
    text += "{"
    if depth < TextLimits.depth || record.count == 0 {
      writeItems(record.count) { writer, position in
        writer.text += record.layout.keys[position].text.asKey + ": "
        writer.write(record.items[position], depth: depth + 1)
      }
    } else {
      text += "…"
    }
    text += "}"
  }

  private mutating func writeItems(_ count: Int, _ write: (inout TextWriter, Int) -> Void) {
    for position in 0..<count {
      if position > 0 { text += ", " }
      guard position < limits.items, written < limits.total, text.utf8.count < limits.bytes else {
        text += "… (\(count) items)"
        return
      }
      written += 1
      write(&self, position)
    }
  }

  private func labelled(_ kind: String, _ name: String) -> String { name.isEmpty ? kind : "\(kind) \(name)" }
}

extension RangeObject {
  /// `0..3`, `0..=3`, `range(0, 10, step: 2)`.
  package var text: String {
    let ends = (low.map(String.init) ?? "", high.map(String.init) ?? "")
    if step != 1 { return "range(\(ends.0), \(ends.1), step: \(step))" }
    return "\(ends.0)\(isInclusive ? "..=" : "..")\(ends.1)"
  }
}

extension TypeObject {
  /// `f32`, `f32[]`, `f32[row: 2, _]`.
  package var text: String {
    guard let axes else { return name }
    let sizes = axes.map { axis in
      let size = axis.size.map(String.init) ?? "_"
      return axis.name.map { "\($0): \(size)" } ?? size
    }
    return "\(name)[\(sizes.joined(separator: ", "))]"
  }
}

extension String {
  /// As it would be written, quotes and all.
  package var quoted: String {
    var out = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": out += "\\\\"
      case "\"": out += "\\\""
      case "{": out += "\\{"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case _ where scalar.isInvisible: out += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// As a key of a record is written.
  fileprivate var asKey: String {
    guard let first = unicodeScalars.first, first.startsWord, unicodeScalars.allSatisfy(\.continuesWord) else { return quoted }
    return self
  }
}

extension Unicode.Scalar {
  /// A control character, which a terminal would obey, or a break that looks like none.
  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// The lexer's rule for words.
  fileprivate var startsWord: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: self == "_"
    }
  }

  fileprivate var continuesWord: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark: true
    default: startsWord
    }
  }
}

extension Expr {
  /// Is this default what the value is?
  fileprivate func isWritten(as value: Value) -> Bool {
    switch (kind, value) {
    case (.none, .none): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.name(let name), .function(let closure)): closure.prototype.name == name
    case (.name(let name), .builtin(let builtin)): builtin.name == name
    default: false
    }
  }
}
