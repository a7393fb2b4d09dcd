import TernTensor
import Testing

@Suite("Arithmetic") struct ArithmeticTests {
  @Test func dtypesMeetByTheLadder() {
    #expect(DType.meet(.bool, .u8) == .u8)
    #expect(DType.meet(.u8, .i8) == .i32)
    #expect(DType.meet(.i64, .f16) == .f16)
    #expect(DType.meet(.f16, .bf16) == .f32)
    #expect(DType.meet(.i64, .f32) == .f32)
    #expect(DType.meet(.f32, .f64) == .f64)
  }

  @Test func scriptNumbersAreWeak() throws {
    let u = try Tensor.of([.int(1), .int(2)], shape: shape(2), dtype: .u8)
    #expect(try Tensor.binary(.add, .tensor(u), .scalar(.int(255))).ints == [0, 1])
    #expect(throws: TensorError.doesNotFit(value: "300", dtype: .u8)) { try Tensor.binary(.add, .tensor(u), .scalar(.int(300))) }
    #expect(try Tensor.binary(.add, .tensor(u), .scalar(.float(0.5))).dtype == .f32)
    #expect(try Tensor.binary(.divide, .tensor(u), .scalar(.int(2))).dtype == .f32)
    let f = try Tensor.f64([1.5])
    #expect(try Tensor.binary(.multiply, .scalar(.float(2)), .tensor(f)).dtype == .f64)
    let m = try Tensor.mask([true, false])
    #expect(try Tensor.binary(.add, .tensor(m), .scalar(.int(1))).dtype == .i64)
    #expect(throws: TensorError.boolArithmetic(op: "+")) { try m + m }
    #expect(throws: TensorError.boolArithmetic(op: "+")) { try Tensor.binary(.add, .tensor(u), .scalar(.bool(true))) }
    let half = try Tensor.weak(.float(0.5))
    #expect(try Tensor.binary(.multiply, half, try Tensor.f32([1, 2])).dtype == .f32)
    #expect(try (half * half).isWeak)
  }

  @Test func integersDivideLikePython() throws {
    let a = try Tensor.i64([7, -7, 7, -7, .min]), b = try Tensor.i64([2, 2, -2, -2, -1])
    #expect(try Tensor.binary(.floorDivide, a, b).ints == [3, -4, -4, 3, .min])
    #expect(try Tensor.binary(.modulo, a, b).ints == [1, 1, -1, -1, 0])
    #expect(throws: TensorError.divisionByZero(op: "//")) { try Tensor.binary(.floorDivide, a, try Tensor.i64([1, 2, 0, 1, 1])) }
    #expect(throws: TensorError.negativePower) { try Tensor.binary(.power, a, b) }
    let x = try Tensor.f64([7, -7, 7, 1, 0.0]), y = try Tensor.f64([2, 2, -2, 0, 0])
    #expect(try Tensor.binary(.floorDivide, x, y).doubles.prefix(4) == [3, -4, -4, .infinity])
    #expect(try Tensor.binary(.floorDivide, x, y).doubles[4].isNaN)
    #expect(try Tensor.binary(.modulo, x, y).doubles.prefix(3) == [1, 1, -1])
    #expect(try Tensor.binary(.power, try Tensor.i64([2, 3]), try Tensor.i64([10, 4])).ints == [1024, 81])
  }

  @Test func comparisonWithANumberThatDoesNotFitIsExact() throws {
    let u = try Tensor.of([.int(1), .int(255)], shape: shape(2), dtype: .u8)
    #expect(try Tensor.compare(.less, .tensor(u), .scalar(.int(300))).bools == [true, true])
    #expect(try Tensor.compare(.equal, .tensor(u), .scalar(.int(-1))).bools == [false, false])
    #expect(try Tensor.compare(.less, .scalar(.int(-1)), .tensor(u)).bools == [true, true])
    #expect(try Tensor.compare(.less, .tensor(try Tensor.f32([1, .infinity])), .scalar(.float(1e300))).bools == [true, false])
  }

