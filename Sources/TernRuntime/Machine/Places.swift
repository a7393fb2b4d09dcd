import TernSyntax
import TernTensor

/// Assignment into a value: each container on the way is made the only one of its kind, then changed where it lies.
extension Machine {
  func makeUnique(_ slot: Registers) {
    switch slot.tag {
    case Tag.list:
      if !slot.holdsUnique(ListObject.self), case .list(let list) = slot.pointee { slot.pointee = .list(ListObject(copying: list)) }
    case Tag.record:
      if !slot.holdsUnique(RecordObject.self), case .record(let record) = slot.pointee {
        slot.pointee = .record(RecordObject(copying: record))
      }
    case Tag.model:
      if !slot.holdsUnique(ModelObject.self), case .model(let model) = slot.pointee { slot.pointee = .model(ModelObject(copying: model)) }
    default: break
    }
  }

  @inline(never)
  func setIndex(_ flags: UInt8, _ target: Registers, _ key: Registers, _ source: Registers) throws(Fault) {
    // The value is owned before the container is made unique: in `a[0] = a` they are one.
    let value = flags & 2 != 0 ? source.take() : source.pointee
    try store(value, in: target, [IndexValue(value: key.pointee)], nil)
    if flags & 1 != 0 { key.clear() }
  }

  @inline(never)
  func setField(_ function: Unmanaged<Closure>, _ flags: UInt8, _ target: Registers, _ source: Registers, _ word: FieldWord)
    throws(Fault)
  {
    let name = function._withUnsafeGuaranteedRef { $0.prototype.names[word.name] }
    let value = flags & 2 != 0 ? source.take() : source.pointee
    try store(value, in: target, field: name)
    if case .record(let record) = target.pointee, record.layoutID != 0, let position = record.layout.position(of: name) {
      caches[word.cache] = FieldCache(layout: record.layoutID, position: UInt32(position))
    }
  }

  @inline(never)
  func setIndexField(
    _ function: Unmanaged<Closure>, _ flags: UInt8, _ target: Registers, _ key: Registers, _ source: Registers, _ word: FieldWord
  ) throws(Fault) {
    let name = function._withUnsafeGuaranteedRef { $0.prototype.names[word.name] }
    let value = flags & 2 != 0 ? source.take() : source.pointee
    try step(into: target, [IndexValue(value: key.pointee)]) { slot throws(Fault) in
      try self.store(value, in: slot, field: name)
      if case .record(let record) = slot.pointee, record.layoutID != 0, let position = record.layout.position(of: name) {
        self.caches[word.cache] = FieldCache(layout: record.layoutID, position: UInt32(position))
      }
    }
    if flags & 1 != 0 { key.clear() }
  }

