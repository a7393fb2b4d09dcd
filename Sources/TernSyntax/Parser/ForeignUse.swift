// What another language's habit asked of a value that does not have it, rewritten from the text that failed.

/// The expression that failed as it is written here; nil when nothing foreign is in it.
package func hintForForeignUse(_ code: ErrorCode, _ expr: Expr, in source: SourceText) -> String? {
  let use = ForeignUse(source: source)
  switch (code, expr.kind) {
  case (.unknownField, .field(let object, let name)), (.unknownColumn, .field(let object, let name)):
    return hintForForeignField(name.text, of: use.written(object), use.arguments(after: expr.range.end))
  case (.treesDiffer, .binary(.add, let a, let b)), (.notATree, .binary(.add, let a, let b)): return use.joined(a, b)
  case (.badOperands, .binary(.multiply, let a, let b)): return use.repeated(a, b)
  case (.badOperands, .binary(.remainder, let a, _)) where a.isText: return "`\"{x:8.3}\"`: every string fills `{…}`"
  default: return nil
  }
}

/// `np.zeros(3)`: what is asked of a module of another language is at hand by its name.
package func foreignModuleWord(
  _ name: String, _ range: SourceRange, in source: SourceText, isKnown: (String) -> Bool
) -> String? {
  guard isForeignModule(name) else { return nil }
  let word = ForeignUse(source: source).word(at: range.end)
  if isKnown(word) { return "there is nothing to import: `\(word)(…)`" }
  return hintForForeignName(word)
}

private struct ForeignUse {
  let source: SourceText

  /// An object as it is written; `d["x"]` reads `d.x`, and what is long is called `x`.
  func written(_ object: Expr) -> String {
    if case .index(let whole, let items) = object.kind, items.count == 1, case .string(let parts) = items[0].value.kind,
      parts.count == 1, case .text(let key)? = parts.first, isWord(key)
    {
      return written(whole) + "." + key
    }
    return short(object.range) ?? "x"
  }

  /// `(1, 2)` behind a method's name, without its parentheses; empty when there is none, or it is long.
  func arguments(after end: UInt32) -> String {
    let rest = source.bytes.dropFirst(Int(end)).prefix(60)
    guard rest.first == UInt8(ascii: "(") else { return "" }
    var depth = 0
    for place in rest.indices {
      switch rest[place] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\n"): return ""
      default: break
      }
      if depth == 0 { return String(decoding: rest[(rest.startIndex + 1)..<place], as: UTF8.self) }
    }
    return ""
  }

  /// The word behind the `.` that stands here.
  func word(at place: UInt32) -> String {
    let rest = source.bytes.dropFirst(Int(place))
    guard rest.first == UInt8(ascii: ".") else { return "" }
    return String(decoding: rest.dropFirst().prefix(40).prefix(while: isWordByte), as: UTF8.self)
  }

  /// `xs + [4]` as `[...xs, 4]`; nothing when no list is written out.
  func joined(_ a: Expr, _ b: Expr) -> String? {
    guard a.isList || b.isList, let first = items(a), let second = items(b) else { return nil }
    return "`[\([first, second].filter { !$0.isEmpty }.joined(separator: ", "))]`"
  }

  private func items(_ side: Expr) -> String? {
    guard let text = short(side.range) else { return nil }
    return side.isList ? String(text.dropFirst().dropLast()) : "..." + text
  }

  /// `"-" * 20`
  func repeated(_ a: Expr, _ b: Expr) -> String? {
    guard a.isText || b.isText, let text = short((a.isText ? a : b).range), let count = short((a.isText ? b : a).range) else { return nil }
    return "`join(map(0..\(count), i => \(text)))`"
  }

  private func short(_ range: SourceRange) -> String? {
    let text = source.text(range)
    return text.utf8.count < 40 && !text.contains("\n") ? text : nil
  }

  private func isWord(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else { return false }
    return text.utf8.allSatisfy(isWordByte)
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_")
  }
}

extension Expr {
  fileprivate var isText: Bool { if case .string = kind { true } else { false } }
  fileprivate var isList: Bool { if case .list = kind { true } else { false } }
}
