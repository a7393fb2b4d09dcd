import CTernKernels

/// Comparisons, by what they ask.
package enum Comparison: Sendable {
  case equal, notEqual, less, lessEqual, greater, greaterEqual

  var primitive: Primitive {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    }
  }

  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessEqual: a <= b
    case .greater: a > b
    case .greaterEqual: a >= b
    }
  }
}

/// Binary operators of scripts.
package enum ElementOperator: Sendable {
  case add, subtract, multiply, divide, floorDivide, modulo, power, maximum, minimum, atan2

  var primitive: Primitive {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .modulo: .modulo
    case .power: .power
    case .maximum: .maximum
    case .minimum: .minimum
    case .atan2: .atan2
    }
  }

  var code: tern_binary {
    switch self {
    case .add: TERN_ADD
    case .subtract: TERN_SUB
    case .multiply: TERN_MUL
    case .divide: TERN_DIV
    case .floorDivide: TERN_FLOORDIV
    case .modulo: TERN_MOD
    case .power: TERN_POW
    case .maximum: TERN_MAX
    case .minimum: TERN_MIN
    case .atan2: TERN_ATAN2
    }
  }
}

/// An operand whose memory may take the result: the caller holds the only reference to it.
package enum Reuse: Sendable {
  case none, left, right
}

extension Tensor {
  // ---- arithmetic

