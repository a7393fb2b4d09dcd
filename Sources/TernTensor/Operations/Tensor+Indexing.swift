import CTernKernels

/// One part of an index. `Tensor`s are integer positions or, of bools, masks.
package enum IndexPart {
  case position(Int)
  case range(start: Int?, stop: Int?, inclusive: Bool = false, step: Int = 1)
  case mask(Tensor)
  case positions(Tensor)
  case rest
}

package struct IndexEntry {
  package var item: IndexPart
  /// The axis it is for, when the index goes by names.
  package var axis: AxisReference?

  package init(_ item: IndexPart, axis: AxisReference? = nil) {
    self.item = item
    self.axis = axis
  }
}

extension Tensor {
  /// The elements an index names. An int drops its axis, a range or mask keeps it, an array puts its axes there.
  package func get(_ index: [IndexEntry]) throws(TensorError) -> Tensor {
    if index.count == 1, case .position(let i) = index[0].item, index[0].axis == nil, rank > 0 { return try row(i) }
    return try IndexPlan(self, index).take(from: self)
  }

  /// One position of the first axis.
  package func row(_ index: Int) throws(TensorError) -> Tensor {
    let at = try checked(index, axis: 0), tail = shape.without([0])
    let names = axisNames.map { Array($0.dropFirst()) }.flatMap(AxisNames.normal)
    guard graph == nil else { return try slice(0, from: at, count: 1).reshaped(to: tail).named(names) }
    return Tensor(viewing: self, offset: at * tail.count * dtype.size, as: TensorType(dtype: dtype, shape: tail, axisNames: names))
  }

  /// The tensor with other elements where the index says. `inPlace`: the caller holds the only reference, so that the tensor
  /// itself may change.
  package func setting(_ index: [IndexEntry], to value: Operand, inPlace: Bool = false) throws(TensorError) -> Tensor {
    if inPlace, ownsMemory, let offset = try elementOffset(index), case .scalar(let s) = value {
      try checkPlace(s)
      s.store(as: dtype, at: data + offset * dtype.size)
      return self
    }
    let plan = try IndexPlan(self, index)
    return try plan.put(try placed(value), into: self, inPlace: inPlace && ownsMemory && graph == nil)
  }

  /// Where one element is, when the index is an int for each axis.
  private func elementOffset(_ index: [IndexEntry]) throws(TensorError) -> Int? {
    guard index.count == rank, graph == nil else { return nil }
    var offset = 0
    for (axis, entry) in index.enumerated() {
      guard case .position(let i) = entry.item, entry.axis == nil else { return nil }
      offset = offset * shape[axis] + (try checked(i, axis: axis))
    }
    return offset
  }

  func checked(_ index: Int, axis: Int) throws(TensorError) -> Int {
    let at = index < 0 ? index &+ shape[axis] : index
    guard at >= 0, at < shape[axis] else {
      throw .indexOutOfRange(index: index, size: shape[axis], axis: axis, name: axisName(axis), type: typeText)
    }
    return at
  }

  private func checkPlace(_ s: Scalar) throws(TensorError) {
    switch s {
    case .bool: if dtype != .bool { throw .silentCast(from: .bool, to: dtype) }
    case .float: if !dtype.isFloat { throw .silentCast(from: .f32, to: dtype) }
    case .int: if try s.dtype(beside: dtype) != dtype { throw .silentCast(from: .i64, to: dtype) }
    }
  }

  /// A value for a place of this tensor: numbers are converted, a tensor of another dtype is refused.
  private func placed(_ value: Operand) throws(TensorError) -> Tensor {
    switch value {
    case .scalar(let s):
      try checkPlace(s)
      return try Tensor.number(s, dtype: dtype)
    case .tensor(let t):
      if t.isWeak && dtype.isFloat { return try t.cast(dtype) }
      guard t.dtype == dtype else { throw .silentCast(from: t.dtype, to: dtype) }
      return t
    }
  }

