import TernSyntax
import TernTensor

/// `a < b` of numbers, strings, durations, sizes, times, and lists by their first difference.
package func isLess(_ a: Value, _ b: Value) throws(Fault) -> Bool {
  var comparison = Ordering()
  return try comparison.order(a, b) == .before
}

extension Machine {
  package func isLess(_ a: Value, _ b: Value) throws(Fault) -> Bool { try TernRuntime.isLess(a, b) }
}

/// Orders without recursion. The first items that differ decide, wherever they stand, so the open lists are only a path; a
/// pair of lists met again had no difference.
package struct Ordering {
  package enum Order { case before, level, after }

  private var open: [(left: ListObject, right: ListObject, next: Int)] = []
  private var met: Set<ObjectPair> = []
  private var meetings = 0
  private static let meetingsBeforeMemory = 4096

  package init() {}

  package mutating func order(_ a: Value, _ b: Value) throws(Fault) -> Order {
    open.removeAll(keepingCapacity: true)
    var order = try orderOutside(a, b)
    while order == .level, let last = open.indices.last {
      let (left, right, position) = open[last]
      if position < left.count && position < right.count {
        open[last].next += 1
        order = try orderOutside(left[position], right[position])
      } else {
        open.removeLast()
        order = Ordering.compare(left.count, right.count)
      }
    }
    return order
  }

  /// The order of two values that are no lists; lists are left open.
  private mutating func orderOutside(_ a: Value, _ b: Value) throws(Fault) -> Order {
    switch (a, b) {
    case (.int(let x), .int(let y)), (.duration(let x), .duration(let y)), (.size(let x), .size(let y)), (.time(let x), .time(let y)):
      return Ordering.compare(x, y)
    case (.float(let x), .float(let y)): return Ordering.compare(x, y)
    case (.string(let x), .string(let y)):
      return x === y ? .level : Ordering.compare(x.text.orderOfBytes(beside: y.text), 0)
    case (.list(let x), .list(let y)):
      meetings += 1
      if meetings <= Ordering.meetingsBeforeMemory || met.insert(ObjectPair(x, y)).inserted { open.append((x, y, 0)) }
      return .level
    default:
      for case .tensor(let tensor) in [a, b] { try tensor.mustBeKnown("an order of items") }
      guard let x = Ordering.number(of: a), let y = Ordering.number(of: b) else { throw Ordering.noOrder(a, b) }
      return Ordering.compare(x, y)
    }
  }

  private static func number(of value: Value) -> Scalar? {
    switch value {
    case .int(let number): .int(number)
    case .float(let number): .float(number)
    case .tensor(let tensor): TensorValues.number(of: tensor)
    default: nil
    }
  }

  /// NaN is level with everything: it is less than nothing.
  private static func compare<T: Comparable>(_ a: T, _ b: T) -> Order { a < b ? .before : b < a ? .after : .level }

  private static func compare(_ a: Scalar, _ b: Scalar) -> Order {
    switch (a, b) {
    case (.int(let x), .int(let y)): compare(x, y)
    case (.int(let x), .float(let y)): compare(x, y)
    case (.float(let x), .int(let y)): reversed(compare(y, x))
    default: compare(a.double, b.double)
    }
  }

  /// An int beside a float, exactly: a large int is no float.
  private static func compare(_ a: Int, _ b: Double) -> Order {
    if b.isNaN { return .level }
    if b >= 0x1p63 { return .before }
    if b < -0x1p63 { return .after }
    let whole = b.rounded(.towardZero)
    let order = compare(a, Int(whole))
    return order == .level ? compare(whole, b) : order
  }

  private static func reversed(_ order: Order) -> Order {
    switch order {
    case .before: .after
    case .level: .level
    case .after: .before
    }
  }

  private static func noOrder(_ a: Value, _ b: Value) -> Fault {
    Fault(
      .noOrder, "\(a.description) and \(b.description) have no order",
      hint: "numbers, strings, times, durations, sizes and lists of these can be ordered among their kind"
    ).marking(0, a.description).marking(1, b.description)
  }
}
