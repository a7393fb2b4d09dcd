import CTernKernels

/// Primitives that work element by element. A new one is an entry here and a line of C.
extension Primitive {
  // ---- one operand

  package static let negate: Primitive = map("neg", "Changes the sign of every element.", TERN_NEG, .numbers) { g throws(TensorError) in try -g.dy }
  package static let abs: Primitive = map("abs", "Gives the distance of every element from zero.", TERN_ABS, .numbers, on: .reals(0.2...3)) {
    g throws(TensorError) in try g.dy * g.x.sign()
  }
  package static let sign: Primitive = map("sign", "Gives -1, 0 or 1 by the sign of every element.", TERN_SIGN, .numbers)
  package static let square: Primitive = map("square", "Multiplies every element by itself.", TERN_SQUARE, .numbers) { g throws(TensorError) in
    try g.dy * (2 * g.x)
  }
  package static let reciprocal: Primitive = map("reciprocal", "Gives one over every element.", TERN_RECIPROCAL, .floats, on: .reals(0.3...3)) {
    g throws(TensorError) in try -(g.dy * (g.y * g.y))
  }
  package static let sqrt: Primitive = map("sqrt", "Gives the square root of every element.", TERN_SQRT, .floats, on: .reals(0.2...4)) {
    g throws(TensorError) in try 0.5 * g.dy / g.y
  }
  package static let rsqrt: Primitive = map("rsqrt", "Gives one over the square root of every element.", TERN_RSQRT, .floats, on: .reals(0.3...4)) {
    g throws(TensorError) in try g.dy * (-0.5 * (g.y * g.y * g.y))
  }
  package static let exp: Primitive = map("exp", "Raises e to every element.", TERN_EXP, .floats) { g throws(TensorError) in try g.dy * g.y }
  package static let expm1: Primitive = map("expm1", "Gives exp(x) - 1, exact near zero.", TERN_EXPM1, .floats) { g throws(TensorError) in
    try g.dy * (g.y + 1)
  }
  package static let log: Primitive = map("log", "Gives the natural logarithm of every element.", TERN_LOG, .floats, on: .reals(0.2...4)) {
    g throws(TensorError) in try g.dy / g.x
  }
  package static let log1p: Primitive = map("log1p", "Gives log(1 + x), exact near zero.", TERN_LOG1P, .floats, on: .reals(-0.6...3)) {
    g throws(TensorError) in try g.dy / (g.x + 1)
  }
  package static let sin: Primitive = map("sin", "Gives the sine of every element.", TERN_SIN, .floats) { g throws(TensorError) in try g.dy * g.x.cos() }
  package static let cos: Primitive = map("cos", "Gives the cosine of every element.", TERN_COS, .floats) { g throws(TensorError) in try -(g.dy * g.x.sin()) }
  package static let tan: Primitive = map("tan", "Gives the tangent of every element.", TERN_TAN, .floats, on: .reals(-1...1)) { g throws(TensorError) in
    try g.dy * (g.y * g.y + 1)
  }
  package static let asin: Primitive = map("asin", "Gives the angle whose sine every element is.", TERN_ASIN, .floats, on: .reals(-0.8...0.8)) {
    g throws(TensorError) in try g.dy * (1 - g.x * g.x).rsqrt()
  }
  package static let acos: Primitive = map("acos", "Gives the angle whose cosine every element is.", TERN_ACOS, .floats, on: .reals(-0.8...0.8)) {
    g throws(TensorError) in try -(g.dy * (1 - g.x * g.x).rsqrt())
  }
  package static let atan: Primitive = map("atan", "Gives the angle whose tangent every element is.", TERN_ATAN, .floats) { g throws(TensorError) in
    try g.dy / (g.x * g.x + 1)
  }
  package static let sinh: Primitive = map("sinh", "Gives the hyperbolic sine of every element.", TERN_SINH, .floats) { g throws(TensorError) in
    try g.dy * g.x.cosh()
  }
  package static let cosh: Primitive = map("cosh", "Gives the hyperbolic cosine of every element.", TERN_COSH, .floats) { g throws(TensorError) in
    try g.dy * g.x.sinh()
  }
  package static let tanh: Primitive = map("tanh", "Gives the hyperbolic tangent of every element.", TERN_TANH, .floats) { g throws(TensorError) in
    try bind(.tanhGradient, [g.y, g.dy])
  }
  package static let sigmoid: Primitive = map("sigmoid", "Gives 1 / (1 + exp(-x)) of every element.", TERN_SIGMOID, .floats) { g throws(TensorError) in
    try bind(.sigmoidGradient, [g.y, g.dy])
  }
  package static let softplus: Primitive = map("softplus", "Gives log(1 + exp(x)) without overflow.", TERN_SOFTPLUS, .floats) { g throws(TensorError) in
    try g.dy * g.x.sigmoid()
  }
  package static let relu: Primitive = map("relu", "Replaces negative elements by zero.", TERN_RELU, .numbers, on: .reals(0.2...3)) { g throws(TensorError) in
    try bind(.reluGradient, [g.y, g.dy])
  }
  package static let gelu: Primitive = map("gelu", "Gives x / (1 + exp(-2u)), u = √(2/π) (x + 0.044715 x³).", TERN_GELU, .floats) { g throws(TensorError) in
    try bind(.geluGradient, [g.x, g.dy])
  }
  package static let erf: Primitive = map("erf", "Gives the error function of every element.", TERN_ERF, .floats) { g throws(TensorError) in
    try g.dy * (1.1283791670955126 * (-(g.x * g.x)).exp())
  }
  package static let floor: Primitive = map("floor", "Rounds every element down.", TERN_FLOOR, .floatsOnly)
  package static let ceil: Primitive = map("ceil", "Rounds every element up.", TERN_CEIL, .floatsOnly)
  package static let round: Primitive = map("round", "Rounds every element to the nearest whole number, halves to even.", TERN_ROUND, .floatsOnly)
  package static let isNaN: Primitive = map("isnan", "Marks the elements that are no number.", TERN_ISNAN, .predicate)
  package static let isFinite: Primitive = map("isfinite", "Marks the elements that are neither infinite nor NaN.", TERN_ISFINITE, .predicate)
  package static let not: Primitive = map("not", "Turns true into false and false into true.", TERN_NOT, .bools, on: .bools)

