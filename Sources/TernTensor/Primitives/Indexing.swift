import CTernKernels
import Glibc

/// A box of regularly spaced elements: for each axis where it begins, how many it takes and how far apart.
package struct Region: Sendable, Hashable {
  package var starts: [Int]
  package var counts: [Int]
  package var steps: [Int]

  package init(whole shape: Shape) {
    starts = Array(repeating: 0, count: shape.rank)
    counts = shape.array
    steps = Array(repeating: 1, count: shape.rank)
  }

  package init(starts: [Int], counts: [Int], steps: [Int]) {
    self.starts = starts
    self.counts = counts
    self.steps = steps
  }

  /// Walks an axis from its end.
  mutating func reverse(_ axis: Int) {
    starts[axis] += steps[axis] * (counts[axis] - 1)
    steps[axis] = -steps[axis]
  }

  func isWhole(of shape: Shape) -> Bool {
    counts == shape.array && steps.allSatisfy { $0 == 1 } && starts.allSatisfy { $0 == 0 }
  }

  /// Does the region lie in a tensor of that shape?
  func fits(_ shape: Shape) -> Bool {
    guard starts.count == shape.rank, counts.count == shape.rank, steps.count == shape.rank else { return false }
    return (0..<shape.rank).allSatisfy { axis in
      let last = starts[axis] + steps[axis] * Swift.max(counts[axis] - 1, 0)
      return counts[axis] == 0 || (starts[axis] >= 0 && starts[axis] < shape[axis] && last >= 0 && last < shape[axis])
    }
  }

  /// The element the region begins with, and the steps between its elements, in memory.
  func walk(_ shape: Shape) -> (offset: Int, strides: [Int]) {
    let own = shape.strides
    return (zip(starts, own).reduce(0) { $0 + $1.0 * $1.1 }, zip(steps, own).map { $0 * $1 })
  }

  /// Are its elements neighbours in memory? Then a view does.
  func isDense(in shape: Shape) -> Bool {
    guard let first = (0..<shape.rank).first(where: { counts[$0] != 1 }) else { return true }
    guard counts[first] <= 1 || steps[first] == 1 else { return false }
    return (first + 1..<Swift.max(shape.rank, first + 1)).allSatisfy { counts[$0] == shape[$0] && steps[$0] == 1 }
  }
}

