package import TernSyntax
package import TernTensor

/// A string, which grows in place when its slot is the only one that holds it.
package final class StringObject {
  package private(set) var text: String
  /// The number of code points, once somebody has asked.
  private var knownCount = -1

  package init(_ text: String) { self.text = text }

  /// The number of code points.
  package var count: Int {
    if knownCount < 0 {
      // A code point is the bytes that do not go on another.
      var count = 0
      for byte in text.utf8 where byte & 0xc0 != 0x80 { count &+= 1 }
      knownCount = count
    }
    return knownCount
  }

  var byteCount: Int { text.utf8.count }

  /// Every code point is one byte, so positions are offsets.
  package var isASCII: Bool { count == text.utf8.count }

  convenience init(joining a: StringObject, _ b: StringObject) {
    var joined = a.text
    joined.append(b.text)
    self.init(joined)
  }

  func append(_ other: StringObject) {
    if knownCount >= 0 { knownCount = other.knownCount >= 0 ? knownCount &+ other.knownCount : -1 }
    text.append(other.text)
  }
}

/// A list over its own storage: one load less than an array, and items that can be written where they lie.
package final class ListObject {
  package private(set) var items: Registers
  package private(set) var count: Int
  private(set) var capacity: Int

  package init(capacity: Int = 0) {
    self.capacity = capacity
    count = 0
    items = .allocate(capacity: capacity)
    Room.note(capacity &* MemoryLayout<Value>.stride)
  }

  package convenience init(_ values: some Collection<Value>) {
    self.init(capacity: values.count)
    for value in values { append(value) }
  }

  convenience init(copying other: ListObject, capacity: Int = 0) {
    self.init(capacity: max(other.count, capacity))
    items.initialize(from: other.items, count: other.count)
    count = other.count
  }

  deinit {
    Burial.bury(items, count)
    items.deallocate()
  }

  package subscript(index: Int) -> Value { items[index] }

  /// The items as a collection that keeps the list alive.
  package var values: Items { Items(list: self) }

  package struct Items: RandomAccessCollection {
    let list: ListObject
    package var startIndex: Int { 0 }
    package var endIndex: Int { list.count }
    package subscript(index: Int) -> Value { list.items[index] }
  }

  @inline(__always) package func append(_ value: consuming Value) {
    if count == capacity { grow() }
    (items + count).initialize(to: value)
    count &+= 1
  }

  /// Room for one more item: it holds `none` until the caller writes it.
  @inline(__always) func appendSlot() -> Registers {
    if count == capacity { grow() }
    let slot = items + count
    slot.initialize(to: .none)
    count &+= 1
    return slot
  }

  /// Takes the last item out.
  func removeLast() -> Value {
    count &-= 1
    return (items + count).move()
  }

  /// Room for so many more items.
  func reserve(_ more: Int) { if count + more > capacity { grow(to: max(count + more, capacity &* 2)) } }

  @inline(never) private func grow() { grow(to: max(4, capacity &* 2)) }

  private func grow(to larger: Int) {
    let new = Registers.allocate(capacity: larger)
    Room.note(larger &* MemoryLayout<Value>.stride)
    new.moveInitialize(from: items, count: count)
    items.deallocate()
    items = new
    capacity = larger
  }
}

/// `0..n`, `0..=n`, `range(0, 10, step: 2)`, and the open ends of an index.
package final class RangeObject {
  package let low: Int?
  package let high: Int?
  package let isInclusive: Bool
  package let step: Int

  package init(low: Int?, high: Int?, isInclusive: Bool = false, step: Int = 1) {
    self.low = low
    self.high = high
    self.isInclusive = isInclusive
    self.step = step
  }

  /// The number of ints in it; nil with an open end, or when they are too many to count.
  package var count: Int? {
    guard let low, let high else { return nil }
    let (distance, overflow) = step > 0 ? high.subtractingReportingOverflow(low) : low.subtractingReportingOverflow(high)
    guard !overflow, step != Int.min else { return nil }
    if distance < 0 || (distance == 0 && !isInclusive) { return 0 }
    let stride = abs(step)
    let (span, tooLong) = distance.addingReportingOverflow(isInclusive ? 0 : -1)
    guard !tooLong else { return nil }
    let (count, tooMany) = (span / stride).addingReportingOverflow(1)
    return tooMany ? nil : count
  }

  /// The int at a position below `count`.
  package func item(_ position: Int) -> Int { (low ?? 0) &+ position &* step }

  package func contains(_ value: Int) -> Bool {
    guard let low, let count, count > 0 else { return false }
    let (distance, overflow) = value.subtractingReportingOverflow(low)
    // The smallest int has no quotient by -1.
    let (position, tooFar) = distance.dividedReportingOverflow(by: step)
    guard !overflow, !tooFar, position &* step == distance else { return false }
    return position >= 0 && position < count
  }
}

/// A function and what it took with it where it was made.
package final class Closure {
  package let prototype: Prototype
  /// The prototype's facts for a call, one load away.
  let info: UnsafeMutablePointer<CallInfo>
  /// The same facts by value: a call that loads them from here waits for one load less.
  let call: CallInfo
  let captures: Registers

  init(_ prototype: Prototype, captureCount: Int) {
    self.prototype = prototype
    info = prototype.info
    call = info.pointee
    captures = .allocate(capacity: max(captureCount, 1))
    captures.initialize(repeating: .none, count: captureCount)
  }

  /// The number of parameters, when arguments bind to them by position and as they are.
  package var plainCount: Int? {
    let isConverted = prototype.entries.contains { !$0.parameters.isEmpty }
    return call.plainCount < 0 || isConverted ? nil : Int(call.plainCount)
  }

  package var captured: [Value] { (0..<prototype.captureCount).map { captures[$0] } }

  deinit {
    Burial.bury(captures, prototype.captureCount)
    captures.deallocate()
  }
}

