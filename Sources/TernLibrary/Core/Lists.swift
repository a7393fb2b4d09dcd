import TernRuntime
import TernSyntax

/// Lists and what else has items in an order: made, measured, cut and joined.
enum Lists {
  static var builtins: [Builtin] {
    [
      Builtin(
        "len(x) -> int", "The number of items, code points, keys or rows.",
        example: "len([4, 5, 6])  #> 3", quick: quickLength, body: length),
      Builtin(
        "push(xs: list, item) -> list", "A list with one more item at its end.",
        example: "push([1, 2], 3)  #> [1, 2, 3]", body: push),
      Builtin(
        "pop(xs: list) -> list", "A list without its last item.",
        example: "pop([1, 2, 3])  #> [1, 2]", body: pop),
      Builtin(
        "get(xs: list, position: int, default = none)", "The item at a position, or the default where there is none.",
        example: "get([4, 5], 7, 0)  #> 0", body: item),
      Builtin(
        "take(text: str, n: int) -> str", "The first n code points of a text.",
        example: "take(\"tern\", 2)  #> \"te\"", body: takeText),
      Builtin(
        "skip(text: str, n: int) -> str", "A text without its first n code points.",
        example: "skip(\"tern\", 2)  #> \"rn\"", body: skipText),
      Builtin(
        "reverse(text: str) -> str", "A text's code points from the last to the first.",
        example: "reverse(\"tern\")  #> \"nret\"", body: reverseText),
      Builtin(
        "take(xs, n: int) -> list", "The first n items, or all when there are fewer.",
        example: "take([4, 5, 6], 2)  #> [4, 5]", body: take),
      Builtin(
        "skip(xs, n: int) -> list", "What is left without the first n items.",
        example: "skip([4, 5, 6], 2)  #> [6]", body: skip),
      Builtin(
        "reverse(xs) -> list", "The items from the last to the first.",
        example: "reverse([1, 2, 3])  #> [3, 2, 1]", body: reverse),
      Builtin(
        "flatten(xs) -> list", "One list of all that nested lists hold.",
        example: "flatten([1, [2, [3]]])  #> [1, 2, 3]", body: flatten),
      Builtin(
        "zip(...lists) -> list", "Lists of the same length, side by side.",
        example: "zip([1, 2], [\"a\", \"b\"])  #> [[1, \"a\"], [2, \"b\"]]", body: zip),
      Builtin(
        "enumerate(xs) -> list", "Each item behind its position.",
        example: "enumerate([\"a\", \"b\"])  #> [[0, \"a\"], [1, \"b\"]]", body: enumerate),
      Builtin(
        "range(start: int, end: int = none, step: int = 1) -> range",
        "The ints from a start, or 0, to before an end, so many apart.",
        example: "range(0, 10, step: 2)  #> range(0, 10, step: 2)", body: range),
    ]
  }

  // MARK: Lengths

  private static func quickLength(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    // The rows of a dataset may have to be made first, which is nothing quick.
    if case .foreign = arguments.pointee { return false }
    guard count == 1, let length = knownLength(arguments.pointee) else { return false }
    // Whoever takes a call quickly leaves no reference behind.
    arguments.pointee = .none
    target.pointee = .int(length)
    return true
  }

  private static func knownLength(_ value: Value) -> Int? {
    switch value {
    case .list(let list): list.count
    case .string(let text): text.count
    case .record(let record): record.count
    case .range(let range): range.count
    case .foreign(let foreign): foreign.value.count
    default: nil
    }
  }

  private static func length(_ call: borrowing Call) throws(Fault) -> Value {
    if let length = knownLength(call[0]) { return .int(length) }
    throw noLength(call[0])
  }

  private static func noLength(_ value: Value) -> Fault {
    let hint: String? =
      switch value {
      case .int, .float: "`len(str(x))` counts its characters"
      default: nil
      }
    return Fault(.badArgument, "\(value.description) has no length", hint: hint).marking(0, value.description)
  }

