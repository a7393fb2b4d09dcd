import TernTensor
import Testing

@Suite("Gradients") struct GradientTests {
  @Test func ofAnyOrder() throws {
    // d³/dx³ of x⁴ = 24 x
    func power(_ x: Tensor) throws -> Tensor { try (x.square() * x.square()).sum() }
    let x = try Tensor.f64([2])
    let third = try gradients([x]) { try gradients([$0[0]]) { try gradients([$0[0]]) { try power($0[0]) }[0].sum() }[0].sum() }
    #expect(close(third[0].doubles[0], 48, 1e-9))
  }

  @Test func flowThroughLoopsAndConditionsOnValues() throws {
    let x = try Tensor.f64([1.1])
    let g = try gradients([x]) { inputs in
      var y = inputs[0]
      for _ in 0..<10 { if y.element(0).double < 3 { y = try y * inputs[0] } }
      return try y.sum()
    }
    // 1.1^11 = 2.853: eleven factors
    #expect(close(g[0].doubles[0], 11 * 2.5937424601, 1e-6))
  }

  @Test func areZeroWhereNothingDepends() throws {
    let g = try gradients([try .f32([1, 2]), try .f32([3])]) { try $0[0].sum() }
    #expect(g[0].doubles == [1, 1] && g[1].doubles == [0])
    let none = try gradients([try .f32([1, 5])]) { try $0[0].argmax().cast(.f32) }
    #expect(none[0].doubles == [0, 0])
    #expect(throws: TensorError.gradientNeedsNumber(type: "f32[2]")) { try gradients([try .f32([1, 2])]) { $0[0] } }
  }

  @Test func ofScriptFloatsAreWeak() throws {
    let graph = Graph()
    defer { graph.end() }
    let w = graph.lift(try Tensor.weak(.float(0.5))), x = try Tensor.f32([1, 2, 3])
    let y = try (Tensor.binary(.multiply, w, x)).sum()
    #expect(y.dtype == .f32)
    let g = try graph.gradients(of: y, by: [w])
    #expect(g[0].isWeak && g[0].dtype == .f64 && g[0].doubles == [6])
    let s = try Tensor.binary(.power, w, .float(3))
    #expect(s.isWeak)
    #expect(close(try graph.gradients(of: s, by: [w])[0].doubles[0], 0.75, 1e-12))
  }

  @Test func ofAMultilayerPerceptron() throws {
    let x = try Tensor.normal(.known(Key(seed: 1)), shape(5, 4), dtype: .f64)
    let parameters = try [
      Tensor.normal(.known(Key(seed: 2)), shape(4, 6), dtype: .f64), Tensor.normal(.known(Key(seed: 3)), shape(6), dtype: .f64),
      Tensor.normal(.known(Key(seed: 4)), shape(6, 3), dtype: .f64), Tensor.normal(.known(Key(seed: 5)), shape(3), dtype: .f64),
    ]
    let labels = try Tensor.i64([0, 2, 1, 1, 0]), rows = try Tensor.i64([0, 1, 2, 3, 4])
    func loss(_ p: [Tensor]) throws -> Tensor {
      let h = try (Tensor.matmul(x, p[0]) + p[1]).map(.tanh)
      let z = try Tensor.matmul(h, p[2]) + p[3]
      return try (z.logSumExp(over: [.position(1)]) - z.gather([rows, labels])).mean()
    }
    let found = try gradients(parameters, loss)
    for k in parameters.indices {
      for (a, b) in zip(found[k].doubles, try differences(parameters, by: k) { try loss($0).element(0).double }) { #expect(close(a, b, 1e-6)) }
    }
  }

  @Test func throughVectorsBatchesAndConcat() throws {
    var dice = Dice(4)
    func random(_ sizes: [Int]) throws -> Tensor { try .f64((0..<sizes.reduce(1, *)).map { _ in dice.real(-1...1) }, sizes) }
    let cases: [([[Int]], ([Tensor]) throws -> Tensor)] = [
      ([[3], [3, 2]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[2, 3], [3]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[3], [3]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[2, 4, 3], [3, 2]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[4, 3], [2, 3, 2]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[1, 4, 3], [2, 3, 2]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[3], [2, 3, 2]], { try weighed(Tensor.matmul($0[0], $0[1])) }),
      ([[3], [2]], { try weighed(Tensor.outer($0[0], $0[1])) }),
      ([[2, 2], [2, 3]], { try weighed(Tensor.concat($0, over: .position(-1))) }),
      ([[2, 2], [2, 2]], { try weighed(Tensor.stack($0, over: .position(1))) }),
      ([[3, 3]], { try weighed($0[0].lowerTriangle()) }), ([[2, 3]], { try weighed($0[0].variance(over: [.position(0)])) }),
      ([[2, 3]], { try weighed($0[0].norm(over: [.position(1)])) }), ([[4]], { try weighed($0[0].gelu()) }),
      ([[4]], { try weighed($0[0].gelu(approximate: true)) }),
      ([[2, 3]], { try weighed($0[0].padded([(1, 0), (0, 2)])) }), ([[2, 3]], { try weighed($0[0].repeated(2, over: .position(1))) }),
      ([[5]], { try weighed($0[0].rolled(by: 2)) }), ([[2, 3]], { try weighed($0[0].flipped(over: [.position(1)])) }),
      ([[2, 3]], { try weighed($0[0].softmax(over: .position(0))) }), ([[2, 3]], { try weighed($0[0].logSumExp()) }),
      ([[2, 3]], { try weighed($0[0].clipped(low: .scalar(.float(-0.5)), high: .scalar(.float(0.5)))) }),
    ]
    for (k, (sizes, f)) in cases.enumerated() {
      let inputs = try sizes.map(random)
      let found = try gradients(inputs, f)
      for i in inputs.indices {
        for (a, b) in zip(found[i].doubles, try differences(inputs, by: i) { try f($0).element(0).double }) {
          #expect(close(a, b, 1e-6), "case \(k), operand \(i): \(a) and \(b)")
        }
      }
    }
  }

  @Test func ofLongChainsNeedNoStack() throws {
    let graph = Graph(), x = graph.lift(try Tensor.f64([1]))
    var y = x
    for _ in 0..<300_000 { y = try 1.000001 * y }
    let g = try graph.gradients(of: try y.sum(), by: [x])
    #expect(close(g[0].doubles[0], 1.3498588, 1e-6))
    graph.end()
    #expect(y.element(0).double > 1)                       // a node of an ended level is a plain tensor
    #expect(try (y + y).doubles[0] > 2)
  }

  @Test func forwardDerivativesAreGradientsTransposed() throws {
    let graph = Graph(), x = graph.lift(try Tensor.f64([1, 2, 3]))
    defer { graph.end() }
    let y = try x.square()
    let d = try graph.derivatives(of: [y], along: [try Tensor.f64([1, 0, 10])], of: [x])
    #expect(d[0].doubles == [2, 0, 60])
  }

  @Test func innerLevelsDoNotDisturbOuterOnes() throws {
    // d/dx of x · (d/dy of x y²  at y = x) = d/dx 2 x³ = 6 x²
    let g = try gradients([try Tensor.f64([3])]) { outer in
      let inner = try gradients([outer[0]]) { try (outer[0] * $0[0].square()).sum() }
      return try (outer[0] * inner[0]).sum()
    }
    #expect(close(g[0].doubles[0], 54, 1e-9))
  }
}
