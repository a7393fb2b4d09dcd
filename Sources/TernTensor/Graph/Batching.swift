/// A primitive mapped over a further axis of some operands, by the rule it declares. The further axis stands first, in the
/// tensors one level down only.
extension Graph {
  /// Makes the first axis of a tensor the one that is mapped over.
  package func lift(mapping tensor: Tensor) throws(TensorError) -> Tensor {
    var type = tensor.type
    type.shape = tensor.shape.without([0])
    type.axisNames = tensor.axisNames.flatMap { AxisNames.normal(Array($0.dropFirst())) }
    return Tensor(mapping: tensor.unnamed, graph: self, node: 0, as: type)
  }

  /// A result with the mapped axis in front again; what does not depend on the mapped operands is repeated.
  package func unmap(_ tensor: Tensor, _ size: Int) throws(TensorError) -> Tensor {
    let names = tensor.axisNames.map { [nil] + $0 }
    return try front(tensor.settledAbove(self), size).named(names)
  }

  func map(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes, _ size: Int) throws(TensorError) -> Tensor {
    let type = try primitive.type(of: arguments, attributes)
    let value = try mapped(primitive, arguments, attributes, type, size)
    return Tensor(mapping: value, graph: self, node: 0, as: type)
  }

  private func mapped(
    _ primitive: Primitive, _ x: [Tensor], _ attributes: Attributes, _ type: TensorType, _ size: Int
  ) throws(TensorError) -> Tensor {
    func all(_ change: (Tensor) throws(TensorError) -> Tensor) throws(TensorError) -> [Tensor] {
      var out: [Tensor] = []
      for operand in x { out.append(try change(operand)) }
      return out
    }
    switch primitive.batching {
    case .elementwise:
      let rank = type.shape.rank
      let operands = try all { operand throws(TensorError) in try aligned(operand, rank) }
      var free = attributes
      if case .zip = primitive.elementwise { free = .paired(Array(repeating: nil, count: rank + 1)) }
      return try bind(primitive, operands, free)
    case .shiftAxes:
      return try bind(primitive, try all { operand throws(TensorError) in try front(operand, size) }, attributes.shifted(by: size))
    case .leading: return try joined(primitive, x, attributes, type, size)
    case .loop: return try flattened(primitive, x, attributes, size)
    case .windows: return try windowed(primitive, x, attributes, type, size)
    }
  }

  /// Each result is of its own images and, where these are mapped, its own filter.
  private func windowed(
    _ primitive: Primitive, _ x: [Tensor], _ attributes: Attributes, _ type: TensorType, _ size: Int
  ) throws(TensorError) -> Tensor {
    guard case .window(var window) = attributes else { throw .unknown(op: primitive.name) }
    var operands: [Tensor] = []
    for operand in x { operands.append(try front(operand, size)) }
    let isFilter = { (k: Int) in k == 1 && (primitive === Primitive.convolve || primitive === Primitive.convolveInput) }
    if primitive !== Primitive.convolveFilter && !x.indices.contains(where: { isFilter($0) && isMapped(x[$0]) }) {
      // Images of all positions are one batch.
      for k in operands.indices {
        operands[k] = isFilter(k) ? x[k].unnamed
          : try operands[k].reshaped(to: try Shape(checking: [size * x[k].shape[0]] + x[k].shape.array.dropFirst()))
      }
      let found = try bind(primitive, operands, attributes)
      return try found.reshaped(to: try Shape(checking: [size] + type.shape.array))
    }
    for (k, operand) in operands.enumerated() {
      let turned = try operand.permuted([1, 2, 3, 0, 4])
      // A filter's channels are those of one group, whichever it is.
      operands[k] = try turned.reshaped(to: try Shape(checking: turned.shape.array.prefix(3) + [turned.shape[3] * turned.shape[4]]))
    }
    window = Window(height: window.height, width: window.width, groups: window.groups * size)
    let found = try bind(primitive, operands, .window(window))
    return try found.reshaped(to: try Shape(checking: type.shape.array.prefix(3) + [size, type.shape[3]])).permuted([3, 0, 1, 2, 4])
  }

  private func isMapped(_ tensor: Tensor) -> Bool { tensor.graph === self }

  /// The mapped axis in front, repeated where there is none.
  private func front(_ tensor: Tensor, _ size: Int) throws(TensorError) -> Tensor {
    if isMapped(tensor) { return lower(tensor).unnamed }
    return try tensor.unnamed.broadcast(to: try Shape(checking: [size] + tensor.shape.array))
  }

