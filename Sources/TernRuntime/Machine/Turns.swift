/// A function called with one item after another, as `map`, `filter` and `reduce` do a million times. A function of the
/// language stays in one run of the loop: where it returns, its result is kept and the next arguments take its place.
package final class Turns {
  package enum Kind { case map, filter, reduce }

  private unowned let machine: Machine
  private let kind: Kind
  private let items: Items
  private var position: Int
  private var results: ListObject
  private var pace: Pace
  /// What ended the turns early.
  fileprivate var fault: Fault?

  fileprivate init(_ kind: Kind, _ items: Items, from start: Int, _ machine: Machine) throws(Fault) {
    self.kind = kind
    self.items = items
    self.machine = machine
    position = start
    results = kind == .map ? try ListObject.withRoom(for: items.count) : ListObject()
    pace = Pace(machine)
  }

  /// Keeps the result that lies in the first register and puts the next arguments there; false when all had their turn.
  func next(_ window: Registers) -> Bool {
    do throws(Fault) {
      switch kind {
      case .map: results.appendSlot().moveIn(from: window)
      case .filter: if try isTrue(window) { items.copy(position, into: results.appendSlot()) }
      case .reduce: break
      }
      position &+= 1
      try pace.step()
    } catch {
      fault = error
      return false
    }
    return place(in: window)
  }

  @inline(__always) private func isTrue(_ slot: Registers) throws(Fault) -> Bool {
    if slot.tag == Tag.bool { return slot.asBool }
    return try machine.truth(slot.pointee)
  }

  /// Each call of `map` draws from a stream of its own, so that what it draws depends on nothing but its place.
  fileprivate func place(in window: Registers) -> Bool {
    guard position < items.count else { return false }
    if kind == .map { machine.chance.enter(child: position) }
    items.copy(position, into: kind == .reduce ? window + 1 : window)
    return true
  }

  fileprivate func result(in window: Registers) throws(Fault) -> Value {
    if let fault { throw fault }
    return kind == .reduce ? window.take() : .list(results)
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
    let turns = try Turns(kind, items, from: startsWithItem ? 1 : 0, self)
    if startsWithItem { items.copy(0, into: window) } else if let start { window.pointee = start }
    defer { clearAll(window, 2) }
    guard turns.place(in: window) else { return try turns.result(in: window) }
    let count = kind == .reduce ? 2 : 1
    if case .function(let closure) = function, closure.info.pointee.plainCount == count {
      window.pointee = try run(closure, window, turns: turns)
    } else {
      state.pointee.top = window + 2
      repeat { window.pointee = try call(function, (0..<count).map { (window + $0).take() }) } while turns.next(window)
    }
    return try turns.result(in: window)
  }
}
