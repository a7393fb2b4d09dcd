package import TernTensor
package import TernData

/// A graph as a file that ONNX runtimes read (https://onnx.ai/onnx/repo-docs/IR.html): the batch is an open axis, `batch`.
package enum OnnxModel {
  /// Protocol buffers hold no larger message.
  package static let byteLimit = 1 << 31

  /// - Parameters:
  ///   - numbers: What the first inputs of the graph are, with their names.
  ///   - facts: Text for the file's metadata.
  package static func write(
    _ graph: OpenGraph, _ numbers: [NamedTensor], name: String, facts: [(name: String, text: String)], to path: String
  ) throws(OnnxError) {
    var exporter = try OnnxExporter(graph, numbers)
    let bytes = try exporter.model(name, facts)
    guard bytes.count < byteLimit else { throw .tooLarge(path: path, bytes: bytes.count) }
    do throws(FileError) { try Replacement.file(at: path, bytes: bytes) } catch { throw .file(error) }
  }
}

package enum OnnxError: Error {
  case graph(GraphError)
  case tensors(TensorError)
  case file(FileError)
  case tooLarge(path: String, bytes: Int)
  /// ONNX has no operation for this primitive, or not for these operands.
  case noOperation(String)
}

/// Goes through a graph as it is for two batch sizes: where their numbers differ, the file works them out.
struct OnnxExporter {
  private let first: Program, second: Program
  private let numbers: [NamedTensor]
  var graph: OnnxGraph
  /// The name of each value.
  private var names: [String] = []
  private var batch = ""

  init(_ open: OpenGraph, _ numbers: [NamedTensor]) throws(OnnxError) {
    do throws(GraphError) {
      first = try open.program(batch: OpenGraph.sizes.first)
      second = try open.program(batch: OpenGraph.sizes.second)
    } catch { throw .graph(error) }
    self.numbers = numbers
    graph = OnnxGraph(taken: Set(numbers.map(\.name)))
  }

  mutating func model(_ name: String, _ facts: [(name: String, text: String)]) throws(OnnxError) -> [UInt8] {
    try addValues()
    let output = first.outputs[0], result = graph.free("output")
    _ = graph.node("Identity", [names[output]], called: result)
    var body = ProtobufMessage()
    for node in graph.nodes { body.add(1, node) }
    body.add(2, name)
    for initializer in graph.initializers { body.add(5, initializer) }
    for id in inputs { body.add(11, described(names[id], id)) }
    body.add(12, described(result, output))
    var operators = ProtobufMessage()
    operators.add(1, "")
    operators.add(2, OnnxGraph.opset)
    var model = ProtobufMessage()
    model.add(1, OnnxGraph.formatVersion)
    model.add(2, "tern")
    model.add(7, body)
    model.add(8, operators)
    for fact in facts {
      var entry = ProtobufMessage()
      entry.add(1, fact.name)
      entry.add(2, fact.text)
      model.add(14, entry)
    }
    return model.bytes
  }

  /// What the model is called with.
  private var inputs: [Int] {
    (0..<first.count).filter { id in if case .input(let k) = first.sources[id] { k >= numbers.count } else { false } }
  }

  private mutating func addValues() throws(OnnxError) {
    let count = inputs.count
    for id in 0..<first.count {
      switch first.sources[id] {
      case .input(let k) where k < numbers.count: names.append(graph.constant(numbers[k].tensor, called: numbers[k].name))
      case .input(let k): names.append(graph.free(count == 1 ? "x" : "x\(k - numbers.count + 1)"))
      case .constant(let tensor): names.append(graph.constant(tensor))
      case .call(let primitive, let attributes):
        guard case .call(_, let other) = second.sources[id] else { throw .noOperation(primitive.name) }
        let call = OnnxCall(
          primitive: primitive, attributes: attributes, other: other, inputs: first.operands[id].map { names[$0] },
          types: first.operands[id].map { first.types[$0] }, others: first.operands[id].map { second.types[$0] }, result: first.types[id])
        do throws(TensorError) {
          guard let name = try emit(call) else { throw OnnxRefusal.refusal }
          names.append(name)
        } catch {
          throw error == OnnxRefusal.refusal ? .noOperation(primitive.name) : .tensors(error)
        }
      }
    }
  }

  private func described(_ name: String, _ id: Int) -> ProtobufMessage {
    var shape = ProtobufMessage()
    for (size, other) in zip(first.types[id].shape.array, second.types[id].shape.array) {
      var dimension = ProtobufMessage()
      switch (size, other) {
      case (OpenGraph.sizes.first, OpenGraph.sizes.second): dimension.add(2, "batch")
      case _ where size == other: dimension.add(1, size)
      default: dimension.add(2, "batch_\(other - size)_\(size - (other - size) * OpenGraph.sizes.first)")
      }
      shape.add(1, dimension)
    }
    var tensor = ProtobufMessage(), type = ProtobufMessage(), value = ProtobufMessage()
    tensor.add(1, first.types[id].dtype.onnx)
    tensor.add(2, shape)
    type.add(1, tensor)
    value.add(1, name)
    value.add(2, type)
    return value
  }

  // MARK: Open numbers

  /// Whole numbers of which some go with the batch size.
  mutating func vector(_ values: [Int], _ others: [Int]) throws(TensorError) -> String {
    if values == others { return try graph.vector(values) }
    var parts: [String] = []
    for (value, other) in zip(values, others) {
      let slope = other - value, start = value - slope * OpenGraph.sizes.first
      if slope == 0 {
        parts.append(try graph.vector([value]))
        continue
      }
      var part = try batchSize()
      if slope != 1 { part = graph.node("Mul", [part, try graph.vector([slope])]) }
      if start != 0 { part = graph.node("Add", [part, try graph.vector([start])]) }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : graph.node("Concat", parts, [.int("axis", 0)])
  }

  private mutating func batchSize() throws(TensorError) -> String {
    if !batch.isEmpty { return batch }
    let shape = graph.node("Shape", [inputs.first.map { names[$0] } ?? ""])
    batch = graph.node("Gather", [shape, try graph.vector([0])], [.int("axis", 0)])
    return batch
  }
}

/// What a value without an ONNX operation is thrown as.
private enum OnnxRefusal { static let refusal = TensorError.unsound(op: "onnx") }