  /// Pairs the indices: element k of the result is x[i[k], j[k], …], with the axes that have none behind.
  /// The element of each row that its position names: x [..., n], positions [...], none of them negative.
  package func pick(_ positions: Tensor) throws(TensorError) -> Tensor {
    guard rank > 0 else { throw .needsAxes(op: "pick", type: typeText, rank: 1) }
    let places = positions.dtype == .i64 ? positions : try positions.cast(.i64)
    return try bind(.pick, [unnamed, places.unnamed], .positions(size: shape[rank - 1], axis: rank - 1, name: axisNames?.last ?? nil, type: typeText))
  }

  package func gather(_ indices: [Tensor]) throws(TensorError) -> Tensor {
    let (flat, lead) = try paired(indices, op: "gather")
    let rows = try unnamed.reshaped(to: try Shape(checking: [shape.count(0..<lead)] + shape.array.dropFirst(lead)))
    let found = try bind(.take, [rows, flat], .axis(0))
    return try found.reshaped(to: try Shape(checking: (indices.first?.shape.array ?? []) + shape.array.dropFirst(lead)))
  }

  /// Adds values where paired indices point; equal positions add up.
  package func scatterAdd(_ indices: [Tensor], _ values: Operand) throws(TensorError) -> Tensor {
    let (flat, lead) = try paired(indices, op: "scatter")
    let rest = Array(shape.array.dropFirst(lead))
    let place = try Shape(checking: (indices.first?.shape.array ?? []) + rest)
    let value = try placed(values).unnamed.broadcast(to: place)
    let rows = try unnamed.reshaped(to: try Shape(checking: [shape.count(0..<lead)] + rest))
    let sum = try bind(.scatterAdd, [rows, flat, try value.reshaped(to: try Shape(checking: [flat.count] + rest))], .axis(0))
    return try sum.reshaped(to: shape).named(axisNames)
  }

  /// Several indices as one into the leading axes joined.
  private func paired(_ indices: [Tensor], op: String) throws(TensorError) -> (flat: Tensor, lead: Int) {
    guard let first = indices.first else { throw .emptyList(op: op) }
    guard indices.count <= rank else { throw .tooManyIndices(count: indices.count, type: typeText, rank: rank) }
    var flat: Tensor?
    for (axis, index) in indices.enumerated() {
      guard index.shape == first.shape else { throw .gatherShapes(first: first.typeText, other: index.typeText) }
      guard index.dtype.isInteger else { throw .indexDType(type: index.typeText) }
      let places = try index.settledPositions(size: shape[axis], axis: axis, name: axisName(axis), type: typeText)
      if let before = flat { flat = try Tensor.binary(.multiply, before, .int(shape[axis])) + places } else { flat = places }
    }
    return (try (flat ?? first).reshaped(to: try Shape(checking: [first.count])), indices.count)
  }

  /// Where a mask is true.
  static func truePositions(_ mask: Tensor) throws(TensorError) -> Tensor {
    if mask.isUnknown { throw .unknown(op: "a mask") }
    let marks = UnsafePointer(mask.data.assumingMemoryBound(to: UInt8.self)), n = Int64(mask.count)
    let out = try Tensor(TensorType(dtype: .i64, shape: try Shape(checking: [Int(tern_true_count(marks, n))])))
    tern_true_positions(marks, n, out.data.assumingMemoryBound(to: Int64.self))
    return out
  }
}

/// An index worked out for one tensor: a box, the axes that go, and at most one array.
private struct IndexPlan {
  private struct Picks {
    /// The axes it covers, as one: positions count through them.
    var axes: Range<Int>
    var positions: Tensor
    var shape: [Int]
    var names: [String?]
  }

  private var region: Region
  private var dropped: Set<Int> = []
  private var array: Picks?
  private let shape: Shape
  private let names: [String?]
  private let type: String

  init(_ x: Tensor, _ entries: [IndexEntry]) throws(TensorError) {
    shape = x.shape
    names = AxisNames.padded(x)
    type = x.typeText
    region = Region(whole: x.shape)
    for (axis, item) in try IndexPlan.assign(entries, x) { try apply(item, axis, x) }
  }

