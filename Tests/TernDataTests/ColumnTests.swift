import TernData
import TernTensor
import Testing

@Suite("Columns") struct ColumnTests {
  let a = Column.int([1, nil, 3, 4])
  let b = Column.float([0.5, 2, nil, 4])

  @Test("missing cells propagate through arithmetic") func arithmetic() throws {
    #expect(try Column.arithmetic(.add, .column(a), .column(b)).allCells == [.float(1.5), .missing, .missing, .float(8)])
    #expect(try Column.arithmetic(.multiply, .column(a), .scalar(.int(10))).allCells == [.int(10), .missing, .int(30), .int(40)])
    #expect(try Column.arithmetic(.subtract, .scalar(.missing), .column(a)).missingCount == 4)
  }

  @Test("division gives floats, floor division and remainder follow Python") func division() throws {
    let x = Column.int([7, -7, 7, -7]), y = Column.int([2, 2, -2, -2])
    #expect(try Column.arithmetic(.divide, .column(x), .column(y)).allCells == [.float(3.5), .float(-3.5), .float(-3.5), .float(3.5)])
    #expect(try Column.arithmetic(.floorDivide, .column(x), .column(y)).allCells == [3, -4, -4, 3].map(Cell.int))
    #expect(try Column.arithmetic(.remainder, .column(x), .column(y)).allCells == [1, 1, -1, -1].map(Cell.int))
    #expect(try Column.arithmetic(.power, .column(x), .scalar(.int(2))).allCells == [49, 49, 49, 49].map(Cell.int))
    #expect(try Column.arithmetic(.power, .scalar(.int(2)), .column(.int([3, -1]))).allCells == [8, 0.5].map(Cell.float))
  }

