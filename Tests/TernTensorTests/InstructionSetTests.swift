import TernTensor
import Testing

/// Each runs in a process of its own, because the table in use is the whole process's.
@Suite("Instruction sets") struct InstructionSetTests {
  @Test("compute what the base does") func tables() async {
    await #expect(processExitsWith: .success) { for p in Catalog.all { try InstructionSetTests.compare(p) } }
  }

  private static func compare(_ p: Primitive) throws {
    var dice = Dice(5)
    for sample in p.domain.cases {
      let wide = try operands(sample, &dice)
      for dtype in [DType.f64, .f32] {
        if sample.attributes == .dtype(.f64) { continue }
        let inputs = try wide.map { $0.dtype == .f64 ? try $0.cast(dtype) : $0 }
        Kernels.instructionSet = .base
        let base = try bind(p, inputs, sample.attributes).doubles
        for set in Kernels.InstructionSet.allCases where set.isSupported {
          Kernels.instructionSet = set
          let other = try bind(p, inputs, sample.attributes).doubles
          for (a, b) in zip(base, other) { #expect(close(a, b, dtype == .f32 ? 2e-6 : 1e-14), "\(set) \(dtype): \(a) and \(b)") }
        }
      }
    }
  }

  @Test("agree on long arrays and odd ends") func long() async {
    await #expect(processExitsWith: .success) { for function in ElementFunction.allCases { try InstructionSetTests.compareLong(function) } }
  }

  private static func compareLong(_ function: ElementFunction) throws {
    guard function != .not else { return }
    let x = try Tensor.uniform(.known(Key(seed: 1)), shape(1037), low: 0.01, high: 0.99)
    Kernels.instructionSet = .base
    let base = try x.map(function).doubles, precise = try x.cast(.f64).map(function).doubles
    for set in Kernels.InstructionSet.allCases where set.isSupported {
      Kernels.instructionSet = set
      for ((a, b), c) in zip(zip(base, try x.map(function).doubles), precise) {
        #expect(close(a, b, 1e-6) && close(b, c, 2e-6))
      }
    }
  }

  @Test("multiply matrices of every size as the naive loop does") func products() async {
    await #expect(processExitsWith: .success) { try InstructionSetTests.compareProducts() }
  }

  private static func compareProducts() throws {
    Kernels.useOwnMatrixProduct(true)
    for (m, n, k) in [(1, 1, 1), (1, 5, 7), (5, 1, 7), (3, 4, 0), (2, 3, 4), (13, 33, 17), (64, 70, 300), (100, 600, 20)] {
      let a = try Tensor.normal(.known(Key(seed: m)), Shape([m, k]) ?? Shape(), dtype: .f64)
      let b = try Tensor.normal(.known(Key(seed: n + 50)), Shape([k, n]) ?? Shape(), dtype: .f64)
      let x = a.doubles, y = b.doubles
      let expected = (0..<m * n).map { at in (0..<k).reduce(0) { $0 + x[at / n * k + $1] * y[$1 * n + at % n] } }
      for set in Kernels.InstructionSet.allCases where set.isSupported {
        Kernels.instructionSet = set
        for (dtype, tolerance) in [(DType.f64, 1e-12), (.f32, 1e-4)] {
          let p = try a.cast(dtype), q = try b.cast(dtype)
          let turnedA = try p.transposed(), turnedB = try q.transposed()
          for product in [
            try Tensor.matmul(p, q), try bind(Catalog.named("@"), [turnedA, q], .product(turnLeft: true, turnRight: false)),
            try bind(Catalog.named("@"), [p, turnedB], .product(turnLeft: false, turnRight: true)),
            try bind(Catalog.named("@"), [turnedA, turnedB], .product(turnLeft: true, turnRight: true)),
          ] {
            for (found, want) in zip(product.doubles, expected) { #expect(close(found, want, tolerance)) }
          }
        }
      }
    }
  }
}
