import CTernKernels

extension Tensor {
  /// The positions that sort along an axis, stably; NaN goes last.
  package func argsort(over reference: AxisReference = .position(-1), descending: Bool = false) throws(TensorError) -> Tensor {
    let order = try lastOrder(try axis(reference, op: "argsort"))
    return try bind(.argsort, [try permuted(order)], .scan(axis: rank - 1, backwards: descending)).permuted(order)
  }

  /// Sorted along an axis; the gradient follows the elements.
  package func sorted(over reference: AxisReference = .position(-1), descending: Bool = false) throws(TensorError) -> Tensor {
    let order = try lastOrder(try axis(reference, op: "sort")), x = try permuted(order)
    let places = try bind(.argsort, [x.unnamed], .scan(axis: rank - 1, backwards: descending))
    return try x.unnamed.takingAlongLast(places).named(x.axisNames).permuted(order)
  }

  /// The k largest along an axis, largest first, and where they are.
  package func topK(_ k: Int, over reference: AxisReference = .position(-1)) throws(TensorError) -> (values: Tensor, positions: Tensor) {
    let axis = try axis(reference, op: "topk")
    guard k >= 0, k <= shape[axis] else { throw .argument(op: "topk", what: "at most \(shape[axis]) elements", value: k) }
    let order = try lastOrder(axis), x = try permuted(order)
    let places = try bind(.argsort, [x.unnamed], .scan(axis: rank - 1, backwards: true)).slice(rank - 1, from: 0, count: k)
    return (
      try x.unnamed.takingAlongLast(places).named(x.axisNames).permuted(order), try places.named(x.axisNames).permuted(order)
    )
  }

  /// Every value once, in the order of first appearance.
  package func unique() throws(TensorError) -> Tensor {
    let flat = try unnamed.reshaped(to: try Shape(checking: [count]))
    if isUnknown { throw .unknown(op: "unique") }
    let order = try bind(.argsort, [flat], .scan(axis: 0, backwards: false))
    var firsts: [Scalar] = [], previous: Scalar?
    for k in 0..<count {                                   // equal values stand together, the first of them first
      let place = Int(order.positions[k]), value = flat.element(place)
      if value != previous { firsts.append(.int(place)) }
      previous = value
    }
    let places = try Tensor.of(firsts, shape: try Shape(checking: [firsts.count]), dtype: .i64).sorted()
    return try bind(.take, [flat, places], .axis(0))
  }

  /// x[…, positions[…, k]] for every k.
  func takingAlongLast(_ places: Tensor) throws(TensorError) -> Tensor {
    let n = shape[rank - 1], k = places.shape[rank - 1]
    let rows = try Tensor.arange(from: .int(0), to: .int(places.count / Swift.max(k, 1) * n), step: .int(Swift.max(n, 1)))
    let flat = try (places.unnamed.reshaped(to: try Shape(checking: [rows.count, k])) + rows.expanded(at: 1))
      .reshaped(to: try Shape(checking: [places.count]))
    return try bind(.take, [try reshaped(to: try Shape(checking: [count])), flat], .axis(0)).reshaped(to: places.shape)
  }

  /// An order of axes with one moved last; its own inverse.
  private func lastOrder(_ axis: Int) throws(TensorError) -> [Int] {
    var order = Array(0..<rank)
    if rank > 0 { order.swapAt(axis, rank - 1) }
    return order
  }
}
