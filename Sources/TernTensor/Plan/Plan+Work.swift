/// What one run of a plan does, as far as shapes tell.
package struct PlanWork: Equatable, Sendable {
  /// Operations on numbers; a multiplication and an addition of a product count as two.
  package var operations = 0.0
  /// Bytes that steps read and write; what fused steps keep to themselves is not among them.
  package var bytes = 0.0

  package init() {}

  package static func + (a: PlanWork, b: PlanWork) -> PlanWork {
    var sum = a
    sum.operations += b.operations
    sum.bytes += b.bytes
    return sum
  }
}

extension Plan {
  package var work: PlanWork { units.reduce(PlanWork()) { $0 + work(of: $1) } }

  /// Of one step.
  func work(of unit: [Int]) -> PlanWork {
    var work = PlanWork()
    let inside = Set(unit)
    for id in unit {
      work.operations += program.operations(of: id)
      // A value that only its own unit uses is never written.
      if unit.count == 1 || memory.places[id] != nil { work.bytes += program.bytes(of: id) }
    }
    // What only moves reads as much as it writes.
    if unit.count == 1, let (primitive, _) = program.call(unit[0]), case .nothing = primitive.cost {
      work.bytes *= 2
      return work
    }
    for id in Set(unit.flatMap { program.operands[$0] }) where !inside.contains(id) { work.bytes += program.bytes(of: id) }
    return work
  }
}

extension Program {
  fileprivate func bytes(of id: Int) -> Double { Double(types[id].shape.count) * Double(types[id].dtype.size) }

  fileprivate func operations(of id: Int) -> Double {
    guard let (primitive, attributes) = call(id) else { return 0 }
    let result = Double(types[id].shape.count)
    switch primitive.cost {
    case .nothing: return 0
    case .elements(let each): return Double(each) * ([result] + operands[id].map { Double(types[$0].shape.count) }).reduce(0, max)
    case .window:
      // Of the three tensors that meet, images and results have the batch in front, the filter its numbers.
      guard case .window(let w) = attributes else { return result }
      return 2 * w.products(primitive === Primitive.convolveFilter ? types[operands[id][1]].shape : primitive === Primitive.convolve ? types[id].shape : types[operands[id][0]].shape,
        filter: primitive === Primitive.convolveFilter ? types[id].shape : types[operands[id][1]].shape)
    case .product:
      guard let first = operands[id].first, let isTurned = attributes.turns?.left else { return 2 * result }
      let left = types[first].shape
      return 2 * result * Double(left.rank < 2 ? 1 : left[isTurned ? left.rank - 2 : left.rank - 1])
    }
  }
}

extension Window {
  /// Multiplications of a convolution: for each result as many as its filter has numbers.
  fileprivate func products(_ results: Shape, filter: Shape) -> Double {
    Double(results.count) * Double(filter.count(0..<3))
  }
}
