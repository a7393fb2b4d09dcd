/// The late slots of local `fn`s, and the end of those that only keep each other.
///
///     fn even(n) { … odd(n - 1) }        even ──▶ slot of odd
///     fn odd(n) { … even(n - 1) }          ▲          │
///                                          └── odd ◀──┘
///
/// Functions that name each other are a circle of references, which counting alone never frees. So the slots are noted when
/// they are made, and looked through when there are twice as many as were left the last time: a slot that is reached by
/// nothing but other slots and their functions is emptied, and the circle falls apart. What escaped, as a value, in a list or
/// in a register, is referenced from elsewhere and stays.
struct LateFunctions {
  /// Kept alive by this list, one reference each.
  private var slots: [Foreign] = []
  private var limit = LateFunctions.leastLimit

  private static let leastLimit = 32

  mutating func make() -> Value {
    if slots.count >= limit { collect() }
    let slot = Foreign(LateFunction())
    slots.append(slot)
    return .foreign(slot)
  }

  /// Empties the slots that nothing else reaches.
  mutating func collect() {
    guard !slots.isEmpty else { return }
    let circles = Circles(of: slots)
    var kept: [Foreign] = []
    var doomed: [Foreign] = []
    for slot in slots {
      if circles.isReached(slot) { kept.append(slot) } else { doomed.append(slot) }
    }
    slots = kept
    limit = max(LateFunctions.leastLimit, kept.count * 2)
    for slot in doomed { (slot.value as? LateFunction)?.function = .absent }
  }
}

/// Slots, the functions in them, and the slots and functions these captured: how often each is referenced from among them.
private struct Circles {
  private typealias Node = UnsafeMutableRawPointer

  /// References from within, the list of slots included.
  private var inner: [Node: UInt] = [:]
  private var targets: [Node: [Node]] = [:]
  private var reached: Set<Node> = []
  private var pending: [AnyObject] = []

  /// What is not looked into keeps what it references, so that a bound only leaves circles for later.
  private static let mostNodes = 1000

  init(of slots: [Foreign]) {
    for slot in slots {
      inner[Circles.node(slot), default: 0] += 1
      pending.append(slot)
    }
    let most = Circles.mostNodes + 16 * slots.count
    while let object = pending.popLast(), targets.count < most { look(into: object) }
    pending = []
    markReached()
  }

  func isReached(_ slot: Foreign) -> Bool { reached.contains(Circles.node(slot)) }

  /// More references than are known here: something else holds it, and all it leads to.
  private mutating func markReached() {
    var outer = inner.filter { retainCount($0.key) > $0.value }.map(\.key)
    while let node = outer.popLast() {
      if reached.insert(node).inserted { outer += targets[node] ?? [] }
    }
  }

  private mutating func look(into object: AnyObject) {
    let node = Circles.node(object)
    guard targets[node] == nil else { return }
    targets[node] = []
    if let closure = object as? Closure {
      for position in 0..<closure.prototype.captureCount { link(node, closure.captures[position]) }
    } else if let slot = object as? Foreign, let late = slot.value as? LateFunction {
      link(node, late.function)
    }
  }

  private mutating func link(_ node: Node, _ value: Value) {
    let object: AnyObject
    switch value {
    case .function(let closure): object = closure
    case .foreign(let slot) where slot.value is LateFunction: object = slot
    default: return
    }
    targets[node, default: []].append(Circles.node(object))
    inner[Circles.node(object), default: 0] += 1
    pending.append(object)
  }

  private static func node(_ object: AnyObject) -> Node { Unmanaged.passUnretained(object).toOpaque() }
}

/// How many strong references there are, by the runtime's own count.
@_silgen_name("swift_retainCount") private func retainCount(_ object: UnsafeMutableRawPointer) -> UInt
