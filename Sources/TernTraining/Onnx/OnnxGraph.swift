internal import TernTensor

/// The nodes and constants of a graph in ONNX's terms, as they come. Field numbers are those of onnx.proto, version 8 of the format;
/// operators those of opset 18.
struct OnnxGraph {
  static let opset = 18
  static let formatVersion = 8

  private(set) var nodes: [ProtobufMessage] = []
  private(set) var initializers: [ProtobufMessage] = []
  private var numbers: [String: String] = [:]
  private var count = 0
  /// Names that stand for something.
  private var taken: Set<String>

  init(taken: Set<String>) { self.taken = taken }

  /// What a node is told besides its inputs.
  enum Option {
    case int(String, Int)
    case ints(String, [Int])
    case float(String, Double)
    case text(String, String)
  }

  mutating func name() -> String {
    count += 1
    return free("v\(count)")
  }

  /// The name, or one like it that stands for nothing yet.
  mutating func free(_ name: String) -> String {
    var name = name
    while !taken.insert(name).inserted { name += "_" }
    return name
  }

  /// Appends a node; its output, which is called so or gets a name.
  mutating func node(_ operation: String, _ inputs: [String], _ options: [Option] = [], outputs: Int = 1, called given: String? = nil) -> String {
    let first = given ?? name()
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input) }
    for k in 0..<outputs { node.add(2, k == 0 ? first : "\(first).\(k)") }
    node.add(3, "\(operation)_\(first)")
    node.add(4, operation)
    for option in options { node.add(5, option.message) }
    nodes.append(node)
    return first
  }

  /// A tensor that stands in the file.
  mutating func constant(_ tensor: Tensor, called given: String? = nil) -> String {
    let name = given ?? name()
    var message = ProtobufMessage()
    for size in tensor.shape.array { message.add(1, size) }
    message.add(2, tensor.dtype.onnx)
    message.add(8, name)
    message.add(9, UnsafeRawBufferPointer(start: tensor.data, count: tensor.byteCount))
    withExtendedLifetime(tensor) {}
    initializers.append(message)
    return name
  }

  /// One number of a dtype, once in the file.
  mutating func number(_ value: Scalar, _ dtype: DType) throws(TensorError) -> String {
    let key = "\(dtype.name) \(value)"
    if let known = numbers[key] { return known }
    let name = constant(try Tensor.number(value, as: dtype))
    numbers[key] = name
    return name
  }

  /// Whole numbers, such as sizes and axes.
  mutating func vector(_ values: [Int]) throws(TensorError) -> String {
    let key = "vector \(values)"
    if let known = numbers[key] { return known }
    let name = constant(try Tensor.of(values))
    numbers[key] = name
    return name
  }
}

extension OnnxGraph.Option {
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    switch self {
    case .float(let name, let value):
      message.add(1, name)
      message.add(2, Float(value))
      message.add(20, 1)
    case .int(let name, let value):
      message.add(1, name)
      message.add(3, value)
      message.add(20, 2)
    case .text(let name, let value):
      message.add(1, name)
      message.add(4, value)
      message.add(20, 3)
    case .ints(let name, let values):
      message.add(1, name)
      for value in values { message.add(8, value) }
      message.add(20, 7)
    }
    return message
  }
}

extension DType {
  /// The number of a dtype in ONNX.
  var onnx: Int {
    switch self {
    case .f32: 1
    case .u8: 2
    case .i8: 3
    case .i32: 6
    case .i64: 7
    case .bool: 9
    case .f16: 10
    case .f64: 11
    case .bf16: 16
    }
  }
}
