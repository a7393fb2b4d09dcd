import TernRuntime
import TernSyntax
import TernTensor

/// Functions applied to each item.
enum Mapping {
  static var builtins: [Builtin] {
    [
      Builtin(
        "map(xs, f: fn) -> list", "What a function gives for each item.",
        example: "map([1, 2, 3], x => x * x)  #> [1, 4, 9]", body: map),
      Builtin(
        "filter(xs, f: fn) -> list", "The items for which a function gives true.",
        example: "filter(0..6, x => x % 2 == 0)  #> [0, 2, 4]", body: filter),
      Builtin(
        "reduce(xs, f: fn, start = none)", "Joins all items to one by a function of two, from the left.",
        example: "reduce([1, 2, 3], (a, b) => a * b)  #> 6", body: reduce),
      Builtin("any(xs) -> bool", "Is one of them true?", example: "any([false, true])  #> true", body: any),
      Builtin("all(xs) -> bool", "Are all of them true?", example: "all([false, true])  #> false", body: all),
    ]
  }

  private static func map(_ call: borrowing Call) throws(Fault) -> Value {
    let machine = call.machine
    let items = try call.items(0)
    machine.chance.push(try machine.chance.next())
    defer { machine.chance.pop() }
    return try turns(call, .map, items)
  }

  private static func filter(_ call: borrowing Call) throws(Fault) -> Value {
    try turns(call, .filter, call.items(0))
  }

  private static func reduce(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let hasStart = call.has(2)
    guard hasStart || items.count > 0 else {
      throw Fault(.emptyInput, "`reduce` of nothing has no value", hint: "`start:` says what it is then")
    }
    return try turns(call, .reduce, items, start: hasStart ? call.take(2) : nil)
  }

  /// What cannot be called, or does not answer with a bool, is the function that was given.
  private static func turns(
    _ call: borrowing Call, _ kind: Turns.Kind, _ items: Items, start: Value? = nil
  ) throws(Fault) -> Value {
    do throws(Fault) { return try call.machine.turns(kind, items, call[1], start: start) } catch {
      guard !error.isPlaced else { throw error }
      switch error.code {
      case .notCallable: throw error.marking(1)
      case .needsBool: throw error.remarking(1)
      default: throw error
      }
    }
  }

  private static func any(_ call: borrowing Call) throws(Fault) -> Value {
    if let joined = try traced(call, .or) { return joined }
    return .bool(try truths(call).some)
  }
  private static func all(_ call: borrowing Call) throws(Fault) -> Value {
    if let joined = try traced(call, .and) { return joined }
    return .bool(try truths(call).every)
  }

  /// Joined by an operator, where bools are among them that are not known yet.
  private static func traced(_ call: borrowing Call, _ operation: LogicOperator) throws(Fault) -> Value? {
    guard case .list(let list) = call[0], let first = list.values.first, call[0].holdsUnknown else { return nil }
    var whole = first
    for item in list.values.dropFirst() { whole = .tensor(try Tensors.logic(operation, whole, item)) }
    return whole
  }

  /// All are asked, so that one that is no bool is an error wherever it stands.
  private static func truths(_ call: borrowing Call) throws(Fault) -> (some: Bool, every: Bool) {
    let items = try call.items(0)
    var (some, every) = (false, true)
    var pace = Pace(call.machine)
    for position in 0..<items.count {
      let truth = try call.machine.truth(items[position])
      some = some || truth
      every = every && truth
      try pace.step()
    }
    return (some, every)
  }
}