  // ---- two operands

  package static let add: Primitive = zip("+", "Adds element by element.", TERN_ADD, .arithmetic) { g throws(TensorError) in
    try g.both({ () throws(TensorError) in g.dy }, { () throws(TensorError) in g.dy })
  }
  package static let subtract: Primitive = zip("-", "Subtracts element by element.", TERN_SUB, .arithmetic) { g throws(TensorError) in
    try g.both({ () throws(TensorError) in g.dy }, { () throws(TensorError) in try -g.dy })
  }
  package static let multiply: Primitive = zip("*", "Multiplies element by element.", TERN_MUL, .arithmetic) { g throws(TensorError) in
    try g.both({ () throws(TensorError) in try g.dy * g.b }, { () throws(TensorError) in try g.dy * g.a })
  }
  package static let divide: Primitive = zip("/", "Divides element by element; integers give f32.", TERN_DIV, .division, on: .reals(0.4...3)) {
    g throws(TensorError) in
    try g.both({ () throws(TensorError) in try g.dy / g.b }, { () throws(TensorError) in try -(g.dy * g.y / g.b) })
  }
  package static let floorDivide: Primitive = zip("//", "Divides and rounds down.", TERN_FLOORDIV, .arithmetic)
  package static let modulo: Primitive = zip("%", "Gives the remainder, with the divisor's sign.", TERN_MOD, .arithmetic, on: .reals(0.6...0.9)) {
    g throws(TensorError) in
    try g.both({ () throws(TensorError) in g.dy }, { () throws(TensorError) in try -(g.dy * (g.a / g.b).floor()) })
  }
  package static let power: Primitive = zip("**", "Raises the left to the right, element by element.", TERN_POW, .arithmetic, on: .reals(0.4...2)) {
    g throws(TensorError) in
    try g.both(
      { () throws(TensorError) in
        let slope = try g.b * g.a.power(try g.b - 1)
        if let exponent = g.b.scalar, exponent.double != 0 { return try g.dy * slope }
        // x ** 0 is 1 throughout: also at 0, where 0 · 0⁻¹ would be no number.
        return try g.dy * (try Tensor.choose(try g.b.compared(.equal, to: 0), .scalar(.float(0)), .tensor(slope)))
      },
      { () throws(TensorError) in
        let safe = try Tensor.choose(try g.a.compared(.greater, to: 0), .tensor(g.a), .scalar(.float(1)))
        return try g.dy * (g.y * safe.log())
      })
  }
  package static let maximum: Primitive = zip("max", "Gives the larger of two elements.", TERN_MAX, .arithmetic) { g throws(TensorError) in
    try g.both({ () throws(TensorError) in try g.shareOfExtreme(g.a) }, { () throws(TensorError) in try g.shareOfExtreme(g.b) })
  }
  package static let minimum: Primitive = zip("min", "Gives the smaller of two elements.", TERN_MIN, .arithmetic) { g throws(TensorError) in
    try g.both({ () throws(TensorError) in try g.shareOfExtreme(g.a) }, { () throws(TensorError) in try g.shareOfExtreme(g.b) })
  }
  package static let atan2: Primitive = zip("atan2", "Gives the angle of the point (right, left).", TERN_ATAN2, .floats, on: .reals(0.3...2)) {
    g throws(TensorError) in
    let square = try g.a * g.a + g.b * g.b
    return try g.both({ () throws(TensorError) in try g.dy * g.b / square }, { () throws(TensorError) in try -(g.dy * g.a / square) })
  }
  /// The gradient of relu: dy where x > 0.
  package static let reluGradient: Primitive = zip("relu_gradient", "Passes dy where x is above zero.", TERN_RELU_GRADIENT, .arithmetic, on: .reals(0.2...2)) {
    g throws(TensorError) in [nil, g.wanted[1] ? try bind(.reluGradient, [g.a, g.dy]).summed(to: g.b.shape) : nil]
  }
  /// dy (1 - y²): one pass instead of three.
  package static let tanhGradient: Primitive = zip("tanh_gradient", "Gives dy (1 - y²).", TERN_TANH_GRADIENT, .floats) { g throws(TensorError) in
    try g.both(
      { () throws(TensorError) in try g.dy * (-2 * g.a * g.b) }, { () throws(TensorError) in try bind(.tanhGradient, [g.a, g.dy]) })
  }
  package static let sigmoidGradient: Primitive = zip("sigmoid_gradient", "Gives dy y (1 - y).", TERN_SIGMOID_GRADIENT, .floats) { g throws(TensorError) in
    try g.both(
      { () throws(TensorError) in try g.dy * (g.b * (1 - 2 * g.a)) },
      { () throws(TensorError) in try bind(.sigmoidGradient, [g.a, g.dy]) })
  }
  package static let geluGradient: Primitive = zip("gelu_gradient", "Gives dy by the slope of gelu at x.", TERN_GELU_GRADIENT, .floats) {
    g throws(TensorError) in
    try g.both(
      { () throws(TensorError) in
        // s + x s' v with s = sigmoid(x v₀), v the slope of what it takes; once more by x.
        let square = try g.a.square(), s = try (g.a * (0.0713548162726009 * square + 1.5957691216057308)).sigmoid()
        let v = try 0.2140644488178027 * square + 1.5957691216057308, slope = try s * (1 - s)
        let second = try slope * (2 * v + g.a * (v.square() * (1 - 2 * s) + 0.4281288976356054 * g.a))
        return try g.dy * g.b * second
      },
      { () throws(TensorError) in try bind(.geluGradient, [g.a, g.dy]) })
  }
  package static let equal: Primitive = zip("==", "Compares element by element.", TERN_EQ, .comparison)
  package static let notEqual: Primitive = zip("!=", "Compares element by element.", TERN_NE, .comparison)
  package static let less: Primitive = zip("<", "Compares element by element.", TERN_LT, .comparison)
  package static let lessEqual: Primitive = zip("<=", "Compares element by element.", TERN_LE, .comparison)
  package static let greater: Primitive = zip(">", "Compares element by element.", TERN_GT, .comparison)
  package static let greaterEqual: Primitive = zip(">=", "Compares element by element.", TERN_GE, .comparison)
  package static let and: Primitive = zip("and", "Is true where both are.", TERN_AND, .logic, on: .bools)
  package static let or: Primitive = zip("or", "Is true where one is.", TERN_OR, .logic, on: .bools)
  package static let xor: Primitive = zip("xor", "Is true where exactly one is.", TERN_XOR, .logic, on: .bools)

