/// Where the machine keeps values: registers, top-level slots, list items. Typed access is ordinary ARC; the members below
/// look at a slot as a payload word and a tag, so that numbers move as plain loads and stores.
///
/// Raw loads and stores only, never a second typed view: the optimiser applies strict aliasing to bound pointers and would
/// let a store of raw bits and a load of the `Value` in the same slot pass each other.
package typealias Registers = UnsafeMutablePointer<Value>

/// A slot's bits without ownership.
struct Raw {
  var bits: Int
  var tag: UInt8
}

extension UnsafeMutablePointer<Value> {
  @inline(__always) private var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }

  @inline(__always) var tag: UInt8 {
    get { memory.load(fromByteOffset: 8, as: UInt8.self) }
    nonmutating set { memory.storeBytes(of: newValue, toByteOffset: 8, as: UInt8.self) }
  }
  @inline(__always) var bits: Int {
    get { memory.load(as: Int.self) }
    nonmutating set { memory.storeBytes(of: newValue, as: Int.self) }
  }
  @inline(__always) var raw: Raw {
    get { Raw(bits: bits, tag: tag) }
    nonmutating set {
      bits = newValue.bits
      tag = newValue.tag
    }
  }

  @inline(__always) var isHeap: Bool { tag &- Tag.heapStart < Tag.heapCount }
  @inline(__always) var asInt: Int { bits }
  @inline(__always) var asFloat: Double { memory.load(as: Double.self) }
  @inline(__always) var asBool: Bool { memory.load(as: UInt8.self) & 1 != 0 }

  /// The object in this slot, borrowed: valid while the slot is not written.
  @inline(__always) func object<T: AnyObject>(_: T.Type) -> Unmanaged<T> {
    Unmanaged.fromOpaque(memory.load(as: UnsafeRawPointer.self))
  }

  /// Is the object in this slot referenced from here alone? Asked of the slot in place: taking the payload out of the enum
  /// would add a reference and defeat the question.
  @inline(__always) func holdsUnique<T: AnyObject>(_: T.Type) -> Bool {
    isKnownUniquelyReferenced(&memory.assumingMemoryBound(to: T.self).pointee)
  }

  // Stores destroy what the slot held; that it was a heap reference is rare and handled out of line.
  @inline(__always) func setRaw(_ new: Raw) {
    if isHeap { destroySlot(self) }
    raw = new
  }
  @inline(__always) func setInt(_ value: Int) {
    if isHeap { destroySlot(self) }
    bits = value
    tag = Tag.int
  }
  @inline(__always) func setFloat(_ value: Double) {
    if isHeap { destroySlot(self) }
    memory.storeBytes(of: value, as: Double.self)
    tag = Tag.float
  }
  @inline(__always) func setBool(_ value: Bool) {
    if isHeap { destroySlot(self) }
    bits = value ? 1 : 0
    tag = Tag.bool
  }
  @inline(__always) func setNone() {
    if isHeap { destroySlot(self) }
    bits = 0
    tag = Tag.none
  }

  /// Copies another slot, retaining what it holds.
  @inline(__always) func copy(from source: Registers) {
    if source.isHeap { copyHeap(self, source) } else { setRaw(source.raw) }
  }
  /// Moves another slot in and leaves `none` there.
  @inline(__always) func moveIn(from source: Registers) {
    let moved = source.raw
    source.tag = Tag.none
    source.bits = 0
    setRaw(moved)
  }
  /// Takes the value out and leaves `none`.
  @inline(__always) func take() -> Value {
    let value = move()
    initialize(to: .none)
    return value
  }
  /// Releases what the slot holds.
  @inline(__always) func clear() {
    if isHeap {
      destroySlot(self)
      tag = Tag.none
      bits = 0
    }
  }
}

@inline(never) private func destroySlot(_ slot: Registers) { slot.deinitialize(count: 1) }
@inline(never) private func copyHeap(_ target: Registers, _ source: Registers) { target.pointee = source.pointee }

@inline(__always) func clearAll(_ first: Registers, _ count: Int) {
  for index in 0..<count { (first + index).clear() }
}

/// Does the enum lie in memory as the loop assumes? Asked once, when the first machine starts, and by a test.
package func valueLayoutIsAsAssumed() -> Bool {
  guard MemoryLayout<Value>.size == 9, MemoryLayout<Value>.stride == 16 else { return false }
  let slot = Registers.allocate(capacity: 1)
  defer { slot.deallocate() }
  func holds(_ value: Value, _ tag: UInt8, bits: Int? = nil) -> Bool {
    slot.initialize(to: value)
    defer { slot.deinitialize(count: 1) }
    return slot.tag == tag && (bits == nil || slot.bits == bits)
  }
  return holds(.int(-7), Tag.int, bits: -7) && holds(.float(1), Tag.float) && holds(.bool(true), Tag.bool)
    && holds(.unset(0), Tag.unset) && holds(.string(""), Tag.string) && holds(.list(ListObject()), Tag.list)
    && holds(.record(RecordObject()), Tag.record) && holds(.none, Tag.none, bits: 0)
}
