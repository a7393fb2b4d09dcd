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
    let keys = call.has(1) ? try self.keys(of: list, call) : list
    let descending = try call.flag(2)
    var places = try SortedPlaces.ofAlike(keys, descending, call.machine)
    if places == nil {
      var sorter = Sorter(keys: keys, descending: descending, call.machine)
      places = try sorter.places()
    }
    let sorted = ListObject(capacity: list.count)
    for place in places ?? [] { sorted.append(list[place]) }
    return .list(sorted)
  }

  private static func keys(of list: ListObject, _ call: borrowing Call) throws(Fault) -> ListObject {
    let keys = try ListObject.withRoom(for: list.count)
    var pace = Pace(call.machine)
    for position in 0..<list.count {
      keys.append(try call.machine.call(call[1], list[position]))
      try pace.step()
    }
    return keys
  }

  private static func unique(_ call: borrowing Call) throws(Fault) -> Value {
    let items = try call.items(0)
    var seen = Seen()
    var pace = Pace(call.machine)
    for position in 0..<items.count {
      try seen.insert(items[position])
      try pace.step()
    }
    return .list(seen.items)
  }
}

/// Different items in the order in which they came. A hash that equal values share leads to the last item that has it, and
/// each item to the one before it; equality decides.
private struct Seen {
  let items = ListObject()
  private var lastWithHash: [Int: Int] = [:]
  private var before: [Int] = []

  mutating func insert(_ item: Value) throws(Fault) {
    let hash = item.looseHash
    let last = lastWithHash[hash] ?? -1
    var candidate = last
    while candidate >= 0 {
      if try deepEqual(item, items[candidate]) { return }
      candidate = before[candidate]
    }
    lastWithHash[hash] = items.count
    before.append(last)
    items.append(item)
  }
}

/// The places of keys in their order, where the keys are of one kind that compares fast and cannot fail.
private enum SortedPlaces {
  /// nil when the keys are not all ints, all floats that are numbers, or all strings.
  static func ofAlike(_ keys: ListObject, _ descending: Bool, _ machine: Machine) throws(Fault) -> [Int]? {
    let pace = Pace(machine)
    let asTheyStand: (Int, Int) -> Bool = { $0 < $1 }
    switch keys.count > 0 ? keys[0] : .none {
    case .int: return try places(keys, descending, asTheyStand, pace) { if case .int(let number) = $0 { number } else { nil } }
    case .float:
      return try places(keys, descending, asTheyStand, pace) { if case .float(let number) = $0, !number.isNaN { number } else { nil } }
    case .string:
      return try places(keys, descending, textsInOrder(keys, descending), pace) {
        if case .string(let text) = $0 { firstBytes(of: text.text) } else { nil }
      }
    default: return nil
    }
  }

  /// Sorts by a number for each key; where these agree, a closure says whether the first place comes first.
  private static func places<T: Comparable>(
    _ keys: ListObject, _ descending: Bool, _ ofLevel: (Int, Int) -> Bool, _ pace: Pace, _ number: (Value) -> T?
  ) throws(Fault) -> [Int]? {
    var pairs: [(number: T, place: Int)] = []
    pairs.reserveCapacity(keys.count)
    for (place, value) in keys.values.enumerated() {
      guard let number = number(value) else { return nil }
      pairs.append((number, place))
    }
    var pace = pace
    do {
      try pairs.sort { a, b in
        try pace.step()
        if a.number < b.number { return !descending }
        if b.number < a.number { return descending }
        return ofLevel(a.place, b.place)
      }
    } catch let fault as Fault { throw fault } catch { return nil }
    return pairs.map(\.place)
  }

  /// The first eight bytes as a number, which decides most comparisons of texts.
  private static func firstBytes(of text: String) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 64
    for byte in text.utf8.prefix(8) {
      shift -= 8
      number |= UInt64(byte) << shift
    }
    return number
  }

  private static func textsInOrder(_ keys: ListObject, _ descending: Bool) -> (Int, Int) -> Bool {
    { a, b in
      guard case .string(let first) = keys[a], case .string(let second) = keys[b] else { return a < b }
      let order = first.text.orderOfBytes(beside: second.text)
      return order == 0 ? a < b : (order < 0) != descending
    }
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
  var isNaN: Bool {
    if case .float(let number) = self { number.isNaN } else { false }
  }
}
