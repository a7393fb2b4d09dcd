import CTernKernels

/// Shapes that meet: equal, a size of 1, or missing leading axes, on one side only.
enum Broadcasting {
  static func shape(_ op: String, _ a: Tensor, _ b: Tensor, bothSides: Bool = false) throws(TensorError) -> Shape {
    if a.shape == b.shape { return a.shape }
    if b.rank == 0 { return a.shape }
    if a.rank == 0 { return b.shape }
    let rank = max(a.rank, b.rank)
    var left = false, right = false
    for back in 1...rank {
      let x = back <= a.rank ? a.shape[a.rank - back] : 0, y = back <= b.rank ? b.shape[b.rank - back] : 0
      if back > a.rank { left = true } else if back > b.rank { right = true }
      else if x == y { continue }
      else if x == 1 { left = true } else if y == 1 { right = true }
      else { throw .broadcast(op: op, left: a.typeText, right: b.typeText, axis: -back, leftSize: x, rightSize: y) }
    }
    if left && right && !bothSides { throw .broadcastBothSides(op: op, left: a.typeText, right: b.typeText) }
    let shape = Shape(rank: rank) { axis in
      let x = axis - (rank - a.rank), y = axis - (rank - b.rank)
      if x < 0 { return b.shape[y] }
      return y < 0 || a.shape[x] != 1 ? a.shape[x] : b.shape[y]
    }
    guard let shape else { throw .tooLarge(a.shape.array + b.shape.array) }
    return shape
  }

  /// Two tensors laid out so that their axes pair from the right. When all axes of both have names they pair by name: the
  /// left's in order, then the right's new ones; both sides may then expand, which the attributes say.
  static func pair(_ op: String, _ a: Tensor, _ b: Tensor) throws(TensorError) -> (Tensor, Tensor, Attributes) {
    if a.axisNames == nil || b.axisNames == nil { return (a, b, .none) }
    guard let left = allNames(a), let right = allNames(b), left != right || a.shape != b.shape else { return (a, b, .none) }
    for (axis, name) in left.enumerated() {
      guard let other = right.firstIndex(of: name) else { continue }
      let x = a.shape[axis], y = b.shape[other]
      if x != y && x != 1 && y != 1 {
        throw .namedSizes(op: op, name: name, left: a.typeText, right: b.typeText, leftSize: x, rightSize: y)
      }
    }
    let names = left + right.filter { !left.contains($0) }
    return (try lay(a, left, on: names), try lay(b, right, on: names), .paired(names))
  }

  /// The names of a tensor whose axes all have one.
  static func allNames(_ tensor: Tensor) -> [String]? {
    guard let names = tensor.axisNames, tensor.rank > 0 else { return nil }
    let all = names.compactMap { $0 }
    return all.count == tensor.rank ? all : nil
  }

  /// Axes in the order of `names`, of size 1 where the tensor has none.
  static func lay(_ tensor: Tensor, _ own: [String], on names: [String]) throws(TensorError) -> Tensor {
    let order = names.compactMap { name in own.firstIndex(of: name) }
    var sizes: [Int] = []
    for name in names { sizes.append(own.firstIndex(of: name).map { tensor.shape[$0] } ?? 1) }
    let turned = try tensor.unnamed.permuted(order)
    return try turned.reshaped(to: try Shape(checking: sizes))
  }

  /// The axes of the result with each operand's strides, neighbours that run on in every operand joined.
  static func loop(_ out: Shape, _ a: Shape, _ b: Shape, _ c: Shape? = nil) -> tern_loop {
    var loop = tern_loop()
    let x = strides(a, on: out), y = strides(b, on: out), z = strides(c ?? b, on: out)
    var rank = 0
    withUnsafeMutablePointer(to: &loop) { loop in
      let size = UnsafeMutableRawPointer(loop).advanced(by: MemoryLayout<tern_loop>.offset(of: \.size) ?? 0).assumingMemoryBound(to: Int64.self)
      let sa = size + 8, sb = size + 16, sc = size + 24
      for axis in 0..<out.rank where out[axis] != 1 {
        let last = rank - 1, n = Int64(out[axis])
        if last >= 0, sa[last] == x[axis] * n, sb[last] == y[axis] * n, sc[last] == z[axis] * n {
          size[last] *= n
          sa[last] = x[axis]
          sb[last] = y[axis]
          sc[last] = z[axis]
        } else {
          size[rank] = n
          sa[rank] = x[axis]
          sb[rank] = y[axis]
          sc[rank] = z[axis]
          rank += 1
        }
      }
      if rank == 0 {
        size[0] = 1
        sa[0] = 0
        sb[0] = 0
        sc[0] = 0
        rank = 1
      }
    }
    loop.rank = Int32(rank)
    return loop
  }

  /// An operand's strides along the result's axes: 0 where it is expanded.
  private static func strides(_ shape: Shape, on out: Shape) -> InlineArray<8, Int64> {
    var strides = InlineArray<8, Int64>(repeating: 0)
    var step = 1
    for back in 1...max(out.rank, 1) where back <= shape.rank {
      let size = shape[shape.rank - back]
      if size != 1 { strides[out.rank - back] = Int64(step) }
      step *= size
    }
    return strides
  }
}
