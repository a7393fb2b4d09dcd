import CTernKernels

/// Functions of one tensor, element by element.
package enum ElementFunction: String, CaseIterable, Sendable {
  case negate, abs, sign, square, reciprocal, sqrt, rsqrt, exp, expm1, log, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, sigmoid,
    softplus, relu, gelu, erf, floor, ceil, round, isNaN, isFinite, not

  var primitive: Primitive {
    switch self {
    case .negate: .negate
    case .abs: .abs
    case .sign: .sign
    case .square: .square
    case .reciprocal: .reciprocal
    case .sqrt: .sqrt
    case .rsqrt: .rsqrt
    case .exp: .exp
    case .expm1: .expm1
    case .log: .log
    case .log1p: .log1p
    case .sin: .sin
    case .cos: .cos
    case .tan: .tan
    case .asin: .asin
    case .acos: .acos
    case .atan: .atan
    case .sinh: .sinh
    case .cosh: .cosh
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .softplus: .softplus
    case .relu: .relu
    case .gelu: .gelu
    case .erf: .erf
    case .floor: .floor
    case .ceil: .ceil
    case .round: .round
    case .isNaN: .isNaN
    case .isFinite: .isFinite
    case .not: .not
    }
  }

  /// What an integer tensor becomes first, or that it is the answer itself.
  fileprivate enum OfIntegers { case own, float, unchanged }
  fileprivate var ofIntegers: OfIntegers {
    switch self {
    case .negate, .abs, .sign, .square, .relu, .not: .own
    case .floor, .ceil, .round: .unchanged
    default: .float
    }
  }
}

extension Tensor {
  /// Applies a function to every element. Integers become f32 where the function needs reals.
  package func map(_ function: ElementFunction, reusing: Bool = false) throws(TensorError) -> Tensor {
    let primitive = function.primitive
    if dtype.isFloat {
      guard case .map(let code)? = primitive.elementwise, dtype.hasKernels, graph == nil, axisNames == nil, !isWeak, !function.isPredicate else {
        return try bind(primitive, [self])
      }
      let out = reusing && ownsMemory && !FiniteWatch.isOn ? self : try Tensor(like: self)
      try checkInterrupt(tern_map(code, dtype.code, data, out.data, Int64(count)))
      if FiniteWatch.isOn { try FiniteWatch.check(primitive.name, [self], out) }
      return out
    }
    if dtype == .bool, function != .not { throw .boolArithmetic(op: primitive.name) }
    switch function.ofIntegers {
    case .own: return try bind(primitive, [self])
    case .unchanged: return self
    case .float: return try bind(primitive, [try cast(.f32)])
    }
  }

  /// Converts to another dtype; the tensor itself when it is of that dtype.
  package func cast(_ dtype: DType) throws(TensorError) -> Tensor {
    dtype == self.dtype && !isWeak ? self : try bind(.cast, [self], .dtype(dtype))
  }

  package func sqrt() throws(TensorError) -> Tensor { try map(.sqrt) }
  package func rsqrt() throws(TensorError) -> Tensor { try map(.rsqrt) }
  package func square() throws(TensorError) -> Tensor { try map(.square) }
  package func reciprocal() throws(TensorError) -> Tensor { try map(.reciprocal) }
  package func exp() throws(TensorError) -> Tensor { try map(.exp) }
  package func log() throws(TensorError) -> Tensor { try map(.log) }
  package func sin() throws(TensorError) -> Tensor { try map(.sin) }
  package func cos() throws(TensorError) -> Tensor { try map(.cos) }
  package func sinh() throws(TensorError) -> Tensor { try map(.sinh) }
  package func cosh() throws(TensorError) -> Tensor { try map(.cosh) }
  package func sign() throws(TensorError) -> Tensor { try map(.sign) }
  package func floor() throws(TensorError) -> Tensor { try map(.floor) }
  package func sigmoid() throws(TensorError) -> Tensor { try map(.sigmoid) }

  /// x Φ(x), or its tanh form.
  package func gelu(approximate: Bool = false) throws(TensorError) -> Tensor {
    let x = self
    if approximate { return try map(.gelu) }
    return try 0.5 * x * ((0.7071067811865476 * x).map(.erf) + 1)
  }

  /// Elements no smaller than `low` and no larger than `high`.
  package func clipped(low: Operand?, high: Operand?) throws(TensorError) -> Tensor {
    var out = self
    if let low { out = try Tensor.binary(.maximum, .tensor(out), low) }
    if let high { out = try Tensor.binary(.minimum, .tensor(out), high) }
    return out
  }

  /// Rounds to a number of decimals, halves to even.
  package func rounded(places: Int) throws(TensorError) -> Tensor {
    if dtype == .bool { throw .boolArithmetic(op: "round") }
    guard places != 0, dtype.isFloat else { return try map(.round) }
    // More decimals than the dtype has leave a number as it is; beyond the largest power of ten nothing is left of it.
    let most = dtype == .f64 ? 308 : 38
    if places > most { return self }
    if places < -most { return try 0.0 * self }
    var scale = 1.0
    for _ in 0..<Swift.abs(places) { scale *= 10 }
    guard places > 0 else { return try scale * (self / scale).map(.round) }
    let scaled = try scale * self
    return try Tensor.choose(scaled.map(.isFinite), .tensor(scaled.map(.round) / scale), .tensor(self))
  }
}

extension ElementFunction {
  fileprivate var isPredicate: Bool { self == .isNaN || self == .isFinite || self == .not }
}
