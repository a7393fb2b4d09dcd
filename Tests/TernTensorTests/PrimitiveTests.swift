import TernTensor
import Testing

extension Primitive: CustomTestStringConvertible {
  package var testDescription: String { name }
}

/// Operands as a domain asks for them, in f64.
func operands(_ sample: Domain.Case, _ dice: inout Dice) throws -> [Tensor] {
  try sample.operands.map { operand in
    let shape = try #require(Shape(operand.shape))
    switch operand.fill {
    case .reals(let range):
      return try .of((0..<shape.count).map { _ in .float(dice.real(range)) }, shape: shape, dtype: .f64)
    case .spread(let range):
      let step = (range.upperBound - range.lowerBound) / Double(max(shape.count, 1))
      let places = try Tensor.permutation(Key(seed: dice.below(1000)), of: shape.count).ints
      return try .of(places.map { .float(range.lowerBound + step * (Double($0) + 0.5)) }, shape: shape, dtype: .f64)
    case .bools: return try .of((0..<shape.count).map { _ in .bool(dice.coin()) }, shape: shape, dtype: .bool)
    case .matrices: return try matrices(shape, &dice) { row, column, x in row == column ? x + 2.5 + Double(row) : x }
    case .symmetric, .definite:
      let square = try matrices(shape, &dice) { row, column, x in row == column ? x + 1.5 * Double(row) : x }
      let order = Array(0..<shape.rank - 2) + [shape.rank - 1, shape.rank - 2]
      let both = try 0.5 * (square + square.transposed(order.map { .position($0) }))
      guard case .definite = operand.fill else { return both }
      let ones = try Tensor.eye(shape[shape.rank - 1], dtype: .f64)
      return try both + 4.0 * ones
    case .positions(let below): return try .of((0..<shape.count).map { _ in .int(dice.below(below)) }, shape: shape, dtype: .i64)
    }
  }
}

/// Matrices of small numbers, each changed by its place.
private func matrices(_ shape: Shape, _ dice: inout Dice, _ change: (Int, Int, Double) -> Double) throws -> Tensor {
  let columns = shape[shape.rank - 1], rows = shape[shape.rank - 2]
  return try .of((0..<shape.count).map { .float(change($0 / columns % rows, $0 % columns, dice.real(-1...1))) }, shape: shape, dtype: .f64)
}

/// Weights that make one number of a tensor, different for each element.
func weights(like tensor: Tensor) throws -> Tensor {
  try .of((0..<tensor.count).map { .float(0.3 + 0.17 * Double($0 % 7)) }, shape: tensor.shape, dtype: .f64)
}

func weighed(_ tensor: Tensor) throws -> Tensor { try (tensor * weights(like: tensor)).sum() }

@Suite("Every primitive") struct PrimitiveTests {
  @Test("says what it is and on what it is tried", arguments: Catalog.all) func complete(_ p: Primitive) {
    #expect(!p.name.isEmpty && p.summary.hasSuffix("."))
    #expect(!p.domain.cases.isEmpty)
  }

  @Test("agrees with finite differences", arguments: Catalog.differentiable) func gradient(_ p: Primitive) throws {
    var dice = Dice(7)
    for sample in p.domain.cases {
      let inputs = try operands(sample, &dice)
      func value(_ x: [Tensor]) throws -> Tensor { try weighed(bind(p, x, sample.attributes)) }
      let found = try gradients(inputs, value)
      for k in inputs.indices where inputs[k].dtype == .f64 {
        if p.name == "relu_gradient" && k == 0 { continue }
        let expected = try differences(inputs, by: k) { try value($0).element(0).double }
        #expect(found[k].shape == inputs[k].shape)
        for (a, b) in zip(found[k].doubles, expected) { #expect(close(a, b, 1e-6), "operand \(k): \(a) and \(b)") }
      }
    }
  }

  @Test("agrees with finite differences of its gradient", arguments: Catalog.differentiable.filter(\.domain.isSmooth))
  func secondGradient(_ p: Primitive) throws {
    var dice = Dice(11)
    for sample in p.domain.cases {
      let inputs = try operands(sample, &dice)
      func slope(_ x: [Tensor]) throws -> Tensor {
        let first = try gradients(x) { try weighed(bind(p, $0, sample.attributes)) }
        var total = try Tensor.f64([0], []).sum()
        for part in first where part.dtype == .f64 { total = try total + weighed(part) }
        return total
      }
      let found = try gradients(inputs, slope)
      for k in inputs.indices where inputs[k].dtype == .f64 {
        let expected = try differences(inputs, by: k) { try slope($0).element(0).double }
        for (a, b) in zip(found[k].doubles, expected) { #expect(close(a, b, 2e-5), "operand \(k): \(a) and \(b)") }
      }
    }
  }

  @Test("keeps axis names through recording", arguments: Catalog.all) func names(_ p: Primitive) throws {
    var dice = Dice(3)
    for sample in p.domain.cases where !p.name.hasPrefix("scatter") && p.name != "slice_update" {
      var inputs = try operands(sample, &dice)
      let names = ["a", "b", "c", "d"]
      inputs[0] = try inputs[0].named(checking: Array(names.prefix(inputs[0].rank)))
      guard let plain = try? bind(p, inputs, sample.attributes) else { continue }
      let graph = Graph()
      defer { graph.end() }
      var lifted = inputs
      lifted[0] = graph.lift(inputs[0])
      let recorded = try bind(p, lifted, sample.attributes)
      #expect(recorded.axisNames == plain.axisNames)
      #expect(recorded.doubles.map(\.bitPattern) == plain.doubles.map(\.bitPattern))
    }
  }
}

extension Catalog {
  static func named(_ name: String) -> Primitive { all.first { $0.name == name } ?? all[0] }
}
