import TernSyntax
package import TernTensor

/// What a trace was made for: the structure of its arguments, the types of their floats and tensors, and everything else as
/// it was. Floats and tensors are its leaves, unknown to a trace; of a model, floats that are not its params or states are
/// known, as they say what the model is.
///
/// Arguments are compared with it on every call, so it is flat and looked at as registers are, as bits and tags.
package final class ValueForm {
  /// A leaf of the arguments at hand.
  package struct Leaf {
    package let slot: Registers
  }

  private enum Part: UInt8 { case tensor, float, list, record, model, number, object }

  private struct Entry {
    let part: Part
    /// Of what is known.
    var tag: UInt8 = 0
    var holdsLeaves = false
    /// How many items a container has; where in `known` an object is.
    var count = 0
    /// The entry after those below this one.
    var end = 0
    /// A known number.
    var bits = 0
    /// Kept by the form: the layout of a record, a model like this one, a tensor of the type.
    var pattern: Unmanaged<AnyObject>?
    /// A container or object that was read and holds no leaf: as the form keeps it, nobody can have changed it since.
    var same: UnsafeMutableRawPointer?

    /// What the entry's pattern says of something; false without one.
    @inline(__always) func matches<T: AnyObject>(_: T.Type, _ test: (T) -> Bool) -> Bool {
      guard let pattern else { return false }
      return pattern._withUnsafeGuaranteedRef { test(unsafeDowncast($0, to: T.self)) }
    }
  }

  private var entries: [Entry] = []
  private var known: [Value] = []
  private var held: [AnyObject] = []
  /// Where in the arguments each entry is, for the note of what changed.
  private var paths: [String] = []
  package private(set) var leafTypes: [TensorType] = []
  /// The number of leaves in each argument and those before it.
  package private(set) var leafEnds: [Int] = []

  /// Reads the form off arguments and puts `change` of each leaf's type in the leaf's place.
  package init(_ arguments: inout [BoundArgument], _ change: (TensorType) -> Tensor) throws(Fault) {
    for position in arguments.indices {
      let path = arguments[position].name ?? "argument \(position + 1)"
      arguments[position].value = try read(arguments[position].value, path, isKnown: false, depth: 0, change)
      leafEnds.append(leafTypes.count)
    }
  }

  // MARK: Reading

  private func read(
    _ value: Value, _ path: String, isKnown: Bool, depth: Int, _ change: (TensorType) -> Tensor
  ) throws(Fault) -> Value {
    guard depth < 1000 else { throw Fault(.recursion, "this argument is nested too deep to be traced") }
    func item(_ value: Value, _ path: String, isKnown: Bool) throws(Fault) -> Value {
      try read(value, path, isKnown: isKnown, depth: depth + 1, change)
    }
    switch value {
    case .tensor(let tensor): return leaf(.tensor, tensor.formType, path, change)
    case .float where !isKnown: return leaf(.float, TensorType(dtype: .f64, shape: Shape(), isWeak: true), path, change)
    case .list(let list):
      let copy = ListObject(capacity: list.count)
      try container(Entry(part: .list, count: list.count), list, path) { () throws(Fault) in
        for index in 0..<list.count { copy.append(try item(list[index], "\(path)[\(index)]", isKnown: isKnown)) }
      }
      return .list(copy)
    case .record(let record):
      let copy = RecordObject(record.layout)
      try container(Entry(part: .record, count: record.count, pattern: held(record.layout)), record, path) { () throws(Fault) in
        for (index, key) in record.layout.keys.enumerated() {
          copy.items[index] = try item(record.items[index], "\(path).\(key.text)", isKnown: isKnown)
        }
      }
      return .record(copy)
    case .model(let model):
      let copy = ModelObject(copying: model)
      let shell = ModelObject(blueprint: model.blueprint, snapshot: model.snapshot)
      shell.attachment = model.attachment
      try container(Entry(part: .model, count: model.count, pattern: held(shell)), model, path) { () throws(Fault) in
        for (index, key) in model.blueprint.layout.keys.enumerated() {
          let isKnown = model.blueprint.members[index] == .argument || model.blueprint.members[index] == .binding
          copy.items[index] = try item(model.items[index], "\(path).\(key.text)", isKnown: isKnown)
        }
      }
      return .model(copy)
    default:
      note(constant(value), path)
      return value
    }
  }

  private func leaf(_ part: Part, _ type: TensorType, _ path: String, _ change: (TensorType) -> Tensor) -> Value {
    note(Entry(part: part, holdsLeaves: true, pattern: held(Tensor(unknown: type))), path)
    leafTypes.append(type)
    return .tensor(change(type))
  }

  private func container(_ entry: Entry, _ object: AnyObject, _ path: String, _ items: () throws(Fault) -> Void) throws(Fault) {
    let (place, leavesBefore) = (entries.count, leafTypes.count)
    note(entry, path)
    try items()
    entries[place].end = entries.count
    entries[place].holdsLeaves = leafTypes.count > leavesBefore
    if !entries[place].holdsLeaves { entries[place].same = held(object).toOpaque() }
  }

  private func constant(_ value: Value) -> Entry {
    var slot = value
    return withUnsafeMutablePointer(to: &slot) { slot in
      if !slot.isHeap, slot.tag != Tag.none, slot.tag != Tag.unset {
        return Entry(part: .number, tag: slot.tag, bits: slot.tag == Tag.bool ? slot.asBool ? 1 : 0 : slot.bits)
      }
      known.append(value)
      return Entry(part: .object, tag: slot.tag, count: known.count - 1, same: slot.isHeap ? slot.object(Foreign.self).toOpaque() : nil)
    }
  }

  private func note(_ entry: Entry, _ path: String) {
    entries.append(entry)
    entries[entries.count - 1].end = entries.count
    paths.append(path)
  }

  private func held(_ object: AnyObject) -> Unmanaged<AnyObject> {
    held.append(object)
    return .passUnretained(object)
  }

  // MARK: Comparing

  /// Does the trace serve for these arguments? Notes where their leaves are, and which arguments are held from here alone, as
  /// far as leaves are in them.
  package func fits(_ arguments: Registers, leaves: UnsafeMutablePointer<Leaf>, isOwn: UnsafeMutablePointer<Bool>) -> Bool {
    entries.withUnsafeBufferPointer { entries in
      var walk = Walk(entries: entries, known: known, leaf: leaves)
      for position in leafEnds.indices {
        walk.isOwn = true
        guard walk.fits(arguments + position) else { return false }
        isOwn[position] = walk.isOwn
      }
      return true
    }
  }

  private struct Walk {
    let entries: UnsafeBufferPointer<Entry>
    let known: [Value]
    var leaf: UnsafeMutablePointer<Leaf>
    var position = 0
    var isOwn = true

    mutating func fits(_ slot: Registers) -> Bool {
      let entry = entries[position]
      position &+= 1
      switch entry.part {
      case .tensor:
        guard slot.tag == Tag.tensor else { return false }
        let isFormed = slot.object(Tensor.self)._withUnsafeGuaranteedRef { tensor in entry.matches(Tensor.self) { tensor.isFormed(as: $0) } }
        return isFormed && note(slot)
      case .float: return slot.tag == Tag.float && note(slot)
      case .list:
        guard slot.tag == Tag.list else { return false }
        if skips(entry, slot) { return true }
        let list = slot.object(ListObject.self)
        let (items, count) = list._withUnsafeGuaranteedRef { ($0.items, $0.count) }
        guard count == entry.count else { return false }
        if !slot.holdsUnique(ListObject.self) { isOwn = isOwn && !entry.holdsLeaves }
        return fits(items, entry.count)
      case .record:
        guard slot.tag == Tag.record else { return false }
        if skips(entry, slot) { return true }
        let (items, isSame) = slot.object(RecordObject.self)._withUnsafeGuaranteedRef { record in
          (record.items, entry.matches(Layout.self) { record.layout === $0 || record.layout.keys == $0.keys })
        }
        guard isSame else { return false }
        if !slot.holdsUnique(RecordObject.self) { isOwn = isOwn && !entry.holdsLeaves }
        return fits(items, entry.count)
      case .model:
        guard slot.tag == Tag.model else { return false }
        if skips(entry, slot) { return true }
        let (items, isSame) = slot.object(ModelObject.self)._withUnsafeGuaranteedRef { model in
          (model.items, entry.matches(ModelObject.self) { model.isMade(as: $0) })
        }
        guard isSame else { return false }
        if !slot.holdsUnique(ModelObject.self) { isOwn = isOwn && !entry.holdsLeaves }
        return fits(items, entry.count)
      case .number: return slot.tag == entry.tag && (entry.tag == Tag.bool ? slot.asBool ? 1 : 0 : slot.bits) == entry.bits
      case .object:
        guard slot.tag == entry.tag else { return false }
        return !slot.isHeap || slot.object(Foreign.self).toOpaque() == entry.same || known[entry.count].isSameKnown(as: slot.pointee)
      }
    }

    private mutating func fits(_ items: Registers, _ count: Int) -> Bool {
      for index in 0..<count { guard fits(items + index) else { return false } }
      return true
    }

    private mutating func skips(_ entry: Entry, _ slot: Registers) -> Bool {
      guard let same = entry.same, same == slot.object(Foreign.self).toOpaque() else { return false }
      position = entry.end
      return true
    }

    private mutating func note(_ slot: Registers) -> Bool {
      leaf.initialize(to: Leaf(slot: slot))
      leaf += 1
      return true
    }
  }

  // MARK: Differences

  /// The first place where another form differs, in words.
  package func difference(from other: ValueForm) -> String {
    for position in entries.indices {
      guard position < other.entries.count else { break }
      if let change = change(position, from: other) { return "`\(paths[position])` \(change)" }
    }
    return "the structure of its arguments"
  }

  private func change(_ position: Int, from other: ValueForm) -> String? {
    let (new, old) = (entries[position], other.entries[position])
    guard new.part == old.part else { return "is of another kind" }
    switch new.part {
    case .tensor:
      var change: String?
      _ = new.matches(Tensor.self) { now in
        old.matches(Tensor.self) { before in
          if !now.isFormed(as: before) { change = "was \(before.typeText) and is \(now.typeText)" }
          return true
        }
      }
      return change
    case .float: return nil
    case .list: return new.count == old.count ? nil : "had \(old.count) items and has \(new.count)"
    case .record: return new.matches(Layout.self) { now in old.matches(Layout.self) { $0.keys == now.keys } } ? nil : "has other keys"
    case .model: return new.matches(ModelObject.self) { now in old.matches(ModelObject.self) { now.isMade(as: $0) } } ? nil : "is another model"
    case .number where new.tag == old.tag && new.bits == old.bits: return nil
    case .number: return "was \(number(old).inline) and is \(number(new).inline)"
    case .object:
      let (now, before) = (known[new.count], other.known[old.count])
      return before.isSameKnown(as: now) ? nil : "was \(before.inline) and is \(now.inline)"
    }
  }

  private func number(_ entry: Entry) -> Value {
    var slot = Value.none
    withUnsafeMutablePointer(to: &slot) { $0.setRaw(Raw(bits: entry.bits, tag: entry.tag)) }
    return slot
  }
}

