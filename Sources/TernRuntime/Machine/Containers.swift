import TernSyntax
import TernTensor

extension Machine {
  // MARK: Making

  @inline(never)
  func newList(_ target: Registers, _ first: Registers, _ count: Int) {
    let list = ListObject(capacity: count)
    for position in 0..<count { list.append((first + position).take()) }
    target.pointee = .list(list)
  }

  @inline(never)
  func newRecord(_ function: Unmanaged<Closure>, _ target: Registers, _ first: Registers, _ layout: Int) {
    let layout = function._withUnsafeGuaranteedRef { $0.prototype.layouts[layout] }
    let record = RecordObject(layout)
    for position in 0..<record.count { (record.items + position).moveIn(from: first + position) }
    target.pointee = .record(record)
  }

  @inline(never)
  func buildList(_ function: Unmanaged<Closure>, _ target: Registers, _ first: Registers, _ site: Int) throws(Fault) {
    guard case .list(let spreads) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }),
      case .list(let list) = target.pointee
    else { return }
    for (position, isSpread) in spreads.enumerated() {
      let value = (first + position).take()
      guard isSpread else {
        list.append(value)
        continue
      }
      try stopIfDue()
      let more = try items(of: value)
      try Room.checkResident(more.count * MemoryLayout<Value>.stride, "this list")
      list.reserve(more.count)
      for item in more.values { list.append(item) }
    }
  }

  @inline(never)
  func buildRecord(_ function: Unmanaged<Closure>, _ target: Registers, _ first: Registers, _ site: Int) throws(Fault) {
    guard case .record(let keys) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }),
      case .record(let record) = target.pointee
    else { return }
    for (position, key) in keys.enumerated() {
      let value = (first + position).take()
      if let key {
        record.set(key, value)
        continue
      }
      guard case .record(let other) = value else {
        throw Fault(.badSpread, "`...` in a record takes a record; this is \(value.description)")
      }
      for (index, key) in other.layout.keys.enumerated() { record.slot(key).pointee = other.items[index] }
    }
  }

  @inline(never)
  func newRange(_ target: Registers, _ first: Registers, _ ends: UInt8) throws(Fault) {
    let low = ends & 1 != 0 ? try integer(first.pointee, "an int as a range's end") : nil
    let high = ends & 2 != 0 ? try integer((first + 1).pointee, "an int as a range's end") : nil
    clearAll(first, 2)
    target.pointee = .range(RangeObject(low: low, high: high, isInclusive: ends & 4 != 0))
  }

  @inline(never)
  func formatString(_ function: Unmanaged<Closure>, _ target: Registers, _ first: Registers, _ site: Int) throws(Fault) {
    guard case .string(let pieces) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }) else { return }
    try stopIfDue()
    var text = ""
    var next = first
    for piece in pieces {
      switch piece {
      case .text(let fixed): text += fixed
      case .fill(let format):
        let filled = try format.apply(next.pointee)
        try Room.checkResident(filled.utf8.count, "this text")
        text += filled
        next.clear()
        next += 1
      }
    }
    target.pointee = .string(text)
  }

  @inline(never)
  func typeValue(_ function: Unmanaged<Closure>, _ target: Registers, _ first: Registers, _ site: Int) throws(Fault) {
    guard case .type(let name, let axes) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }) else { return }
    var next = first
    var sizes: [(name: String?, size: Int?)] = []
    for axis in axes {
      if axis.isAny {
        sizes.append((axis.name, nil))
        continue
      }
      sizes.append((axis.name, try integer(next.pointee, "an int as a size")))
      next.clear()
      next += 1
    }
    target.pointee = .type(TypeObject(name: name, axes: sizes))
  }

  // MARK: Loops

  @inline(never)
  func prepareRange(_ slot: Registers, inclusive: Bool) throws(Fault) {
    let low = try integer(slot.pointee, "an int as a range's end")
    let high = try integer((slot + 1).pointee, "an int as a range's end")
    let (end, overflow) = high.addingReportingOverflow(inclusive ? 1 : 0)
    if overflow { throw Fault(.integerOverflow, "a range that ends at the largest int cannot be gone through") }
    slot.setInt(low)
    (slot + 1).setInt(end)
    // The loop starts one before; the smallest int has nothing before it.
    if low == Int.min { throw Fault(.integerOverflow, "a range that starts at the smallest int cannot be gone through") }
  }

  @inline(never)
  func prepareEach(_ slot: Registers) throws(Fault) {
    switch slot.pointee {
    case .list, .string: break
    case .range(let range):
      guard range.low != nil, range.high != nil else { throw openRange() }
      guard range.count != nil else { throw Fault(.infiniteRange, "this range has too many ints to go through") }
    case .tensor(let tensor) where tensor.rank > 0: break
    case .foreign(let foreign):
      try foreign.value.prepare()
      if foreign.value.count == nil { throw notIterable(slot.pointee) }
    default: throw notIterable(slot.pointee)
    }
    if case .string = slot.pointee { slot.pointee = .list(try items(of: slot.pointee)) }
    (slot + 1).setInt(-1)
  }

  @inline(never)
  func nextItem(_ slot: Registers, into target: Registers) throws(Fault) -> Bool {
    let position = (slot + 1).asInt &+ 1
    switch slot.pointee {
    case .range(let range):
      guard position < range.count ?? 0 else { return false }
      target.setInt(range.item(position))
    case .tensor(let tensor):
      guard position < tensor.shape[0] else { return false }
      target.pointee = .tensor(try tensorCall { () throws(TensorError) in try tensor.row(position) })
    case .foreign(let foreign):
      guard position < foreign.value.count ?? 0 else { return false }
      target.pointee = try foreign.value.item(position)
    default: return false
    }
    (slot + 1).setInt(position)
    return true
  }

  // MARK: Reading

  @inline(never)
  func getIndex(_ flags: UInt8, _ target: Registers, _ base: Registers, _ key: Registers) throws(Fault) {
    try stopIfDue()
    let value = try element(of: base.pointee, key.pointee)
    if flags & 1 != 0 { base.clear() }
    if flags & 2 != 0 { key.clear() }
    target.pointee = value
  }

  /// `x[key]` with one item.
  package func element(of whole: Value, _ key: Value) throws(Fault) -> Value {
    switch whole {
    case .list(let list):
      if case .range(let range) = key {
        let span = try Span(range, count: list.count, of: whole)
        try Room.checkResident(span.count * 32, "a list of \(span.count) items")
        return .list(span.map { list[$0] })
      }
      return list[try position(key, count: list.count, in: whole)]
    case .string(let text): return try characters(of: text, key, whole)
    case .record(let record):
      guard case .string(let name) = key else {
        throw Fault(.badKey, "a record's key is a str; this is \(key.description)", hint: "`str(k)`").marking(1, key.description)
      }
      guard let value = record[name.text] else { throw unknownField(name.text, whole, isKey: true) }
      return value
    case .range(let range):
      guard let count = range.count else { throw openRange() }
      if case .range(let part) = key {
        let span = try Span(part, count: count, of: whole)
        try Room.checkResident(span.count &* 32, "a list of \(span.count) ints")
        return .list(span.map { Value.int(range.item($0)) })
      }
      return .int(range.item(try position(key, count: count, in: whole)))
    case .tensor(let tensor): return try .tensor(indexed(tensor, [IndexValue(value: key)]))
    case .model:
      if case .string(let name) = key { return try field(of: whole, name.text) }
    case .foreign(let foreign):
      if let value = try index(foreign, [IndexValue(value: key)]) { return value }
      if case .string(let name) = key { return try field(of: whole, name.text) }
    default: break
    }
    throw Fault(.notIndexable, "\(whole.description) has no index").marking(0, whole.description)
  }

  /// Whatever one index of a dataset or a column is refused for, it is that index.
  private func index(_ foreign: Foreign, _ items: [IndexValue]) throws(Fault) -> Value? {
    do throws(Fault) { return try foreign.value.index(items) } catch {
      if items.count == 1, error.operands.isEmpty, !error.isPlaced { throw error.marking(1) }
      throw error
    }
  }

  /// A position counted from the start, or from the end when negative.
  package func position(_ key: Value, count: Int, in whole: Value) throws(Fault) -> Int {
    let given: Int
    switch try numberIfAny(key) {
    case .int(let number)?: given = number
    default:
      throw Fault(.badIndex, "an index is an int or a range; this is \(key.description)").marking(1, key.description)
    }
    let position = given < 0 ? given &+ count : given
    guard position >= 0, position < count else {
      throw Fault(.indexOutOfRange, "index \(given) is out of range: \(whole.description) has \(Machine.positions(count))")
        .marking(1, String(given))
    }
    return position
  }

  static func positions(_ count: Int) -> String {
    count == 0 ? "no items" : count == 1 ? "position 0 only" : "positions 0 to \(count - 1)"
  }

  private func characters(of text: StringObject, _ key: Value, _ whole: Value) throws(Fault) -> Value {
    if case .range(let range) = key {
      let span = try Span(range, count: text.count, of: whole)
      try Room.checkResident(text.count * 4, "this part of a text")
      let scalars = Array(text.text.unicodeScalars)
      var part = String.UnicodeScalarView()
      for position in span { part.append(scalars[position]) }
      return .string(String(part))
    }
    let position = try position(key, count: text.count, in: whole)
    if text.isASCII {
      let utf8 = text.text.utf8
      return .string(String(decoding: [utf8[utf8.index(utf8.startIndex, offsetBy: position)]], as: UTF8.self))
    }
    let scalars = text.text.unicodeScalars
    return .string(String(Character(scalars[scalars.index(scalars.startIndex, offsetBy: position)])))
  }

  @inline(never)
  func getIndexes(_ function: Unmanaged<Closure>, _ target: Registers, _ base: Registers, _ site: Int) throws(Fault) {
    guard case .index(let shapes) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }) else { return }
    let items = indexValues(shapes, from: base + 1)
    let whole = base.take()
    switch whole {
    case .tensor(let tensor): target.pointee = .tensor(try indexed(tensor, items))
    case .foreign(let foreign):
      guard let value = try index(foreign, items) else { throw oneIndex(whole) }
      target.pointee = value
    default: throw oneIndex(whole)
    }
  }

  private func oneIndex(_ whole: Value) -> Fault {
    Fault(.notIndexable, "\(whole.description) takes one index: an int or a range").marking(0, whole.description)
  }

  func indexValues(_ shapes: [Site.IndexShape], from first: Registers) -> [IndexValue] {
    shapes.enumerated().map { position, shape in
      IndexValue(axis: shape.axis, value: shape.isRest ? .absent : (first + position).take())
    }
  }

  @inline(never)
  func getField(_ function: Unmanaged<Closure>, _ flags: UInt8, _ target: Registers, _ base: Registers, _ word: FieldWord)
    throws(Fault)
  {
    let name = function._withUnsafeGuaranteedRef { $0.prototype.names[word.name] }
    note(layoutOf: base, name, word)
    let value = try field(of: base.pointee, name)
    if flags & 1 != 0 { base.clear() }
    target.pointee = value
  }

  /// Lets the inline cache know where a record of this layout has the field.
  private func note(layoutOf slot: Registers, _ name: String, _ word: FieldWord) {
    guard case .record(let record) = slot.pointee, record.layoutID != 0, let position = record.layout.position(of: name) else { return }
    caches[word.cache] = FieldCache(layout: record.layoutID, position: UInt32(position))
  }

  /// `x.name`.
  package func field(of whole: Value, _ name: String) throws(Fault) -> Value {
    switch whole {
    case .record(let record):
      if let value = record[name] { return value }
    case .model(let model):
      if let position = model.position(of: name) {
        let value = model.items[position]
        if value.isUnset { throw Fault.uninitialised(name) }
        return value
      }
    case .foreign(let foreign):
      if let value = try foreign.value.field(name) { return value }
    default: break
    }
    throw unknownField(name, whole, isKey: false)
  }

  func unknownField(_ name: String, _ whole: Value, isKey: Bool) -> Fault {
    let known: [String]
    switch whole {
    case .record(let record): known = record.layout.keys.map(\.text)
    case .model(let model): known = model.blueprint.fieldNames
    case .foreign(let foreign): known = foreign.value.fieldNames
    default:
      let hint = hintForForeignField(name)
      return Fault(.unknownField, "\(whole.description) has no fields, so no `\(name)`", hint: hint).marking(0, whole.description)
    }
    if case .foreign(let foreign) = whole, foreign.value.kind == "dataset" || foreign.value.kind == "column row" {
      let near = didYouMean(name, among: known)
      return Fault(
        .unknownColumn, "there is no column `\(name)`", hint: near.map { "did you mean `\($0)`?" } ?? listing("its columns are", known)
      ).about(name)
    }
    let near = didYouMean(name, among: known).map { "did you mean `\($0)`?" }
    let hint = near ?? hintForForeignField(name) ?? listing("it has", known)
    if isKey { return Fault(.unknownKey, "there is no key \"\(name)\"", hint: hint).marking(1) }
    return Fault(.unknownField, "\(whole.description) has no field `\(name)`", hint: hint)
  }

  func listing(_ lead: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(12).joined(separator: ", ")
    return "\(lead) \(shown)\(names.count > 12 ? ", …" : "")"
  }

  @inline(never)
  func getIndexField(
    _ function: Unmanaged<Closure>, _ flags: UInt8, _ target: Registers, _ base: Registers, _ key: Registers, _ word: FieldWord
  ) throws(Fault) {
    let name = function._withUnsafeGuaranteedRef { $0.prototype.names[word.name] }
    let item = try element(of: base.pointee, key.pointee)
    if case .record(let record) = item, record.layoutID != 0, let position = record.layout.position(of: name) {
      caches[word.cache] = FieldCache(layout: record.layoutID, position: UInt32(position))
    }
    let value = try field(of: item, name)
    if flags & 1 != 0 { base.clear() }
    if flags & 2 != 0 { key.clear() }
    target.pointee = value
  }
}

