import TernSyntax
package import TernTensor

/// A list of numbers, nested to any rank, as a tensor.
package struct TensorList {
  private let list: ListObject

  package init(_ list: ListObject) { self.list = list }

  /// f32 unless told; a list of bools stays bool. Items may be tensors, which are stacked.
  package func tensor(dtype: DType? = nil) throws(Fault) -> Tensor {
    if let stacked = try stackedTensors(dtype) { return stacked }
    var reading = Reading()
    try reading.read(list, depth: 0)
    return try reading.tensor(dtype: dtype)
  }

  /// The list beside a tensor: its numbers are weak and take the tensor's dtype, a float beside integers f32.
  func tensor(beside dtype: DType) throws(Fault) -> Tensor {
    if let stacked = try stackedTensors(nil) { return stacked }
    var reading = Reading()
    try reading.read(list, depth: 0)
    let own: DType =
      if reading.allBool { .bool } else if dtype == .bool { reading.hasFloat ? .f32 : .i64 } else if dtype.isFloat || !reading.hasFloat
      { dtype } else { .f32 }
    return try reading.tensor(dtype: own)
  }

  /// A list with tensors in it: each item becomes a tensor and they are stacked, which keeps their gradients.
  private func stackedTensors(_ dtype: DType?) throws(Fault) -> Tensor? {
    guard list.values.contains(where: { $0.holdsTensor(depth: 0) }) else { return nil }
    var parts: [Tensor] = []
    for item in list.values {
      switch item {
      case .tensor(let tensor): parts.append(tensor)
      case .list(let inner): parts.append(try TensorList(inner).tensor(dtype: dtype))
      case .int(let number): parts.append(try tensorCall { () throws(TensorError) in try Tensor.weak(.int(number)) })
      case .float(let number): parts.append(try tensorCall { () throws(TensorError) in try Tensor.weak(.float(number)) })
      default: throw Reading.odd(item)
      }
    }
    let all = parts
    let stacked = try tensorCall { () throws(TensorError) in try Tensor.stack(all, over: .position(0)) }
    guard let dtype, stacked.dtype != dtype else { return stacked }
    return try tensorCall { () throws(TensorError) in try stacked.cast(dtype) }
  }

  /// The numbers of a nested list in row-major order, with the shape they have in common.
  private struct Reading {
    var sizes: [Int] = []
    var numbers: [Scalar] = []
    var hasFloat = false
    var allBool = true

    mutating func read(_ list: ListObject, depth: Int) throws(Fault) {
      guard depth < Shape.maxRank else { throw Fault(.tooManyAxes, "a tensor has at most \(Shape.maxRank) axes") }
      if sizes.count == depth {
        guard numbers.isEmpty else { throw ragged(depth) }
        sizes.append(list.count)
      }
      guard list.count == sizes[depth] else { throw ragged(depth) }
      numbers.reserveCapacity(numbers.count + (list.count < 1 << 20 ? list.count : 0))
      for item in list.values {
        switch item {
        case .list(let inner):
          guard numbers.isEmpty || sizes.count > depth + 1 else { throw ragged(depth) }
          try read(inner, depth: depth + 1)
        case .int(let number): try add(.int(number), depth)
        case .float(let number):
          hasFloat = true
          try add(.float(number), depth)
        case .bool(let flag): try add(.bool(flag), depth)
        default: throw Reading.odd(item)
        }
      }
    }

    private mutating func add(_ number: Scalar, _ depth: Int) throws(Fault) {
      guard sizes.count == depth + 1 else { throw ragged(depth) }
      if case .bool = number {} else { allBool = false }
      numbers.append(number)
    }

    private func ragged(_ depth: Int) -> Fault {
      Fault(.shapeMismatch, "the lists inside are not all of one length", hint: "each row has as many items as the first one")
    }

    static func odd(_ item: Value) -> Fault {
      Fault(.wrongType, "a tensor is made of numbers; this holds \(item.description)")
    }

    func tensor(dtype: DType?) throws(Fault) -> Tensor {
      guard let shape = Shape(sizes) else { throw Fault(.tooManyAxes, "this shape is too large") }
      let own = dtype ?? (allBool && !numbers.isEmpty ? .bool : .f32)
      return try tensorCall { () throws(TensorError) in try Tensor.of(numbers, shape: shape, dtype: own) }
    }
  }
}

extension Value {
  fileprivate func holdsTensor(depth: Int) -> Bool {
    switch self {
    case .tensor: true
    case .list(let list): depth < 8 && list.values.contains { $0.holdsTensor(depth: depth + 1) }
    default: false
    }
  }
}
