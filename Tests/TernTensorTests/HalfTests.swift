import TernTensor
import Testing

/// f16 and bf16 store; operations work on f32 and round once.
@Suite("Half precision", .serialized) struct HalfTests {
  private static let halves = [DType.f16, .bf16]

  @Test("computes what f32 computes, rounded once", arguments: Catalog.all) func roundedOnce(_ p: Primitive) throws {
    for dtype in HalfTests.halves {
      try each(p, dtype) { inputs, attributes in
        let wide = try inputs.map { $0.dtype == dtype ? try $0.cast(.f32) : $0 }
        guard let expected = try? bind(p, wide, attributes) else { return }
        let found = try bind(p, inputs, attributes)
        let isCast = if case .dtype = attributes { true } else { false }
        #expect(found.dtype == (expected.dtype == .f32 && !isCast ? dtype : expected.dtype))
        let rounded = expected.dtype == .f32 ? try expected.cast(dtype) : expected
        #expect(rounded.doubles.map(\.bitPattern) == found.doubles.map(\.bitPattern), "\(p.name) of \(dtype.name)")
      }
    }
  }

  @Test("is the same traced as eager", arguments: Catalog.all) func traced(_ p: Primitive) throws {
    for dtype in HalfTests.halves {
      try each(p, dtype) { inputs, attributes in
        let expected = try bind(p, inputs, attributes)
        let found = try planned(inputs) { [try bind(p, $0, attributes)] }.run(inputs)[0]
        #expect(found.dtype == expected.dtype && found.doubles.map(\.bitPattern) == expected.doubles.map(\.bitPattern))
      }
    }
  }

  /// Factorizations are left out: of rounded operands they can be far away.
  @Test("has f32's gradients, about as exact as it can store them", arguments: Catalog.differentiable.filter { !Self.isFactorization($0) })
  func gradient(_ p: Primitive) throws {
    for dtype in HalfTests.halves {
      try each(p, dtype) { inputs, attributes in
        let wide = try inputs.map { $0.dtype == dtype ? try $0.cast(.f32) : $0 }
        func slopes(_ x: [Tensor]) throws -> [Tensor] {
          try gradients(x) { x in
            let y = try bind(p, x, attributes)
            return try (y.cast(.f32) * weights(like: y).cast(.f32)).sum()
          }
        }
        for (found, expected) in zip(try slopes(inputs), try slopes(wide)) {
          let largest = expected.doubles.map(abs).max() ?? 0
          for (a, b) in zip(found.doubles, expected.doubles) {
            #expect(abs(a - b) <= (dtype == .f16 ? 0.02 : 0.12) * max(largest, 1), "\(p.name) of \(dtype.name): \(a) and \(b)")
          }
        }
      }
    }
  }

  private static func isFactorization(_ p: Primitive) -> Bool {
    ["solve", "solve_triangular", "lstsq", "cholesky", "qr", "svd", "eigh", "det", "cofactors", "slogdet"].contains(p.name)
  }

  /// A primitive's examples in a half dtype.
  private func each(_ p: Primitive, _ dtype: DType, _ body: ([Tensor], Attributes) throws -> Void) throws {
    var dice = Dice(13)
    for sample in p.domain.cases {
      if case .draw = sample.attributes { continue }
      try body(try operands(sample, &dice).map { $0.dtype == .f64 ? try $0.cast(dtype) : $0 }, sample.attributes)
    }
  }

  @Test("rounds to nearest, ties to even") func rounding() throws {
    // 1 + k/16 halves of the last place: bf16 has 8 bits, f16 has 11.
    let ties = try Tensor.f64([1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-8 + 0x1p-40, -1 - 0x1p-8])
    #expect(try ties.cast(.bf16).doubles == [1, 1 + 0x1p-6, 1 + 0x1p-7, -1])
    let fine = try Tensor.f64([1 + 0x1p-11, 1 + 3 * 0x1p-11, 1 + 0x1p-11 + 0x1p-50, 65519.999, 65520, 1e-8, 0x1p-25, 0x1.8p-25, -0x1p-24])
    #expect(try fine.cast(.f16).doubles == [1, 1 + 0x1p-9, 1 + 0x1p-10, 65504, .infinity, 0, 0, 0x1p-24, -0x1p-24])
  }

  @Test("keeps infinities, NaN, signs of zero and numbers below the normal range") func special() throws {
    for dtype in HalfTests.halves {
      let x = try Tensor.f64([.infinity, -.infinity, .nan, 0, -0.0, 0x1p-24]).cast(dtype)
      let back = x.doubles
      #expect(back[0] == .infinity && back[1] == -.infinity && back[2].isNaN && back[3].bitPattern == 0 && back[4].sign == .minus && back[5] == 0x1p-24)
    }
    let tiny = try Tensor.f32([Double(Float.leastNonzeroMagnitude * 65536)]).cast(.bf16)
    #expect(tiny.doubles == [Double(Float.leastNonzeroMagnitude * 65536)])
  }

  @Test("reads back what it prints", arguments: halves) func text(_ dtype: DType) throws {
    let all = try Tensor.unset(shape(65536), dtype: dtype)
    for bits in 0..<65536 { all.data.storeBytes(of: UInt16(bits), toByteOffset: 2 * bits, as: UInt16.self) }
    for (place, number) in all.doubles.enumerated() where number.isFinite {
      let read = try #require(Double(all.elementText(place)))
      let again = try Tensor.of([read], dtype: dtype)
      #expect(again.doubles[0].bitPattern == number.bitPattern, "\(all.elementText(place))")
    }
  }

  @Test("casts between all dtypes and threads") func long() throws {
    let x = try Tensor.normal(.known(Key(seed: 4)), shape(300_001))
    for dtype in HalfTests.halves {
      let half = try x.cast(dtype)
      for at in [0, 511, 512, 1023, 299_999, 300_000] {
        #expect(half.element(at) == (try Tensor.of([x.element(at).double], dtype: dtype)).element(0))
        #expect((try half.cast(.f64)).element(at) == half.element(at))
      }
      #expect(try half.cast(.i32).element(7) == .int(Int(half.element(7).double)))
    }
  }

  @Test("products of a library and the own kernel agree") func products() async {
    await #expect(processExitsWith: .success) {
      let a = try Tensor.normal(.known(Key(seed: 1)), shape(96, 200), dtype: .bf16)
      let b = try Tensor.normal(.known(Key(seed: 2)), shape(200, 80), dtype: .bf16)
      let found = try Tensor.matmul(a, b).doubles
      Kernels.useOwnMatrixProduct(true)
      for (x, y) in zip(found, try Tensor.matmul(a, b).doubles) { #expect(close(x, y, 0x1p-7)) }
    }
  }

  @Test("two halves meet at f32, one keeps beside integers and numbers") func meeting() throws {
    #expect(DType.meet(.f16, .bf16) == .f32 && DType.meet(.i64, .f16) == .f16 && DType.meet(.bf16, .f64) == .f64)
  }
}
