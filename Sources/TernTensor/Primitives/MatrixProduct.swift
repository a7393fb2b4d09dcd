import CTernKernels

extension Primitive {
  /// The product of the last two axes, either operand turned without a copy. Leading axes are equal, or missing on one side.
  package static let matmul: Primitive = Primitive(
    "@", "Multiplies matrices.",
    rule: { (o, attributes) throws(TensorError) in
      let p = try ProductSizes(o[0], o[1], attributes)
      let wide = o[0].rank >= o[1].rank ? o[0].shape : o[1].shape, rank = wide.rank
      guard let shape = Shape(rank: rank, { $0 == rank - 1 ? p.n : $0 == rank - 2 ? p.m : wide[$0] }) else { throw .tooLarge([p.m, p.n]) }
      return TensorType(dtype: p.layout.wide == 0 ? o[0].dtype : .f32, shape: shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      var product = try ProductSizes(o[0], o[1], attributes).layout
      let status = tern_matmul(o[0].dtype.code, &product, o[0].data, o[1].data, out.data)
      if status == Int32(TERN_FAILED) { throw MemoryBudget.refusal(of: 2 * (o[0].byteCount + o[1].byteCount + out.byteCount)) }
      try checkInterrupt(status)
    },
    gradient: { g throws(TensorError) in
      guard let (turnLeft, turnRight) = g.attributes.turns else { return [nil, nil] }
      func times(_ a: Tensor, _ b: Tensor, _ left: Bool, _ right: Bool) throws(TensorError) -> Tensor {
        try bind(.matmul, [a, b], g.attributes.turning(left, right))
      }
      // Of halves with an f32 result, gradients are such products too.
      let dy = try g.dy.cast(g.a.dtype)
      // C = A B: dA = dC Bᵀ, dB = Aᵀ dC; where an operand is turned, its gradient is.
      return try g.both(
        { () throws(TensorError) in
          turnLeft ? try times(g.b, dy, turnRight, true) : try times(dy, g.b, false, !turnRight)
        },
        { () throws(TensorError) in
          turnRight ? try times(dy, g.a, true, turnLeft) : try times(g.a, dy, !turnLeft, false)
        })
    },
    batching: .leading, cost: .product,
    native: { call in call.product(NativeCall.Ends(out: call.out)).map { [$0] } },
    takesHalves: true,
    domain: .of(([2, 3], .reals(-2...2)), ([3, 2], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: false))
      .or(([3, 2], .reals(-2...2)), ([3, 2], .reals(-2...2)), attributes: .product(turnLeft: true, turnRight: false))
      .or(([2, 3], .reals(-2...2)), ([2, 3], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: true))
      .or(([3, 2], .reals(-2...2)), ([2, 3], .reals(-2...2)), attributes: .product(turnLeft: true, turnRight: true))
      .or(([2, 2, 3], .reals(-2...2)), ([2, 3, 2], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: false))
      .or(([2, 3], .reals(-2...2)), ([2, 3, 2], .reals(-2...2)), attributes: .product(turnLeft: false, turnRight: false)))
}

extension NativeCall {
  /// A product and what it does at its end.
  func product(_ ends: Ends) -> tern_step? {
    guard var layout = try? ProductSizes(operands[0], operands[1], attributes).layout else { return nil }
    layout.relu = ends.relu ? 1 : 0
    layout.minus = ends.minus ? 1 : 0
    let none = tern_ref()
    let step = tern_matmul_step(
      dtype: Int64(operands[0].dtype.code), product: layout, a: place(0), b: place(1), out: ends.out, bias: ends.bias ?? none,
      addend: ends.addend ?? none, scale: ends.scale ?? none, has_bias: ends.bias == nil ? 0 : 1, has_addend: ends.addend == nil ? 0 : 1,
      has_scale: ends.scale == nil ? 0 : 1)
    return self.step(tern_step_matmul, step)
  }
}

/// The sizes of one product, checked.
private struct ProductSizes {
  let m: Int, n: Int, k: Int
  let layout: tern_product

  init(_ a: Tensor, _ b: Tensor, _ attributes: Attributes) throws(TensorError) {
    guard let (turnLeft, turnRight) = attributes.turns, a.rank >= 2, b.rank >= 2 else {
      throw .matmulNeedsAxes(left: a.typeText, right: b.typeText)
    }
    guard a.dtype == b.dtype, a.dtype != .bool, a.dtype.isHalf || !attributes.isWide else { throw a.refusal(of: "@") }
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
      a_batch: aLead == 0 ? 0 : Int64(aRows * aCols), b_batch: bLead == 0 ? 0 : Int64(bRows * bCols), bias: nil, relu: 0, wide: attributes.isWide ? 1 : 0,
      addend: nil, scale: nil, minus: 0)
  }
}

extension Attributes {
  /// Which operands of a product are turned; nil for what is no product.
  var turns: (left: Bool, right: Bool)? {
    switch self {
    case .product(let left, let right), .wideProduct(let left, let right): (left, right)
    default: nil
    }
  }

  var isWide: Bool { if case .wideProduct = self { true } else { false } }

  /// The same product with other turns.
  func turning(_ left: Bool, _ right: Bool) -> Attributes {
    isWide ? .wideProduct(turnLeft: left, turnRight: right) : .product(turnLeft: left, turnRight: right)
  }
}