extension Primitive {
  package static let slice: Primitive = Primitive(
    "slice", "Takes a box of regularly spaced elements.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .region(let region) = attributes, region.fits(o[0].shape) else {
        throw .unequalShapes(op: "slice", first: o[0].typeText, other: "a region outside")
      }
      return TensorType(dtype: o[0].dtype, shape: try Shape(checking: region.counts))
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .region(let region) = attributes, out.count > 0 else { return }
      let (offset, strides) = region.walk(o[0].shape)
      try copy(o[0], offset: offset, strides: strides, into: out)
    },
    gradient: { g throws(TensorError) in
      guard case .region(let region) = g.attributes else { return [nil] }
      return [try bind(.embed, [g.dy], .place(region, of: g.x.shape))]
    },
    batching: .shiftAxes,
    alias: .view { x, attributes in
      guard case .region(let region) = attributes, region.counts.allSatisfy({ $0 > 0 }), region.isDense(in: x.shape) else { return nil }
      return region.walk(x.shape).offset
    },
    cost: .nothing,
    native: { call in
      guard case .region(let region) = call.attributes, call.type.shape.count > 0 else { return nil }
      let (offset, strides) = region.walk(call.operands[0].shape)
      return [call.copy(0, offset: offset, sizes: call.type.shape.array, from: strides, to: call.type.shape.strides)]
    },
    takesHalves: true, domain: .of(([4, 3], .reals(-2...2)), attributes: .region(example)))

  /// The other way round: a box of elements in a tensor of zeros.
  package static let embed: Primitive = Primitive(
    "embed", "Puts a box of elements among zeros.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .place(let region, let shape) = attributes, region.fits(shape), region.counts == o[0].shape.array else {
        throw .unequalShapes(op: "embed", first: o[0].typeText, other: "a region outside")
      }
      return TensorType(dtype: o[0].dtype, shape: shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .place(let region, _) = attributes else { return }
      memset(out.data, 0, out.byteCount)
      try write(o[0], into: out, region)
    },
    gradient: { g throws(TensorError) in
      guard case .place(let region, _) = g.attributes else { return [nil] }
      return [try bind(.slice, [g.dy], .region(region))]
    },
    batching: .shiftAxes,
    native: { call in
      guard case .place(let region, let shape) = call.attributes, shape.count > 0, region.counts.allSatisfy({ $0 > 0 }) else { return nil }
      let (offset, strides) = region.walk(shape), bytes = shape.count * call.type.dtype.size
      let clear = tern_rows_step(op: 0, dtype: 0, outer: 0, n: Int64(bytes), inner: 0, a: tern_ref(), b: tern_ref(), out: call.out, eps: 0)
      return [
        call.step(tern_step_clear, clear),
        call.copy(0, sizes: region.counts, from: call.operands[0].shape.strides, to: strides, at: offset),
      ]
    },
    takesHalves: true, domain: .of(([2, 2], .reals(-2...2)), attributes: .place(example, of: known([4, 3]))))

  package static let sliceUpdate: Primitive = Primitive(
    "slice_update", "Replaces a box of elements by others.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .region(let region) = attributes, region.fits(o[0].shape), region.counts == o[1].shape.array, o[0].dtype == o[1].dtype else {
        throw .place(value: o[1].typeText, place: attributes.region?.counts ?? [])
      }
      return o[0].type.unnamed
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      try o[0].duplicate(into: out)
      if case .region(let region) = attributes { try write(o[1], into: out, region) }
    },
    gradient: { g throws(TensorError) in
      guard case .region(let region) = g.attributes else { return [nil, nil] }
      let zero = g.wanted[0] ? try Tensor.full(shape: g.b.shape, .int(0), dtype: g.dy.dtype) : nil
      return [
        try zero.map { zero throws(TensorError) in try bind(.sliceUpdate, [g.dy, zero], .region(region)) },
        g.wanted[1] ? try bind(.slice, [g.dy], .region(region)) : nil,
      ]
    },
    batching: .shiftAxes, alias: .inPlace,
    takesHalves: true, domain: .of(([4, 3], .reals(-2...2)), ([2, 2], .reals(-2...2)), attributes: .region(example)))

  /// x and whole positions along one axis, all in range.
  package static let take: Primitive = Primitive(
    "take", "Takes the given positions along an axis.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .axis(let axis) = attributes, axis < o[0].rank, o[1].dtype == .i64 else { throw .indexDType(type: o[1].typeText) }
      var sizes = o[0].shape.array
      sizes[axis] = o[1].count
      return TensorType(dtype: o[0].dtype, shape: try Shape(checking: sizes))
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .axis(let axis) = attributes, out.count > 0 else { return }
      let s = o[0].shape.split(axis..<axis + 1)
      try checkInterrupt(tern_take(s.inner * Int64(out.dtype.size), o[0].data, o[1].positions, out.data, s.outer, s.n, Int64(o[1].count)))
    },
    gradient: { g throws(TensorError) in
      [try bind(.scatterAdd, [try Tensor.full(shape: g.x.shape, .int(0), dtype: g.x.dtype), g.b, g.dy], g.attributes), nil]
    },
    batching: .loop, takesHalves: true, domain: .of(([3, 2], .reals(-2...2)), ([4], .positions(below: 3)), attributes: .axis(0)).or(([2, 3], .reals(-2...2)), ([2], .positions(below: 3)), attributes: .axis(1)))

  /// x [..., n] and a position for each row, none of them negative.
  package static let pick: Primitive = Primitive(
    "pick", "Takes one element of each row along the last axis.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .positions = attributes, o[1].dtype == .i64 else { throw .indexDType(type: o[1].typeText) }
      guard o[0].rank > 0, o[1].shape == o[0].shape.without([o[0].rank - 1]) else {
        throw .unequalShapes(op: "pick", first: o[0].typeText, other: o[1].typeText)
      }
      return TensorType(dtype: o[0].dtype, shape: o[1].shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .positions(let size, let axis, let name, let type) = attributes else { return }
      let bad = tern_pick(Int64(out.dtype.size), o[0].data, o[1].positions, out.data, Int64(out.count), Int64(size))
      if bad >= 0 { throw .indexOutOfRange(index: Int(o[1].positions[Int(bad)]), size: size, axis: axis, name: name, type: type) }
    },
    gradient: { g throws(TensorError) in [try bind(.unpick, [g.dy, g.b], g.attributes), nil] },
    batching: .leading, native: { call in call.picking(tern_step_pick, like: call.operands[0]) }, refuses: true,
    takesHalves: true, domain: .of(([4, 3], .reals(-2...2)), ([4], .positions(below: 3)), attributes: .positions(size: 3, axis: 1, name: nil, type: "f32[4, 3]")))

  /// The other way round: a row of zeros and one value for each position.
  package static let unpick: Primitive = Primitive(
    "unpick", "Puts each element into a row of zeros.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .positions(let size, _, _, _) = attributes, o[0].shape == o[1].shape, o[1].dtype == .i64 else {
        throw .indexDType(type: o[1].typeText)
      }
      return TensorType(dtype: o[0].dtype, shape: try Shape(checking: o[0].shape.array + [size]))
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .positions(let size, _, _, _) = attributes else { return }
      tern_unpick(Int64(out.dtype.size), o[0].data, o[1].positions, out.data, Int64(o[0].count), Int64(size))
    },
    gradient: { g throws(TensorError) in [try bind(.pick, [g.dy, g.b], g.attributes), nil] },
    batching: .leading, native: { call in call.picking(tern_step_unpick, like: nil) },
    takesHalves: true, domain: .of(([4], .reals(-2...2)), ([4], .positions(below: 3)), attributes: .positions(size: 3, axis: 1, name: nil, type: "f32[4, 3]")))

  package static let scatterAdd: Primitive = Primitive(
    "scatter_add", "Adds values at the given positions along an axis.",
    rule: { (o, attributes) throws(TensorError) in
      guard o[0].dtype != .bool, o[0].dtype.hasKernels else { throw o[0].refusal(of: "scatter_add") }
      return try scattered(o, attributes)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      try o[0].duplicate(into: out)
      guard case .axis(let axis) = attributes, o[2].count > 0 else { return }
      let s = out.shape.split(axis..<axis + 1)
      try checkInterrupt(tern_put_add(out.dtype.code, out.data, o[1].positions, o[2].data, s.outer, s.n, Int64(o[1].count), s.inner))
    },
    gradient: { g throws(TensorError) in
      [g.wanted[0] ? g.dy : nil, nil, g.wanted[2] ? try bind(.take, [g.dy, g.b], g.attributes) : nil]
    },
    batching: .loop, alias: .inPlace,
    domain: .of(([3, 2], .reals(-2...2)), ([4], .positions(below: 3)), ([4, 2], .reals(-2...2)), attributes: .axis(0)))

  package static let scatterSet: Primitive = Primitive(
    "scatter_set", "Replaces values at the given positions along an axis; of equal positions the last counts.",
    rule: { (o, attributes) throws(TensorError) in try scattered(o, attributes) },
    kernel: { (o, attributes, out) throws(TensorError) in
      try o[0].duplicate(into: out)
      if case .axis(let axis) = attributes { try put(o[2], into: out, o[1], axis) }
    },
    gradient: { g throws(TensorError) in
      let values = g.operands[2]
      var out: [Tensor?] = [nil, nil, nil]
      if g.wanted[0] {
        out[0] = try bind(.scatterSet, [g.dy, g.b, try Tensor.full(shape: values.shape, .int(0), dtype: g.dy.dtype)], g.attributes)
      }
      if g.wanted[2] { out[2] = try g.fromWinners(try bind(.take, [g.dy, g.b], g.attributes)) }
      return out
    },
    batching: .loop, alias: .inPlace,
    takesHalves: true, domain: .of(([3, 2], .reals(-2...2)), ([4], .positions(below: 3)), ([4, 2], .reals(-2...2)), attributes: .axis(0)))

  /// Positions on an axis, negatives counted from its end; one out of range is an error.
  package static let settle: Primitive = Primitive(
    "positions", "Counts negative positions from the end and refuses those out of range.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .positions = attributes, o[0].dtype.isInteger else { throw .indexDType(type: o[0].typeText) }
      return TensorType(dtype: .i64, shape: o[0].shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .positions(let size, let axis, let name, let type) = attributes else { return }
      let bad = tern_check_positions(o[0].dtype.code, o[0].data, out.data.assumingMemoryBound(to: Int64.self), Int64(out.count), Int64(size))
      if bad >= 0, case .int(let index) = o[0].element(Int(bad)) {
        throw .indexOutOfRange(index: index, size: size, axis: axis, name: name, type: type)
      }
    },
    batching: .elementwise, refuses: true, domain: .of(([4], .positions(below: 3)), attributes: .positions(size: 3, axis: 0, name: nil, type: "f32[3]")))

  /// Which of the positions along the last axis no equal one follows: those whose values remain.
  package static let lastOfEquals: Primitive = Primitive(
    "last_of_equals", "Marks the positions that no equal one follows along the last axis.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .positions = attributes, o[0].rank > 0, o[0].dtype == .i64 else { throw .indexDType(type: o[0].typeText) }
      return TensorType(dtype: .bool, shape: o[0].shape)
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .positions(let size, _, _, _) = attributes, out.count > 0 else { return }
      let n = out.shape[out.rank - 1], marks = out.data.assumingMemoryBound(to: UInt8.self)
      var seen = [Int](repeating: -1, count: size)
      for row in 0..<out.count / n {
        for k in stride(from: n - 1, through: 0, by: -1) {
          let place = Int(o[0].positions[row * n + k])
          marks[row * n + k] = seen[place] == row ? 0 : 1
          seen[place] = row
        }
      }
    },
    batching: .leading, domain: .of(([4], .positions(below: 3)), attributes: .positions(size: 3, axis: 0, name: nil, type: "f32[3]")))

  package static let argsort: Primitive = Primitive(
    "argsort", "Gives the positions that sort along the last axis, stably.",
    rule: { (o, _) throws(TensorError) in
      guard o[0].rank > 0 else { throw .needsAxes(op: "argsort", type: o[0].typeText, rank: 1) }
      guard o[0].dtype.hasKernels else { throw o[0].refusal(of: "argsort") }
      return TensorType(dtype: .i64, shape: o[0].shape)
    },
    names: { (o, _) throws(TensorError) in o[0].axisNames },
    kernel: { (o, attributes, out) throws(TensorError) in
      let n = out.shape[out.rank - 1]
      guard case .scan(_, let backwards) = attributes, out.count > 0 else { return }
      let status = tern_argsort(o[0].dtype.code, o[0].data, out.data.assumingMemoryBound(to: Int64.self), Int64(out.count / n), Int64(n), backwards ? 1 : 0)
      if status < 0 { throw MemoryBudget.refusal(of: n * 8) }
      try checkInterrupt(status)
    },
    batching: .leading, cost: .elements(20),
    domain: .of(([2, 5], .spread(-2...2)), attributes: .scan(axis: 1, backwards: false)))

  private static let example: Region = {
    var region = Region(whole: Shape([4, 3]) ?? Shape())
    region.starts = [3, 0]
    region.counts = [2, 2]
    region.steps = [-2, 2]
    return region
  }()

  private static func scattered(_ o: [Tensor], _ attributes: Attributes) throws(TensorError) -> TensorType {
    guard case .axis(let axis) = attributes, axis < o[0].rank, o[1].dtype == .i64 else { throw .indexDType(type: o[1].typeText) }
    var sizes = o[0].shape.array
    sizes[axis] = o[1].count
    guard o[2].shape.array == sizes, o[2].dtype == o[0].dtype else { throw .place(value: o[2].typeText, place: sizes) }
    return o[0].type.unnamed
  }

  /// Writes a value over a region of a tensor that nobody else sees.
  static func write(_ value: Tensor, into out: Tensor, _ region: Region) throws(TensorError) {
    let (offset, strides) = region.walk(out.shape)
    if value.count == 0 { return }
    try copy(out.dtype.size, region.counts, value.data, value.shape.strides, out.data + offset * out.dtype.size, strides)
  }

  static func put(_ value: Tensor, into out: Tensor, _ positions: Tensor, _ axis: Int) throws(TensorError) {
    if value.count == 0 { return }
    let s = out.shape.split(axis..<axis + 1)
    try checkInterrupt(tern_put(s.inner * Int64(out.dtype.size), out.data, positions.positions, value.data, s.outer, s.n, Int64(positions.count)))
  }
}