  /// Which axis each item begins at.
  private static func assign(_ entries: [IndexEntry], _ x: Tensor) throws(TensorError) -> [(Int, IndexPart)] {
    let named = entries.filter { $0.axis != nil }
    if !named.isEmpty {
      guard named.count == entries.count else { throw .indexByPositionAndName }
      var out: [(Int, IndexPart)] = []
      for entry in named {
        guard let reference = entry.axis else { continue }
        let axis = try x.axis(reference, op: "an index")
        if out.contains(where: { $0.0 == axis }) { throw .indexedTwice(name: x.axisName(axis) ?? String(axis), type: x.typeText) }
        out.append((axis, entry.item))
      }
      return out
    }
    let rests = entries.indices.filter { if case .rest = entries[$0].item { true } else { false } }
    if rests.count > 1 { throw .restTwice }
    let cut = rests.first ?? entries.count
    let before = entries[..<cut].map(\.item), after = cut < entries.count ? entries[(cut + 1)...].map(\.item) : []
    let width = (before + after).reduce(0) { $0 + $1.width }
    guard width <= x.rank else { throw .tooManyIndices(count: width, type: x.typeText, rank: x.rank) }
    var out: [(Int, IndexPart)] = [], axis = 0
    for item in before {
      out.append((axis, item))
      axis += item.width
    }
    axis = x.rank - after.reduce(0) { $0 + $1.width }
    for item in after {
      out.append((axis, item))
      axis += item.width
    }
    return out
  }

  private mutating func apply(_ item: IndexPart, _ axis: Int, _ x: Tensor) throws(TensorError) {
    switch item {
    case .rest: break
    case .position(let i):
      region.starts[axis] = try x.checked(i, axis: axis)
      region.counts[axis] = 1
      dropped.insert(axis)
    case .range(let start, let stop, let inclusive, let step):
      let span = try IndexPlan.span(start, stop, inclusive, step, x, axis)
      region.starts[axis] = span.count == 0 ? 0 : span.start
      region.counts[axis] = span.count
      region.steps[axis] = span.count > 1 ? step : 1       // a step past the axis says nothing
    case .positions(let t) where t.rank == 0 && !t.isUnknown:
      guard t.dtype.isInteger, case .int(let i) = t.element(0) else { throw .indexDType(type: t.typeText) }
      try apply(.position(i), axis, x)
    case .positions(let t):
      guard t.dtype.isInteger else { throw .indexDType(type: t.typeText) }
      let places = try t.settledPositions(size: shape[axis], axis: axis, name: names[axis], type: type)
      try place(Picks(axes: axis..<axis + 1, positions: places, shape: t.shape.array, names: AxisNames.padded(t)))
    case .mask(let mask):
      guard mask.dtype == .bool else { throw .indexDType(type: mask.typeText) }
      let axes = axis..<axis + Swift.max(mask.rank, 1), want = axes.map { $0 < shape.rank ? shape[$0] : 0 }
      guard mask.shape.array == want else { throw .maskShape(mask: mask.shape.array, axes: want, type: type) }
      let places = try Tensor.truePositions(mask)
      try place(Picks(axes: axes, positions: places, shape: [places.count], names: [mask.rank == 1 ? names[axis] : nil]))
    }
  }

  private mutating func place(_ new: Picks) throws(TensorError) {
    if array != nil { throw .twoArrays }
    array = new
  }

  /// A range on an axis: past either end or backwards is an error.
  private static func span(
    _ start: Int?, _ stop: Int?, _ inclusive: Bool, _ step: Int, _ x: Tensor, _ axis: Int
  ) throws(TensorError) -> (start: Int, count: Int) {
    let n = x.shape[axis]
    if step == 0 || step == .min { throw .stepZero }
    let low = start ?? 0, high = stop ?? n
    let from = low < 0 ? low &+ n : low
    var to = high < 0 ? high &+ n : high
    if inclusive && stop != nil { to = to &+ 1 }
    func fail(backwards: Bool) -> TensorError {
      backwards
        ? .rangeBackwards(start: start, stop: stop, inclusive: inclusive, step: step, size: n, axis: axis, name: x.axisName(axis), type: x.typeText)
        : .rangeOutOfRange(start: start, stop: stop, inclusive: inclusive, step: step, size: n, axis: axis, name: x.axisName(axis), type: x.typeText)
    }
    guard from >= 0, from <= n, to >= 0, to <= n else { throw fail(backwards: false) }
    if step > 0 ? to < from : to > from { throw fail(backwards: true) }
    if step < 0 && from == n && to < from { throw fail(backwards: false) }
    let distance = Swift.abs(to - from)
    return (from, distance == 0 ? 0 : (distance - 1) / Swift.abs(step) + 1)
  }

