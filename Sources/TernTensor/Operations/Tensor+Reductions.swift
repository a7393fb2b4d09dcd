extension Tensor {
  package func sum(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor { try fold(.sum, axes) }
  package func product(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor { try fold(.product, axes) }
  package func max(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor { try fold(.largest, axes) }
  package func min(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor { try fold(.smallest, axes) }
  package func any(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor { try fold(.any, axes) }
  package func all(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor { try fold(.all, axes) }

  private func fold(_ primitive: Primitive, _ axes: [AxisReference]?) throws(TensorError) -> Tensor {
    try bind(primitive, [self], .axes(try self.axes(axes, op: primitive.name)))
  }

  /// The average; of integers and bools as f32. Of nothing it is NaN.
  package func mean(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor {
    let positions = try self.axes(axes, op: "mean"), x = dtype.isFloat ? self : try cast(.f32)
    let total = try bind(.sum, [x], .axes(positions))
    return try total / Double(positions.reduce(1) { $0 * shape[$1] })
  }

  /// The mean square distance from the mean, over n - `correction`.
  package func variance(over axes: [AxisReference]? = nil, correction: Double = 0) throws(TensorError) -> Tensor {
    let positions = try self.axes(axes, op: "var"), x = dtype.isFloat ? self : try cast(.f32)
    let n = Double(positions.reduce(1) { $0 * shape[$1] })
    let center = try (bind(.sum, [x.unnamed], .axes(positions)) / n).kept(shape, positions)
    let squares = try (x.unnamed - center).square()
    return try (bind(.sum, [squares], .axes(positions)) / (n - correction)).renamedIfNeeded(names(without: .axes(positions)))
  }

  package func deviation(over axes: [AxisReference]? = nil, correction: Double = 0) throws(TensorError) -> Tensor {
    try variance(over: axes, correction: correction).sqrt()
  }

  /// The square root of the sum of squares.
  package func norm(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor {
    let positions = try self.axes(axes, op: "norm")
    let x = dtype == .bool ? try cast(.f32) : self
    return try bind(.sum, [try x.square()], .axes(positions)).sqrt()
  }

  /// The position of the largest element: along an axis, or through the whole tensor.
  package func argmax(over axis: AxisReference? = nil) throws(TensorError) -> Tensor { try position(.argmax, axis) }
  package func argmin(over axis: AxisReference? = nil) throws(TensorError) -> Tensor { try position(.argmin, axis) }

  private func position(_ primitive: Primitive, _ axis: AxisReference?) throws(TensorError) -> Tensor {
    guard let axis else { return try bind(primitive, [try unnamed.reshaped(to: try Shape(checking: [count]))], .axis(0)) }
    return try bind(primitive, [self], .axis(try self.axis(axis, op: primitive.name)))
  }

  package func cumsum(over axis: AxisReference = .position(0)) throws(TensorError) -> Tensor {
    try bind(.cumsum, [dtype == .bool ? try cast(.i64) : self], .scan(axis: try self.axis(axis, op: "cumsum"), backwards: false))
  }

  package func softmax(over axis: AxisReference = .position(-1)) throws(TensorError) -> Tensor { try alongLast(.softmax, axis) }
  package func logSoftmax(over axis: AxisReference = .position(-1)) throws(TensorError) -> Tensor { try alongLast(.logSoftmax, axis) }

  /// Each row along the last axis at mean 0 and variance 1: `(x - mean) / √(variance + eps)`.
  package func standardRows(eps: Double) throws(TensorError) -> Tensor { try bind(.standardRows, [try reals("standard_rows")], .epsilon(eps)) }

  package func logSumExp(over axes: [AxisReference]? = nil) throws(TensorError) -> Tensor {
    let x = try reals("logsumexp"), gone = try self.axes(axes, op: "logsumexp")
    let kept = (0..<rank).filter { !gone.contains($0) }
    let sizes = kept.map { shape[$0] } + [gone.reduce(1) { $0 * shape[$1] }]
    let rows = try x.unnamed.permuted(kept + gone).reshaped(to: try Shape(checking: sizes))
    return try bind(.logSumExp, [rows]).renamedIfNeeded(names(without: .axes(gone)))
  }

  /// A row primitive along any axis: that axis goes last and comes back.
  private func alongLast(_ primitive: Primitive, _ reference: AxisReference) throws(TensorError) -> Tensor {
    let axis = try self.axis(reference, op: primitive.name), x = try reals(primitive.name)
    if axis == rank - 1 { return try bind(primitive, [x]) }
    var order = Array(0..<rank)
    order.swapAt(axis, rank - 1)
    return try bind(primitive, [try x.permuted(order)]).permuted(order)
  }

  private func reals(_ op: String) throws(TensorError) -> Tensor {
    if dtype == .bool { throw .boolArithmetic(op: op) }
    return dtype.isFloat ? self : try cast(.f32)
  }
}