/// A `fn` of a block that a sibling declared before it captures: filled when its line runs.
final class LateFunction: ForeignValue {
  var function: Value = .absent
  var kind: String { "fn" }
}

/// A type as a value: a dtype, or a dtype with axes.
package final class TypeObject {
  package let name: String
  /// nil for a bare name; a size of nil is `_`.
  package let axes: [(name: String?, size: Int?)]?

  package init(name: String, axes: [(name: String?, size: Int?)]? = nil) {
    self.name = name
    self.axes = axes
  }

  package var dtype: DType? { DType(name: name) }
}

/// A kind that lives outside the language: a dataset, a column, a run. What the machine needs of it is asked through the
/// protocol.
package final class Foreign {
  package let value: any ForeignValue
  package init(_ value: any ForeignValue) { self.value = value }
}

/// What a kind from outside can answer; each has a refusal as its default.
package protocol ForeignValue: AnyObject {
  var kind: String { get }
  /// The kind with its article, for messages.
  var described: String { get }
  /// The names of its fields, for `.`, completion and did-you-mean.
  var fieldNames: [String] { get }
  func field(_ name: String) throws(Fault) -> Value?
  /// Makes what is yet to be made before it can be shown, so that its errors are those of the statement that shows it.
  func prepare() throws(Fault)
  /// How it looks when a cell shows it, at most `width` columns wide.
  func text(width: Int) -> String
  /// How it looks inside a list or record, on one line.
  var inlineText: String { get }
  /// `len(x)`.
  var count: Int? { get }
  /// The item for `for`, at a position below `count`.
  func item(_ position: Int) throws(Fault) -> Value
  /// Element by element arithmetic or comparison where one side is of this kind; nil refuses.
  func operate(_ operation: ElementOperation, _ other: Value, isLeft: Bool) throws(Fault) -> Value?
  func equals(_ other: any ForeignValue) -> Bool
  /// As a tensor, where a tensor is wanted.
  func tensor() throws(Fault) -> Tensor?
  /// `x[i]`.
  func index(_ items: [IndexValue]) throws(Fault) -> Value?
  /// Itself, when it can be called in the short way.
  var direct: (any DirectlyCallable)? { get }
}

extension ForeignValue {
  package var described: String { "a \(kind)" }
  package var fieldNames: [String] { [] }
  package func field(_ name: String) throws(Fault) -> Value? { nil }
  package func prepare() throws(Fault) {}
  package func text(width: Int) -> String { "<\(kind)>" }
  package var inlineText: String {
    let text = text(width: 80)
    return text.utf8.contains(UInt8(ascii: "\n")) ? "<\(kind)>" : text
  }
  package var count: Int? { nil }
  package func item(_ position: Int) throws(Fault) -> Value { .none }
  package func operate(_ operation: ElementOperation, _ other: Value, isLeft: Bool) throws(Fault) -> Value? { nil }
  package func equals(_ other: any ForeignValue) -> Bool { self === other }
  package func tensor() throws(Fault) -> Tensor? { nil }
  package func index(_ items: [IndexValue]) throws(Fault) -> Value? { nil }
  package var direct: (any DirectlyCallable)? { nil }
}

extension Value {
  /// Makes what is yet to be made before it is shown: its error is that of whoever shows it.
  package func prepare() throws(Fault) {
    switch self {
    case .foreign(let foreign): try foreign.value.prepare()
    case .tensor(let tensor): try tensor.mustBeKnown("its text")
    default: break
    }
  }
}

/// An operator between two values, for kinds that answer for themselves.
package enum ElementOperation {
  case arithmetic(BinaryOperator)
  case compare(CompareOperator)
  case and, or, not, negate
}

/// One item of an index, evaluated.
package struct IndexValue {
  package var axis: String?
  /// `.absent` is `...`.
  package var value: Value

  package init(axis: String? = nil, value: Value) {
    self.axis = axis
    self.value = value
  }
}

/// Frees nested values without recursing into each: values a million deep end without a deep stack. Objects that die while
/// others are dying hand their items over; the first one on the thread works the pile off.
enum Burial {
  private final class Pile {
    var values: [Value] = []
    var depth = 0
  }
  private static let piles = ThreadLocal<Pile> { Pile() }

  static func bury(_ items: Registers, _ count: Int) {
    guard count > 0 else { return }
    var holdsContainers = false
    for index in 0..<count where (items + index).isHeap {
      let tag = (items + index).tag
      if tag != Tag.string && tag != Tag.tensor { holdsContainers = true; break }
    }
    guard holdsContainers else { items.deinitialize(count: count); return }
    let pile = piles.value
    if pile.depth >= 64 {
      for index in 0..<count { pile.values.append((items + index).move()) }
      return
    }
    pile.depth += 1
    items.deinitialize(count: count)
    pile.depth -= 1
    if pile.depth == 0 {
      while !pile.values.isEmpty {
        pile.depth = 1
        _ = pile.values.removeLast()
        pile.depth = 0
      }
    }
  }
}
