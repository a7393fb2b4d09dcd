/// Rewrites what costs and says nothing: sums with 0, products with 1, views of views, turns that a matrix product can do by
/// itself. Each rule gives the same numbers to rounding.
struct Simplification {
  var builder = SharingBuilder()

  static func simplified(_ program: Program) throws(TensorError) -> Program {
    var pass = Simplification()
    var ids: [Int] = []
    for id in 0..<program.count {
      pass.builder.origin = program.origins[id]
      switch program.sources[id] {
      case .input(let k): ids.append(pass.builder.input(k, program.types[id]))
      case .constant(let tensor): ids.append(pass.builder.constant(tensor))
      case .call(let primitive, let attributes):
        ids.append(try pass.emit(primitive, attributes, program.operands[id].map { ids[$0] }, program.types[id]))
      }
    }
    return pass.builder.finish(program.outputs.map { ids[$0] })
  }

  private func type(_ id: Int) -> TensorType { builder.program.types[id] }

  /// The number of a constant whose elements are all that number.
  private func number(_ id: Int) -> Double? {
    if let tensor = builder.program.constant(id) { return tensor.evenNumber }
    if let (primitive, _) = builder.program.call(id), primitive === Primitive.broadcast { return number(builder.program.operands[id][0]) }
    return nil
  }

  mutating func emit(_ primitive: Primitive, _ attributes: Attributes, _ x: [Int], _ type: TensorType) throws(TensorError) -> Int {
    if let same = try unchanged(primitive, attributes, x, type) { return same }
    switch primitive {
    case Primitive.reshape:
      if let (inner, _) = builder.program.call(x[0]), inner === Primitive.reshape {
        return try emit(.reshape, attributes, [builder.program.operands[x[0]][0]], type)
      }
    case Primitive.slice:
      if case .region(let region) = attributes, type.shape.count > 0, let box = try box(region, of: x[0], type) { return box }
    case Primitive.matmul: return try turned(attributes, x, type)
    case Primitive.subtract where number(x[0]) == 0 && self.type(x[1]).shape == type.shape:
      return try emit(.negate, .none, [x[1]], type)
    case Primitive.multiply where number(x[0]) == -1 && self.type(x[1]).shape == type.shape: return try emit(.negate, .none, [x[1]], type)
    case Primitive.multiply where x[0] == x[1]: return try emit(.square, .none, [x[0]], type)
    case Primitive.log1p:
      // log(1 + exp(x)) overflows where this does not.
      if let (inner, _) = builder.program.call(x[0]), inner === Primitive.exp {
        return try emit(.softplus, .none, [builder.program.operands[x[0]][0]], type)
      }
    case Primitive.negate:
      if let (inner, _) = builder.program.call(x[0]), inner === Primitive.negate { return builder.program.operands[x[0]][0] }
    case Primitive.add:
      if let (inner, _) = builder.program.call(x[1]), inner === Primitive.negate {
        return try emit(.subtract, attributes, [x[0], builder.program.operands[x[1]][0]], type)
      }
    case Primitive.divide:
      // By a number that is a power of two a product is the same, bit for bit; by others to rounding.
      if self.type(x[1]).shape.rank == 0, let by = number(x[1]), by != 0, type.dtype.isFloat {
        return try emit(.multiply, attributes, [x[0], try builder.number(1 / by, type.dtype)], type)
      }
    default: break
    }
    return try builder.call(primitive, attributes, x, type)
  }

  /// An operand that is the result already.
  private func unchanged(_ primitive: Primitive, _ attributes: Attributes, _ x: [Int], _ type: TensorType) throws(TensorError) -> Int? {
    func isResult(_ id: Int) -> Bool { self.type(id).shape == type.shape && self.type(id).dtype == type.dtype }
    switch primitive {
    case Primitive.reshape, Primitive.broadcast, Primitive.cast: return isResult(x[0]) ? x[0] : nil
    case Primitive.concat: return x.count == 1 ? x[0] : nil
    case Primitive.transpose:
      guard case .permutation(let order) = attributes else { return nil }
      return order == Array(order.indices) ? x[0] : nil
    case Primitive.sum:
      guard case .axes(let axes) = attributes else { return nil }
      return axes.isEmpty && isResult(x[0]) ? x[0] : nil
    case Primitive.add:
      if isResult(x[0]), number(x[1]) == 0 { return x[0] }
      return isResult(x[1]) && number(x[0]) == 0 ? x[1] : nil
    case Primitive.subtract: return isResult(x[0]) && number(x[1]) == 0 ? x[0] : nil
    case Primitive.multiply:
      if isResult(x[0]), number(x[1]) == 1 { return x[0] }
      return isResult(x[1]) && number(x[0]) == 1 ? x[1] : nil
    case Primitive.divide: return isResult(x[0]) && number(x[1]) == 1 ? x[0] : nil
    default: return nil
    }
  }

  /// A product of a turned matrix reads it turned.
  private mutating func turned(_ attributes: Attributes, _ x: [Int], _ type: TensorType) throws(TensorError) -> Int {
    guard var (left, right) = attributes.turns else { return try builder.call(.matmul, attributes, x, type) }
    var operands = x
    func source(_ id: Int) -> Int? {
      guard let (primitive, attributes) = builder.program.call(id), primitive === Primitive.transpose, case .permutation(let order) = attributes,
        order == Array(0..<order.count - 2) + [order.count - 1, order.count - 2]
      else { return nil }
      return builder.program.operands[id][0]
    }
    if let plain = source(x[0]) { (operands[0], left) = (plain, !left) }
    if let plain = source(x[1]) { (operands[1], right) = (plain, !right) }
    return try builder.call(.matmul, attributes.turning(left, right), operands, type)
  }
}

extension Primitive {
  /// So that a `switch` can ask which primitive it is.
  package static func ~= (pattern: Primitive, value: Primitive) -> Bool { pattern === value }
}

extension Tensor {
  /// The number that every element is; nil when they differ or are too many to look at.
  fileprivate var evenNumber: Double? {
    guard count > 0, count <= 64 else { return nil }
    let first = element(0)
    return (1..<count).allSatisfy { element($0) == first } ? first.double : nil
  }
}
