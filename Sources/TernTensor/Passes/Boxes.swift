/// What a box of a joined, an embedded or an even tensor is, found without making the whole.
extension Simplification {
  /// nil where the box has to be taken.
  mutating func box(_ region: Region, of whole: Int, _ type: TensorType) throws(TensorError) -> Int? {
    let program = builder.program
    if region.isWhole(of: program.types[whole].shape) { return whole }
    guard let (primitive, attributes) = program.call(whole) else { return nil }
    switch (primitive, attributes) {
    case (Primitive.concat, .axis(let axis)) where region.steps[axis] > 0:
      var start = 0
      for part in program.operands[whole] {
        let end = start + program.types[part].shape[axis]
        if region.starts[axis] >= start, region.last(axis) < end {
          var inside = region
          inside.starts[axis] -= start
          return try emit(.slice, .region(inside), [part], type)
        }
        start = end
      }
    case (Primitive.embed, .place(let place, _)):
      if place == region { return program.operands[whole][0] }
      if region.isApart(from: place) { return try builder.zeros(type) }
    case (Primitive.broadcast, _) where program.types[program.operands[whole][0]].shape.count == 1:
      return try emit(.broadcast, .shape(type.shape), [program.operands[whole][0]], type)
    default: break
    }
    return nil
  }
}

extension Region {
  fileprivate func last(_ axis: Int) -> Int { starts[axis] + steps[axis] * (counts[axis] - 1) }

  /// Is there an axis along which one ends before the other begins?
  fileprivate func isApart(from other: Region) -> Bool {
    counts.indices.contains { axis in
      func ends(_ region: Region) -> ClosedRange<Int> {
        Swift.min(region.starts[axis], region.last(axis))...Swift.max(region.starts[axis], region.last(axis))
      }
      return counts[axis] > 0 && other.counts[axis] > 0 && !ends(self).overlaps(ends(other))
    }
  }
}
