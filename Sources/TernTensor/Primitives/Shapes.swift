import CTernKernels

/// Primitives that move elements or only say how they are counted.
extension Primitive {
  /// The same elements under other axes.
  package static let reshape: Primitive = Primitive(
    "reshape", "Counts the same elements by other axes.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .shape(let shape) = attributes, shape.count == o[0].count else {
        throw .reshape(type: o[0].typeText, count: o[0].count, to: attributes.shape?.array ?? [])
      }
      return TensorType(dtype: o[0].dtype, shape: shape, isWeak: o[0].isWeak && shape.rank == 0)
    },
    kernel: { (o, _, out) throws(TensorError) in try o[0].duplicate(into: out) },
    gradient: { g throws(TensorError) in [try g.dy.reshaped(to: g.x.shape)] },
    batching: .leading, alias: .view { _, _ in 0 }, cost: .nothing, takesHalves: true, domain: .of(([2, 3], .reals(-2...2)), attributes: .shape(known([3, 2]))))

  package static let transpose: Primitive = Primitive(
    "transpose", "Puts the axes in another order.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .permutation(let order) = attributes, order.sorted() == Array(0..<o[0].rank) else {
        throw .notAPermutation(order: [], type: o[0].typeText)
      }
      return TensorType(dtype: o[0].dtype, shape: try Shape(checking: order.map { o[0].shape[$0] }))
    },
    names: { (o, attributes) throws(TensorError) in
      guard case .permutation(let order) = attributes else { return nil }
      return order.map { o[0].axisName($0) }
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .permutation(let order) = attributes else { return }
      let from = o[0].shape.strides
      try copy(o[0], strides: order.map { from[$0] }, into: out)
    },
    gradient: { g throws(TensorError) in
      guard case .permutation(let order) = g.attributes else { return [nil] }
      return [try g.dy.permuted(inverse(order))]
    },
    batching: .shiftAxes,
    native: { call in
      guard case .permutation(let order) = call.attributes else { return nil }
      let from = call.operands[0].shape.strides
      return [call.copy(0, sizes: call.type.shape.array, from: order.map { from[$0] }, to: call.type.shape.strides)]
    },
    takesHalves: true,
    domain: .of(([2, 3, 2], .reals(-2...2)), attributes: .permutation([2, 0, 1])))

  package static let broadcast: Primitive = Primitive(
    "broadcast", "Repeats along axes of size 1 and new leading axes.",
    rule: { (o, attributes) throws(TensorError) in
      guard let shape = attributes.shape else { throw .unsupported(op: "broadcast", dtype: o[0].dtype) }
      let target = Tensor(viewing: o[0], as: TensorType(dtype: o[0].dtype, shape: shape))
      guard try Broadcasting.shape("broadcast", o[0], target, bothSides: true) == shape else {
        throw .broadcastBothSides(op: "broadcast", left: o[0].typeText, right: target.typeText)
      }
      return TensorType(dtype: o[0].dtype, shape: shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      try copy(o[0], strides: o[0].shape.strides(expandedTo: out.shape), into: out)
    },
    gradient: { g throws(TensorError) in [try g.dy.summed(to: g.x.shape)] },
    batching: .leading,
    native: { call in
      let shape = call.type.shape
      return [call.copy(0, sizes: shape.array, from: call.operands[0].shape.strides(expandedTo: shape), to: shape.strides)]
    },
    takesHalves: true,
    domain: .of(([2, 1], .reals(-2...2)), attributes: .shape(known([3, 2, 2]))))

  package static let concat: Primitive = Primitive(
    "concat", "Joins tensors along an axis.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .axis(let axis) = attributes, let first = o.first else { throw .emptyList(op: "concat") }
      var sizes = first.shape.array
      for other in o.dropFirst() {
        let fits = other.rank == first.rank && (0..<first.rank).allSatisfy { $0 == axis || other.shape[$0] == first.shape[$0] }
        guard fits, other.dtype == first.dtype else { throw .unequalShapes(op: "concat", first: first.typeText, other: other.typeText) }
        sizes[axis] += other.shape[axis]
      }
      return TensorType(dtype: first.dtype, shape: try Shape(checking: sizes))
    },
    names: { (o, _) throws(TensorError) in try mergedNames("concat", o) },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .axis(let axis) = attributes else { return }
      let row = out.shape.count(axis..<out.rank), size = out.dtype.size
      var offset = 0
      for part in o {
        let width = part.shape.count(axis..<part.rank), rows = part.shape.count(0..<axis)
        try copy(size, [rows, width], part.data, [width, 1], out.data + offset * size, [row, 1])
        offset += width
      }
    },
    gradient: { g throws(TensorError) in
      guard case .axis(let axis) = g.attributes else { return [] }
      var start = 0, out: [Tensor?] = []
      for (part, wanted) in zip(g.operands, g.wanted) {
        out.append(wanted ? try g.dy.slice(axis, from: start, count: part.shape[axis]) : nil)
        start += part.shape[axis]
      }
      return out
    },
    batching: .shiftAxes,
    native: { call in
      guard case .axis(let axis) = call.attributes else { return nil }
      let shape = call.type.shape, row = shape.count(axis..<shape.rank)
      var steps: [tern_step] = [], start = 0
      for (k, part) in call.operands.enumerated() {
        let width = part.shape.count(axis..<part.rank), rows = part.shape.count(0..<axis)
        if !call.isAtHome(k) { steps.append(call.copy(k, sizes: [rows, width], from: [width, 1], to: [row, 1], at: start)) }
        start += width
      }
      return steps
    },
    takesHalves: true,
    domain: .of(([2, 2], .reals(-2...2)), ([2, 3], .reals(-2...2)), attributes: .axis(1)).or(([1, 2], .reals(-2...2)), ([2, 2], .reals(-2...2)), attributes: .axis(0)))

  // ---- helpers

  /// A shape of the catalogue's own examples.
  static func known(_ sizes: [Int]) -> Shape { Shape(sizes) ?? Shape() }

  static func inverse(_ order: [Int]) -> [Int] {
    var back = order
    for (to, from) in order.enumerated() { back[from] = to }
    return back
  }

  /// Fills a tensor whose axes walk over `x` with the given strides.
  static func copy(_ x: Tensor, offset: Int = 0, strides: [Int], into out: Tensor) throws(TensorError) {
    try copy(out.dtype.size, out.shape.array, x.data + offset * out.dtype.size, strides, out.data, out.shape.strides)
  }

  static func copy(
    _ element: Int, _ sizes: [Int], _ x: UnsafeMutableRawPointer, _ from: [Int], _ out: UnsafeMutableRawPointer, _ to: [Int]
  ) throws(TensorError) {
    let sizes = sizes.map { Int64($0) }, from = from.map { Int64($0) }, to = to.map { Int64($0) }
    try checkInterrupt(tern_copy(Int32(element), Int32(sizes.count), sizes, x, from, out, to))
  }

  static func mergedNames(_ op: String, _ parts: [Tensor]) throws(TensorError) -> [String?]? {
    guard let first = parts.first else { return nil }
    var names = AxisNames.padded(first), whole = first
    for part in parts.dropFirst() {
      guard let merged = try AxisNames.merge(op, whole, part) else { continue }
      names = merged
      whole = first.renamed(names)
    }
    return AxisNames.normal(names)
  }
}

extension Attributes {
  var shape: Shape? { if case .shape(let shape) = self { shape } else { nil } }
}
