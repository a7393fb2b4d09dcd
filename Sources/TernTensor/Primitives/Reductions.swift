import CTernKernels

/// Primitives that combine the elements along axes. The axes of the attributes go; results are nameless but for the axes kept.
extension Primitive {
  package static let sum: Primitive = fold(
    "sum", "Adds up along axes; integers and bools give i64.", TERN_FOLD_SUM) { g throws(TensorError) in try g.dy.restored(g.x.shape, g.attributes) }

  package static let product: Primitive = fold("prod", "Multiplies along axes.", TERN_FOLD_PROD, on: .reals(0.5...2)) { g throws(TensorError) in
    try g.dy.restored(g.x.shape, g.attributes) * (try g.productOfOthers())
  }
  package static let largest: Primitive = fold("max", "Gives the largest along axes.", TERN_FOLD_MAX, on: .spread(-2...2)) { g throws(TensorError) in
    try g.spreadOverExtremes()
  }
  package static let smallest: Primitive = fold("min", "Gives the smallest along axes.", TERN_FOLD_MIN, on: .spread(-2...2)) { g throws(TensorError) in
    try g.spreadOverExtremes()
  }
  package static let any: Primitive = fold("any", "Is true where one along the axes is.", TERN_FOLD_ANY, on: .bools)
  package static let all: Primitive = fold("all", "Is true where each along the axes is.", TERN_FOLD_ALL, on: .bools)

  package static let argmax: Primitive = position("argmax", "Gives the position of the largest along an axis.", largest: true)
  package static let argmin: Primitive = position("argmin", "Gives the position of the smallest along an axis.", largest: false)