  @Test func oneSideExpands() throws {
    let a = try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3])
    #expect(try (a + Tensor.f32([10, 20, 30])).doubles == [11, 22, 33, 14, 25, 36])
    #expect(try (a + Tensor.f32([10, 20], [2, 1])).doubles == [11, 12, 13, 24, 25, 26])
    #expect(throws: TensorError.broadcastBothSides(op: "+", left: "f32[3, 1]", right: "f32[3]")) {
      try Tensor.f32([1, 2, 3], [3, 1]) + Tensor.f32([1, 2, 3])
    }
    #expect(throws: TensorError.broadcast(op: "*", left: "f32[2, 3]", right: "f32[2]", axis: -1, leftSize: 3, rightSize: 2)) {
      try a * Tensor.f32([1, 2])
    }
    #expect(try (Tensor.f32([], [0, 3]) + Tensor.f32([1, 2, 3])).shape == shape(0, 3))
  }

  @Test func axesPairByName() throws {
    let a = try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: ["row", "col"])
    let b = try Tensor.f32([1, 10], [2], axes: ["row"])
    #expect(try (a * b).typeText == "f32[row: 2, col: 3]")
    #expect(try (a * b).doubles == [1, 2, 3, 40, 50, 60])
    #expect(try (b * a).typeText == "f32[row: 2, col: 3]")
    let c = try Tensor.f32([1, 2, 3, 4, 5, 6], [3, 2], axes: ["col", "row"])
    #expect(try (a + c).doubles == [2, 5, 8, 6, 9, 12])
    let d = try Tensor.f32([1, 2], [2], axes: ["k"])
    #expect(try (b * d).typeText == "f32[row: 2, k: 2]")
    #expect(try (a + Tensor.f32([1, 2, 3])).typeText == "f32[row: 2, col: 3]")
    #expect(throws: TensorError.nameClash(op: "+", leftName: "col", rightName: "row", left: "f32[_: 2, col: 3]", right: "f32[row: 3]")) {
      let half = try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: [nil, "col"])
      do { _ = try half + Tensor.f32([1, 2, 3], [3], axes: ["row"]) } catch TensorError.nameClash(let op, let l, let r, _, let right) {
        throw TensorError.nameClash(op: op, leftName: l, rightName: r, left: "f32[_: 2, col: 3]", right: right)
      }
    }
    #expect(throws: TensorError.self) { try a + Tensor.f32([1, 2, 3], [3], axes: ["row"]) }
    // gradients have the names of their inputs
    let g = try gradients([a, b]) { try ($0[0] * $0[1]).sum() }
    #expect(g[0].typeText == "f32[row: 2, col: 3]" && g[1].typeText == "f32[row: 2]")
    #expect(g[1].doubles == [6, 15])
  }

  @Test func namedAxesMayBothExpand() throws {
    let a = try Tensor.f32([1, 2, 3], [1, 3], axes: ["r", "c"]), b = try Tensor.f32([10, 20], [2, 1], axes: ["r", "c"])
    #expect(try (a + b).text() == "f32[r: 2, c: 3]\n  11.0  12.0  13.0\n  21.0  22.0  23.0")
    #expect(throws: TensorError.namedSizes(op: "+", name: "c", left: "f32[r: 1, c: 3]", right: "f32[r: 2, c: 2]", leftSize: 3, rightSize: 2)) {
      try a + Tensor.f32([1, 2, 3, 4], [2, 2], axes: ["r", "c"])
    }
    #expect(try Tensor.i64([1, 2]).equals(Tensor.f32([1, 2])))
    #expect(try !Tensor.i64([1, 2]).isSame(as: Tensor.f32([1, 2])))
  }

  @Test func whereTakesByMask() throws {
    let m = try Tensor.mask([true, false, true])
    #expect(try Tensor.choose(m, .scalar(.int(1)), .scalar(.int(0))).typeText == "f32[3]")
    #expect(try Tensor.choose(m, .tensor(try Tensor.i64([1, 2, 3])), .scalar(.int(0))).ints == [1, 0, 3])
    #expect(try Tensor.choose(m, .tensor(try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3])), .scalar(.float(0))).doubles == [1, 0, 3, 4, 0, 6])
    let named = try m.named(checking: ["col"])
    let a = try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: ["row", "col"])
    #expect(try Tensor.choose(named, .tensor(a), .scalar(.float(0))).typeText == "f32[col: 3, row: 2]")
  }

  @Test func sumsAreExactEnoughAndTheSameForAnyNumberOfThreads() throws {
    let x = try Tensor.uniform(.known(Key(seed: 3)), shape(1_000_003))
    let alone = try x.sum().element(0).double
    let exact = x.doubles.reduce(0, +)
    #expect(close(alone, exact, 1e-7))
    Kernels.claimComputing()
    defer { Kernels.releaseComputing() }
    #expect(try x.sum().element(0).double == alone)
    let table = try x.slice0(0, 1_000_000).reshaped([1000, 1000])
    for (a, b) in zip(try table.sum(over: [.position(0)]).doubles.prefix(20), 0..<20) {
      #expect(close(a, (0..<1000).reduce(0) { $0 + table.element($1 * 1000 + b).double }, 1e-6))
    }
  }

  @Test func reductionsFollowTheirAxes() throws {
    let a = try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: ["row", "col"])
    #expect(try a.mean(over: [.name("row")]).text() == "f32[col: 3]  [2.5, 3.5, 4.5]")
    #expect(try a.sum().element(0) == .float(21))
    #expect(try a.max(over: [.position(-1)]).doubles == [3, 6])
    #expect(try Tensor.mask([true, false, true]).sum().typeText == "i64[]")
    #expect(try a.argmax().ints == [5])
    #expect(try a.argmin(over: .name("col")).typeText == "i64[row: 2]")
    #expect(try a.cumsum(over: .position(1)).doubles == [1, 3, 6, 4, 9, 15])
    #expect(throws: TensorError.axisUnknown(op: "sum", name: "rows", known: ["row", "col"], type: "f32[row: 2, col: 3]")) { try a.sum(over: [.name("rows")]) }
    #expect(throws: TensorError.emptyReduction(op: "max", type: "f32[0]")) { try Tensor.f32([], [0]).max() }
    #expect(try Tensor.f32([], [0]).sum().element(0) == .float(0))
    #expect(try Tensor.f32([1, .nan, 3]).max().element(0).double.isNaN)
    let softmax = try a.softmax(over: .name("row"))
    #expect(softmax.axisNames == ["row", "col"])
    #expect(close(try softmax.sum(over: [.position(0)]).doubles[1], 1, 1e-6))
    #expect(close(try a.logSumExp().element(0).double, 6.4561933, 1e-6))
    #expect(close(try a.variance().element(0).double, 35.0 / 12, 1e-6))
    #expect(try Tensor.f32([-.infinity, -.infinity]).logSumExp().element(0).double == -.infinity)
  }

  @Test func castsCutOffAndRefuseWhatDoesNotFit() throws {
    #expect(try Tensor.f32([1.9, -1.9]).cast(.i64).ints == [1, -1])
    #expect(throws: TensorError.doesNotFit(value: "300.0", dtype: .u8)) { try Tensor.f32([1, 300]).cast(.u8) }
    #expect(throws: TensorError.doesNotFit(value: "nan", dtype: .i64)) { try Tensor.f32([.nan]).cast(.i64) }
    #expect(throws: TensorError.doesNotFit(value: "9.223372036854776e+18", dtype: .i64)) { try Tensor.f64([9223372036854775808]).cast(.i64) }
    #expect(try Tensor.i64([-1, 256]).cast(.u8).ints == [255, 0])
    #expect(try Tensor.f32([-2147483648.0]).cast(.i32).ints == [-2147483648])
  }

  @Test func resultsMayTakeTheirOperandsMemory() throws {
    let a = try Tensor.f32([1, 2, 3]), b = try Tensor.f32([1, 1, 1])
    let address = a.data
    let c = try Tensor.binary(.add, a, b, reusing: .left)
    #expect(c === a && c.data == address && c.doubles == [2, 3, 4])
    let row = try Tensor.f32([1, 2, 3, 4], [2, 2]).row(0)
    #expect(try Tensor.binary(.add, row, .float(1), reusing: .left) !== row)
  }
}

extension Tensor {
  func slice0(_ start: Int, _ stop: Int) throws -> Tensor { try get([IndexEntry(.range(start: start, stop: stop))]) }
}
