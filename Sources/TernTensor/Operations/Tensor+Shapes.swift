import CTernKernels

extension Tensor {
  func reshaped(to shape: Shape) throws(TensorError) -> Tensor {
    shape == self.shape && axisNames == nil ? self : try bind(.reshape, [self], .shape(shape))
  }

  /// The same elements under other axes; one size may be -1. Names are forgotten unless given.
  package func reshaped(_ sizes: [Int], names: [String?]? = nil) throws(TensorError) -> Tensor {
    var sizes = sizes
    if let free = sizes.firstIndex(of: -1) {
      let open = sizes.count { $0 == -1 }
      guard open == 1 else { throw .argument(op: "reshape", what: "at most one size of -1", value: open) }
      var known = 1
      for (axis, size) in sizes.enumerated() where axis != free {
        let (product, overflow) = known.multipliedReportingOverflow(by: size)
        if overflow || size < 0 { throw .reshape(type: typeText, count: count, to: sizes) }
        known = product
      }
      guard known > 0 ? count % known == 0 : count == 0 else { throw .reshape(type: typeText, count: count, to: sizes) }
      sizes[free] = known > 0 ? count / known : 0
    }
    let shape = try Shape(checking: sizes)
    guard shape.count == count else { throw .reshape(type: typeText, count: count, to: sizes) }
    return try reshaped(to: shape).named(names)
  }

