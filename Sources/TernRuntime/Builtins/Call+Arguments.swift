import TernSyntax
import TernTensor

/// Arguments by what a body needs of them; each refusal names the word, what it takes and what it was given.
extension Call {
  package func refusal(_ position: Int, takes needed: String, hint: String? = nil) -> Fault {
    let given = self[position].description
    return Fault(.badArgument, "`\(builtin.name)` takes \(needed); this is \(given)", hint: hint).marking(position, given)
  }

  package func string(_ position: Int, _ needed: String = "a str") throws(Fault) -> StringObject {
    guard case .string(let text) = self[position] else { throw refusal(position, takes: needed) }
    return text
  }

  package func list(_ position: Int) throws(Fault) -> ListObject {
    guard case .list(let list) = self[position] else { throw refusal(position, takes: "a list") }
    return list
  }

  package func flag(_ position: Int) throws(Fault) -> Bool {
    do throws(Fault) { return try machine.truth(self[position]) } catch {
      guard error.code == .needsBool else { throw error }
      error.message = "\(parameter(position)) is a bool; this is \(self[position].description)"
      throw error.remarking(position)
    }
  }

  package func integer(_ position: Int) throws(Fault) -> Int { try machine.integer(self[position], "an int as \(parameter(position))") }

  /// An int that counts something.
  package func count(_ position: Int) throws(Fault) -> Int {
    let count = try integer(position)
    guard count >= 0 else { throw Fault(.badArgument, "\(parameter(position)) is a count; it cannot be \(count)").marking(position, "\(count)") }
    return count
  }

  /// A list to change in place: the argument itself when nobody else holds it, else a copy.
  package func ownList(_ position: Int) throws(Fault) -> ListObject {
    guard has(position), slot(position).tag == Tag.list else { throw refusal(position, takes: "a list") }
    // Asked of the slot: taken out of the enum, the list has one more reference.
    let isOwn = slot(position).holdsUnique(ListObject.self)
    guard case .list(let list) = take(position) else { return ListObject() }
    return isOwn ? list : ListObject(copying: list)
  }

  /// What `for` would go through.
  package func items(_ position: Int) throws(Fault) -> Items { try Items(self[position], machine) }

  private func parameter(_ position: Int) -> String {
    let parameters = builtin.signature.parameters
    return position < parameters.count ? "`\(parameters[position].name)`" : "an argument"
  }
}

/// What a builtin goes through: a range int by int, without making a list of it; anything else as the list of its items.
package struct Items {
  package let count: Int
  private let range: RangeObject?
  private let list: ListObject

  fileprivate init(_ value: Value, _ machine: Machine) throws(Fault) {
    if case .range(let range) = value, let count = range.count {
      self.range = range
      self.count = count
      list = ListObject()
    } else {
      range = nil
      list = try machine.items(of: value)
      count = list.count
    }
  }

  package subscript(position: Int) -> Value {
    if let range { return .int(range.item(position)) }
    return list[position]
  }

  /// The items as they lie in memory, while this is held; nil for a range.
  var memory: Registers? { range == nil ? list.items : nil }
  /// Of a range: the first int and the distance to the next.
  var steps: (low: Int, step: Int) { (range?.low ?? 0, range?.step ?? 1) }

  /// The items from one place on, as a list.
  package func list(from start: Int = 0, count: Int) throws(Fault) -> ListObject {
    let copy = try ListObject.withRoom(for: count)
    for position in start..<start + count { copy.append(self[position]) }
    return copy
  }
}

/// Asks every so often whether long work may go on.
package struct Pace {
  private unowned let machine: Machine
  private var steps = 0
  private static let steps = 1024

  package init(_ machine: Machine) { self.machine = machine }

  package mutating func step() throws(Fault) {
    steps &+= 1
    if steps % Pace.steps == 0 { try machine.limits.check(after: Pace.steps) }
  }
}

extension ListObject {
  /// An empty list with room for so many items, which must fit in memory.
  package static func withRoom(for count: Int) throws(Fault) -> ListObject {
    try Room.check(count, each: MemoryLayout<Value>.stride, "a list of \(count) items")
    return ListObject(capacity: count)
  }

  /// Takes the last item out of a list that has one.
  package func dropLast() { _ = removeLast() }
}

/// Whether something fits in memory, asked before it is made.
package enum Room {
  package static func check(_ count: Int, each size: Int = 1, _ what: @autoclosure () -> String) throws(Fault) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes < 1 << 46 else { throw Fault(.memoryLimit, "\(what()) does not fit in memory") }
    if bytes < 1 << 16 { return }
    if MemoryBudget.limit <= 0 || MemoryBudget.limit == Int.max { MemoryBudget.useDefaultLimit() }
    try tensorCall { () throws(TensorError) in
      try MemoryBudget.charge(bytes)
      MemoryBudget.refund(bytes)
    }
    try checkResident(bytes, what())
  }

  // Lists and strings are not charged one by one: beside what the process holds, a large one must fit under the limit. Asking
  // what it holds takes a microsecond, so smaller ones are gathered until they are worth it, and the smallest left to polls.

  /// Bytes of lists and strings made since the process was last asked. Several threads may count: some may be missed.
  nonisolated(unsafe) private static var gathered = 0
  private static let worthCounting = 1 << 14
  private static let worthAsking = 1 << 21

  /// A list or string of so many bytes is made.
  @inline(__always) static func note(_ bytes: Int) { if bytes >= worthCounting { gathered &+= bytes } }

  /// Asks when enough was made since the last time.
  @inline(__always) static func settle() throws(Fault) { if gathered >= worthAsking { try checkResident(worthAsking, "what this makes") } }

  /// Would so many more bytes pass the limit?
  @inline(never) package static func checkResident(_ bytes: Int, _ what: @autoclosure () -> String) throws(Fault) {
    guard bytes >= worthAsking >> 1 else { return note(bytes) }
    gathered = 0
    let limit = MemoryBudget.limit
    guard limit > 0, let resident = Limits.residentBytes() else { return }
    let (needed, overflow) = resident.addingReportingOverflow(bytes)
    guard overflow || needed > limit else { return }
    throw Fault(
      .memoryLimit, "\(what()) would take \(ByteText.text(bytes)) more and pass the memory limit of \(ByteText.text(limit))",
      hint: "`--limit-memory` sets another one")
  }
}