  // ---- three

  /// mask, then, else: shapes broadcast; `then` and `else` are of one dtype.
  package static let choose: Primitive = Primitive(
    "where", "Takes from the first where the mask is true, else from the second.",
    rule: { (o, attributes) throws(TensorError) in
      guard o[0].dtype == .bool else { throw .needsBool(op: "where", dtype: o[0].dtype) }
      return TensorType(dtype: o[1].dtype, shape: try chosenShape(o), isWeak: o[1].isWeak && o[2].isWeak)
    },
    names: { (o, _) throws(TensorError) in
      let values = try AxisNames.merge("where", o[1], o[2])
      guard let values else { return try AxisNames.merge("where", o[0], o[1].rank > o[2].rank ? o[1] : o[2]) }
      let shape = try Broadcasting.shape("where", o[1], o[2], bothSides: true)
      return try AxisNames.merge("where", o[0], Tensor(viewing: o[1], as: TensorType(dtype: .bool, shape: shape, axisNames: values)))
    },
    kernel: { (o, _, out) throws(TensorError) in
      if out.count == 0 { return }
      var loop = Broadcasting.loop(out.shape, o[1].shape, o[2].shape, o[0].shape)
      try checkInterrupt(
        tern_where_loop(Int32(out.dtype.size), &loop, o[0].data.assumingMemoryBound(to: UInt8.self), o[1].data, o[2].data, out.data))
    },
    gradient: { g throws(TensorError) in
      let zero = try Tensor.number(0, like: g.dy)
      var out: [Tensor?] = [nil, nil, nil]
      if g.wanted[1] { out[1] = try bind(.choose, [g.operands[0], g.dy, zero]).summed(to: g.operands[1].shape) }
      if g.wanted[2] { out[2] = try bind(.choose, [g.operands[0], zero, g.dy]).summed(to: g.operands[2].shape) }
      return out
    },
    batching: .elementwise, elementwise: .choose,
    takesHalves: true,
    domain: .of(([2, 3], .bools), ([2, 3], .reals(-2...2)), ([3], .reals(-2...2))).or(([3], .bools), ([2, 3], .reals(-2...2)), ([], .reals(-2...2))))