  @Test("integers overflow as errors, never as traps", arguments: [
    (ArithmeticOperator.add, Int.max, 1), (.subtract, .min, 1), (.multiply, .max, 2), (.floorDivide, .min, -1), (.power, 10, 19),
  ])
  func overflow(_ op: ArithmeticOperator, _ x: Int, _ y: Int) {
    #expect(throws: DataError.integerOverflow(operation: op.rawValue, row: 1)) {
      try Column.arithmetic(op, .column(.int([0, x])), .column(.int([1, y])))
    }
  }

  @Test("other integer edges") func edges() throws {
    let least = Column.int([Int.min])
    #expect(throws: DataError.divisionByZero(operation: "//", row: 0)) { try Column.arithmetic(.floorDivide, .column(least), .scalar(.int(0))) }
    #expect(try Column.arithmetic(.remainder, .column(least), .scalar(.int(-1))).allCells == [.int(0)])
    #expect(throws: DataError.integerOverflow(operation: "-", row: 0)) { try least.negated() }
    #expect(throws: DataError.integerOverflow(operation: "abs", row: 0)) { try least.magnitude() }
    #expect(try Column.arithmetic(.divide, .column(.int([1])), .scalar(.int(0))).allCells == [.float(.infinity)])
  }

  @Test("comparisons with missing cells are missing") func comparison() throws {
    #expect(try Column.comparison(.greater, .column(a), .scalar(.float(2.5))).allCells == [.bool(false), .missing, .bool(true), .bool(true)])
    let words = Column.text(["b", "a", nil, "é"])
    #expect(try Column.comparison(.equal, .column(words), .scalar(.text("a"))).allCells == [.bool(false), .bool(true), .missing, .bool(false)])
    #expect(try Column.comparison(.less, .column(words), .scalar(.text("b"))).allCells == [.bool(false), .bool(true), .missing, .bool(false)])
    #expect(try Column.comparison(.less, .scalar(.text("az")), .column(words)).allCells == [.bool(true), .bool(false), .missing, .bool(true)])
    #expect(try Column.comparison(.equal, .column(a), .scalar(.text("1"))).allCells.first == .bool(false))
    #expect(throws: DataError.badOperands(operation: "<", left: "int", right: "str")) { try Column.comparison(.less, .column(a), .scalar(.text("1"))) }
  }

  @Test("ints and floats compare without rounding") func exactComparison() throws {
    let big = Column.int([9_007_199_254_740_993, Int.max, 2, -3])
    let floats = Operand.column(.float([9_007_199_254_740_992, 0x1p63, 2.5, .nan] as [Double]))
    #expect(try Column.comparison(.equal, .column(big), floats).allCells == [false, false, false, false].map(Cell.bool))
    #expect(try Column.comparison(.greater, .column(big), floats).allCells == [true, false, false, false].map(Cell.bool))
    #expect(try Column.comparison(.greater, floats, .column(big)).allCells == [false, true, true, false].map(Cell.bool))
    #expect(try Column.comparison(.notEqual, floats, .column(big)).allCells == [true, true, true, true].map(Cell.bool))
  }

  @Test("logic is three-valued") func logic() throws {
    let x = Column.bool([true, true, true, false, false, nil]), y = Column.bool([true, false, nil, false, nil, nil])
    #expect(try Column.and(.column(x), .column(y)).allCells == [.bool(true), .bool(false), .missing, .bool(false), .bool(false), .missing])
    #expect(try Column.or(.column(x), .column(y)).allCells == [.bool(true), .bool(true), .bool(true), .bool(false), .missing, .missing])
    #expect(try x.not().allCells.last == .missing)
  }

  @Test("aggregates pass over missing cells and say how many") func aggregates() throws {
    #expect(try a.aggregate(.sum) == Aggregate(value: .int(8), skipped: 1))
    #expect(try a.aggregate(.mean).value == .float(8.0 / 3))
    #expect(try a.aggregate(.median).value == .float(3))
    #expect(try a.aggregate(.max).value == .int(4))
    #expect(try a.aggregate(.count).value == .int(3))
    #expect(try Column.text(["b", nil, "a", "b"]).aggregate(.unique).value == .int(2))
    #expect(try Column.text(["b", nil, "a"]).aggregate(.min).value == .text("a"))
    #expect(try Column.float([nil, nil]).aggregate(.mean) == Aggregate(value: .missing, skipped: 2))
    #expect(try Column.bool([true, nil]).aggregate(.all).value == .bool(true))
    #expect(throws: DataError.integerOverflow(operation: "sum", row: 1)) { try Column.int([Int.max, 1]).aggregate(.sum) }
    #expect(throws: DataError.badOperand(operation: "mean", found: "str")) { try Column.text(["x"]).aggregate(.mean) }
  }

  @Test("sums do not lose small numbers") func compensation() throws {
    #expect(try Column.float([1e16, 1, -1e16] as [Double]).aggregate(.sum).value == .float(1))
    #expect(try Column.float([.infinity, 1] as [Double]).aggregate(.sum).value == .float(.infinity))
  }

  @Test("order is stable, missing last, either way") func order() throws {
    let c = Column.int([2, nil, 1, 2, 1])
    #expect(try c.order() == [2, 4, 0, 3, 1])
    #expect(try c.order(descending: true) == [0, 3, 2, 4, 1])
    #expect(try Column.float([.nan, 1, nil, -1]).order(descending: true) == [1, 3, 0, 2])
    #expect(try Column.text(["b", "a", nil]).order() == [1, 0, 2])
  }

  @Test("fill, missing, casts") func maps() throws {
    #expect(a.isMissing.allCells == [false, true, false, false].map(Cell.bool))
    #expect(try a.filled(with: .float(2.5)).type == .float)
    #expect(try a.filled(with: .int(0)).allCells == [1, 0, 3, 4].map(Cell.int))
    #expect(throws: DataError.mixedCells(column: "", row: 1, needed: "int", found: "str")) { try a.filled(with: .text("x")) }
    #expect(try Column.text(["1", nil, "-2"]).ints().allCells == [.int(1), .missing, .int(-2)])
    #expect(throws: DataError.badCast(row: 1, value: "x", type: "float")) { try Column.text(["1", "x"]).floats() }
    #expect(throws: DataError.badCast(row: 0, value: "1e+300", type: "int")) { try Column.float([1e300]).ints() }
    #expect(try a.texts().allCells == [.text("1"), .missing, .text("3"), .text("4")])
    #expect(try b.mapFloat("sqrt") { $0.squareRoot() }.allCells[3] == .float(2))
  }

  @Test("choices, membership, later times") func choices() throws {
    let mask = Column.bool([true, false, nil, true])
    #expect(try Column.choice(mask, .column(a), .scalar(.int(0))).allCells == [.int(1), .int(0), .missing, .int(4)])
    #expect(throws: DataError.lengthsDiffer(operation: "where", left: 4, right: 1)) { try Column.choice(mask, .column(.int([1])), .scalar(.int(0))) }
    #expect(a.isIn([.int(1), .int(4)]).allCells == [.bool(true), .missing, .bool(false), .bool(true)])
    #expect(b.isIn([.int(2), .text("x")]).allCells == [.bool(false), .bool(true), .missing, .bool(false)])
    #expect(Column.text(["x", nil]).isIn([.text("x")]).allCells == [.bool(true), .missing])
    #expect(try Column.time([5]).shifted(by: 3).allCells == [.time(8)])
    #expect(Column.text(["b", "a", nil, nil, nil]).mostFrequent == .text("a"))
  }

  @Test("tensors: f32 unless told, refused while cells are missing") func tensors() throws {
    #expect(throws: DataError.missingCells(column: "a", count: 1)) { try a.tensor(name: "a") }
    let whole = Column.int([1, 2])
    #expect(floats(try whole.tensor(name: "w")) == [1, 2])
    #expect(ints(try whole.tensor(.i64, name: "w")) == [1, 2])
    #expect(try Column.bool([true]).tensor(name: "b").dtype == .bool)
    #expect(throws: (any Error).self) { try Column.float([300] as [Double]).tensor(.u8, name: "x") }
    #expect(throws: DataError.columnType(column: "s", needed: "numbers", found: "str")) { try Column.text(["x"]).tensor(name: "s") }
  }

  @Test("a tensor is a column of its rows") func tensorColumn() throws {
    let column = try Column.tensor(counting([3, 2, 2]))
    #expect(column.type == .tensor(.u8, [2, 2]))
    #expect(column.type.name == "u8[2, 2]")
    guard case .tensor(let picked) = column.gathered([2, 0]).cells else { return }
    #expect(picked.tensor.shape.array == [2, 2, 2])
    #expect(picked.tensor.data.load(as: UInt8.self) == 8)
  }

  @Test("no row is reached that is not there") func bounds() {
    #expect(throws: DataError.rowOutOfRange(index: 4, count: 4)) { try a.cell(at: 4) }
    #expect(throws: DataError.rowOutOfRange(index: -5, count: 4)) { try a.cell(at: -5) }
    #expect(throws: DataError.lengthsDiffer(operation: "+", left: 4, right: 1)) { try Column.arithmetic(.add, .column(a), .column(.int([1]))) }
  }
}