  package static let cumsum: Primitive = Primitive(
    "cumsum", "Adds up along an axis, keeping every partial sum.",
    rule: { (o, _) throws(TensorError) in
      guard o[0].dtype != .bool, o[0].dtype.hasKernels else { throw o[0].refusal(of: "cumsum") }
      return TensorType(dtype: o[0].dtype, shape: o[0].shape)
    },
    names: { (o, _) throws(TensorError) in o[0].axisNames },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .scan(let axis, let backwards) = attributes, out.count > 0 else { return }
      let s = o[0].shape.split(axis..<axis + 1)
      try checkInterrupt(tern_cumsum(out.dtype.code, o[0].data, out.data, s.outer, s.n, s.inner, backwards ? 1 : 0))
    },
    gradient: { g throws(TensorError) in
      guard case .scan(let axis, let backwards) = g.attributes else { return [nil] }
      return [try bind(.cumsum, [g.dy], .scan(axis: axis, backwards: !backwards))]
    },
    batching: .shiftAxes,
    domain: .of(([2, 3], .reals(-2...2)), attributes: .scan(axis: 1, backwards: false))
      .or(([3, 2], .reals(-2...2)), attributes: .scan(axis: 0, backwards: true)))

  // ---- along the last axis, row by row

  package static let softmax: Primitive = rows("softmax", "Gives shares that add up to one along the last axis.", TERN_SOFTMAX) { g throws(TensorError) in
    try bind(.softmaxGradient, [g.y, g.dy])
  }
  package static let logSoftmax: Primitive = rows("log_softmax", "Gives the logarithm of softmax along the last axis.", TERN_LOG_SOFTMAX) {
    g throws(TensorError) in try bind(.logSoftmaxGradient, [g.y, g.dy])
  }
  package static let logSumExp: Primitive = rows("logsumexp", "Gives log(sum(exp(x))) along the last axis, without overflow.", TERN_LOGSUMEXP) {
    g throws(TensorError) in
    try bind(.softmax, [g.x]) * g.dy.restored(g.x.shape, .axes([g.x.rank - 1]))
  }
  package static let softmaxGradient: Primitive = rowsGradient("softmax_gradient", "Gives y (dy - sum(y dy)) along the last axis.", TERN_SOFTMAX) {
    (g, total) throws(TensorError) in
    let byY = g.wanted[0] ? try g.dy * (g.b - total(g.a * g.b)) - g.b * total(g.a * g.dy) : nil
    return [byY, g.wanted[1] ? try bind(.softmaxGradient, [g.a, g.dy]) : nil]
  }
  package static let logSoftmaxGradient: Primitive = rowsGradient(
    "log_softmax_gradient", "Gives dy - exp(y) sum(dy) along the last axis.", TERN_LOG_SOFTMAX
  ) { (g, total) throws(TensorError) in
    let share = try g.dy * g.a.exp()
    return [g.wanted[0] ? try -(share * total(g.b)) : nil, g.wanted[1] ? try g.dy - total(share) : nil]
  }

  /// `gradient` is told how to sum along the last axis, as large as before.
  private static func rowsGradient(
    _ name: String, _ summary: String, _ op: tern_rows,
    gradient: @escaping @Sendable (GradientStep, (Tensor) throws(TensorError) -> Tensor) throws(TensorError) -> [Tensor?]
  ) -> Primitive { Primitive(
    name, summary,
    rule: { (o, _) throws(TensorError) in
      guard o[0].rank > 0, o[0].shape == o[1].shape, o[0].dtype == o[1].dtype, o[0].dtype == .f32 || o[0].dtype == .f64 else {
        throw .unequalShapes(op: name, first: o[0].typeText, other: o[1].typeText)
      }
      return TensorType(dtype: o[0].dtype, shape: o[0].shape)
    },
    kernel: { (o, _, out) throws(TensorError) in
      let n = out.shape[out.rank - 1]
      if out.count > 0 {
        try checkInterrupt(tern_rows_gradient(op, out.dtype.code, o[0].data, o[1].data, out.data, Int64(out.count / n), Int64(n)))
      }
    },
    gradient: { g throws(TensorError) in
      let axes = Attributes.axes([g.a.rank - 1])
      return try gradient(g) { t throws(TensorError) in try bind(.sum, [t], axes).restored(g.a.shape, axes) }
    },
    batching: .leading,
    native: { call in
      let shape = call.type.shape, n = shape[shape.rank - 1]
      if shape.count == 0 { return nil }
      let step = tern_rows_step(
        op: Int64(op.rawValue), dtype: Int64(call.type.dtype.code), outer: Int64(shape.count / n), n: Int64(n), inner: 1, a: call.place(0), b: call.place(1),
        out: call.out, eps: 0)
      return [call.step(tern_step_rows_gradient, step)]
    },
    domain: .of(([2, 3], .reals(-2...2)), ([2, 3], .reals(-2...2))).or(([20], .reals(-2...2)), ([20], .reals(-2...2)))) }

  /// Each row along the last axis at mean 0 and variance 1: (x - mean) / √(variance + eps).
  package static let standardRows: Primitive = Primitive(
    "standard_rows", "Brings each row to mean 0 and variance 1.",
    rule: { (o, _) throws(TensorError) in
      guard o[0].dtype == .f32 || o[0].dtype == .f64 else { throw o[0].refusal(of: "standard_rows") }
      guard o[0].rank > 0 else { throw .needsAxes(op: "standard_rows", type: o[0].typeText, rank: 1) }
      return TensorType(dtype: o[0].dtype, shape: o[0].shape)
    },
    names: { (o, _) throws(TensorError) in o[0].axisNames },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .epsilon(let eps) = attributes, out.count > 0 else { return }
      let n = out.shape[out.rank - 1]
      try checkInterrupt(tern_standard_rows(out.dtype.code, o[0].data, out.data, Int64(out.count / n), Int64(n), eps))
    },
    gradient: { g throws(TensorError) in [try bind(.standardRowsGradient, [g.x, g.dy], g.attributes)] },
    batching: .leading, native: { call in call.standardizing(tern_step_standard_rows) },
    domain: .of(([2, 5], .reals(-2...2)), attributes: .epsilon(1e-5)).or(([20], .reals(-2...2)), attributes: .epsilon(0.1)))

  /// dx = (dy - mean(dy) - y mean(y dy)) / √(variance + eps).
  package static let standardRowsGradient: Primitive = Primitive(
    "standard_rows_gradient", "Gives the gradient of standard_rows.",
    rule: { (o, _) throws(TensorError) in
      guard o[0].rank > 0, o[0].shape == o[1].shape, o[0].dtype == o[1].dtype, o[0].dtype == .f32 || o[0].dtype == .f64 else {
        throw .unequalShapes(op: "standard_rows_gradient", first: o[0].typeText, other: o[1].typeText)
      }
      return TensorType(dtype: o[0].dtype, shape: o[0].shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .epsilon(let eps) = attributes, out.count > 0 else { return }
      let n = out.shape[out.rank - 1]
      try checkInterrupt(tern_standard_rows_gradient(out.dtype.code, o[0].data, o[1].data, out.data, Int64(out.count / n), Int64(n), eps))
    },
    gradient: { g throws(TensorError) in
      // J, what takes dy to dx, is symmetric. By x, with y and r = 1 / √(variance + eps), for a = dy and b = what comes back:
      // -r/n ((b·Ja) y + (b·y) Ja + (a·y) Jb).
      guard case .epsilon(let eps) = g.attributes else { return [nil, nil] }
      let turned = try bind(.standardRowsGradient, [g.a, g.dy], g.attributes)
      guard g.wanted[0] else { return [nil, turned] }
      let axes = Attributes.axes([g.a.rank - 1]), n = Double(g.a.shape[g.a.rank - 1])
      func total(_ t: Tensor) throws(TensorError) -> Tensor { try bind(.sum, [t], axes).restored(g.a.shape, axes) }
      let y = try bind(.standardRows, [g.a], g.attributes)
      let centered = try g.a - (1 / n) * total(g.a)
      let scale = try ((1 / n) * total(centered.square()) + eps).rsqrt()
      let parts = try total(g.dy * g.y) * y + total(g.dy * y) * g.y + total(g.b * y) * turned
      return [try (-1 / n) * (scale * parts), turned]
    },
    batching: .leading, native: { call in call.standardizing(tern_step_standard_rows_gradient) },
    domain: .of(([2, 5], .reals(-2...2)), ([2, 5], .reals(-2...2)), attributes: .epsilon(0.1)))

  private static func fold(
    _ name: String, _ summary: String, _ op: tern_fold, on fill: Domain.Fill = .reals(-2...2),
    gradient: (@Sendable (GradientStep) throws(TensorError) -> Tensor)? = nil
  ) -> Primitive {
    Primitive(
      name, summary,
      rule: { (o, attributes) throws(TensorError) in
        let x = o[0]
        guard case .axes(let axes) = attributes, x.dtype.hasKernels else { throw x.refusal(of: name) }
        if op == TERN_FOLD_ANY || op == TERN_FOLD_ALL {
          if x.dtype != .bool { throw .needsBool(op: name, dtype: x.dtype) }
        } else if op == TERN_FOLD_PROD, x.dtype == .bool { throw .boolArithmetic(op: name) }
        if op == TERN_FOLD_MAX || op == TERN_FOLD_MIN, axes.contains(where: { x.shape[$0] == 0 }) {
          throw .emptyReduction(op: name, type: x.typeText)
        }
        return TensorType(dtype: op == TERN_FOLD_SUM && !x.dtype.isFloat ? .i64 : x.dtype, shape: x.shape.without(axes), isWeak: x.isWeak)
      },
      names: { (o, attributes) throws(TensorError) in o[0].names(without: attributes) },
      kernel: { (o, attributes, out) throws(TensorError) in
        if case .axes(let axes) = attributes { try foldKernel(op, o[0], axes, into: out) }
      },
      gradient: single(gradient),
      batching: .shiftAxes,
      fold: op,
      native: { call in
        let x = call.operands[0]
        guard case .axes(let axes) = call.attributes, let first = axes.first, let last = axes.last, last - first == axes.count - 1,
          x.count > 0, call.type.dtype == x.dtype
        else { return nil }
        let s = axes.count == x.rank ? (outer: 1, n: Int64(x.count), inner: 1) : x.shape.split(first..<last + 1)
        let step = tern_rows_step(
          op: Int64(op.rawValue), dtype: Int64(x.dtype.code), outer: s.outer, n: s.n, inner: s.inner, a: call.place(0), b: tern_ref(), out: call.out, eps: 0)
        return [call.step(tern_step_reduce, step)]
      },
      domain: .of(([2, 3, 2], fill), attributes: .axes([0, 2])).or(([3, 2], fill), attributes: .axes([1])).or(([2, 3], fill), attributes: .axes([0, 1]))
        .or(([3, 2], fill), attributes: .axes([0])))
  }

  /// Folds each run of neighbouring axes, from the last: [a, b, c, d] over b, c and d is one fold, over a and d are two.
  private static func foldKernel(_ op: tern_fold, _ x: Tensor, _ axes: [Int], into out: Tensor) throws(TensorError) {
    if axes.count == x.rank {
      return try checkInterrupt(tern_reduce(op, x.dtype.code, x.data, out.data, 1, Int64(x.count), 1))
    }
    var runs = axes.reduce(into: [Range<Int>]()) { runs, axis in
      if let last = runs.last, last.upperBound == axis { runs[runs.count - 1] = last.lowerBound..<axis + 1 } else { runs.append(axis..<axis + 1) }
    }
    if runs.isEmpty { runs = [x.rank..<x.rank] }           // over no axis: every element alone
    var current = x
    while let run = runs.popLast() {
      let s = current.shape.split(run)
      let part = runs.isEmpty ? out : try Tensor(TensorType(dtype: out.dtype, shape: current.shape.without(Array(run))))
      try checkInterrupt(tern_reduce(op, current.dtype.code, current.data, part.data, s.outer, s.n, s.inner))
      current = part
    }
  }

  private static func position(_ name: String, _ summary: String, largest: Bool) -> Primitive {
    Primitive(
      name, summary,
      rule: { (o, attributes) throws(TensorError) in
        guard case .axis(let axis) = attributes, o[0].dtype.hasKernels else { throw o[0].refusal(of: name) }
        if o[0].shape[axis] == 0 { throw .emptyReduction(op: name, type: o[0].typeText) }
        return TensorType(dtype: .i64, shape: o[0].shape.without([axis]))
      },
      names: { (o, attributes) throws(TensorError) in o[0].names(without: attributes) },
      kernel: { (o, attributes, out) throws(TensorError) in
        guard case .axis(let axis) = attributes, out.count > 0 else { return }
        let s = o[0].shape.split(axis..<axis + 1)
        try checkInterrupt(tern_arg(largest ? 1 : 0, o[0].dtype.code, o[0].data, out.data.assumingMemoryBound(to: Int64.self), s.outer, s.n, s.inner))
      },
      batching: .shiftAxes, domain: .of(([2, 3], .spread(-2...2)), attributes: .axis(1)))
  }

  private static func rows(
    _ name: String, _ summary: String, _ op: tern_rows, gradient: @escaping @Sendable (GradientStep) throws(TensorError) -> Tensor
  ) -> Primitive {
    let drops = op == TERN_LOGSUMEXP
    return Primitive(
      name, summary,
      rule: { (o, _) throws(TensorError) in
        let x = o[0]
        guard x.dtype == .f32 || x.dtype == .f64 else { throw x.refusal(of: name) }
        guard x.rank > 0 else { throw .needsAxes(op: name, type: x.typeText, rank: 1) }
        return TensorType(dtype: x.dtype, shape: drops ? x.shape.without([x.rank - 1]) : x.shape)
      },
      names: { (o, _) throws(TensorError) in drops ? o[0].names(without: .axis(o[0].rank - 1)) : o[0].axisNames },
      kernel: { (o, _, out) throws(TensorError) in
        let x = o[0]
        let n = x.shape[x.rank - 1], rows = x.shape.count(0..<x.rank - 1)
        try checkInterrupt(tern_rows_map(op, x.dtype.code, x.data, out.data, Int64(rows), Int64(n)))
      },
      gradient: { g throws(TensorError) in [try gradient(g)] },
      batching: .leading,
      native: { call in
        let x = call.operands[0], n = x.shape[x.rank - 1]
        if x.count == 0 { return nil }
        let step = tern_rows_step(
          op: Int64(op.rawValue), dtype: Int64(x.dtype.code), outer: Int64(x.count / n), n: Int64(n), inner: 1, a: call.place(0), b: tern_ref(),
          out: call.out, eps: 0)
        return [call.step(tern_step_rows, step)]
      },
      domain: .of(([2, 3], .reals(-2...2))).or(([20], .reals(-2...2))))
  }
}

