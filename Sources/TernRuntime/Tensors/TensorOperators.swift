package import TernSyntax
package import TernTensor

/// Runs a tensor operation; what goes wrong in the core becomes an error of the language.
@inline(__always)
package func tensorCall<T>(_ body: () throws(TensorError) -> T) throws(Fault) -> T {
  do throws(TensorError) { return try body() } catch { throw Fault(error) }
}

extension Machine {
  /// Operands of which at least one is a tensor. A list of numbers beside a tensor with axes is taken as one.
  func tensorArithmetic(
    _ operation: BinaryOperator, _ left: Registers, _ right: Registers, ownsLeft: Bool, ownsRight: Bool
  ) throws(Fault) -> Value {
    if left.tag == Tag.tensor && right.tag == Tag.tensor {
      var reuse = Reuse.none
      if ownsLeft && left.holdsUnique(Tensor.self) { reuse = .left } else if ownsRight && right.holdsUnique(Tensor.self) { reuse = .right }
      let a = left.object(Tensor.self).takeUnretainedValue()
      let b = right.object(Tensor.self).takeUnretainedValue()
      return .tensor(try Tensors.binary(operation, a, b, reuse))
    }
    guard let a = try Tensors.operand(left.pointee, beside: right.pointee),
      let b = try Tensors.operand(right.pointee, beside: left.pointee)
    else {
      if left.isTree || right.isTree {
        return try treeArithmetic(operation, left, right, ownsLeft: ownsLeft, ownsRight: ownsRight)
      }
      throw Fault.badOperands(operation.rawValue, left.pointee, right.pointee)
    }
    var reuse = Reuse.none
    if ownsLeft && left.tag == Tag.tensor && left.holdsUnique(Tensor.self) { reuse = .left }
    if ownsRight && right.tag == Tag.tensor && right.holdsUnique(Tensor.self) { reuse = .right }
    return .tensor(try Tensors.binary(operation, a, b, reuse))
  }

  /// nil when the two are no tensors beside each other, such as a tensor and a str.
  func tensorComparison(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(Fault) -> Value? {
    guard let x = try Tensors.operand(a, beside: b), let y = try Tensors.operand(b, beside: a) else { return nil }
    return .tensor(try tensorCall { () throws(TensorError) in try Tensor.compare(operation.comparison, x, y) })
  }
}

/// The operators of the language on tensors.
package enum Tensors {
  /// A value as an operand beside another: a tensor, a script number, or a list of numbers beside a tensor with axes, whose
  /// numbers are weak.
  package static func operand(_ value: Value, beside other: Value) throws(Fault) -> Operand? {
    switch value {
    case .tensor(let tensor): return .tensor(tensor)
    case .int(let number): return .scalar(.int(number))
    case .float(let number): return .scalar(.float(number))
    case .bool(let flag): return .scalar(.bool(flag))
    case .list(let list):
      guard case .tensor(let tensor) = other, tensor.rank > 0 else { return nil }
      return .tensor(try TensorList(list).tensor(beside: tensor.dtype))
    default: return nil
    }
  }

  static func binary(_ operation: BinaryOperator, _ a: Tensor, _ b: Tensor, _ reuse: Reuse) throws(Fault) -> Tensor {
    try tensorCall { () throws(TensorError) in
      guard let element = operation.element else { return try Tensor.matmul(a, b) }
      return try Tensor.binary(element, a, b, reusing: reuse)
    }
  }

  static func binary(_ operation: BinaryOperator, _ a: Operand, _ b: Operand, _ reuse: Reuse) throws(Fault) -> Tensor {
    try tensorCall { () throws(TensorError) in
      if let element = operation.element { return try Tensor.binary(element, a, b, reusing: reuse) }
      return try Tensor.matmul(a.tensor(), b.tensor())
    }
  }

  /// An arithmetic operator on two values of which one is a tensor.
  package static func arithmetic(_ operation: BinaryOperator, _ a: Value, _ b: Value) throws(Fault) -> Tensor {
    guard let x = try operand(a, beside: b), let y = try operand(b, beside: a) else {
      throw Fault.badOperands(operation.rawValue, a, b)
    }
    return try binary(operation, x, y, .none)
  }

  /// A comparison of two values of which one is a tensor.
  package static func comparison(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(Fault) -> Tensor {
    guard let x = try operand(a, beside: b), let y = try operand(b, beside: a) else {
      throw Fault.badOperands(operation.rawValue, a, b)
    }
    return try tensorCall { () throws(TensorError) in try Tensor.compare(operation.comparison, x, y) }
  }

  static func negate(_ tensor: Tensor) throws(Fault) -> Tensor {
    try tensorCall { () throws(TensorError) in try -tensor }
  }

  static func not(_ tensor: Tensor) throws(Fault) -> Tensor {
    guard tensor.dtype == .bool else {
      throw Fault(.needsBool, "`not` takes bools; this is \(tensor.typeText)").marking(0, tensor.typeText)
    }
    return try tensorCall { () throws(TensorError) in try tensor.inverted() }
  }

  /// `and`/`or` element by element; the other side is a bool or a bool tensor.
  package static func logic(_ operation: LogicOperator, _ a: Value, _ b: Value) throws(Fault) -> Tensor {
    func side(_ value: Value, _ position: Int) throws(Fault) -> Tensor {
      switch value {
      case .tensor(let tensor): return tensor
      case .bool(let flag):
        return try tensorCall { () throws(TensorError) in try Tensor.number(.bool(flag), as: .bool) }
      case .list(let list): return try TensorList(list).tensor()
      default:
        throw Fault(.needsBool, "`\(operation.rawValue)` takes bools; this is \(value.description)").marking(position, value.description)
      }
    }
    let x = try side(a, 0)
    let y = try side(b, 1)
    return try tensorCall { () throws(TensorError) in try Tensor.logic(operation == .and ? .and : .or, x, y) }
  }

  /// The bool of a tensor without axes; nil when it has axes.
  static func truth(_ tensor: Tensor) throws(Fault) -> Bool? {
    guard tensor.rank == 0 else { return nil }
    try tensor.mustBeKnown("a condition")
    guard case .bool(let flag)? = tensor.scalar else {
      throw Fault(
        .needsBool, "a condition is a bool; this is \(tensor.typeText)", hint: "compare it: `x > 0`"
      ).marking(Fault.whole, tensor.typeText)
    }
    return flag
  }
}

extension Operand {
  func tensor() throws(TensorError) -> Tensor {
    switch self {
    case .tensor(let tensor): tensor
    case .scalar(let scalar): try Tensor.weak(scalar)
    }
  }
}

extension BinaryOperator {
  /// The element by element operator; nil for `@`.
  var element: ElementOperator? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .modulo
    case .power: .power
    case .matmul: nil
    }
  }
}

extension CompareOperator {
  var comparison: Comparison {
    switch self {
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .equal, .isIn: .equal
    case .notEqual, .notIn: .notEqual
    }
  }
}
