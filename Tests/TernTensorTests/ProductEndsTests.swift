import TernTensor
import Testing

@Suite("Products that go on in their own step", .serialized) struct ProductEndsTests {
  /// Of a product p, a number k, a matrix m and a row r.
  private static let ends: [(name: String, make: @Sendable (_ p: Tensor, _ k: Tensor, _ m: Tensor, _ r: Tensor) throws -> Tensor, steps: Int)] = [
    ("p + m", { p, _, m, _ in try p + m }, 1),
    ("m + p", { p, _, m, _ in try m + p }, 1),
    ("m - p", { p, _, m, _ in try m - p }, 1),
    ("p - m", { p, _, m, _ in try p - m }, 2),
    ("m - k p", { p, k, m, _ in try m - k * p }, 1),
    ("m + p k", { p, k, m, _ in try m + p * k }, 1),
    ("k p - m", { p, k, m, _ in try k * p - m }, 2),
    ("relu(p + r + m)", { p, _, m, r in try (p + r + m).map(.relu) }, 1),
    ("m - (p + r)", { p, _, m, r in try m - (p + r) }, 2),
    ("relu(m - k p)", { p, k, m, _ in try (m - k * p).map(.relu) }, 1),
    ("(m + p) + m", { p, _, m, _ in try (m + p) + m }, 2),
    ("k (p + r) + m", { p, k, m, r in try k * (p + r) + m }, 2),
    ("p + p", { p, _, _, _ in try p + p }, 2),
    ("p + tanh m", { p, _, m, _ in try p + m.map(.tanh) }, 2),
    ("tanh m - k p, in its place", { p, k, m, _ in try (m.map(.tanh) - k * p).square() }, 3),
  ]

  @Test("give what single steps give", arguments: [DType.f32, .f64], [false, true])
  func asSingleSteps(dtype: DType, own: Bool) throws {
    Kernels.claimComputing()
    Kernels.useOwnMatrixProduct(own)
    defer {
      Kernels.useOwnMatrixProduct(false)
      Kernels.releaseComputing()
    }
    var dice = Dice(7)
    func draw(_ sizes: Int...) throws -> Tensor {
      try Tensor.of((0..<sizes.reduce(1, *)).map { _ in dice.real(-1...1) }, shape: Shape(sizes), dtype: dtype)
    }
    for (m, k, n) in [(64, 64, 64), (70, 81, 97)] {
      let inputs = [try draw(m, k), try draw(k, n), try draw(), try draw(m, n), try draw(n)]
      for (name, make, steps) in Self.ends {
        let expected = try make(try Tensor.matmul(inputs[0], inputs[1]), inputs[2], inputs[3], inputs[4]).doubles
        let graph = Graph(.stage)
        defer { graph.end() }
        let nodes = inputs.map { graph.input(TensorType(dtype: $0.dtype, shape: $0.shape)) }
        let out = try make(try Tensor.matmul(nodes[0], nodes[1]), nodes[2], nodes[3], nodes[4])
        let plan = try Plan(Program(graph, inputs: nodes, outputs: [out]))
        let got = try plan.run(inputs)[0].doubles
        #expect(zip(got, expected).allSatisfy { close($0, $1, dtype == .f32 ? 1e-5 : 1e-13) }, "\(name), \(m)×\(k)×\(n)")
        #expect(try plan.run(inputs)[0].doubles == got, "\(name) again")
        #expect(plan.units.count == steps, "\(name)")
        // Where the matrix is given up, it is written over.
        guard plan.mayTakePlace(output: 0, of: 3) else { continue }
        let given = try inputs[3] + Tensor.zeros(inputs[3].shape, dtype: dtype)
        _ = try plan.run(Array(inputs[0..<3]) + [given, inputs[4]], into: [given])
        #expect(given.doubles == got || zip(given.doubles, got).allSatisfy { close($0, $1, dtype == .f32 ? 1e-5 : 1e-13) }, "\(name), in its place")
      }
    }
  }
}