  /// Arithmetic of tensors and script numbers by the rules of promotion and broadcasting.
  package static func binary(_ op: ElementOperator, _ a: Operand, _ b: Operand, reusing: Reuse = .none) throws(TensorError) -> Tensor {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)): try binary(op, x, y, reusing: reusing)
    case (.tensor(let x), .scalar(let s)): try binary(op, x, s, reusing: reusing)
    case (.scalar(let s), .tensor(let y)): try binary(op, s, y, reusing: reusing)
    case (.scalar(let s), .scalar(let t)): try binary(op, try weak(s), t)
    }
  }

  package static func binary(_ op: ElementOperator, _ a: Tensor, _ b: Tensor, reusing: Reuse = .none) throws(TensorError) -> Tensor {
    if a.dtype == b.dtype, a.isPlain, b.isPlain, a.shape == b.shape, a.dtype.isFloat || op.isSafeForIntegers, a.dtype.isNumber {
      return try plain(op, a, b, reusing)
    }
    return try combine(op, a, b)
  }

  package static func binary(_ op: ElementOperator, _ a: Tensor, _ s: Scalar, reusing: Reuse = .none) throws(TensorError) -> Tensor {
    if op == .power, let known = try a.knownPower(s) { return known }
    if a.isPlain, a.dtype.isFloat, a.dtype.hasKernels, !s.isBool { return try plain(op, a, s, flipped: false, reusing == .left) }
    return try combine(op, a, try s.tensor(beside: a, op: op.name(refusing: a)))
  }

  package static func binary(_ op: ElementOperator, _ s: Scalar, _ b: Tensor, reusing: Reuse = .none) throws(TensorError) -> Tensor {
    if b.isPlain, b.dtype.isFloat, b.dtype.hasKernels, !s.isBool { return try plain(op, b, s, flipped: true, reusing == .right) }
    return try combine(op, try s.tensor(beside: b, op: op.name(refusing: b)), b)
  }

  /// No level, no names, not weak: nothing but elements.
  private var isPlain: Bool { graph == nil && axisNames == nil && !isWeak }

  /// The short way: two plain tensors of one dtype and shape.
  private static func plain(_ op: ElementOperator, _ a: Tensor, _ b: Tensor, _ reusing: Reuse) throws(TensorError) -> Tensor {
    let out: Tensor
    // What is written over can be looked at no more.
    switch FiniteWatch.isOn ? .none : reusing {
    case .left where a.ownsMemory: out = a
    case .right where b.ownsMemory: out = b
    default: out = try Tensor(like: a)
    }
    try checkInterrupt(tern_zip(op.code, a.dtype.code, a.data, 1, b.data, 1, out.data, Int64(out.count)))
    if FiniteWatch.isOn { try FiniteWatch.check(op.primitive.name, [a, b], out) }
    return out
  }

  /// The short way: a plain float tensor and a number.
  private static func plain(_ op: ElementOperator, _ a: Tensor, _ s: Scalar, flipped: Bool, _ reuse: Bool) throws(TensorError) -> Tensor {
    let out = reuse && a.ownsMemory && !FiniteWatch.isOn ? a : try Tensor(like: a)
    var number = 0.0
    s.store(as: a.dtype, at: &number)
    let n = Int64(out.count)
    try checkInterrupt(
      flipped
        ? tern_zip(op.code, a.dtype.code, &number, 0, a.data, 1, out.data, n)
        : tern_zip(op.code, a.dtype.code, a.data, 1, &number, 0, out.data, n))
    if FiniteWatch.isOn { try FiniteWatch.check(op.primitive.name, [a], number: s.double, out) }
    return out
  }

  /// The full way: promote, pair the axes, bind.
  private static func combine(_ op: ElementOperator, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    let primitive = op.primitive
    var dtype = try meet(a, b)
    if dtype == .bool, let either = op.ofBools { return try logic(either, a, b) }
    if dtype == .bool { throw .boolArithmetic(op: primitive.name) }
    if op == .divide || op == .atan2, !dtype.isFloat { dtype = .f32 }
    return try pairAndBind(primitive, a, b, dtype)
  }

  static func pairAndBind(_ primitive: Primitive, _ a: Tensor, _ b: Tensor, _ dtype: DType) throws(TensorError) -> Tensor {
    let (x, y, attributes) = try Broadcasting.pair(primitive.name, try a.promoted(to: dtype), try b.promoted(to: dtype))
    return try bind(primitive, [x, y], attributes)
  }

  /// The dtype two tensors meet at; a weak one gives way.
  static func meet(_ a: Tensor, _ b: Tensor) throws(TensorError) -> DType {
    if a.isWeak != b.isWeak {
      let strong = a.isWeak ? b.dtype : a.dtype
      return strong.isFloat ? strong : .f32
    }
    return DType.meet(a.dtype, b.dtype)
  }

  /// Cast to the dtype of the result. A weak tensor stays weak only beside another, at its own dtype.
  func promoted(to dtype: DType) throws(TensorError) -> Tensor { self.dtype == dtype ? self : try cast(dtype) }

  /// Small constant powers have cheaper ways.
  private func knownPower(_ exponent: Scalar) throws(TensorError) -> Tensor? {
    guard dtype != .bool, dtype.hasKernels, !exponent.isBool else { return nil }
    switch exponent.double {
    case 2 where dtype.isFloat || !exponent.isFloat: return try square()
    case 1 where dtype.isFloat || !exponent.isFloat: return self
    case 3 where dtype.isFloat: return try square() * self
    case 0.5 where dtype.isFloat: return try sqrt()
    case -1 where dtype.isFloat: return try reciprocal()
    default: return nil
    }
  }

  // ---- comparison and logic

  package static func compare(_ comparison: Comparison, _ a: Operand, _ b: Operand) throws(TensorError) -> Tensor {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)):
      return try pairAndBind(comparison.primitive, x, y, try meet(x, y))
    case (.tensor(let x), .scalar(let s)):
      if let exact = try x.comparedExactly(comparison, s, flipped: false) { return exact }
      let y = try s.tensor(beside: x, op: nil)
      return try pairAndBind(comparison.primitive, x, y, try meet(x, y))
    case (.scalar(let s), .tensor(let y)):
      if let exact = try y.comparedExactly(comparison, s, flipped: true) { return exact }
      let x = try s.tensor(beside: y, op: nil)
      return try pairAndBind(comparison.primitive, x, y, try meet(x, y))
    case (.scalar(let s), .scalar(let t)):
      return try compare(comparison, .tensor(try weak(s)), .scalar(t))
    }
  }

  /// Comparison with a number that the tensor's dtype cannot hold: no element equals it, and all are on one side.
  private func comparedExactly(_ comparison: Comparison, _ s: Scalar, flipped: Bool) throws(TensorError) -> Tensor? {
    guard let side = s.side(of: dtype) else { return nil }
    // An element beside a number past the end is as 0 beside ±1, except for infinities and NaN among floats.
    if !dtype.isFloat {
      let holds = flipped ? comparison.holds(side, 0) : comparison.holds(0, side)
      return try Tensor.full(shape: shape, .bool(holds), dtype: .bool).renamedIfNeeded(axisNames)
    }
    let wide = try cast(.f64)
    return flipped ? try Tensor.compare(comparison, .scalar(s), .tensor(wide)) : try Tensor.compare(comparison, .tensor(wide), .scalar(s))
  }

  package static func logic(_ primitive: LogicOperator, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    let op = primitive.primitive
    for side in [a, b] where side.dtype != .bool { throw .needsBool(op: op.name, dtype: side.dtype) }
    return try pairAndBind(op, a, b, .bool)
  }

  package enum LogicOperator: Sendable {
    case and, or, xor
    var primitive: Primitive {
      switch self {
      case .and: .and
      case .or: .or
      case .xor: .xor
      }
    }
  }

  // ---- where

  /// From `a` where the mask is true, else from `b`. Two script numbers give f32.
  package static func choose(_ mask: Tensor, _ a: Operand, _ b: Operand) throws(TensorError) -> Tensor {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)): return try choosing(mask, x, y)
    case (.tensor(let x), .scalar(let s)): return try choosing(mask, x, try s.tensor(beside: x, op: nil))
    case (.scalar(let s), .tensor(let y)): return try choosing(mask, try s.tensor(beside: y, op: nil), y)
    case (.scalar(.bool(let s)), .scalar(.bool(let t))):
      return try choosing(mask, try number(.bool(s), dtype: .bool), try number(.bool(t), dtype: .bool))
    case (.scalar(let s), .scalar(let t)):
      return try choosing(mask, try number(.float(s.double), dtype: .f32), try number(.float(t.double), dtype: .f32))
    }
  }

  private static func choosing(_ mask: Tensor, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    guard mask.dtype == .bool else { throw .needsBool(op: "where", dtype: mask.dtype) }
    let dtype = try meet(a, b)
    let (x, y, values) = try Broadcasting.pair("where", try a.promoted(to: dtype), try b.promoted(to: dtype))
    return try bind(.choose, try pair(mask, x, y, values))
  }

  /// The mask paired with the two values, themselves paired already.
  private static func pair(_ mask: Tensor, _ a: Tensor, _ b: Tensor, _ values: Attributes) throws(TensorError) -> [Tensor] {
    let shape = try Broadcasting.shape("where", a, b, bothSides: values != .none)
    var names = try AxisNames.merge("where", a, b)
    if case .paired(let paired) = values { names = paired }
    let both = Tensor(viewing: a, as: TensorType(dtype: .bool, shape: shape, axisNames: names))
    guard let left = Broadcasting.allNames(mask), let right = Broadcasting.allNames(both), left != right || mask.shape != shape else {
      _ = try Broadcasting.shape("where", mask, both)
      return values == .none ? [mask, a, b] : [mask, a.renamed(names), b.renamed(names)]
    }
    let (m, _, pairing) = try Broadcasting.pair("where", mask, both)
    guard case .paired(let all) = pairing else { return [mask, a, b] }
    let order = all.compactMap { $0 }
    func laid(_ value: Tensor) throws(TensorError) -> Tensor {
      let expanded = try value.unnamed.broadcast(to: shape)
      return try Broadcasting.lay(expanded.renamed(right.map { $0 }), right, on: order).renamed(all)
    }
    return [m.renamed(all), try laid(a), try laid(b)]
  }

  // ---- helpers

  /// A script number as a weak tensor without axes.
  package static func weak(_ s: Scalar) throws(TensorError) -> Tensor {
    let out = try Tensor(TensorType(dtype: .f64, shape: Shape(), isWeak: true))
    Scalar.float(s.double).store(as: .f64, at: out.data)
    return out
  }

  static func number(_ s: Scalar, dtype: DType) throws(TensorError) -> Tensor {
    let out = try Tensor(TensorType(dtype: dtype, shape: Shape()))
    s.store(as: dtype, at: out.data)
    return out
  }

  /// A constant beside a tensor, of its dtype.
  static func number(_ value: Double, like other: Tensor) throws(TensorError) -> Tensor { try number(.float(value), dtype: other.dtype) }

  func renamedIfNeeded(_ names: [String?]?) -> Tensor { names == nil && axisNames == nil ? self : renamed(names) }
}