  private static func chosenShape(_ o: [Tensor]) throws(TensorError) -> Shape {
    let values = try Broadcasting.shape("where", o[1], o[2], bothSides: true)
    if values == o[0].shape { return values }
    let both = Tensor(viewing: o[0], as: TensorType(dtype: o[1].dtype, shape: values))
    return try Broadcasting.shape("where", o[0], both, bothSides: true)
  }

  /// Another element type. Floats become integers by cutting off; what does not fit is an error.
  package static let cast: Primitive = Primitive(
    "cast", "Converts every element to another dtype.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .dtype(let dtype) = attributes else { throw .unsupported(op: "cast", dtype: o[0].dtype) }
      return TensorType(dtype: dtype, shape: o[0].shape)
    },
    names: { (o, _) throws(TensorError) in o[0].axisNames },
    kernel: { (o, _, out) throws(TensorError) in
      let bad = tern_cast(o[0].dtype.code, o[0].data, out.dtype.code, out.data, Int64(out.count))
      if bad == -2 { throw .stopped }
      if bad >= 0 { throw .doesNotFit(value: o[0].elementText(Int(bad)), dtype: out.dtype) }
    },
    gradient: { g throws(TensorError) in [g.x.dtype.isFloat ? try g.dy.cast(g.x.dtype) : nil] },
    batching: .elementwise, takesHalves: true, domain: .of(([2, 3], .reals(-2...2)), attributes: .dtype(.f64)))
}

/// Which dtypes an elementwise function takes and gives.
enum ElementRule: Sendable {
  /// Floats and integers, each its own.
  case numbers
  /// Floats; integers are taken as f32.
  case floats
  /// Floats; integers are left as they are.
  case floatsOnly
  case predicate, bools
}

enum PairRule: Sendable {
  case arithmetic, division, floats, comparison, logic
}

extension Primitive {
  /// The gradient of a primitive with one operand.
  static func single(_ rule: (@Sendable (GradientStep) throws(TensorError) -> Tensor)?) -> Gradient? {
    guard let rule else { return nil }
    return { (g: GradientStep) throws(TensorError) -> [Tensor?] in [try rule(g)] }
  }

  fileprivate static func map(
    _ name: String, _ summary: String, _ code: tern_unary, _ rule: ElementRule, on fill: Domain.Fill = .reals(-2...2),
    gradient: (@Sendable (GradientStep) throws(TensorError) -> Tensor)? = nil
  ) -> Primitive {
    Primitive(
      name, summary,
      rule: { (o, _) throws(TensorError) in
        let x = o[0]
        guard tern_has_map(code, x.dtype.code) != 0 else { throw x.refusal(of: name) }
        return TensorType(dtype: rule == .predicate ? .bool : x.dtype, shape: x.shape, isWeak: x.isWeak)
      },
      names: { (o, _) throws(TensorError) in o[0].axisNames },
      kernel: { (o, _, out) throws(TensorError) in
        try checkInterrupt(tern_map(code, o[0].dtype.code, o[0].data, out.data, Int64(out.count)))
      },
      gradient: single(gradient),
      batching: .elementwise, alias: .inPlace, elementwise: .map(code), domain: .of(([2, 3], fill)).or(([], fill)))
  }

