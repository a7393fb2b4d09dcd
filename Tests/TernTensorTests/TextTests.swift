import TernTensor
import Testing

@Suite("Text") struct TextTests {
  @Test(arguments: [
    (1.0, "1.0"), (0.1, "0.1"), (1e16, "1e+16"), (1.2345678901234568e16, "1.2345678901234568e+16"), (9999999999999998.0, "9999999999999998.0"),
    (1e-5, "1e-05"), (0.0001, "0.0001"), (-0.0, "-0.0"), (0.0, "0.0"), (123456.789, "123456.789"), (1e22, "1e+22"), (.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (-.infinity, "-inf"), (100.0, "100.0"), (1e15, "1000000000000000.0"), (2.5e-7, "2.5e-07"),
  ] as [(Double, String)]) func doubles(_ x: Double, _ text: String) { #expect(floatText(x) == text) }

  @Test func singles() {
    #expect(floatText(Float(0.1)) == "0.1")
    #expect(floatText(Float(16777216)) == "16777216.0")
    #expect(floatText(Float(1e10)) == "10000000000.0")
    #expect(floatText(Float.nan) == "nan")
    #expect(floatText(Float(3.4028235e38)) == "3.4028235e+38")
  }

  @Test func tensors() throws {
    let x = try Tensor.f32([1, 2, 3, 4, 5, 60], [2, 3], axes: ["row", "col"])
    #expect(try x.sum().text() == "75.0")
    #expect(x.text() == "f32[row: 2, col: 3]\n  1.0  2.0   3.0\n  4.0  5.0  60.0")
    #expect(x.inlineText() == "f32[row: 2, col: 3]  [[1.0, 2.0, 3.0], [4.0, 5.0, 60.0]]")
    #expect(try Tensor.arange(from: .int(0), to: .int(8)).reshaped([2, 2, 2]).text() == "i64[2, 2, 2]\n  0  1\n  2  3\n\n  4  5\n  6  7")
    #expect(try Tensor.f32([], [0, 3]).text() == "f32[0, 3]  []")
    #expect(try Tensor.mask([true, false]).text() == "bool[2]  [true, false]")
    let long = try Tensor.arange(from: .int(0), to: .int(1000)).text(width: 60)
    #expect(long == "i64[1000]  [0, 1, 2, 3, … 992 more …, 996, 997, 998, 999]")
    let tall = try Tensor.zeros(shape(100, 2)).text(maxRows: 5)
    #expect(tall == "f32[100, 2]\n  0.0  0.0\n  0.0  0.0\n  ⋮ 96 more rows\n  0.0  0.0\n  0.0  0.0")
    let wide = try Tensor.zeros(shape(2, 100)).text(width: 40)
    #expect(wide.split(separator: "\n").allSatisfy { $0.count <= 40 })
  }
}
