extension Tensor {
  /// `a @ b`: the left's last axis meets the right's last but one (or only one); leading axes broadcast.
  package static func matmul(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if a.rank == 2, b.rank == 2, a.axisNames == nil, b.axisNames == nil, a.dtype == b.dtype {
      return try product(a, b)
    }
    guard a.rank > 0, b.rank > 0 else { throw .matmulNeedsAxes(left: a.typeText, right: b.typeText) }
    let dtype = DType.meet(a.dtype, b.dtype)
    if dtype == .bool { throw .boolArithmetic(op: "@") }
    let joined = Swift.max(b.rank - 2, 0)
    if let x = a.axisName(a.rank - 1), let y = b.axisName(joined), x != y {
      throw .nameClash(op: "@", leftName: x, rightName: y, left: a.typeText, right: b.typeText)
    }
    let k = a.shape[a.rank - 1], other = b.shape[joined]
    guard k == other else { throw .matmulSizes(left: a.typeText, right: b.typeText, leftSize: k, rightSize: other) }
    let names = try productNames(a, b)
    return try multiplied(try a.unnamed.cast(dtype), try b.unnamed.cast(dtype), a, b).named(names)
  }

  /// A product of matrices. Inside `ProductPrecision.narrowing` a big one of f32 is computed in bf16 and added up in f32.
  static func product(_ a: Tensor, _ b: Tensor, turnLeft: Bool = false, turnRight: Bool = false) throws(TensorError) -> Tensor {
    if ProductPrecision.isNarrowing, ProductPrecision.narrows(a, b, turnLeft) {
      return try bind(.matmul, [try a.cast(.bf16), try b.cast(.bf16)], .wideProduct(turnLeft: turnLeft, turnRight: turnRight))
    }
    return try bind(.matmul, [a, b], .product(turnLeft: turnLeft, turnRight: turnRight))
  }

  private static func multiplied(_ x: Tensor, _ y: Tensor, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    if x.rank == 2 && y.rank == 2 { return try product(x, y) }
    let k = x.shape[x.rank - 1]
    if y.rank == 1 {                                       // rows by a vector
      let rows = try x.reshaped(to: try Shape(checking: [x.shape.count(0..<x.rank - 1), k]))
      return try product(rows, try y.expanded(at: 1)).reshaped(to: x.shape.without([x.rank - 1]))
    }
    if x.rank == 1 {
      let product = try multiplied(try x.expanded(at: 0), y, a, b)
      return try product.reshaped(to: product.shape.without([product.rank - 2]))
    }
    if y.rank == 2 {                                       // leading axes of the left are rows like any other
      let rows = try x.reshaped(to: try Shape(checking: [x.shape.count(0..<x.rank - 1), k]))
      let sizes = x.shape.array.dropLast() + [y.shape[1]]
      return try product(rows, y).reshaped(to: try Shape(checking: Array(sizes)))
    }
    if x.rank == 2 { return try product(x, y) }
    let lead = try leadingShape("@", a, b)
    return try product(try x.withLeading(lead), try y.withLeading(lead))
  }

  /// The leading axes of both, which broadcast on one side.
  static func leadingShape(_ op: String, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Shape {
    func leading(_ t: Tensor) -> Tensor {
      Tensor(viewing: t, as: TensorType(dtype: t.dtype, shape: t.shape.without([t.rank - 2, t.rank - 1]), axisNames: nil))
    }
    return try Broadcasting.shape(op, leading(a), leading(b))
  }

  func withLeading(_ lead: Shape) throws(TensorError) -> Tensor {
    try broadcast(to: try Shape(checking: lead.array + [shape[rank - 2], shape[rank - 1]]))
  }

  private static func productNames(_ a: Tensor, _ b: Tensor) throws(TensorError) -> [String?]? {
    if a.axisNames == nil && b.axisNames == nil { return nil }
    let left = AxisNames.padded(a), right = AxisNames.padded(b)
    let last = b.rank >= 2 ? [right[b.rank - 1]] : []
    if a.rank > 2 && b.rank > 2 {
      let x = a.shape.without([a.rank - 2, a.rank - 1]), y = b.shape.without([b.rank - 2, b.rank - 1])
      let lead = try AxisNames.merge(
        "@", Tensor(viewing: a, as: TensorType(dtype: a.dtype, shape: x, axisNames: AxisNames.normal(Array(left.dropLast(2))))),
        Tensor(viewing: b, as: TensorType(dtype: b.dtype, shape: y, axisNames: AxisNames.normal(Array(right.dropLast(2))))))
      let names = lead ?? Array(repeating: nil, count: Swift.max(x.rank, y.rank))
      return AxisNames.distinct(names + [left[a.rank - 2]] + last)
    }
    return AxisNames.distinct((b.rank <= 2 ? [] : Array(right.dropLast(2))) + left.dropLast() + last)
  }

  /// Every product of an element of the left and one of the right.
  package static func outer(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    let dtype = DType.meet(a.dtype, b.dtype)
    if dtype == .bool { throw .boolArithmetic(op: "outer") }
    let column = try a.unnamed.cast(dtype).reshaped(to: try Shape(checking: [a.count, 1]))
    let row = try b.unnamed.cast(dtype).reshaped(to: try Shape(checking: [1, b.count]))
    let names = a.rank == 1 && b.rank == 1 ? AxisNames.distinct(AxisNames.padded(a) + AxisNames.padded(b)) : nil
    return try bind(.matmul, [column, row], .product(turnLeft: false, turnRight: false)).named(names)
  }
}