  func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    order == Array(0..<rank) ? self : try bind(.transpose, [self], .permutation(order))
  }

  /// Axes in another order; without one, reversed.
  package func transposed(_ order: [AxisReference]? = nil) throws(TensorError) -> Tensor {
    guard let order else { return try permuted(Array((0..<rank).reversed())) }
    var positions: [Int] = []
    for reference in order { positions.append(try axis(reference, op: "transpose")) }
    guard positions.sorted() == Array(0..<rank) else { throw .notAPermutation(order: positions, type: typeText) }
    return try permuted(positions)
  }

  /// A new axis of size 1.
  package func expanded(at position: Int, name: String? = nil) throws(TensorError) -> Tensor {
    let axis = try place(position, op: "expand")
    var sizes = shape.array, names = AxisNames.padded(self)
    sizes.insert(1, at: axis)
    names.insert(name, at: axis)
    return try reshaped(to: try Shape(checking: sizes)).named(AxisNames.distinct(names))
  }

  /// Without axes of size 1: those named, or all.
  package func squeezed(over references: [AxisReference]? = nil) throws(TensorError) -> Tensor {
    let gone = references == nil ? (0..<rank).filter { shape[$0] == 1 } : try axes(references, op: "squeeze")
    for axis in gone where shape[axis] != 1 { throw .axisNotOne(op: "squeeze", axis: axis, size: shape[axis], type: typeText) }
    return try reshaped(to: shape.without(gone)).named(names(without: .axes(gone)))
  }

  /// Repeated along axes of size 1 and new leading ones.
  package func broadcast(to shape: Shape) throws(TensorError) -> Tensor {
    if shape == self.shape { return self }
    let names = axisNames.map { Array(repeating: nil, count: Swift.max(shape.rank - rank, 0)) + $0 }
    return try bind(.broadcast, [unnamed], .shape(shape)).named(names)
  }

  /// With names for the axes, one each; `_` or nil is no name.
  package func named(checking names: [String?]) throws(TensorError) -> Tensor {
    guard names.count == rank else { throw .axisNameCount(names: names.count, type: typeText, rank: rank) }
    return renamed(AxisNames.distinct(names.map { $0 == "_" ? nil : $0 }))
  }

  func named(_ names: [String?]?) -> Tensor { renamedIfNeeded(names) }

  /// With some names replaced.
  package func renaming(_ changes: [(from: String, to: String?)]) throws(TensorError) -> Tensor {
    var names = AxisNames.padded(self)
    for change in changes { names[try axis(.name(change.from), op: "rename")] = change.to }
    return renamed(AxisNames.distinct(names))
  }

  // ---- joining

  /// Tensors one after the other along an axis, at the dtype they meet at.
  package static func concat(_ parts: [Tensor], over axis: AxisReference = .position(0)) throws(TensorError) -> Tensor {
    let parts = try met(parts, op: "concat")
    guard let first = parts.first else { throw .emptyList(op: "concat") }
    return try bind(.concat, parts, .axis(try first.axis(axis, op: "concat")))
  }

  /// Tensors of equal shape along a new axis; a name puts it first.
  package static func stack(_ parts: [Tensor], over axis: AxisReference = .position(0)) throws(TensorError) -> Tensor {
    let parts = try met(parts, op: "stack")
    guard let first = parts.first else { throw .emptyList(op: "stack") }
    for other in parts where other.shape != first.shape { throw .unequalShapes(op: "stack", first: first.typeText, other: other.typeText) }
    var name: String?, place = 0
    switch axis {
    case .name(let new): name = new
    case .position(let position): place = try first.place(position, op: "stack")
    }
    var names = try Primitive.mergedNames("stack", parts) ?? Array(repeating: nil, count: first.rank)
    names.insert(name, at: place)
    var expanded: [Tensor] = []
    for part in parts { expanded.append(try part.unnamed.expanded(at: place)) }
    return try bind(.concat, expanded, .axis(place)).named(AxisNames.distinct(names))
  }

  static func met(_ parts: [Tensor], op: String) throws(TensorError) -> [Tensor] {
    guard let first = parts.first else { throw .emptyList(op: op) }
    var dtype = first.dtype, weak = first
    for part in parts.dropFirst() {
      dtype = part.isWeak == weak.isWeak ? DType.meet(dtype, part.dtype) : try meet(weak, part)
      if weak.isWeak { weak = part }
    }
    if parts.allSatisfy(\.isWeak) { dtype = .f32 }         // `tensor` of script floats is f32
    var out: [Tensor] = []
    for part in parts { out.append(try part.cast(dtype)) }
    return out
  }

  /// Equal parts along an axis, or parts of the given sizes.
  package func split(sizes: [Int], over reference: AxisReference = .position(0)) throws(TensorError) -> [Tensor] {
    let axis = try axis(reference, op: "split")
    guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, { $0 &+ $1 }) == shape[axis] else {
      throw .argument(op: "split", what: "sizes that add up to \(shape[axis])", value: sizes.reduce(0, { $0 &+ $1 }))
    }
    var start = 0, out: [Tensor] = []
    for size in sizes {
      out.append(try slice(axis, from: start, count: size))
      start += size
    }
    return out
  }

  // ---- moving

  /// In opposite order along axes.
  package func flipped(over references: [AxisReference]? = [.position(0)]) throws(TensorError) -> Tensor {
    var region = Region(whole: shape)
    for axis in try axes(references, op: "flip") where shape[axis] > 0 { region.reverse(axis) }
    return try bind(.slice, [self], .region(region)).named(axisNames)
  }

  /// Moved along an axis; what leaves one end comes in at the other.
  package func rolled(by places: Int, over reference: AxisReference = .position(0)) throws(TensorError) -> Tensor {
    let axis = try axis(reference, op: "roll"), size = shape[axis]
    guard size > 0 else { return self }
    let shift = ((places % size) + size) % size
    if shift == 0 { return self }
    return try bind(.concat, [slice(axis, from: size - shift, count: shift), slice(axis, from: 0, count: size - shift)], .axis(axis))
  }

  /// A value added before and after each axis.
  package func padded(_ widths: [(before: Int, after: Int)], with value: Operand = .scalar(.int(0))) throws(TensorError) -> Tensor {
    guard widths.count == rank else { throw .argument(op: "pad", what: "a pair for each of \(rank) axes", value: widths.count) }
    var sizes: [Int] = [], region = Region(whole: shape)
    for (axis, width) in widths.enumerated() {
      if width.before < 0 || width.after < 0 { throw .negativeSize(Swift.min(width.before, width.after)) }
      let (sum, overflow) = shape[axis].addingReportingOverflow(width.before)
      let (total, again) = sum.addingReportingOverflow(width.after)
      if overflow || again { throw .tooLarge([width.before, width.after]) }
      sizes.append(total)
      region.starts[axis] = width.before
    }
    let whole = try Shape(checking: sizes)
    let frame =
      switch value {
      case .scalar(let number): try Tensor.full(shape: whole, number, dtype: dtype)
      case .tensor(let number): try number.cast(dtype).broadcast(to: whole)
      }
    return try bind(.sliceUpdate, [frame, unnamed], .region(region)).named(axisNames)
  }

  /// The whole again and again along an axis.
  package func tiled(_ times: Int, over reference: AxisReference = .position(0)) throws(TensorError) -> Tensor {
    if times < 0 { throw .negativeSize(times) }
    let axis = try axis(reference, op: "tile")
    return try copied(times, axis, newAxis: axis)
  }

  /// Each position of an axis again and again.
  package func repeated(_ times: Int, over reference: AxisReference = .position(0)) throws(TensorError) -> Tensor {
    if times < 0 { throw .negativeSize(times) }
    let axis = try axis(reference, op: "repeat")
    return try copied(times, axis, newAxis: axis + 1)
  }

  /// Broadcasts along a new axis, which then merges with the one it stands beside.
  private func copied(_ times: Int, _ axis: Int, newAxis: Int) throws(TensorError) -> Tensor {
    var wide = shape.array, flat = shape.array
    wide.insert(times, at: newAxis)
    let (size, overflow) = flat[axis].multipliedReportingOverflow(by: times)
    if overflow { throw .tooLarge(wide) }
    flat[axis] = size
    let tall = try unnamed.expanded(at: newAxis).broadcast(to: try Shape(checking: wide))
    return try tall.reshaped(to: try Shape(checking: flat)).named(axisNames)
  }
}
