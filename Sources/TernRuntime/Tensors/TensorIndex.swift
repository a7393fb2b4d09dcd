import TernSyntax
package import TernTensor

extension Machine {
  /// `t[…]`.
  package func indexed(_ tensor: Tensor, _ items: [IndexValue]) throws(Fault) -> Tensor {
    let entries = try indexEntries(items, tensor)
    return try tensorCall { () throws(TensorError) in try tensor.get(entries) }
  }

  func indexEntries(_ items: [IndexValue], _ tensor: Tensor) throws(Fault) -> [IndexEntry] {
    var entries: [IndexEntry] = []
    for item in items {
      entries.append(IndexEntry(try indexPart(item.value, tensor), axis: item.axis.map { .name($0) }))
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

extension TensorList {
  /// The list as positions: ints stay ints, bools a mask.
  package func integers() throws(Fault) -> Tensor {
    let plain = try tensor(dtype: nil)
    if plain.dtype == .bool { return plain }
    return try tensor(dtype: .i64)
  }
}