  fileprivate static func zip(
    _ name: String, _ summary: String, _ code: tern_binary, _ rule: PairRule, on fill: Domain.Fill = .reals(-2...2),
    gradient: Gradient? = nil
  ) -> Primitive {
    Primitive(
      name, summary,
      rule: { (o, attributes) throws(TensorError) in
        let a = o[0], b = o[1]
        guard a.dtype == b.dtype, tern_has_zip(code, a.dtype.code) != 0 else { throw a.refusal(of: name) }
        var free = false
        if case .paired = attributes { free = true }
        let shape = try Broadcasting.shape(name, a, b, bothSides: free)
        return TensorType(dtype: rule == .comparison || rule == .logic ? .bool : a.dtype, shape: shape, isWeak: a.isWeak && b.isWeak)
      },
      names: { (o, _) throws(TensorError) in try AxisNames.merge(name, o[0], o[1]) },
      kernel: { (o, _, out) throws(TensorError) in
        try refuseBadDivisors(code, name, o[1])
        try zipKernel(code, o[0], o[1], into: out)
      },
      gradient: gradient, batching: .elementwise, alias: .inPlace, elementwise: .zip(code),
      domain: Domain.of(([2, 3], fill), ([2, 3], fill)).or(([2, 3], fill), ([3], fill)).or(([2, 1], fill), ([2, 3], fill)).or(([], fill), ([3], fill)))
  }

  /// Integers cannot be divided by zero or raised to a negative power.
  static func refuseBadDivisors(_ code: tern_binary, _ name: String, _ b: Tensor) throws(TensorError) {
    guard b.dtype.isInteger else { return }
    if code == TERN_FLOORDIV || code == TERN_MOD, b.hasElement(where: TERN_EQ) { throw .divisionByZero(op: name) }
    if code == TERN_POW, b.dtype != .u8, b.hasElement(where: TERN_LT) { throw .negativePower }
  }

  static func zipKernel(_ code: tern_binary, _ a: Tensor, _ b: Tensor, into out: Tensor) throws(TensorError) {
    let n = Int64(out.count)
    if n == 0 { return }
    if a.count == out.count && b.count == out.count {
      return try checkInterrupt(tern_zip(code, a.dtype.code, a.data, 1, b.data, 1, out.data, n))
    }
    if a.count == 1 || b.count == 1 {
      return try checkInterrupt(tern_zip(code, a.dtype.code, a.data, a.count == 1 ? 0 : 1, b.data, b.count == 1 ? 0 : 1, out.data, n))
    }
    var loop = Broadcasting.loop(out.shape, a.shape, b.shape)
    try checkInterrupt(tern_zip_loop(code, a.dtype.code, &loop, a.data, b.data, out.data))
  }
}

/// Turns a kernel's answer into an error.
@inline(__always)
func checkInterrupt(_ status: Int32) throws(TensorError) {
  if status == 0 { return }
  throw .stopped
}

extension TensorError {
  /// Why a kernel stopped.
  fileprivate static var stopped: TensorError { tern_stopped() == TERN_IS_LATE ? .outOfTime : .interrupted }
}

extension Tensor {
  func refusal(of op: String) -> TensorError {
    if dtype == .bool { return .boolArithmetic(op: op) }
    return dtype.hasKernels ? .dtypeRefused(op: op, dtype: dtype) : .unsupported(op: op, dtype: dtype)
  }

  /// Is there an element that is equal to or below zero?
  fileprivate func hasElement(where comparison: tern_binary) -> Bool {
    var zero = 0
    let size = 1024
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { marks in
      guard let found = marks.baseAddress else { return true }
      for start in stride(from: 0, to: count, by: size) {
        let n = Swift.min(size, count - start)
        _ = tern_zip(comparison, dtype.code, data + start * dtype.size, 1, &zero, 0, found, Int64(n))
        if tern_true_count(found, Int64(n)) > 0 { return true }
      }
      return false
    }
  }
}

extension GradientStep {
  /// The part of dy that goes to an operand of a maximum or minimum: all where it won, half where both did.
  func shareOfExtreme(_ operand: Tensor) throws(TensorError) -> Tensor {
    let won = try bind(.equal, [operand, y]).cast(dy.dtype)
    let tie = try bind(.equal, [a, b]).cast(dy.dtype)
    return try dy * won / (tie + 1)
  }
}
