/// Equal computations are made once (common subexpressions), what is made of constants is a constant (folding), and what
/// nothing uses is left out. A pass emits into this, one value after another.
struct SharingBuilder {
  private(set) var program = Program()
  /// For whom what is emitted next is made.
  var origin: Int32 = 0
  private var known: [Key: Int] = [:]

  private enum Key: Hashable {
    case input(Int)
    case number(DType, UInt64)
    case constant(ObjectIdentifier)
    case call(ObjectIdentifier, Attributes, [Int])
  }

  mutating func input(_ k: Int, _ type: TensorType) -> Int { shared(.input(k), .input(k), [], type) }

  mutating func constant(_ tensor: Tensor) -> Int {
    var key = Key.constant(ObjectIdentifier(tensor))
    if tensor.rank == 0 {
      var bits: UInt64 = 0
      withUnsafeMutableBytes(of: &bits) { $0.copyMemory(from: UnsafeRawBufferPointer(start: tensor.data, count: tensor.byteCount)) }
      key = .number(tensor.dtype, bits)
    }
    return shared(key, .constant(tensor), [], tensor.type)
  }

  mutating func number(_ value: Double, _ dtype: DType) throws(TensorError) -> Int { constant(try Tensor.number(.float(value), dtype: dtype)) }

  mutating func zeros(_ type: TensorType) throws(TensorError) -> Int {
    try call(.broadcast, .shape(type.shape), [try number(0, type.dtype)], TensorType(dtype: type.dtype, shape: type.shape))
  }

  /// Small constants are folded: large ones are cheaper made again than kept.
  private static let foldLimit = 1 << 16

  mutating func call(_ primitive: Primitive, _ attributes: Attributes, _ operands: [Int], _ type: TensorType) throws(TensorError) -> Int {
    let constants = operands.compactMap { program.constant($0) }
    if constants.count == operands.count, !operands.isEmpty, type.shape.count <= SharingBuilder.foldLimit {
      return constant(try bind(primitive, constants, attributes))
    }
    return shared(.call(ObjectIdentifier(primitive), attributes, operands), .call(primitive, attributes), operands, type)
  }

  private mutating func shared(_ key: Key, _ source: Program.Source, _ operands: [Int], _ type: TensorType) -> Int {
    if let id = known[key] { return id }
    let id = program.append(source, operands, type, origin: origin)
    known[key] = id
    return id
  }

  mutating func finish(_ outputs: [Int]) -> Program {
    program.outputs = outputs
    return program.pruned()
  }
}

extension Program {
  /// Without what no output needs. Inputs stay: their numbers are the order they are given in.
  func pruned() -> Program {
    var needed = Array(repeating: false, count: count)
    for output in outputs { needed[output] = true }
    for id in (0..<count).reversed() where needed[id] { for operand in operands[id] { needed[operand] = true } }
    var pruned = Program(), ids = Array(repeating: -1, count: count)
    for id in 0..<count {
      if case .input = sources[id] { needed[id] = true }
      if needed[id] { ids[id] = pruned.append(sources[id], operands[id].map { ids[$0] }, types[id], origin: origins[id]) }
    }
    pruned.outputs = outputs.map { ids[$0] }
    return pruned
  }
}