extension ModelObject {
  /// Of the same declaration, with the same surroundings.
  package func isMade(as other: ModelObject) -> Bool {
    blueprint === other.blueprint && snapshot === other.snapshot && attachment === other.attachment
  }
}

extension ValueForm.Leaf {
  package var isFloat: Bool { slot.tag == Tag.float }
  package var float: Double { slot.asFloat }
  /// The tensor's first element; valid while the slot is not written.
  package var data: UnsafeMutableRawPointer { slot.object(Tensor.self)._withUnsafeGuaranteedRef { $0.data } }
  /// The tensor, when nobody else sees it or its memory.
  package var ownTensor: Tensor? {
    guard slot.tag == Tag.tensor, slot.holdsUnique(Tensor.self), case .tensor(let tensor) = slot.pointee, tensor.ownsMemory else { return nil }
    return tensor
  }
  package var tensor: Tensor {
    switch slot.pointee {
    case .tensor(let tensor): tensor
    default: (try? Tensor.weak(.float(slot.tag == Tag.float ? float : .nan))) ?? Tensor(unknown: TensorType(dtype: .f64, shape: Shape(), isWeak: true))
    }
  }
  package func holds(_ tensor: Tensor) -> Bool { slot.tag == Tag.tensor && slot.object(Tensor.self).toOpaque() == Unmanaged.passUnretained(tensor).toOpaque() }
  /// Sets the slot to the number a tensor has.
  package func set(_ number: Tensor) { slot.setFloat(number.data.load(as: Double.self)) }
}

extension Value {
  /// The same for a trace: equal, or the same code with the same captures.
  package func isSameKnown(as other: Value) -> Bool {
    switch (self, other) {
    case (.function(let a), .function(let b)):
      if a === b { return true }
      guard a.prototype === b.prototype else { return false }
      return zip(a.captured, b.captured).allSatisfy { $0.isSameKnown(as: $1) }
    case (.function, _), (_, .function): return false
    case (.float(let a), .float(let b)): return a.bitPattern == b.bitPattern
    default: return (try? sameValue(self, other)) ?? false
    }
  }
}
