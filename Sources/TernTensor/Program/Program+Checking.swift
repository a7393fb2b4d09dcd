/// Programs that come from outside: each call is checked for all that the operations of the core see to themselves, so that no
/// step can leave its operands.
extension Program {
  /// Appends a call whose type follows from its operands.
  package mutating func append(checking primitive: Primitive, _ operands: [Int], _ attributes: Attributes) throws(TensorError) -> Int {
    guard operands.allSatisfy({ $0 >= 0 && $0 < count }) else { throw .unsound(op: primitive.name) }
    let arguments = operands.map { Tensor(unknown: types[$0]) }
    guard primitive.admits(operands.count, attributes), attributes.isSound(for: arguments),
      arePositionsSettled(primitive, operands, attributes), primitive !== Primitive.choose || types[operands[1]].dtype == types[operands[2]].dtype
    else { throw .unsound(op: primitive.name) }
    return append(.call(primitive, attributes), operands, try primitive.rule(arguments, attributes))
  }

  /// Positions that a kernel takes as they are must have been settled before.
  private func arePositionsSettled(_ primitive: Primitive, _ operands: [Int], _ attributes: Attributes) -> Bool {
    switch (primitive, attributes) {
    case (.take, .axis(let axis)), (.scatterAdd, .axis(let axis)), (.scatterSet, .axis(let axis)):
      return isSettled(operands[1], below: types[operands[0]].shape[axis])
    case (.pick, .positions(let size, _, _, _)):
      let row = types[operands[0]].shape
      return row.rank > 0 && row[row.rank - 1] == size
    case (.unpick, .positions(let size, _, _, _)), (.lastOfEquals, .positions(let size, _, _, _)):
      return isSettled(operands[primitive === Primitive.unpick ? 1 : 0], below: size)
    default: return true
    }
  }

  /// Do all numbers of a value lie in 0..<size?
  private func isSettled(_ id: Int, below size: Int) -> Bool {
    var pending = [id], seen: Set<Int> = []
    while let id = pending.popLast() {
      guard seen.insert(id).inserted else { continue }
      switch sources[id] {
      case .constant(let tensor) where tensor.dtype == .i64:
        guard (0..<tensor.count).allSatisfy({ (0..<Int64(size)).contains(tensor.positions[$0]) }) else { return false }
      case .call(.settle, .positions(let own, _, _, _)) where own <= size: continue
      case .call(.reshape, _), .call(.transpose, _), .call(.broadcast, _), .call(.slice, _), .call(.concat, _): pending += operands[id]
      default: return false
      }
    }
    return true
  }
}

extension Primitive {
  /// Is it called like this at all? Its examples say so.
  fileprivate func admits(_ count: Int, _ attributes: Attributes) -> Bool {
    if self === Primitive.foldKey || self === Primitive.draw { return false }
    return domain.cases.contains { example in
      let isLike = example.attributes.kind == attributes.kind || (example.attributes == .none && elementwise != nil && attributes.kind == Attributes.paired([]).kind)
      return isLike && (example.operands.count == count || (self === Primitive.concat && count > 0))
    } || (self === Primitive.matmul && count == 2 && attributes.turns != nil)
  }
}

extension Attributes {
  /// Which of the cases it is.
  fileprivate var kind: Int {
    switch self {
    case .none: 0
    case .paired: 1
    case .axes: 2
    case .axis: 3
    case .scan: 4
    case .shape: 5
    case .permutation: 6
    case .dtype: 7
    case .region: 8
    case .place: 9
    case .epsilon: 10
    case .product: 11
    case .wideProduct: 12
    case .system: 13
    case .triangle: 14
    case .positions: 15
    case .draw: 16
    case .window: 17
    }
  }

  /// Do they name only what the operands have?
  fileprivate func isSound(for operands: [Tensor]) -> Bool {
    let rank = operands.map(\.rank).max() ?? 0
    let least = operands.first?.rank ?? 0
    switch self {
    case .axes(let axes): return axes.allSatisfy { (0..<least).contains($0) } && zip(axes, axes.dropFirst()).allSatisfy(<)
    case .axis(let axis), .scan(let axis, _): return (0..<least).contains(axis)
    case .paired(let names): return names.count <= rank
    case .region(let region): return region.isSound
    case .place(let region, _): return region.isSound
    case .epsilon(let eps): return eps.isFinite && eps >= 0
    case .positions(let size, let axis, _, _): return size >= 0 && axis >= 0 && size < 1 << 46
    case .window(let window): return window.isSound
    default: return true
    }
  }
}

extension Region {
  /// Are its numbers so small that nothing worked out of them overflows?
  fileprivate var isSound: Bool {
    (starts + counts + steps).allSatisfy { $0.magnitude < 1 << 31 } && counts.allSatisfy { $0 >= 0 }
  }
}

extension Window {
  fileprivate var isSound: Bool {
    groups >= 1 && groups <= Axis.most
      && [height, width].allSatisfy { axis in
        [axis.field, axis.stride, axis.dilation].allSatisfy { (1...Axis.most).contains($0) }
          && [axis.size, axis.low, axis.high].allSatisfy { (0...Axis.most).contains($0) } && axis.extent <= axis.size + axis.low + axis.high
      }
  }
}
