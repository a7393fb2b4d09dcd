import TernTensor
import Testing

/// Any call gives a tensor or an error: arguments of every kind, sizes of 0, numbers at the ends of their ranges.
@Suite("Nothing traps") struct FuzzTests {
  private static let dtypes: [DType] = [.bool, .u8, .i8, .i32, .i64, .f32, .f64]
  private static let numbers: [Double] = [0, 1, -1, 2, 0.5, -0.5, 127, 128, 255, 256, 1e10, -1e10, 1e300, .infinity, -.infinity, .nan, 3, 5, -3]
  private static let integers = [0, 1, -1, 2, -2, 3, 5, 127, -128, 255, .max, .min, Int.max - 1, 1 << 40, -(1 << 40)]

  private static func tensor(_ dice: inout Dice) throws -> Tensor {
    let sizes = (0..<dice.below(4)).map { _ in dice.below(4) }, shape = try Shape(checking: sizes)
    let dtype = dtypes[dice.below(dtypes.count)]
    let x = try Tensor.of(
      (0..<shape.count).map { _ in
        dtype == .bool ? .bool(dice.coin()) : dtype.isFloat ? .float(numbers[dice.below(numbers.count)]) : .int(fit(integers[dice.below(integers.count)], dtype))
      }, shape: shape, dtype: dtype)
    guard dice.below(3) == 0 else { return x }
    return try x.named(checking: sizes.indices.map { dice.coin() ? ["a", "b", "c", "d"][$0] : dice.coin() ? nil : ["b", "c", "a", "e"][$0] })
  }
  private static func fit(_ value: Int, _ dtype: DType) -> Int {
    guard let range = dtype.integerRange else { return value }
    return min(max(value, range.lowerBound), range.upperBound)
  }
  private static func scalar(_ dice: inout Dice) -> Scalar {
    switch dice.below(5) {
    case 0: .bool(dice.coin())
    case 1, 2: .int(integers[dice.below(integers.count)])
    default: .float(numbers[dice.below(numbers.count)])
    }
  }
  private static func operand(_ dice: inout Dice) throws -> Operand { dice.below(3) > 0 ? .tensor(try tensor(&dice)) : .scalar(scalar(&dice)) }
  private static func int(_ dice: inout Dice) -> Int { dice.below(3) > 0 ? dice.below(7) - 3 : integers[dice.below(integers.count)] }
  private static func axis(_ dice: inout Dice) -> AxisReference { dice.below(4) > 0 ? .position(int(&dice)) : .name(["a", "b", "z"][dice.below(3)]) }
  private static func axes(_ dice: inout Dice) -> [AxisReference]? { dice.below(3) == 0 ? nil : (0..<dice.below(3)).map { _ in axis(&dice) } }
  private static func index(_ dice: inout Dice) throws -> [IndexEntry] {
    try (0..<dice.below(4)).map { _ in
      let item: IndexPart
      switch dice.below(6) {
      case 0: item = .position(int(&dice))
      case 1: item = .range(start: dice.coin() ? nil : int(&dice), stop: dice.coin() ? nil : int(&dice), inclusive: dice.coin(), step: dice.coin() ? 1 : int(&dice))
      case 2: item = .mask(try tensor(&dice))
      case 3: item = .positions(try tensor(&dice))
      case 4: item = .rest
      default: item = .range(start: nil, stop: nil)
      }
      return IndexEntry(item, axis: dice.below(6) == 0 ? axis(&dice) : nil)
    }
  }

