import TernTensor
import Testing

@Suite("Shapes") struct ShapeTests {
  @Test func reshapeInfersOneSize() throws {
    let x = try Tensor.arange(from: .int(0), to: .int(6))
    #expect(try x.reshaped([2, -1]).shape == shape(2, 3))
    #expect(throws: TensorError.reshape(type: "i64[6]", count: 6, to: [4, -1])) { try x.reshaped([4, -1]) }
    #expect(throws: TensorError.reshape(type: "i64[6]", count: 6, to: [5])) { try x.reshaped([5]) }
    #expect(try x.reshaped([2, 3], names: ["a", "b"]).typeText == "i64[a: 2, b: 3]")
    #expect(throws: TensorError.tooManyAxes(9)) { try x.reshaped([1, 1, 1, 1, 1, 1, 1, 6, 1]) }
  }

  @Test func transposesOfEveryOrder() throws {
    let sizes = [2, 3, 4], x = try Tensor.arange(from: .int(0), to: .int(24)).reshaped(sizes)
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let y = try x.transposed(order.map { .position($0) })
      for i in 0..<2 {
        for j in 0..<3 {
          for k in 0..<4 {
            let at = [i, j, k], place = order.reduce(0) { $0 * sizes[$1] + at[$1] }
            #expect(y.element(place) == .int(i * 12 + j * 4 + k))
          }
        }
      }
    }
    let wide = try Tensor.arange(from: .int(0), to: .int(100 * 77)).reshaped([100, 77])
    #expect(try wide.transposed().transposed().ints == wide.ints)
  }

  @Test func axesComeAndGo() throws {
    let x = try Tensor.f32([1, 2, 3], [3], axes: ["a"])
    #expect(try x.expanded(at: -1).typeText == "f32[a: 3, 1]")
    #expect(try x.expanded(at: 0).squeezed().typeText == "f32[a: 3]")
    #expect(throws: TensorError.axisNotOne(op: "squeeze", axis: 0, size: 3, type: "f32[a: 3]")) { try x.squeezed(over: [.position(0)]) }
    #expect(throws: TensorError.axisOutOfRange(op: "expand", axis: 5, type: "f32[a: 3]", rank: 1)) { try x.expanded(at: 5) }
    #expect(try x.renaming([("a", "b")]).typeText == "f32[b: 3]")
    #expect(throws: TensorError.axisNameCount(names: 2, type: "f32[a: 3]", rank: 1)) { try x.named(checking: ["x", "y"]) }
  }

  @Test func joiningAndMoving() throws {
    let a = try Tensor.f32([1, 2], [2], axes: ["k"]), b = try Tensor.f64([3, 4])
    #expect(try Tensor.stack([a, b], over: .name("row")).typeText == "f64[row: 2, k: 2]")
    #expect(try Tensor.concat([a, b]).doubles == [1, 2, 3, 4])
    #expect(throws: TensorError.emptyList(op: "stack")) { try Tensor.stack([]) }
    #expect(throws: TensorError.unequalShapes(op: "stack", first: "f64[2]", other: "f64[1]")) { try Tensor.stack([b, try .f64([1])]) }
    let x = try Tensor.arange(from: .int(0), to: .int(4))
    #expect(try x.rolled(by: 1).ints == [3, 0, 1, 2])
    #expect(try x.flipped().ints == [3, 2, 1, 0])
    #expect(try x.padded([(1, 2)], with: .scalar(.int(9))).ints == [9, 0, 1, 2, 3, 9, 9])
    #expect(try x.tiled(2).ints == [0, 1, 2, 3, 0, 1, 2, 3])
    #expect(try x.repeated(2).ints == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(try x.split(sizes: [1, 3]).map(\.ints) == [[0], [1, 2, 3]])
    #expect(try Tensor.eye(2).doubles == [1, 0, 0, 1])
    #expect(try Tensor.oneHot(.i64([1, 0]), classes: 3).doubles == [0, 1, 0, 1, 0, 0])
    #expect(try Tensor.f32([1, 2, 3, 4], [2, 2]).upperTriangle(diagonal: 1).doubles == [0, 2, 0, 0])
    #expect(try Tensor.linspace(from: 0, to: 1, count: 5).doubles == [0, 0.25, 0.5, 0.75, 1])
    #expect(try Tensor.arange(from: .float(0), to: .float(1), step: .float(0.25)).typeText == "f32[4]")
    #expect(try Tensor.arange(from: .int(5), to: .int(0), step: .int(-2)).ints == [5, 3, 1])
  }

  @Test func bigCopiesAreWhole() throws {
    let x = try Tensor.arange(from: .int(0), to: .int(300_001))
    #expect(try Tensor.concat([x, x]).element(600_001) == .int(300_000))
    #expect(try x.setting([IndexEntry(.position(0))], to: .scalar(.int(7))).element(300_000) == .int(300_000))
    #expect(try Tensor.concat([x.reshaped([1, -1]), x.reshaped([1, -1])], over: .position(1)).element(300_001) == .int(0))
    #expect(try x.flipped().element(0) == .int(300_000))
  }

  @Test func productsKeepNames() throws {
    let a = try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: ["batch", "in"]), w = try Tensor.f32([1, 2, 3, 4, 5, 6], [3, 2], axes: ["in", "out"])
    #expect(try Tensor.matmul(a, w).typeText == "f32[batch: 2, out: 2]")
    #expect(try Tensor.matmul(a, w).doubles == [22, 28, 49, 64])
    #expect(throws: TensorError.matmulSizes(left: "f32[2, 3]", right: "f32[2, 3]", leftSize: 3, rightSize: 2)) {
      try Tensor.matmul(a.unnamed, a.unnamed)
    }
    #expect(throws: TensorError.self) { try Tensor.matmul(a, a.renaming([("in", "x")]).transposed()) }
    #expect(try Tensor.matmul(.i64([1, 2], [1, 2]), .i64([3, 4], [2, 1])).ints == [11])
  }
}
