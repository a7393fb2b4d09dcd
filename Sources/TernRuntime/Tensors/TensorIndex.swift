import TernSyntax
package import TernTensor

extension Machine {
  /// `t[…]`.
  package func indexed(_ tensor: Tensor, _ items: [IndexValue]) throws(Fault) -> Tensor {
    let entries = try indexEntries(items, tensor)
    return try indexing(items, tensor) { () throws(TensorError) in try tensor.get(entries) }
  }

  /// Runs what uses an index; an error marks the item of the index that it is about.
  func indexing<T>(_ items: [IndexValue], _ tensor: Tensor, _ body: () throws(TensorError) -> T) throws(Fault) -> T {
    do throws(TensorError) { return try body() } catch {
      let fault = Fault(error)
      if let item = IndexItems(items, tensor).place(of: error) { fault.operands = [(item + 1, "")] }
      throw fault
    }
  }

  func indexEntries(_ items: [IndexValue], _ tensor: Tensor) throws(Fault) -> [IndexEntry] {
    var entries: [IndexEntry] = []
    for (position, item) in items.enumerated() {
      do throws(Fault) {
        entries.append(IndexEntry(try indexPart(item.value, tensor), axis: item.axis.map { .name($0) }))
      } catch { throw error.operands.isEmpty ? error.marking(position + 1) : error.remarking(position + 1) }
    }
    return entries
  }

  private func indexPart(_ value: Value, _ tensor: Tensor) throws(Fault) -> IndexPart {
    switch value {
    case .unset: return .rest
    case .int(let position): return .position(position)
    case .range(let range):
      return .range(start: range.low, stop: range.high, inclusive: range.isInclusive, step: range.step)
    case .tensor(let index):
      if index.isUnknown && index.dtype == .bool { try index.mustBeKnown("a mask") }
      if index.rank == 0, case .int(let position)? = index.scalar { return .position(position) }
      return index.dtype == .bool ? .mask(index) : .positions(index)
    case .list(let list):
      if list.count == 0 { return .positions(try tensorCall { () throws(TensorError) in try Tensor.of([Int]()) }) }
      let whole = try TensorList(list).integers()
      return whole.dtype == .bool ? .mask(whole) : .positions(whole)
    case .foreign(let foreign):
      if let column = try foreign.value.tensor() { return column.dtype == .bool ? .mask(column) : .positions(column) }
    case .string(let name):
      throw Fault(
        .badIndex, "an index of a tensor is an int, a range or a tensor; this is a str", hint: "`x[\(name.text): 0]` indexes an axis by its name")
    default: break
    }
    throw Fault(.badIndex, "an index of a tensor is an int, a range or a tensor; this is \(value.description)")
      .marking(1, value.description)
  }
}

/// The items of an index, and which of them an error is about.
private struct IndexItems {
  private let items: [IndexValue]
  private let tensor: Tensor

  init(_ items: [IndexValue], _ tensor: Tensor) {
    self.items = items
    self.tensor = tensor
  }

  func place(of error: TensorError) -> Int? {
    switch error {
    case .indexOutOfRange(_, _, let axis, let name, _), .rangeOutOfRange(_, _, _, _, _, let axis, let name, _),
      .rangeBackwards(_, _, _, _, _, let axis, let name, _):
      return items.firstIndex { $0.axis != nil && $0.axis == name } ?? item(at: axis)
    case .tooManyIndices: return items.firstIndex { $0.value.isUnset } == nil ? min(tensor.rank, items.count - 1) : nil
    case .restTwice: return items.lastIndex { $0.value.isUnset }
    case .indexedTwice(let name, _): return items.lastIndex { $0.axis == name }
    case .twoArrays: return items.lastIndex { isArray($0.value) }
    case .indexDType, .maskShape: return items.firstIndex { isArray($0.value) }
    case .axisUnknown(_, let name, _, _): return items.firstIndex { $0.axis == name }
    default: return nil
    }
  }

  /// The item that stands for an axis: `...` takes what the others leave, a mask as many as it has.
  private func item(at axis: Int) -> Int? {
    let taken = items.reduce(0) { $0 + ($1.value.isUnset ? 0 : width($1.value)) }
    var next = 0
    for (position, item) in items.enumerated() {
      next += item.value.isUnset ? max(tensor.rank - taken, 0) : width(item.value)
      if axis < next { return position }
    }
    return nil
  }

  private func width(_ value: Value) -> Int {
    if case .tensor(let mask) = value, mask.dtype == .bool, mask.rank > 0 { return mask.rank }
    return 1
  }

  private func isArray(_ value: Value) -> Bool {
    switch value {
    case .list: true
    case .tensor(let tensor): tensor.rank > 0
    case .foreign: true
    default: false
    }
  }
}

extension TensorList {
  /// The list as positions: ints stay ints, bools a mask.
  package func integers() throws(Fault) -> Tensor {
    let plain = try tensor(dtype: nil)
    if plain.dtype == .bool { return plain }
    return try tensor(dtype: .i64)
  }
}