  private static func call(_ x: Tensor, _ dice: inout Dice) throws -> Tensor {
    let operators: [ElementOperator] = [.add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power, .maximum, .minimum, .atan2]
    let comparisons: [Comparison] = [.equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual]
    switch dice.below(34) {
    case 0, 1, 2: return try Tensor.binary(operators[dice.below(operators.count)], .tensor(x), try operand(&dice))
    case 3: return try Tensor.binary(operators[dice.below(operators.count)], try operand(&dice), .tensor(x))
    case 4: return try Tensor.compare(comparisons[dice.below(6)], .tensor(x), try operand(&dice))
    case 5: return try x.map(ElementFunction.allCases[dice.below(ElementFunction.allCases.count)])
    case 6: return try Tensor.choose(try tensor(&dice), .tensor(x), try operand(&dice))
    case 7: return try x.cast(dtypes[dice.below(dtypes.count)])
    case 8: return try [x.sum, x.product, x.max, x.min, x.mean, x.norm, x.logSumExp, x.any, x.all][dice.below(9)](axes(&dice))
    case 9: return try [x.argmax, x.argmin][dice.below(2)](dice.coin() ? nil : axis(&dice))
    case 10: return try [x.cumsum, x.softmax, x.logSoftmax][dice.below(3)](axis(&dice))
    case 11, 12: return try x.get(try index(&dice))
    case 13, 14: return try x.setting(try index(&dice), to: try operand(&dice))
    case 15: return try x.gather((0..<dice.below(3)).map { _ in try tensor(&dice) })
    case 16: return try x.reshaped((0..<dice.below(4)).map { _ in int(&dice) })
    case 17: return try x.transposed(dice.coin() ? nil : (0..<x.rank).map { _ in axis(&dice) })
    case 18: return try x.expanded(at: int(&dice))
    case 19: return try x.squeezed(over: axes(&dice))
    case 20: return try Tensor.concat([x, try tensor(&dice)], over: axis(&dice))
    case 21: return try Tensor.stack([x, x, try tensor(&dice)], over: axis(&dice))
    case 22: return try Tensor.matmul(x, try tensor(&dice))
    case 23: return try x.flipped(over: axes(&dice))
    case 24: return try x.rolled(by: int(&dice), over: axis(&dice))
    case 25: return try x.padded((0..<x.rank).map { _ in (dice.below(3), int(&dice)) }, with: .scalar(scalar(&dice)))
    case 26: return try dice.coin() ? x.tiled(min(int(&dice), 5), over: axis(&dice)) : x.repeated(min(int(&dice), 5), over: axis(&dice))
    case 27: return try dice.coin() ? x.sorted(over: axis(&dice)) : x.argsort(over: axis(&dice), descending: true)
    case 28: return try x.topK(int(&dice), over: axis(&dice)).values
    case 29: return try dice.coin() ? x.unique() : Tensor.oneHot(x, classes: min(int(&dice), 9))
    case 30: return try dice.coin() ? x.lowerTriangle(diagonal: int(&dice)) : x.upperTriangle(diagonal: int(&dice))
    case 31: return try Tensor.arange(from: scalar(&dice), to: scalar(&dice), step: scalar(&dice))
    case 32: return try Tensor.outer(x, try tensor(&dice))
    default: return try x.variance(over: axes(&dice))
    }
  }

  @Test("whatever the arguments are", arguments: 0..<16) func calls(_ seed: Int) throws {
    MemoryBudget.limit = 4 << 30
    var dice = Dice(seed * 31 + 5), answered = 0
    for _ in 0..<2000 {
      guard let x = try? Self.tensor(&dice) else { continue }
      do {
        let y = try Self.call(x, &dice)
        _ = y.text(width: 10 + dice.below(80), maxRows: dice.below(10))
        _ = y.inlineText(limit: 5)
        answered += 1
      } catch is TensorError {}
    }
    #expect(answered > 300)
  }

  @Test("and its gradient", arguments: 0..<16) func gradientsOfCalls(_ seed: Int) throws {
    MemoryBudget.limit = 4 << 30
    var dice = Dice(seed * 17 + 3)
    for _ in 0..<1000 {
      guard let x = try? Self.tensor(&dice), x.dtype.isFloat else { continue }
      do {
        let graph = Graph()
        defer { graph.end() }
        let node = graph.lift(x)
        let y = try Self.call(Self.call(node, &dice), &dice)
        guard y.dtype.isFloat else { continue }
        let g = try graph.gradients(of: try y.sum(), by: [node])
        #expect(g[0].shape == x.shape && g[0].dtype == x.dtype && g[0].axisNames == x.axisNames)
      } catch is TensorError {}
    }
  }
}