  /// The general place: any number of steps, `=` or an operator. The value is consumed.
  @inline(never)
  func setPlace(
    _ function: Unmanaged<Closure>, _ site: Int, _ root: Registers, isTopLevel: Bool, _ keys: Registers, _ source: Registers
  ) throws(Fault) {
    guard case .place(let steps, let operation) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }) else { return }
    if let name = isTopLevel ? letName(function, root) : nil {
      throw Fault(.assignToLet, "`\(name)` is a `let`, which never changes", hint: "`var \(name)` where it is declared, if it changes")
    }
    if root.tag == Tag.unset { throw Fault(.notYetDefined, "this name has no value yet: its line has not run") }
    var next = keys
    var path: [PlaceKey] = []
    for step in steps {
      switch step {
      case .field(let name): path.append(.field(name))
      case .index(let shapes):
        path.append(.index(indexValues(shapes, from: next)))
        next += shapes.count
      }
    }
    try store(source.take(), in: root, path[...], operation)
  }

  /// The name of a top-level slot that is a `let`.
  private func letName(_ function: Unmanaged<Closure>, _ slot: Registers) -> String? {
    let file = function._withUnsafeGuaranteedRef { $0.prototype.file }
    let position = slot - file.slots
    guard file.facts.indices.contains(position), !file.facts[position].isVar else { return nil }
    return file.names[position]
  }

  enum PlaceKey { case field(String), index([IndexValue]) }

  private func store(_ value: Value, in root: Registers, _ path: ArraySlice<PlaceKey>, _ operation: BinaryOperator?) throws(Fault) {
    guard let first = path.first else { return }
    if path.count == 1 {
      switch first {
      case .field(let name): try store(value, in: root, field: name, operation)
      case .index(let items): try store(value, in: root, items, operation)
      }
      return
    }
    let rest = path.dropFirst()
    switch first {
    case .field(let name):
      try step(into: root, field: name) { slot throws(Fault) in try self.store(value, in: slot, rest, operation) }
    case .index(let items):
      try step(into: root, items) { slot throws(Fault) in try self.store(value, in: slot, rest, operation) }
    }
  }

  // MARK: One step

  /// Lets `body` change what a field holds, where it lies.
  private func step(into root: Registers, field name: String, _ body: (Registers) throws(Fault) -> Void) throws(Fault) {
    guard root.tag == Tag.record || root.tag == Tag.model else { throw noPlaces(root.pointee) }
    guard hasField(root, name) else { throw unknownField(name, root.pointee, isKey: false) }
    makeUnique(root)
    try body(fieldSlot(root, name))
  }

  // What a slot holds is asked of the slot: taken out of the enum, the object has one more reference, and making it unique
  // would copy it each time.
  private func hasField(_ root: Registers, _ name: String) -> Bool {
    root.tag == Tag.record
      ? root.object(RecordObject.self)._withUnsafeGuaranteedRef { $0.layout.position(of: name) != nil }
      : root.object(ModelObject.self)._withUnsafeGuaranteedRef { $0.position(of: name) != nil }
  }

  private func fieldSlot(_ root: Registers, _ name: String) -> Registers {
    switch root.tag {
    case Tag.record: root.object(RecordObject.self)._withUnsafeGuaranteedRef { $0.slot(FieldKey(name)) }
    default: root.object(ModelObject.self)._withUnsafeGuaranteedRef { $0.items + ($0.position(of: name) ?? 0) }
    }
  }

  /// Lets `body` change what an index names, where it lies; of a tensor, a copy that is then put back.
  private func step(into root: Registers, _ items: [IndexValue], _ body: (Registers) throws(Fault) -> Void) throws(Fault) {
    switch root.tag {
    case Tag.list:
      let count = root.object(ListObject.self)._withUnsafeGuaranteedRef { $0.count }
      let position = try listPosition(items, count, root)
      makeUnique(root)
      try body(root.object(ListObject.self)._withUnsafeGuaranteedRef { $0.items } + position)
    case Tag.record, Tag.model:
      try step(into: root, field: try keyName(items), body)
    case Tag.tensor:
      guard case .tensor(let tensor) = root.pointee else { return }
      let slot = Registers.allocate(capacity: 1)
      slot.initialize(to: .tensor(try indexed(tensor, items)))
      defer {
        slot.deinitialize(count: 1)
        slot.deallocate()
      }
      try body(slot)
      try store(slot.take(), in: root, items, nil)
    default: throw noPlaces(root.pointee)
    }
  }

  private func listPosition(_ items: [IndexValue], _ count: Int, _ root: Registers) throws(Fault) -> Int {
    guard items.count == 1, items[0].axis == nil, !items[0].value.isUnset else {
      throw Fault(.notIndexable, "a list takes one index: an int or a range")
    }
    if case .range = items[0].value {
      throw Fault(.badIndex, "a slice of a list is no place to assign to", hint: "`[...xs[..i], ...new, ...xs[j..]]` makes the new list")
    }
    return try position(items[0].value, count: count, in: root.pointee)
  }

  private func keyName(_ items: [IndexValue]) throws(Fault) -> String {
    guard items.count == 1, items[0].axis == nil, case .string(let name) = items[0].value else {
      throw Fault(
        .badKey, "a record's key is a str; this is \(items.first.map { $0.value.description } ?? "nothing")", hint: "`str(k)`")
    }
    return name.text
  }

  private func noPlaces(_ value: Value) -> Fault {
    Fault(.badIndex, "\(value.description) has no places to assign to").marking(0, value.description)
  }

  // MARK: The last step

  func store(_ value: Value, in root: Registers, field name: String, _ operation: BinaryOperator? = nil) throws(Fault) {
    switch root.tag {
    case Tag.record:
      if operation != nil && !hasField(root, name) { throw unknownField(name, root.pointee, isKey: true) }
      makeUnique(root)
      try put(value, fieldSlot(root, name), operation)
    case Tag.model:
      guard hasField(root, name) else { throw unknownField(name, root.pointee, isKey: false) }
      var value = value
      let old = fieldSlot(root, name).pointee
      if let operation { value = try arithmetic(operation, old, value) }
      if root.object(ModelObject.self)._withUnsafeGuaranteedRef({ $0.isParamOrState(name) }) { value = try parameter(value, like: old, name) }
      makeUnique(root)
      fieldSlot(root, name).pointee = value
    default: throw Fault(.unknownField, "\(root.pointee.description) has no fields to assign").marking(0, root.pointee.description)
    }
  }

  func store(_ value: Value, in root: Registers, _ items: [IndexValue], _ operation: BinaryOperator?) throws(Fault) {
    switch root.tag {
    case Tag.list:
      let count = root.object(ListObject.self)._withUnsafeGuaranteedRef { $0.count }
      let position = try listPosition(items, count, root)
      makeUnique(root)
      try put(value, root.object(ListObject.self)._withUnsafeGuaranteedRef { $0.items } + position, operation)
    case Tag.record, Tag.model:
      try store(value, in: root, field: try keyName(items), operation)
    case Tag.tensor: try storeInTensor(value, root, items, operation)
    default: throw noPlaces(root.pointee)
    }
  }

  private func put(_ value: Value, _ slot: Registers, _ operation: BinaryOperator?) throws(Fault) {
    guard let operation else {
      slot.pointee = value
      return
    }
    let right = Registers.allocate(capacity: 1)
    right.initialize(to: value)
    defer {
      right.deinitialize(count: 1)
      right.deallocate()
    }
    try arithmetic(operation, 1, slot, slot, right)
  }

  private func storeInTensor(_ value: Value, _ root: Registers, _ items: [IndexValue], _ operation: BinaryOperator?) throws(Fault) {
    let isUnique = root.holdsUnique(Tensor.self)
    guard case .tensor(let tensor) = root.pointee else { return }
    var value = value
    if let operation { value = try arithmetic(operation, .tensor(try indexed(tensor, items)), value) }
    let entries = try indexEntries(items, tensor)
    guard let item = try Tensors.operand(value, beside: .tensor(tensor)) else {
      throw Fault(.wrongType, "a place of a tensor takes numbers; this is \(value.description)")
    }
    // The tensor is held by the slot and by this function: nobody else when the slot held it alone.
    let result = try indexing(items, tensor) { () throws(TensorError) in try tensor.setting(entries, to: item, inPlace: isUnique) }
    if result !== tensor { root.pointee = .tensor(result) }
  }

  /// A new value for a param or state keeps its shape, dtype and names.
  func parameter(_ value: Value, like old: Value, _ name: String) throws(Fault) -> Value {
    guard case .tensor(let was) = old else { return value }
    let new: Tensor
    switch value {
    case .tensor(let tensor): new = tensor
    case .list(let list): new = try TensorList(list).tensor(dtype: was.dtype)
    case .int(let number):
      new = try tensorCall { () throws(TensorError) in try Tensor.full(shape: was.shape, .int(number), dtype: was.dtype) }
    case .float(let number):
      new = try tensorCall { () throws(TensorError) in try Tensor.full(shape: was.shape, .float(number), dtype: was.dtype) }
    default: throw Fault(.wrongType, "`\(name)` is \(was.typeText); this is \(value.description)")
    }
    guard new.shape == was.shape else {
      throw Fault(.wrongSize, "`\(name)` is \(was.typeText); this is \(new.typeText)")
    }
    guard new.dtype == was.dtype || new.isWeak else {
      throw Fault(.wrongDType, "`\(name)` is \(was.typeText); this is \(new.typeText)", hint: "`cast(x, \(was.dtype.name))`")
    }
    return .tensor(new)
  }

  // MARK: push

  @inline(never)
  func push(
    _ function: Unmanaged<Closure>, _ flags: UInt8, _ list: Registers, _ item: Registers, slot: Int, _ globals: Registers
  ) throws(Fault) {
    let value = flags & 1 != 0 ? item.take() : item.pointee
    if (globals + slot).tag == Tag.unset { try linkGlobal(function, slot, into: scratch) ; scratch.clear() }
    let callee = (globals + slot).tag == Tag.unset ? function._withUnsafeGuaranteedRef { $0.prototype.file.slots[slot] } : (globals + slot).pointee
    if case .builtin(let builtin) = callee, builtin === pushBuiltin?.takeUnretainedValue(), list.tag == Tag.list {
      makeUnique(list)
      list.object(ListObject.self)._withUnsafeGuaranteedRef { $0.append(value) }
      return
    }
    list.pointee = try call(callee, [list.pointee, value], labels: [])
  }
}