extension ElementOperator {
  /// The larger of two bools is whether one is true, the smaller whether both are.
  fileprivate var ofBools: Tensor.LogicOperator? {
    switch self {
    case .maximum: .or
    case .minimum: .and
    default: nil
    }
  }

  /// Under which name a bool beside a tensor is refused; nil when it is not.
  fileprivate func name(refusing other: Tensor) -> String? { other.dtype == .bool && ofBools != nil ? nil : primitive.name }

  /// Needs no look at the elements of integers first.
  fileprivate var isSafeForIntegers: Bool {
    switch self {
    case .add, .subtract, .multiply, .maximum, .minimum: true
    default: false
    }
  }
}

extension DType {
  fileprivate var isNumber: Bool { self != .bool && hasKernels }
}

extension Scalar {
  var isBool: Bool { if case .bool = self { true } else { false } }
  var isFloat: Bool { if case .float = self { true } else { false } }

  /// The number as a tensor without axes, of the dtype it takes beside another. `op` names an arithmetic operation, which
  /// refuses bools.
  func tensor(beside other: Tensor, op: String?) throws(TensorError) -> Tensor {
    if isBool, let op { throw .boolArithmetic(op: op) }
    if other.isWeak, !isBool { return try Tensor.weak(self) }
    return try Tensor.number(self, dtype: try dtype(beside: other.dtype))
  }