extension NativeCall {
  fileprivate func picking(_ run: @escaping StepFunction, like rows: Tensor?) -> [tern_step]? {
    guard case .positions(let size, _, _, _) = attributes else { return nil }
    let step = tern_rows_step(
      op: 0, dtype: Int64(type.dtype.size), outer: Int64(rows == nil ? type.shape.count / max(size, 1) : type.shape.count), n: Int64(size), inner: 1,
      a: place(0), b: place(1), out: out, eps: 0)
    return [self.step(run, step)]
  }
}

extension Attributes {
  var region: Region? { if case .region(let region) = self { region } else { nil } }
}

extension TensorType {
  var unnamed: TensorType { TensorType(dtype: dtype, shape: shape) }
}

extension GradientStep {
  /// dy only for the values that remained: of equal positions, the last.
  fileprivate func fromWinners(_ dy: Tensor) throws(TensorError) -> Tensor {
    guard case .axis(let axis) = attributes else { return dy }
    var sizes = Array(repeating: 1, count: x.rank)
    sizes[axis] = b.count
    let mask = try bind(.lastOfEquals, [b], .positions(size: x.shape[axis], axis: axis, name: nil, type: x.typeText))
      .reshaped(to: try Shape(checking: sizes))
    return try bind(.choose, [mask, dy, try Tensor.number(0, like: dy)])
  }
}

extension Tensor {
  /// The elements of an i64 tensor.
  var positions: UnsafePointer<Int64> { UnsafePointer(data.assumingMemoryBound(to: Int64.self)) }

  /// The same elements in other memory, unless they are there already.
  func duplicate(into out: Tensor) throws(TensorError) {
    if byteCount > 0, data != out.data { try Primitive.copy(dtype.size, [count], data, [1], out.data, [1]) }
  }

  func slice(_ axis: Int, from start: Int, count: Int) throws(TensorError) -> Tensor {
    var region = Region(whole: shape)
    region.starts[axis] = count == 0 ? 0 : start
    region.counts[axis] = count
    return try bind(.slice, [self], .region(region)).named(axisNames)
  }

  /// Integer positions as i64, negatives counted from the end; one out of range is an error.
  func settledPositions(size: Int, axis: Int, name: String?, type: String) throws(TensorError) -> Tensor {
    try bind(.settle, [unnamed], .positions(size: size, axis: axis, name: name, type: type))
  }
}
