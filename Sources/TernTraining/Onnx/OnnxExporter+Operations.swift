internal import TernTensor

/// A call of the core, for two batch sizes, with the names of its operands.
struct OnnxCall {
  let primitive: Primitive
  let attributes: Attributes, other: Attributes
  let inputs: [String]
  let types: [TensorType], others: [TensorType]
  let result: TensorType

  var rank: Int { types[0].shape.rank }
  var dtype: DType { types[0].dtype }
  /// The size of the last axis; nil where it goes with the batch.
  var lastSize: Int? { rank > 0 && types[0].shape[rank - 1] == others[0].shape[rank - 1] ? types[0].shape[rank - 1] : nil }
}

// What each primitive is in ONNX (https://onnx.ai/onnx/operators), opset 18.
extension OnnxExporter {
  private static let same: [(Primitive, String)] = [
    (.negate, "Neg"), (.abs, "Abs"), (.sign, "Sign"), (.reciprocal, "Reciprocal"), (.sqrt, "Sqrt"), (.exp, "Exp"), (.log, "Log"), (.sin, "Sin"),
    (.cos, "Cos"), (.tan, "Tan"), (.asin, "Asin"), (.acos, "Acos"), (.atan, "Atan"), (.sinh, "Sinh"), (.cosh, "Cosh"), (.tanh, "Tanh"),
    (.sigmoid, "Sigmoid"), (.softplus, "Softplus"), (.relu, "Relu"), (.erf, "Erf"), (.floor, "Floor"), (.ceil, "Ceil"), (.round, "Round"),
    (.isNaN, "IsNaN"), (.not, "Not"), (.add, "Add"), (.subtract, "Sub"), (.multiply, "Mul"), (.divide, "Div"), (.power, "Pow"), (.maximum, "Max"),
    (.minimum, "Min"), (.equal, "Equal"), (.less, "Less"), (.lessEqual, "LessOrEqual"), (.greater, "Greater"), (.greaterEqual, "GreaterOrEqual"),
    (.and, "And"), (.or, "Or"), (.xor, "Xor"), (.choose, "Where"),
  ]
  private static let operations = Dictionary(uniqueKeysWithValues: same.map { (ObjectIdentifier($0.0), $0.1) })

  /// nil where ONNX has nothing like it.
  mutating func emit(_ c: OnnxCall) throws(TensorError) -> String? {
    if let operation = OnnxExporter.operations[ObjectIdentifier(c.primitive)] { return graph.node(operation, c.inputs) }
    if let name = try elementwise(c) { return name }
    if let name = try folded(c) { return name }
    if let name = try moved(c) { return name }
    return try windowed(c)
  }

  private mutating func elementwise(_ c: OnnxCall) throws(TensorError) -> String? {
    let x = c.inputs[0]
    func number(_ value: Double) throws(TensorError) -> String { try graph.number(.float(value), c.dtype) }
    switch c.primitive {
    case .square: return graph.node("Mul", [x, x])
    case .rsqrt: return graph.node("Reciprocal", [graph.node("Sqrt", [x])])
    case .expm1: return graph.node("Sub", [graph.node("Exp", [x]), try number(1)])
    case .log1p: return graph.node("Log", [graph.node("Add", [x, try number(1)])])
    case .gelu:
      let cube = graph.node("Mul", [x, graph.node("Mul", [x, x])])
      let sum = graph.node("Add", [x, graph.node("Mul", [cube, try number(0.044715)])])
      return graph.node("Mul", [x, graph.node("Sigmoid", [graph.node("Mul", [sum, try number(2 * (2 / Double.pi).squareRoot())])])])
    case .isFinite: return graph.node("Not", [graph.node("Or", [graph.node("IsNaN", [x]), graph.node("IsInf", [x])])])
    case .notEqual: return graph.node("Not", [graph.node("Equal", c.inputs)])
    case .modulo: return try remainder(c)
    case .floorDivide:
      if c.dtype.isFloat { return graph.node("Floor", [graph.node("Div", c.inputs)]) }
      return graph.node("Div", [graph.node("Sub", [x, try remainder(c)]), c.inputs[1]])
    case .cast: return graph.node("Cast", [x], [.int("to", c.result.dtype.onnx)])
    case .settle: return graph.node("Cast", [x], [.int("to", DType.i64.onnx)])
    default: return nil
    }
  }

