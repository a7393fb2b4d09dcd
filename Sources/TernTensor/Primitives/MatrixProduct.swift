import CTernKernels

extension Primitive {
  /// The product of the last two axes, either operand turned without a copy. Leading axes are equal, or missing on one side.
  static let matmul: Primitive = Primitive(
    "@", "Multiplies matrices.",
    rule: { (o, attributes) throws(TensorError) in
      let p = try ProductSizes(o[0], o[1], attributes)
      let wide = o[0].rank >= o[1].rank ? o[0].shape : o[1].shape, rank = wide.rank
      guard let shape = Shape(rank: rank, { $0 == rank - 1 ? p.n : $0 == rank - 2 ? p.m : wide[$0] }) else { throw .tooLarge([p.m, p.n]) }
      return TensorType(dtype: o[0].dtype, shape: shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      var product = try ProductSizes(o[0], o[1], attributes).layout
      try checkInterrupt(tern_matmul(out.dtype.code, &product, o[0].data, o[1].data, out.data))
    },
    gradient: { g throws(TensorError) in
      guard case .product(let turnLeft, let turnRight) = g.attributes else { return [nil, nil] }
      func times(_ a: Tensor, _ b: Tensor, _ left: Bool, _ right: Bool) throws(TensorError) -> Tensor {
        try bind(.matmul, [a, b], .product(turnLeft: left, turnRight: right))
      }
      // C = A B: dA = dC Bᵀ, dB = Aᵀ dC; where an operand is turned, its gradient is.
      return try g.both(
        { () throws(TensorError) in
          turnLeft ? try times(g.b, g.dy, turnRight, true) : try times(g.dy, g.b, false, !turnRight)
        },
        { () throws(TensorError) in
          turnRight ? try times(g.dy, g.a, true, turnLeft) : try times(g.a, g.dy, !turnLeft, false)
        })
    },
    batching: .leading, cost: .product,
    native: { call in call.product(bias: nil, relu: false, out: call.out).map { [$0] } },
    domain: .of(([2, 3], .reals(-2...2)), ([3, 2], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: false))
      .or(([3, 2], .reals(-2...2)), ([3, 2], .reals(-2...2)), attributes: .product(turnLeft: true, turnRight: false))
      .or(([2, 3], .reals(-2...2)), ([2, 3], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: true))
      .or(([3, 2], .reals(-2...2)), ([2, 3], .reals(-2...2)), attributes: .product(turnLeft: true, turnRight: true))
      .or(([2, 2, 3], .reals(-2...2)), ([2, 3, 2], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: false))
      .or(([2, 3], .reals(-2...2)), ([2, 3, 2], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: false)))
}

extension NativeCall {
  /// A product and what it can do at its end: add a bias to each column, rectify.
  func product(bias: tern_ref?, relu: Bool, out: tern_ref) -> tern_step? {
    guard var layout = try? ProductSizes(operands[0], operands[1], attributes).layout else { return nil }
    layout.relu = relu ? 1 : 0
    let step = tern_matmul_step(
      dtype: Int64(type.dtype.code), product: layout, a: place(0), b: place(1), out: out, bias: bias ?? tern_ref(), has_bias: bias == nil ? 0 : 1)
    return self.step(tern_step_matmul, step)
  }
}

/// The sizes of one product, checked.
private struct ProductSizes {
  let m: Int, n: Int, k: Int
  let layout: tern_product

  init(_ a: Tensor, _ b: Tensor, _ attributes: Attributes) throws(TensorError) {
    guard case .product(let turnLeft, let turnRight) = attributes, a.rank >= 2, b.rank >= 2 else {
      throw .matmulNeedsAxes(left: a.typeText, right: b.typeText)
    }
    guard a.dtype == b.dtype, a.dtype != .bool, a.dtype.hasKernels else { throw a.refusal(of: "@") }
    let (aRows, aCols) = (a.shape[a.rank - 2], a.shape[a.rank - 1]), (bRows, bCols) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
    m = turnLeft ? aCols : aRows
    k = turnLeft ? aRows : aCols
    n = turnRight ? bRows : bCols
    let other = turnRight ? bCols : bRows
    guard k == other else { throw .matmulSizes(left: a.typeText, right: b.typeText, leftSize: k, rightSize: other) }
    let aLead = a.rank - 2, bLead = b.rank - 2
    guard aLead == 0 || bLead == 0 || (aLead == bLead && (0..<aLead).allSatisfy { a.shape[$0] == b.shape[$0] }) else {
      throw .unequalShapes(op: "@", first: a.typeText, other: b.typeText)
    }
    let batch = aLead == 0 ? b.shape.count(0..<bLead) : a.shape.count(0..<aLead)
    layout = tern_product(
      m: Int64(m), n: Int64(n), k: Int64(k), a_row: turnLeft ? 1 : Int64(aCols), a_col: turnLeft ? Int64(aCols) : 1,
      b_row: turnRight ? 1 : Int64(bCols), b_col: turnRight ? Int64(bCols) : 1, c_row: Int64(n), batch: Int64(batch),
      a_batch: aLead == 0 ? 0 : Int64(aRows * aCols), b_batch: bLead == 0 ? 0 : Int64(bRows * bCols), bias: nil, relu: 0)
  }
}