/// The positions a range stands for in something with so many items. Negative ends count from the end; a range that goes
/// past it is an error, as is one that ends before it begins.
package struct Span: Sequence {
  package let start: Int
  package let count: Int
  package let step: Int

  package init(_ range: RangeObject, count: Int, of whole: Value) throws(Fault) {
    let step = range.step
    func place(_ end: Int) -> Int { end < 0 ? end &+ count : end }
    let low = range.low.map(place) ?? (step > 0 ? 0 : count - 1)
    var high = range.high.map(place) ?? (step > 0 ? count : -1)
    if range.isInclusive && range.high != nil { high = high &+ (step > 0 ? 1 : -1) }
    guard low >= 0, low <= count, high >= -1, high <= count, step > 0 || low < count || count == 0 else {
      throw Fault(
        .indexOutOfRange, "the range \(RangeText.text(range)) goes past \(whole.description), which has \(Machine.positions(count))"
      ).marking(1)
    }
    let distance = step > 0 ? high - low : low - high
    guard distance >= 0 else {
      throw Fault(.badSlice, "the range \(RangeText.text(range)) ends before it begins").marking(1)
    }
    start = low
    self.step = step
    self.count = distance == 0 ? 0 : (distance - 1) / Swift.max(abs(step), 1) + 1
  }

  package func makeIterator() -> AnyIterator<Int> {
    var next = 0
    return AnyIterator {
      guard next < count else { return nil }
      defer { next += 1 }
      return start + next * step
    }
  }
}

enum RangeText {
  static func text(_ range: RangeObject) -> String { Value.range(range).printed }
}