  // MARK: One item

  private static func push(_ call: borrowing Call) throws(Fault) -> Value {
    let list = try call.ownList(0)
    list.append(call.take(1))
    return .list(list)
  }

  private static func pop(_ call: borrowing Call) throws(Fault) -> Value {
    guard try call.list(0).count > 0 else { throw Fault(.emptyInput, "`pop` of an empty list: there is no last item") }
    let list = try call.ownList(0)
    list.dropLast()
    return .list(list)
  }

  private static func item(_ call: borrowing Call) throws(Fault) -> Value {
    let list = try call.list(0)
    let position = try call.integer(1)
    let place = position < 0 ? position + list.count : position
    return place >= 0 && place < list.count ? list[place] : call[2]
  }

  // MARK: Several

  private static func take(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    return .list(try items.list(count: min(try call.count(1), items.count)))
  }

  private static func skip(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let start = min(try call.count(1), items.count)
    return .list(try items.list(from: start, count: items.count - start))
  }

  private static func takeText(_ call: borrowing Call) throws(Fault) -> Value {
    .string(String(try call.string(0).text.unicodeScalars.prefix(try call.count(1))))
  }

  private static func skipText(_ call: borrowing Call) throws(Fault) -> Value {
    .string(String(try call.string(0).text.unicodeScalars.dropFirst(try call.count(1))))
  }

  private static func reverseText(_ call: borrowing Call) throws(Fault) -> Value {
    var reversed = String.UnicodeScalarView()
    reversed.append(contentsOf: try call.string(0).text.unicodeScalars.reversed())
    return .string(String(reversed))
  }

  private static func reverse(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let list = try ListObject.withRoom(for: items.count)
    for position in stride(from: items.count - 1, through: 0, by: -1) { list.append(items[position]) }
    return .list(list)
  }

  /// Goes down into lists with a stack of its own, however deep they are.
  private static func flatten(_ call: borrowing Call) throws(Fault) -> Value {
    let list = ListObject()
    var pace = Pace(call.machine)
    var open = [(list: try call.machine.items(of: call[0]), next: 0)]
    while let last = open.indices.last {
      let (inner, position) = open[last]
      guard position < inner.count else {
        open.removeLast()
        continue
      }
      open[last].next += 1
      try pace.step()
      if case .list(let deeper) = inner[position] { open.append((deeper, 0)) } else { list.append(inner[position]) }
    }
    return .list(list)
  }

  private static func zip(_ call: borrowing Call) throws(Fault) -> Value {
    var columns: [ListObject] = []
    for (position, argument) in try call.list(0).values.enumerated() {
      do throws(Fault) { columns.append(try call.machine.items(of: argument)) } catch { throw error.remarking(position) }
    }
    let count = columns.first?.count ?? 0
    guard columns.allSatisfy({ $0.count == count }) else {
      let lengths = columns.map { String($0.count) }.joined(separator: ", ")
      throw Fault(.badArgument, "`zip` takes lists of one length; these have \(lengths)", hint: "`take(xs, n)` shortens one")
    }
    let rows = try ListObject.withRoom(for: count)
    for position in 0..<count { rows.append(.list(columns.map { $0[position] })) }
    return .list(rows)
  }

  private static func enumerate(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let pairs = try ListObject.withRoom(for: items.count)
    for position in 0..<items.count { pairs.append(.list([.int(position), items[position]])) }
    return .list(pairs)
  }

  private static func range(_ call: borrowing Call) throws(Fault) -> Value {
    let first = try call.integer(0)
    let end = call.has(1) ? try call.integer(1) : nil
    let step = try call.integer(2)
    guard step != 0, step != Int.min else {
      throw Fault(.badArgument, "a range cannot step by \(step)", hint: "a step of -1 goes down")
    }
    return .range(RangeObject(low: end == nil ? 0 : first, high: end ?? first, step: step))
  }
}