extension NativeCall {
  fileprivate func standardizing(_ run: @escaping StepFunction) -> [tern_step]? {
    guard case .epsilon(let eps) = attributes, type.shape.count > 0 else { return nil }
    let n = type.shape[type.shape.rank - 1]
    let step = tern_rows_step(
      op: 0, dtype: Int64(type.dtype.code), outer: Int64(type.shape.count / n), n: Int64(n), inner: 1, a: place(0),
      b: operands.count > 1 ? place(1) : tern_ref(), out: out, eps: eps)
    return [self.step(run, step)]
  }
}

extension Shape {
  /// The shape seen as [outer, n, inner] around some neighbouring axes.
  func split(_ axes: Range<Int>) -> (outer: Int64, n: Int64, inner: Int64) {
    (Int64(count(0..<axes.lowerBound)), Int64(count(axes)), Int64(count(axes.upperBound..<rank)))
  }

  func without(_ axes: [Int]) -> Shape {
    axes.count == rank ? Shape() : Shape((0..<rank).filter { !axes.contains($0) }.map { self[$0] }) ?? Shape()
  }
}

extension Tensor {
  /// The names of the axes that the attributes leave.
  func names(without attributes: Attributes) -> [String?]? {
    guard let axisNames else { return nil }
    let gone: [Int]
    switch attributes {
    case .axes(let axes): gone = axes
    case .axis(let axis): gone = [axis]
    default: gone = []
    }
    return AxisNames.normal(axisNames.enumerated().filter { !gone.contains($0.offset) }.map(\.element))
  }