  /// With the divisor's sign.
  private mutating func remainder(_ c: OnnxCall) throws(TensorError) -> String {
    if !c.dtype.isFloat { return graph.node("Mod", c.inputs) }
    let whole = graph.node("Floor", [graph.node("Div", c.inputs)])
    return graph.node("Sub", [c.inputs[0], graph.node("Mul", [whole, c.inputs[1]])])
  }

  // MARK: Along axes

  private mutating func folded(_ c: OnnxCall) throws(TensorError) -> String? {
    let x = c.inputs[0], last = c.rank - 1
    switch (c.primitive, c.attributes) {
    case (.sum, .axes(let axes)):
      let terms = c.dtype == c.result.dtype ? x : graph.node("Cast", [x], [.int("to", c.result.dtype.onnx)])
      return try reduced("ReduceSum", terms, axes)
    case (.product, .axes(let axes)): return try reduced("ReduceProd", x, axes)
    case (.largest, .axes(let axes)): return try reduced("ReduceMax", x, axes)
    case (.smallest, .axes(let axes)): return try reduced("ReduceMin", x, axes)
    case (.any, .axes(let axes)), (.all, .axes(let axes)):
      let numbers = graph.node("Cast", [x], [.int("to", DType.i32.onnx)])
      let found = try reduced(c.primitive === Primitive.any ? "ReduceMax" : "ReduceMin", numbers, axes)
      return graph.node("Cast", [found], [.int("to", DType.bool.onnx)])
    case (.argmax, .axis(let axis)): return graph.node("ArgMax", [x], [.int("axis", axis), .int("keepdims", 0)])
    case (.argmin, .axis(let axis)): return graph.node("ArgMin", [x], [.int("axis", axis), .int("keepdims", 0)])
    case (.cumsum, .scan(let axis, let backwards)):
      return graph.node("CumSum", [x, try graph.number(.int(axis), .i64)], [.int("reverse", backwards ? 1 : 0)])
    case (.argsort, .scan(_, let backwards)):
      guard let size = c.lastSize else { return nil }
      return graph.node("TopK", [x, try graph.vector([size])], [.int("axis", last), .int("largest", backwards ? 1 : 0)], outputs: 2) + ".1"
    case (.softmax, _): return graph.node("Softmax", [x], [.int("axis", -1)])
    case (.logSoftmax, _): return graph.node("LogSoftmax", [x], [.int("axis", -1)])
    case (.logSumExp, _): return try reduced("ReduceLogSumExp", x, [last])
    case (.standardRows, .epsilon(let eps)):
      guard let size = c.lastSize else { return nil }
      let ones = graph.constant(try Tensor.ones(try Shape(checking: [size]), dtype: c.dtype))
      return graph.node("LayerNormalization", [x, ones], [.int("axis", -1), .float("epsilon", eps)])
    default: return nil
    }
  }

  private mutating func reduced(_ operation: String, _ x: String, _ axes: [Int]) throws(TensorError) -> String {
    graph.node(operation, [x, try graph.vector(axes)], [.int("keepdims", 0), .int("noop_with_empty_axes", 1)])
  }

  // MARK: Shapes and places

  private mutating func moved(_ c: OnnxCall) throws(TensorError) -> String? {
    let x = c.inputs[0]
    switch (c.primitive, c.attributes, c.other) {
    case (.reshape, .shape(let shape), .shape(let other)): return graph.node("Reshape", [x, try target(shape.array, other.array)], [.int("allowzero", 1)])
    case (.broadcast, .shape(let shape), .shape(let other)): return graph.node("Expand", [x, try vector(shape.array, other.array)])
    case (.transpose, .permutation(let order), _): return graph.node("Transpose", [x], [.ints("perm", order)])
    case (.concat, .axis(let axis), _): return graph.node("Concat", c.inputs, [.int("axis", axis)])
    case (.slice, .region(let region), .region(let other)):
      return graph.node("Slice", [
        x, try vector(region.starts, other.starts), try vector(region.ends, other.ends), try graph.vector(Array(0..<c.rank)), try graph.vector(region.steps),
      ])
    case (.embed, .place(let region, let shape), .place(let other, let otherShape)):
      guard region.steps.allSatisfy({ $0 == 1 }) else { return nil }
      let after = (0..<c.rank).map { shape[$0] - region.starts[$0] - region.counts[$0] }
      let otherAfter = (0..<c.rank).map { otherShape[$0] - other.starts[$0] - other.counts[$0] }
      return graph.node("Pad", [x, try vector(region.starts + after, other.starts + otherAfter)])
    case (.take, .axis(let axis), _):
      let places = graph.node("Reshape", [c.inputs[1], try graph.vector([-1])])
      return graph.node("Gather", [x, places], [.int("axis", axis)])
    case (.pick, _, _):
      let axis = try graph.vector([-1])
      let picked = graph.node("GatherElements", [x, graph.node("Unsqueeze", [c.inputs[1], axis])], [.int("axis", -1)])
      return graph.node("Squeeze", [picked, axis])
    case (.matmul, _, _): return product(c)
    default: return nil
    }
  }

