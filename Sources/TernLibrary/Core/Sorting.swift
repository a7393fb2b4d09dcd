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
    var places = SortedPlaces.ofAlike(keys, descending)
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

/// The places of keys in their order, where the keys are of one kind that compares fast and cannot fail.
private enum SortedPlaces {
  /// nil when the keys are not all ints, all floats that are numbers, or all strings.
  static func ofAlike(_ keys: ListObject, _ descending: Bool) -> [Int]? {
    switch keys.count > 0 ? keys[0] : .none {
    case .int: places(keys, descending) { if case .int(let number) = $0 { number } else { nil } }
    case .float: places(keys, descending) { if case .float(let number) = $0, !number.isNaN { number } else { nil } }
    case .string: places(keys, descending) { if case .string(let text) = $0 { TextKey(text.text) } else { nil } }
    default: nil
    }
  }

  private static func places<T: Comparable>(_ keys: ListObject, _ descending: Bool, _ read: (Value) -> T?) -> [Int]? {
    var pairs: [(key: T, place: Int)] = []
    pairs.reserveCapacity(keys.count)
    for (place, value) in keys.values.enumerated() {
      guard let key = read(value) else { return nil }
      pairs.append((key, place))
    }
    if descending {
      pairs.sort { $0.key > $1.key || !($0.key < $1.key) && $0.place < $1.place }
    } else {
      pairs.sort { $0.key < $1.key || !($0.key > $1.key) && $0.place < $1.place }
    }
    return pairs.map(\.place)
  }
}

/// A text with its first eight bytes as a number, which decides most comparisons.
private struct TextKey: Comparable {
  private let start: UInt64
  private let text: String

  init(_ text: String) {
    self.text = text
    var start: UInt64 = 0
    var shift = 64
    for byte in text.utf8.prefix(8) {
      shift -= 8
      start |= UInt64(byte) << UInt64(shift)
    }
    self.start = start
  }

  static func < (a: TextKey, b: TextKey) -> Bool {
    a.start != b.start ? a.start < b.start : a.text.precedesBytes(of: b.text)
  }

  static func == (a: TextKey, b: TextKey) -> Bool { a.start == b.start && a.text.hasSameBytes(as: b.text) }
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
