import TernTensor
import Testing

/// Runs a function as a plan made of its trace.
func planned(_ inputs: [Tensor], _ function: ([Tensor]) throws -> [Tensor]) throws -> Plan {
  let graph = Graph(.stage)
  defer { graph.end() }
  let nodes = inputs.map { graph.input(TensorType(dtype: $0.dtype, shape: $0.shape)) }
  let outputs = try function(nodes)
  return try Plan(Program(graph, inputs: nodes, outputs: outputs))
}

private func agree(_ a: Tensor, _ b: Tensor) -> Bool {
  a.shape == b.shape && a.dtype == b.dtype && zip(a.doubles, b.doubles).allSatisfy { close($0, $1, 1e-12) || $0.isNaN && $1.isNaN }
}

@Suite("Every primitive under transforms") struct TransformTests {
  @Test("is the same traced as eager, and from run to run", arguments: Catalog.all) func traced(_ p: Primitive) throws {
    var dice = Dice(5)
    for sample in p.domain.cases {
      let inputs = try operands(sample, &dice)
      let plan = try planned(inputs) { [try bind(p, $0, sample.attributes)] }
      let expected = try bind(p, inputs, sample.attributes)
      let first = try plan.run(inputs)[0], second = try plan.run(inputs)[0]
      #expect(agree(first, expected))
      #expect(first.doubles.map(\.bitPattern) == second.doubles.map(\.bitPattern))
    }
  }

  @Test("has the same gradient traced as eager", arguments: Catalog.differentiable) func tracedGradient(_ p: Primitive) throws {
    var dice = Dice(6)
    for sample in p.domain.cases {
      let inputs = try operands(sample, &dice)
      func slopes(_ x: [Tensor]) throws -> [Tensor] { try gradients(x) { try weighed(bind(p, $0, sample.attributes)) } }
      let plan = try planned(inputs, slopes)
      for (found, expected) in zip(try plan.run(inputs), try slopes(inputs)) { #expect(agree(found, expected)) }
    }
  }

  /// Each operand mapped alone, then all of them.
  @Test("is the same mapped as in a loop", arguments: Catalog.all) func mapped(_ p: Primitive) throws {
    var dice = Dice(9)
    for sample in p.domain.cases {
      let examples = try (0..<3).map { _ in try operands(sample, &dice) }
      for chosen in sample.operands.indices.map({ [$0] }) + [Array(sample.operands.indices)] {
        let graph = Graph(.batch(3))
        defer { graph.end() }
        let lifted = try examples[0].indices.map { k in
          chosen.contains(k) ? try graph.lift(mapping: try Tensor.stack(examples.map { $0[k] }, over: .position(0))) : examples[0][k]
        }
        let found = try graph.unmap(try bind(p, lifted, sample.attributes), 3)
        for row in 0..<3 {
          let own = examples[0].indices.map { chosen.contains($0) ? examples[row][$0] : examples[0][$0] }
          let expected = try bind(p, own, sample.attributes)
          #expect(agree(try found.row(row), expected), "operands \(chosen), example \(row)")
        }
      }
    }
  }

  @Test("a plan keeps outputs apart from its memory") func outputsAreOwn() throws {
    let x = try Tensor.of([1.0, 2.0, 3.0])
    let plan = try planned([x]) { [try 2.0 * $0[0], try (2.0 * $0[0]).reshaped([3, 1]), $0[0]] }
    let first = try plan.run([x])
    _ = try plan.run([try Tensor.of([7.0, 8.0, 9.0])])
    #expect(first[0].doubles == [2, 4, 6] && first[1].doubles == [2, 4, 6] && first[2].doubles == [1, 2, 3])
  }

  @Test("all second derivatives agree with differences of the gradient") func jacobian() throws {
    let x = try Tensor.of([0.3, -0.2, 0.9, 0.5], dtype: .f64)
    func slope(_ x: Tensor) throws -> Tensor { try gradients([x]) { try ($0[0].sin() * $0[0].sum()).sum() }[0] }
    let graph = Graph()
    defer { graph.end() }
    let root = graph.lift(x)
    let found = try graph.jacobian(of: try slope(root), by: root)
    for row in 0..<4 {
      let expected = try differences([x], by: 0) { try slope($0[0]).doubles[row] }
      for (a, b) in zip(try found.row(row).doubles, expected) { #expect(close(a, b, 1e-6)) }
    }
  }
}