  /// One open size follows from the others.
  private mutating func target(_ sizes: [Int], _ others: [Int]) throws(TensorError) -> String {
    let open = sizes.indices.filter { sizes[$0] != others[$0] }
    guard open.count == 1, !sizes.contains(0) else { return try vector(sizes, others) }
    return try graph.vector(sizes.indices.map { $0 == open[0] ? -1 : sizes[$0] })
  }

  private mutating func product(_ c: OnnxCall) -> String? {
    let left: Bool, right: Bool, isWide: Bool
    switch c.attributes {
    case .product(let turnLeft, let turnRight): (left, right, isWide) = (turnLeft, turnRight, false)
    case .wideProduct(let turnLeft, let turnRight): (left, right, isWide) = (turnLeft, turnRight, true)
    default: return nil
    }
    var sides: [String] = []
    for (k, turned) in [left, right].enumerated() {
      var side = c.inputs[k]
      if isWide { side = graph.node("Cast", [side], [.int("to", DType.f32.onnx)]) }
      let rank = c.types[k].shape.rank
      if turned { side = graph.node("Transpose", [side], [.ints("perm", Array(0..<rank - 2) + [rank - 1, rank - 2])]) }
      sides.append(side)
    }
    return graph.node("MatMul", sides)
  }

  // MARK: Windows. Images are channels last here and channels first there.

  private mutating func windowed(_ c: OnnxCall) throws(TensorError) -> String? {
    guard case .window(let w) = c.attributes, c.attributes == c.other else { return nil }
    let image = graph.node("Transpose", [c.inputs[0]], [.ints("perm", [0, 3, 1, 2])])
    var options: [OnnxGraph.Option] = [
      .ints("kernel_shape", [w.height.field, w.width.field]), .ints("strides", [w.height.stride, w.width.stride]),
      .ints("pads", [w.height.low, w.width.low, w.height.high, w.width.high]),
    ]
    let dilations = OnnxGraph.Option.ints("dilations", [w.height.dilation, w.width.dilation])
    let result: String
    switch c.primitive {
    case .convolve: result = graph.node("Conv", [image, filter(c)], options + [dilations, .int("group", w.groups)])
    case .convolveInput:
      options += [dilations, .int("group", w.groups), .ints("output_padding", [w.height.rest, w.width.rest])]
      result = graph.node("ConvTranspose", [image, filter(c)], options)
    case .poolMax: result = graph.node("MaxPool", [image], options + [dilations])
    case .poolMean:
      guard w.height.dilation == 1, w.width.dilation == 1 else { return nil }
      result = graph.node("AveragePool", [image], options + [.int("count_include_pad", 1)])
    default: return nil
    }
    return graph.node("Transpose", [result], [.ints("perm", [0, 2, 3, 1])])
  }

  private mutating func filter(_ c: OnnxCall) -> String { graph.node("Transpose", [c.inputs[1]], [.ints("perm", [3, 2, 0, 1])]) }
}

extension Region {
  /// Where each axis ends, itself not taken; before the first place stands the least number there is.
  fileprivate var ends: [Int] {
    starts.indices.map { axis in
      let end = starts[axis] + steps[axis] * counts[axis]
      return end < 0 ? Int.min : end
    }
  }
}

extension Window.Axis {
  /// The places at the end that no window sees.
  fileprivate var rest: Int { size + low + high - extent - (results - 1) * stride }
}