  /// -1 or 1 when the number is past what the dtype holds, on that side.
  fileprivate func side(of dtype: DType) -> Double? {
    switch self {
    case .bool: return nil
    case .int(let value):
      guard let range = dtype.integerRange else { return nil }
      return value > range.upperBound ? 1 : value < range.lowerBound ? -1 : nil
    case .float(let value):
      guard dtype == .f32, value.isFinite, !Float(value).isFinite else { return nil }
      return value > 0 ? 1 : -1
    }
  }
}

// Operators for gradient rules and for Swift code that computes.
extension Tensor {
  package static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try binary(.add, a, b) }
  package static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try binary(.subtract, a, b) }
  package static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try binary(.multiply, a, b) }
  package static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try binary(.divide, a, b) }
  package static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor { try binary(.add, a, .float(b)) }
  package static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor { try binary(.subtract, a, .float(b)) }
  package static func - (a: Double, b: Tensor) throws(TensorError) -> Tensor { try binary(.subtract, .float(a), b) }
  package static func * (a: Double, b: Tensor) throws(TensorError) -> Tensor { try binary(.multiply, .float(a), b) }
  package static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor { try binary(.divide, a, .float(b)) }
  package static prefix func - (a: Tensor) throws(TensorError) -> Tensor { try bind(.negate, [a]) }

  package func power(_ exponent: Tensor) throws(TensorError) -> Tensor { try Tensor.binary(.power, self, exponent) }
  package func power(_ exponent: Double) throws(TensorError) -> Tensor { try Tensor.binary(.power, self, .float(exponent)) }
  package func compared(_ comparison: Comparison, to value: Double) throws(TensorError) -> Tensor {
    try Tensor.compare(comparison, .tensor(self), .scalar(.float(value)))
  }
}
