import TernRuntime
import TernSyntax

/// One number for many. Tensors and columns have forms of their own; a list with `over:` is taken as a tensor.
enum Totals {
  static var builtins: [Builtin] {
    [
      Builtin(
        "sum(xs, over: any = none)", "All numbers together; of bools, how many are true.",
        example: "sum([1, 2, 3.5])  #> 6.5", body: sum),
      Builtin(
        "mean(xs, over: any = none)", "The sum by the number of items.",
        example: "mean([1, 2, 6])  #> 3.0", body: mean),
      Builtin(
        "min(x, ...more, over: any = none)", "The smallest of several values, or of a list's items.",
        example: "min(3, 1, 2)  #> 1", quick: quickMin, body: min),
      Builtin(
        "max(x, ...more, over: any = none)", "The largest of several values, or of a list's items.",
        example: "max([3, 1, 2])  #> 3", quick: quickMax, body: max),
    ]
  }

  // MARK: Sums

  private static func sum(_ call: borrowing Call) throws(Fault) -> Value {
    if call.has(1) { return try overAxes(call, call[1]) }
    return try total(try call.items(0), call)
  }

  private static func mean(_ call: borrowing Call) throws(Fault) -> Value {
    if call.has(1) { return try overAxes(call, call[1]) }
    let items = try call.items(0)
    guard items.count > 0 else { throw nothing(call) }
    return try call.machine.arithmetic(.divide, try total(items, call), .float(Double(items.count)))
  }

  private static func total(_ items: Items, _ call: borrowing Call) throws(Fault) -> Value {
    var total = Value.int(0)
    var pace = Pace(call.machine)
    for position in 0..<items.count {
      total = try add(total, items[position], isFirst: position == 0, call)
      try pace.step()
    }
    return total
  }

  private static func add(_ total: Value, _ item: Value, isFirst: Bool, _ call: borrowing Call) throws(Fault) -> Value {
    switch (total, item) {
    case (.int(let a), .int(let b)) where !a.addingReportingOverflow(b).overflow: return .int(a &+ b)
    case (.float(let a), .float(let b)): return .float(a + b)
    case (_, .bool(let flag)): return try call.machine.arithmetic(.add, total, .int(flag ? 1 : 0))
    case (_, .duration), (_, .size): return isFirst ? item : try call.machine.arithmetic(.add, total, item)
    case (_, .int), (_, .float), (_, .tensor): return try call.machine.arithmetic(.add, total, item)
    default:
      var hint: String?
      if case .string = item { hint = "`join(xs)` joins strings" }
      throw Fault(.badArgument, "`\(call.builtin.name)` takes numbers; among these is \(item.description)", hint: hint)
    }
  }

  // MARK: Extremes

  private static func min(_ call: borrowing Call) throws(Fault) -> Value {
    try extreme(call) { new, best throws(Fault) in try isLess(new, best) }
  }

  private static func max(_ call: borrowing Call) throws(Fault) -> Value {
    try extreme(call) { new, best throws(Fault) in try isLess(best, new) }
  }

  /// NaN wins wherever it stands, as in tensors.
  private typealias Beats = (Value, Value) throws(Fault) -> Bool

  private static func extreme(_ call: borrowing Call, _ beats: Beats) throws(Fault) -> Value {
    let more = try call.list(1)
    if more.count > 0 { return try extreme(of: call[0], more, call, beats) }
    if call.has(2) { return try overAxes(call, call[2]) }
    let items = try call.items(0)
    guard items.count > 0 else { throw nothing(call) }
    var best = items[0]
    var pace = Pace(call.machine)
    for position in 1..<items.count {
      let item = items[position]
      if item.isNaN ? true : try beats(item, best) { best = item }
      try pace.step()
    }
    return best
  }

  private static func extreme(of first: Value, _ more: ListObject, _ call: borrowing Call, _ beats: Beats) throws(Fault) -> Value {
    // What goes by element has a form of its own, or none at all.
    if first.goesByElement { throw Fault(.badArgument, "`\(call.builtin.name)` takes numbers or tensors; this is \(first.description)") }
    var best = first
    for item in more.values {
      if best.goesByElement || item.goesByElement {
        best = try byElement(best, item, call)
      } else if item.isNaN ? true : try beats(item, best) {
        best = item
      }
    }
    return best
  }

  /// `min(1, t)`: the tensor's own form does it, whichever side the tensor is on.
  private static func byElement(_ a: Value, _ b: Value, _ call: borrowing Call) throws(Fault) -> Value {
    let (first, second) = a.goesByElement ? (a, b) : (b, a)
    return try call.machine.call(try word(call), [first, second])
  }

  private static func quickMin(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 2 else { return false }
    switch (arguments[0], arguments[1]) {
    case (.int(let a), .int(let b)): target.pointee = .int(b < a ? b : a)
    case (.float(let a), .float(let b)): target.pointee = .float(b < a || b.isNaN ? b : a)
    default: return false
    }
    return true
  }

  private static func quickMax(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 2 else { return false }
    switch (arguments[0], arguments[1]) {
    case (.int(let a), .int(let b)): target.pointee = .int(a < b ? b : a)
    case (.float(let a), .float(let b)): target.pointee = .float(a < b || b.isNaN ? b : a)
    default: return false
    }
    return true
  }

  // MARK: Shared

  /// A list with `over:` is a tensor that was not made yet.
  private static func overAxes(_ call: borrowing Call, _ axes: Value) throws(Fault) -> Value {
    if case .tensor = call[0] { throw call.refusal(0, takes: "numbers") }
    let tensor = try TensorList(try call.machine.items(of: call[0])).tensor()
    return try call.machine.call(try word(call), [.tensor(tensor)], labels: [("over", axes)])
  }

  /// The word with all its forms.
  private static func word(_ call: borrowing Call) throws(Fault) -> Value {
    .builtin(call.machine.vocabulary.builtins[call.builtin.name] ?? call.builtin)
  }

  private static func nothing(_ call: borrowing Call) -> Fault {
    Fault(.emptyInput, "`\(call.builtin.name)` of nothing has no value").marking(0, "empty")
  }
}

extension Value {
  /// A tensor with axes, or a column.
  fileprivate var goesByElement: Bool {
    switch self {
    case .tensor, .foreign: true
    default: false
    }
  }
}