  /// The result of a fold as large as what was folded: its axes come back, all positions equal.
  func restored(_ shape: Shape, _ attributes: Attributes) throws(TensorError) -> Tensor {
    guard case .axes(let axes) = attributes else { return self }
    return try kept(shape, axes).broadcast(to: shape)
  }

  /// The result of a fold with the folded axes kept at size 1.
  func kept(_ shape: Shape, _ axes: [Int]) throws(TensorError) -> Tensor {
    var sizes = shape.array
    for axis in axes { sizes[axis] = 1 }
    return try reshaped(to: try Shape(checking: sizes))
  }

  /// A gradient summed over the axes along which its operand was expanded.
  func summed(to shape: Shape) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    let extra = rank - shape.rank
    let axes = (0..<rank).filter { $0 < extra || (shape[$0 - extra] == 1 && self.shape[$0] != 1) }
    let total = axes.isEmpty ? self : try bind(.sum, [self], .axes(axes))
    return try total.reshaped(to: shape)
  }
}

extension GradientStep {
  /// dy shared equally among the elements that are the extreme.
  func spreadOverExtremes() throws(TensorError) -> Tensor {
    guard case .axes(let axes) = attributes else { return dy }
    let won = try bind(.equal, [x, try y.kept(x.shape, axes)]).cast(dy.dtype)
    let share = try dy / bind(.sum, [won], attributes)
    return try won * share.kept(x.shape, axes)
  }
}

extension GradientStep {
  /// For each element the product of the others along the folded axes. Dividing the whole product by the element would
  /// give 0 / 0 at a zero: where it is the only one, the others' product is that of all that are not 0; beside another
  /// zero, it is 0.
  fileprivate func productOfOthers() throws(TensorError) -> Tensor {
    guard case .axes(let axes) = attributes else { return x }
    let zero = try Tensor.number(0, like: x)
    let isZero = try Tensor.compare(.equal, .tensor(x), .scalar(.int(0)))
    let rest = try bind(.choose, [isZero, try Tensor.number(1, like: x).broadcast(to: x.shape), x])
    let product = try bind(.product, [rest], .axes(axes)).restored(x.shape, attributes)
    let zeros = try bind(.sum, [isZero], .axes(axes)).restored(x.shape, attributes)
    let none = try Tensor.compare(.equal, .tensor(zeros), .scalar(.int(0)))
    let one = try Tensor.compare(.equal, .tensor(zeros), .scalar(.int(1)))
    let alone = try Tensor.logic(.and, isZero, one)
    let atZero = try bind(.choose, [alone, product, zero.broadcast(to: x.shape)])
    return try bind(.choose, [none, try product / rest, atZero])
  }
}