  // ---- what it makes

  /// The box with the array's axes joined to one.
  private func joined(_ array: Picks) -> [Int] {
    Array(region.counts[..<array.axes.lowerBound]) + [shape.count(array.axes)] + Array(region.counts[array.axes.upperBound...])
  }

  /// The axes of the result: those that stay, with the array's in place.
  private var outcome: (sizes: [Int], names: [String?]) {
    var sizes: [Int] = [], kept: [String?] = []
    for axis in 0..<shape.rank {
      if let array, array.axes.contains(axis) {
        if axis == array.axes.lowerBound {
          sizes += array.shape
          kept += array.names
        }
      } else if !dropped.contains(axis) {
        sizes.append(region.counts[axis])
        kept.append(names[axis])
      }
    }
    return (sizes, kept)
  }

  func take(from x: Tensor) throws(TensorError) -> Tensor {
    let (sizes, names) = outcome, shape = try Shape(checking: sizes)
    var found = region.isWhole(of: self.shape) ? x.unnamed : try bind(.slice, [x.unnamed], .region(region))
    if let array {
      found = try found.reshaped(to: try Shape(checking: joined(array)))
      let flat = try array.positions.reshaped(to: try Shape(checking: [array.positions.count]))
      found = try bind(.take, [found, flat], .axis(array.axes.lowerBound))
    }
    return try found.reshaped(to: shape).named(AxisNames.distinct(names))
  }

  func put(_ value: Tensor, into x: Tensor, inPlace: Bool) throws(TensorError) -> Tensor {
    let fitted = try fit(value, x)
    let mayWrite = inPlace && !fitted.isNode
    guard let array else {
      let boxed = try fitted.reshaped(to: try Shape(checking: region.counts))
      if mayWrite {
        try Primitive.write(boxed, into: x, region)
        return x
      }
      return try bind(.sliceUpdate, [x.unnamed, boxed], .region(region)).named(x.axisNames)
    }
    let axis = array.axes.lowerBound
    var places = joined(array)
    let whole = region.isWhole(of: shape), box = try Shape(checking: places)
    places[axis] = array.positions.count
    let rows = try fitted.reshaped(to: try Shape(checking: places))
    let flat = try array.positions.reshaped(to: try Shape(checking: [array.positions.count]))
    if mayWrite, whole {
      let view = Tensor(viewing: x, as: TensorType(dtype: x.dtype, shape: box))
      try Primitive.put(rows, into: view, flat, axis)
      return x
    }
    let old = whole ? x.unnamed : try bind(.slice, [x.unnamed], .region(region))
    let new = try bind(.scatterSet, [try old.reshaped(to: box), flat, rows], .axis(axis)).reshaped(to: try Shape(checking: region.counts))
    if whole { return new.named(x.axisNames) }
    if mayWrite, !new.isNode {
      try Primitive.write(new, into: x, region)
      return x
    }
    return try bind(.sliceUpdate, [x.unnamed, new], .region(region)).named(x.axisNames)
  }

  /// The value as large as the place; the place itself does not grow.
  private func fit(_ value: Tensor, _ x: Tensor) throws(TensorError) -> Tensor {
    let (sizes, names) = outcome, shape = try Shape(checking: sizes)
    if value.axisNames == nil && value.shape == shape { return value }
    let place = Tensor(viewing: x, as: TensorType(dtype: x.dtype, shape: shape, axisNames: AxisNames.distinct(names)))
    let (_, laid, _) = try Broadcasting.pair("=", place, value)
    _ = try AxisNames.merge("=", place, laid)
    guard laid.rank <= shape.rank, let common = try? Broadcasting.shape("=", place.unnamed, laid.unnamed, bothSides: true), common == shape else {
      throw .place(value: value.typeText, place: sizes)
    }
    return try laid.unnamed.broadcast(to: shape)
  }
}

extension IndexPart {
  /// How many axes the item covers.
  fileprivate var width: Int {
    switch self {
    case .mask(let mask): Swift.max(mask.rank, 1)
    case .rest: 0
    default: 1
    }
  }
}