@Suite("Times") struct MomentTests {
  @Test("read and written", arguments: [
    ("1970-01-01", 0, "1970-01-01"), ("2013-01-01T06:00:00Z", 1_357_020_000, "2013-01-01T06:00:00Z"),
    ("2013-01-01 06:00", 1_357_020_000, "2013-01-01T06:00:00Z"), ("2013-01-01T08:00:00+02:00", 1_357_020_000, "2013-01-01T06:00:00Z"),
    ("1969-12-31T23:59:59Z", -1, "1969-12-31T23:59:59Z"), ("2024-02-29", 1_709_164_800, "2024-02-29"),
  ])
  func roundTrip(_ text: String, _ seconds: Int, _ written: String) {
    #expect(Moment(text)?.nanoseconds == seconds * Moment.perSecond)
    #expect(Moment(nanoseconds: seconds * Moment.perSecond).text == written)
  }

  @Test("fractions keep nanoseconds") func fraction() {
    #expect(Moment("2020-01-01T00:00:00.000000001Z")?.text == "2020-01-01T00:00:00.000000001Z")
    #expect(Moment("2020-01-01T00:00:00.25Z")?.text == "2020-01-01T00:00:00.25Z")
  }

  @Test("what is no time", arguments: [
    "", "2013", "2013-13-01", "2013-02-29", "2013-01-32", "2013-01-01T", "2013-01-01T25:00", "2013-01-01T00:60", "2013-01-01T00:00:00.",
    "2013-01-01T00:00:00+", "0001-01-01", "9999-12-31", "2013-01-01x", "２013-01-01",
  ])
  func refused(_ text: String) { #expect(Moment(text) == nil) }

  @Test("the ends of the range") func ends() {
    #expect(Moment(nanoseconds: .max).text.hasPrefix("2262-04-11"))
    #expect(Moment(nanoseconds: .min).text.hasPrefix("1677-09-21"))
  }
}
