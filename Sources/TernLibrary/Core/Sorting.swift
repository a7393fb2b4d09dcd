import TernRuntime
import TernSyntax

/// Items in order, and each once.
enum Sorting {
  static var builtins: [Builtin] {
    [
      Builtin(
        "sort(xs, by: fn = none, descending: bool = false) -> list",
        "The items in ascending order, or in that of what `by` gives for each; equal ones stay as they stand.",
        example: "sort([3, 1, 2], by: x => -x)  #> [3, 2, 1]", body: sort),
      Builtin(
        "unique(xs) -> list", "Each item once, where it first stands.",
        example: "unique([2, 1, 2])  #> [2, 1]", body: unique),
    ]
  }

  private static func sort(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let list = try items.list(count: items.count)
    let descending = try call.flag(2)
    guard call.has(1) else {
      if let sorted = sortedAlike(list, descending) { return .list(sorted) }
      return .list(try sorted(list, by: list, descending, call.machine))
    }
    let keys = try ListObject.withRoom(for: list.count)
    var pace = Pace(call.machine)
    for position in 0..<list.count {
      keys.append(try call.machine.call(call[1], list[position]))
      try pace.step()
    }
    return .list(try sorted(list, by: keys, descending, call.machine))
  }

  private static func sorted(_ list: ListObject, by keys: ListObject, _ descending: Bool, _ machine: Machine)
    throws(Fault) -> ListObject
  {
    var sorter = Sorter(keys: keys, descending: descending, machine)
    let sorted = ListObject(capacity: list.count)
    for place in try sorter.places() { sorted.append(list[place]) }
    return sorted
  }

  /// A list of ints alone, or of floats that are numbers, sorts without asking for each pair what it is.
  private static func sortedAlike(_ list: ListObject, _ descending: Bool) -> ListObject? {
    switch list.count > 0 ? list[0] : .none {
    case .int: sorted(list, descending, { if case .int(let number) = $0 { number } else { nil } }, Value.int)
    case .float:
      sorted(list, descending, { if case .float(let number) = $0, !number.isNaN { number } else { nil } }, Value.float)
    default: nil
    }
  }

  private static func sorted<T: Comparable>(
    _ list: ListObject, _ descending: Bool, _ number: (Value) -> T?, _ value: (T) -> Value
  ) -> ListObject? {
    var numbers: [T] = []
    numbers.reserveCapacity(list.count)
    for item in list.values {
      guard let number = number(item) else { return nil }
      numbers.append(number)
    }
    numbers.sort(by: descending ? { $0 > $1 } : { $0 < $1 })
    let sorted = ListObject(capacity: numbers.count)
    for number in numbers { sorted.append(value(number)) }
    return sorted
  }

  /// Buckets by a hash that equal values share; inside a bucket, equality decides.
  private static func unique(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    let kept = ListObject()
    var buckets: [Int: [Int]] = [:]
    var pace = Pace(call.machine)
    for position in 0..<items.count {
      try pace.step()
      let item = items[position]
      let hash = item.looseHash
      if try buckets[hash, default: []].contains(item, in: kept) { continue }
      buckets[hash, default: []].append(kept.count)
      kept.append(item)
    }
    return .list(kept)
  }
}

extension [Int] {
  /// Does one of these positions of a list hold an equal item?
  fileprivate func contains(_ item: Value, in list: ListObject) throws(Fault) -> Bool {
    for position in self where try deepEqual(item, list[position]) { return true }
    return false
  }
}

/// Merges ever longer runs: stable, and a comparison may fail midway. NaN comes last, whichever the direction.
private struct Sorter {
  private let keys: ListObject
  private let descending: Bool
  private var ordering = Ordering()
  private var pace: Pace

  init(keys: ListObject, descending: Bool, _ machine: Machine) {
    self.keys = keys
    self.descending = descending
    pace = Pace(machine)
  }

  /// The places of the keys in their order.
  mutating func places() throws(Fault) -> [Int] {
    var places = Array(0..<keys.count)
    var merged = places
    var width = 1
    while width < keys.count {
      for start in stride(from: 0, to: keys.count, by: 2 * width) { try merge(places, into: &merged, start, width) }
      swap(&places, &merged)
      width *= 2
    }
    return places
  }

  private mutating func merge(_ places: [Int], into merged: inout [Int], _ start: Int, _ width: Int) throws(Fault) {
    let middle = min(start + width, places.count)
    let end = min(middle + width, places.count)
    var (left, right) = (start, middle)
    for position in start..<end {
      let takesRight: Bool
      if left == middle || right == end {
        takesRight = left == middle
      } else {
        takesRight = try precedes(keys[places[right]], keys[places[left]])
      }
      merged[position] = places[takesRight ? right : left]
      if takesRight { right += 1 } else { left += 1 }
    }
  }

  private mutating func precedes(_ a: Value, _ b: Value) throws(Fault) -> Bool {
    try pace.step()
    let order = try ordering.order(a, b)
    if a.isNaN || b.isNaN { return !a.isNaN }
    return order == (descending ? .after : .before)
  }
}

extension Value {
  fileprivate var isNaN: Bool {
    if case .float(let number) = self { number.isNaN } else { false }
  }
}