  /// The mapped axis in front and the others counted from the right among `rank`.
  private func aligned(_ tensor: Tensor, _ rank: Int) throws(TensorError) -> Tensor {
    guard isMapped(tensor) else { return tensor.unnamed }
    let below = lower(tensor).unnamed
    let gap = Array(repeating: 1, count: rank - tensor.rank)
    return try below.reshaped(to: try Shape(checking: [below.shape[0]] + gap + tensor.shape.array))
  }

  /// Primitives whose leading axes mean nothing to them: the mapped one is one more.
  private func joined(
    _ primitive: Primitive, _ x: [Tensor], _ attributes: Attributes, _ type: TensorType, _ size: Int
  ) throws(TensorError) -> Tensor {
    switch attributes {
    case .shape(let shape) where primitive === Primitive.broadcast:
      return try aligned(x[0], shape.rank).broadcast(to: try Shape(checking: [size] + shape.array))
    case .shape(let shape):
      return try bind(primitive, [try front(x[0], size)], .shape(try Shape(checking: [size] + shape.array)))
    case .product where x.contains(where: { $0.rank > 2 }), .wideProduct where x.contains(where: { $0.rank > 2 }):
      let lead = type.shape.array.dropLast(2)
      var operands: [Tensor] = []
      for operand in x {
        let rows = try aligned(operand, type.shape.rank)
        operands.append(try isMapped(operand) || operand.rank > 2 ? rows.broadcast(to: try Shape(checking: [size] + lead + operand.shape.array.suffix(2))) : rows)
      }
      return try bind(primitive, operands, attributes)
    case .product, .wideProduct: return try bind(primitive, x.map { lower($0).unnamed }, attributes)
    default:
      var operands: [Tensor] = []
      for operand in x { operands.append(try front(operand, size)) }
      return try bind(primitive, operands, attributes)
    }
  }

  /// Primitives with positions along an axis: that axis goes first and joins the mapped one, of which each has a part.
  private func flattened(_ primitive: Primitive, _ x: [Tensor], _ attributes: Attributes, _ size: Int) throws(TensorError) -> Tensor {
    guard case .axis(let axis) = attributes else { throw .unknown(op: primitive.name) }
    let rank = x[0].rank, n = x[0].shape[axis]
    if !isMapped(x[1]) {
      var operands: [Tensor] = []
      for (k, operand) in x.enumerated() { operands.append(k == 1 ? operand.unnamed : try front(operand, size)) }
      return try bind(primitive, operands, .axis(axis + 1))
    }
    let order = [0, axis + 1] + (1...rank).filter { $0 != axis + 1 }
    let starts = try Tensor.arange(from: .int(0), to: .int(size * n), step: .int(Swift.max(n, 1))).expanded(at: 1)
    let places = try (lower(x[1]).unnamed + starts).reshaped(to: try Shape(checking: [size * x[1].count]))
    var operands: [Tensor] = []
    for (k, operand) in x.enumerated() {
      if k == 1 {
        operands.append(places)
        continue
      }
      let turned = try front(operand, size).permuted(order)
      operands.append(try turned.reshaped(to: try Shape(checking: [turned.shape[0] * turned.shape[1]] + turned.shape.array.dropFirst(2))))
    }
    let found = try bind(primitive, operands, .axis(0))
    let tall = try found.reshaped(to: try Shape(checking: [size, found.shape[0] / Swift.max(size, 1)] + found.shape.array.dropFirst()))
    return try tall.permuted(Primitive.inverse(order))
  }
}

extension Tensor {
  /// The tensor as a level sees it: a node of that level stays one.
  fileprivate func settledAbove(_ graph: Graph) -> Tensor { self.graph === graph ? self : settled }
}

extension Region {
  fileprivate func shifted(by size: Int) -> Region {
    var region = self
    region.starts.insert(0, at: 0)
    region.counts.insert(size, at: 0)
    region.steps.insert(1, at: 0)
    return region
  }
}

extension Attributes {
  /// The same for operands with one more axis in front, of that size.
  fileprivate func shifted(by size: Int) -> Attributes {
    switch self {
    case .axes(let axes): .axes(axes.map { $0 + 1 })
    case .axis(let axis): .axis(axis + 1)
    case .scan(let axis, let backwards): .scan(axis: axis + 1, backwards: backwards)
    case .permutation(let order): .permutation([0] + order.map { $0 + 1 })
    case .region(let region): .region(region.shifted(by: size))
    case .place(let region, let shape): .place(region.shifted(by: size), of: Shape([size] + shape.array) ?? shape)
    default: self
    }
  }
}
