import TernRuntime
import TernSyntax

/// Strings: taken apart, put together, searched. All by code points.
enum Texts {
  static var builtins: [Builtin] {
    [
      Builtin(
        "split(text: str, separator: str = none) -> list",
        "The pieces between separators, or without one the words; \"\" gives the code points.",
        example: "split(\"a,b\", \",\")  #> [\"a\", \"b\"]", body: split),
      Builtin(
        "join(xs, separator: str = \"\") -> str", "Strings in a row, a separator between them.",
        example: "join([\"a\", \"b\"], \"-\")  #> \"a-b\"", body: join),
      Builtin("trim(text: str) -> str", "The text without white space at its ends.", example: "trim(\" a \")  #> \"a\"") {
        call throws(Fault) in .string(try call.string(0).text.trimmed)
      },
      Builtin("lower(text: str) -> str", "The text in small letters.", example: "lower(\"Tern\")  #> \"tern\"") {
        call throws(Fault) in .string(try call.string(0).text.lowercased())
      },
      Builtin("upper(text: str) -> str", "The text in capitals.", example: "upper(\"Tern\")  #> \"TERN\"") {
        call throws(Fault) in .string(try call.string(0).text.uppercased())
      },
      Builtin(
        "replace(text: str, old: str, new: str) -> str", "The text with every `old` made `new`.",
        example: "replace(\"a-b-c\", \"-\", \"+\")  #> \"a+b+c\"", body: replace),
      Builtin(
        "starts_with(text: str, start: str) -> bool", "Does the text begin so?",
        example: "starts_with(\"tern\", \"te\")  #> true"
      ) { call throws(Fault) in .bool(try call.string(0).text.startsWithBytes(of: try call.string(1).text)) },
      Builtin(
        "ends_with(text: str, end: str) -> bool", "Does the text end so?",
        example: "ends_with(\"a.mlx\", \".mlx\")  #> true"
      ) { call throws(Fault) in .bool(try call.string(0).text.endsWithBytes(of: try call.string(1).text)) },
      Builtin(
        "contains(xs, item) -> bool", "Is it in there? As `item in xs`.",
        example: "contains(\"tern\", \"er\")  #> true"
      ) { call throws(Fault) in .bool(try call.machine.contains(call[1], in: call[0])) },
      Builtin(
        "find(text: str, part: str)", "Where a part first stands in a text, or none.",
        example: "find(\"tern\", \"r\")  #> 2", body: findInText),
      Builtin(
        "find(xs, item)", "The position of the first item that is equal, or none.",
        example: "find([4, 5, 6], 5)  #> 1", body: find),
    ]
  }

  // MARK: Apart and together

  private static func split(_ call: borrowing Call) throws(Fault) -> Value {
    let text = try call.string(0).text
    guard call.has(1) else { return .list(words(of: text)) }
    let separator = try call.string(1).text
    if separator.isEmpty { return .list(try call.machine.items(of: call[0])) }
    try Room.check(text.utf8.count, "the pieces of a text")
    return .list(text.pieces(around: separator).map { Value.string($0) })
  }

  private static func words(of text: String) -> [Value] {
    text.unicodeScalars.split { $0.properties.isWhitespace }.map { .string(String($0)) }
  }

  private static func join(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let separator = try call.string(1).text
    var size = 0
    for position in 0..<items.count {
      guard case .string(let piece) = items[position] else { throw notText(items[position], at: position) }
      size += piece.text.utf8.count + separator.utf8.count
      try Room.check(size, "a text of \(size) bytes")
    }
    var joined = ""
    joined.reserveCapacity(size)
    for position in 0..<items.count {
      if position > 0 { joined += separator }
      if case .string(let piece) = items[position] { joined += piece.text }
    }
    return .string(joined)
  }

  private static func notText(_ item: Value, at position: Int) -> Fault {
    Fault(
      .badArgument, "`join` takes strings; item \(position) is \(item.description)",
      hint: "`map(xs, str)` makes text of each"
    ).marking(0, "item \(position): \(item.description)")
  }

  private static func replace(_ call: borrowing Call) throws(Fault) -> Value {
    let (text, old, new) = (try call.string(0).text, try call.string(1).text, try call.string(2).text)
    if old.isEmpty { throw Fault(.badArgument, "`replace` looks for a text; \"\" stands everywhere").marking(1, "empty") }
    try Room.check(text.utf8.count, "the text with every \(old.quoted) replaced")
    let pieces = text.pieces(around: old)
    let (growth, overflow) = (pieces.count - 1).multipliedReportingOverflow(by: new.utf8.count)
    try Room.check(overflow ? Int.max : growth, "the text with every \(old.quoted) replaced")
    return .string(pieces.joined(separator: new))
  }

  // MARK: Search

  private static func findInText(_ call: borrowing Call) throws(Fault) -> Value {
    let text = try call.string(0).text
    guard let offset = text.firstOffset(of: try call.string(1).text) else { return .none }
    return .int(text.codePoints(inFirst: offset))
  }

  private static func find(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    var pace = Pace(call.machine)
    for position in 0..<items.count {
      if try deepEqual(items[position], call[1]) { return .int(position) }
      try pace.step()
    }
    return .none
  }
}

extension String {
  /// Without white space at the ends.
  var trimmed: String {
    let inner = unicodeScalars.drop { $0.properties.isWhitespace }
    let trailing = inner.reversed().prefix { $0.properties.isWhitespace }.count
    return String(inner.dropLast(trailing))
  }
}
