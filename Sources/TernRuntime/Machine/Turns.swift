/// A function called with one item after another, as `map`, `filter` and `reduce` do a million times. A function of the
/// language stays in one run of the loop: where it returns, its result is kept and the next arguments take its place.
package final class Turns {
  package enum Kind { case map, filter, reduce }

  // Borrowed from the call of `turns`, which outlives this: no references are counted between two items.
  private let machine: Unmanaged<Machine>
  private let results: Unmanaged<ListObject>
  private let kind: Kind
  private let memory: Registers?
  private let (low, step): (Int, Int)
  private let count: Int
  private var position: Int
  /// What ended the turns early.
  fileprivate var fault: Fault?

  fileprivate init(_ kind: Kind, _ items: borrowing Items, from start: Int, into results: ListObject, _ machine: Machine) {
    self.kind = kind
    self.machine = .passUnretained(machine)
    self.results = .passUnretained(results)
    memory = items.memory
    (low, step) = items.steps
    count = items.count
    position = start
  }

  /// Keeps the result that lies in the first register and puts the next arguments there; false when all had their turn.
  func next(_ window: Registers) -> Bool {
    do throws(Fault) {
      switch kind {
      case .map: newSlot.moveIn(from: window)
      case .filter: if try isTrue(window) { copy(into: newSlot) }
      case .reduce: break
      }
      position &+= 1
      if position & 1023 == 0 { try check() }
    } catch {
      fault = error
      return false
    }
    return place(in: window)
  }

  @inline(__always) private var newSlot: Registers { results._withUnsafeGuaranteedRef { $0.appendSlot() } }

  @inline(never) private func check() throws(Fault) { try machine.takeUnretainedValue().limits.check(after: 1024) }

  @inline(__always) private func isTrue(_ slot: Registers) throws(Fault) -> Bool {
    if slot.tag == Tag.bool { return slot.asBool }
    return try machine.takeUnretainedValue().truth(slot.pointee)
  }

  @inline(__always) private func copy(into register: Registers) {
    if let memory { register.copy(from: memory + position) } else { register.setInt(low &+ step &* position) }
  }

  /// Each call of `map` draws from a stream of its own, so that what it draws depends on nothing but its place.
  @inline(__always) fileprivate func place(in window: Registers) -> Bool {
    guard position < count else { return false }
    if kind == .map { machine._withUnsafeGuaranteedRef { $0.chance.enter(child: position) } }
    copy(into: kind == .reduce ? window + 1 : window)
    return true
  }

}

extension Machine {
  /// What `map` and `filter` give for all items, or `reduce` from a start on.
  package func turns(_ kind: Turns.Kind, _ items: Items, _ function: Value, start: Value? = nil) throws(Fault) -> Value {
    let top = state.pointee.top
    defer { state.pointee.top = top }
    let window = top + 1
    guard window + 4096 < state.pointee.stackEnd else { throw tooDeep() }
    let startsWithItem = kind == .reduce && start == nil
    let results = kind == .map ? try ListObject.withRoom(for: items.count) : ListObject()
    let turns = Turns(kind, items, from: startsWithItem ? 1 : 0, into: results, self)
    if startsWithItem { window.pointee = items[0] } else if let start { window.pointee = start }
    defer { clearAll(window, 2) }
    guard turns.place(in: window) else { return kind == .reduce ? window.take() : .list(results) }
    let count = kind == .reduce ? 2 : 1
    if case .function(let closure) = function, closure.info.pointee.plainCount == count {
      window.pointee = try run(closure, window, turns: .passUnretained(turns))
    } else {
      state.pointee.top = window + 2
      repeat { window.pointee = try call(function, (0..<count).map { (window + $0).take() }) } while turns.next(window)
    }
    if let fault = withExtendedLifetime(turns, { turns.fault }) { throw fault }
    return withExtendedLifetime(items) { kind == .reduce ? window.take() : .list(results) }
  }
}
