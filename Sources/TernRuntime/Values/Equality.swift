import TernTensor

/// `a == b` of whole values: numbers by value, strings by bytes, containers item by item, tensors element by element. Other
/// kinds beside each other are unequal. NaN equals nothing, so a list that holds one is unequal even to itself.
package func deepEqual(_ a: Value, _ b: Value) throws(Fault) -> Bool {
  var comparison = Comparison(isStrict: false)
  return try comparison.answer(a, b)
}

/// `same(a, b)`: equal, and the tensors' dtypes and axis names too.
package func sameValue(_ a: Value, _ b: Value) throws(Fault) -> Bool {
  var comparison = Comparison(isStrict: true)
  return try comparison.answer(a, b)
}

/// Compares without recursion, so that values a million deep need no deep stack. That a pair of containers is met twice says
/// nothing new, as all pairs must agree: from some size on, pairs are remembered, so that values which hold one list many
/// times over take no longer than they are large.
private struct Comparison {
  let isStrict: Bool
  private var open: [Pairing] = []
  private var met: Set<ObjectPair> = []
  private var meetings = 0
  /// A tensor without numbers, which nothing can be compared with.
  private var unknown: Tensor?

  /// Two containers and how far they are compared. What they point to lives as long as the values compared.
  private struct Pairing {
    let left: Registers
    let right: Registers
    let count: Int
    /// For each item on the left, where its partner is; nil when at the same place.
    let order: [Int]?
    var next = 0
  }

  private static let meetingsBeforeMemory = 4096

  init(isStrict: Bool) { self.isStrict = isStrict }

  mutating func answer(_ a: Value, _ b: Value) throws(Fault) -> Bool {
    let isEqual = agree(a, b)
    try unknown?.mustBeKnown("an equality of wholes")
    return isEqual
  }

  private mutating func agree(_ a: Value, _ b: Value) -> Bool {
    guard agreeOutside(a, b) else { return false }
    while let last = open.indices.last {
      let position = open[last].next
      guard position < open[last].count else {
        open.removeLast()
        continue
      }
      open[last].next += 1
      let pairing = open[last]
      guard agreeOutside(pairing.left[position], pairing.right[pairing.order?[position] ?? position]) else { return false }
    }
    return true
  }

  /// Compares all but the items of containers, which are left open.
  private mutating func agreeOutside(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.int(let x), .int(let y)): x == y
    case (.float(let x), .float(let y)): x == y
    case (.int(let x), .float(let y)), (.float(let y), .int(let x)): Int(exactly: y) == x
    case (.bool(let x), .bool(let y)): x == y
    case (.none, .none): true
    case (.string(let x), .string(let y)): x === y || x.text.hasSameBytes(as: y.text)
    case (.list(let x), .list(let y)): openLists(x, y)
    case (.record(let x), .record(let y)): openRecords(x, y)
    case (.model(let x), .model(let y)): openModels(x, y)
    case (.tensor(let x), _) where x.isUnknown: meet(x)
    case (_, .tensor(let y)) where y.isUnknown: meet(y)
    case (.tensor(let x), .tensor(let y)): TensorValues.areEqual(x, y) && (!isStrict || TensorValues.haveSameType(x, y))
    case (.tensor(let tensor), let other), (let other, .tensor(let tensor)): isNumber(of: tensor, other)
    case (.range(let x), .range(let y)): x.hasSameItems(as: y)
    case (.duration(let x), .duration(let y)), (.size(let x), .size(let y)), (.time(let x), .time(let y)): x == y
    case (.type(let x), .type(let y)): x.text == y.text
    case (.function(let x), .function(let y)): x === y
    case (.builtin(let x), .builtin(let y)): x === y
    case (.foreign(let x), .foreign(let y)): x === y || x.value.equals(y.value)
    case (.unset, .unset): true
    default: false
    }
  }

  private mutating func meet(_ tensor: Tensor) -> Bool {
    unknown = tensor
    return false
  }

  private func isNumber(of tensor: Tensor, _ other: Value) -> Bool {
    switch (TensorValues.number(of: tensor), other) {
    case (.int(let x)?, .int(let y)): x == y
    case (.int(let x)?, .float(let y)), (.float(let y)?, .int(let x)): Int(exactly: y) == x
    case (.float(let x)?, .float(let y)): x == y
    case (.bool(let x)?, .bool(let y)): x == y
    default: false
    }
  }

  private mutating func openLists(_ a: ListObject, _ b: ListObject) -> Bool {
    guard a.count == b.count else { return false }
    open(a, b, Pairing(left: a.items, right: b.items, count: a.count, order: nil))
    return true
  }

  /// Records agree in any order of their keys.
  private mutating func openRecords(_ a: RecordObject, _ b: RecordObject) -> Bool {
    guard a.count == b.count else { return false }
    var order: [Int]?
    if a.layout !== b.layout {
      let places = a.layout.keys.compactMap { b.layout.position(of: $0) }
      guard places.count == a.count else { return false }
      order = places
    }
    open(a, b, Pairing(left: a.items, right: b.items, count: a.count, order: order))
    return true
  }

  private mutating func openModels(_ a: ModelObject, _ b: ModelObject) -> Bool {
    guard a.blueprint === b.blueprint else { return false }
    open(a, b, Pairing(left: a.items, right: b.items, count: a.count, order: nil))
    return true
  }

  private mutating func open(_ a: AnyObject, _ b: AnyObject, _ pairing: Pairing) {
    guard pairing.count > 0 else { return }
    meetings += 1
    if meetings > Comparison.meetingsBeforeMemory && !met.insert(ObjectPair(a, b)).inserted { return }
    open.append(pairing)
  }
}

/// Two objects by identity.
struct ObjectPair: Hashable {
  private let left: ObjectIdentifier
  private let right: ObjectIdentifier

  init(_ left: AnyObject, _ right: AnyObject) {
    self.left = ObjectIdentifier(left)
    self.right = ObjectIdentifier(right)
  }
}

extension RangeObject {
  /// Ranges are equal when the same ints are in them.
  fileprivate func hasSameItems(as other: RangeObject) -> Bool {
    guard let count, let otherCount = other.count else {
      return low == other.low && high == other.high && step == other.step && isInclusive == other.isInclusive
    }
    return count == otherCount && (count == 0 || low == other.low && (count == 1 || step == other.step))
  }
}
