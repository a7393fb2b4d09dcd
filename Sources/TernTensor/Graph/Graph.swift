import Synchronization

/// What was computed at one level, in order: an SSA graph with dense ids, one array a property.
///
/// A graph is begun, tensors are lifted into it, code runs, gradients are taken, and the graph ends; from then on its nodes
/// count as the plain tensors they stand for. Values are tensors one level down, so a graph that records inside another's
/// recording holds that one's nodes.
///
/// Nodes hold no references to each other (operands are ids), so a chain of a million is freed without recursion.
package final class Graph {
  /// Levels begun later are higher.
  package let level: Int
  private var isRecording = true

  private var primitives: [Primitive] = []
  private var attributes: [Attributes] = []
  /// Where a node's operands begin in `operands`; one more entry than nodes.
  private var firstOperand: [Int] = [0]
  /// An id of this graph, or -1 - k for the k-th constant.
  private var operands: [Int32] = []
  private var constants: [Tensor] = []
  private var values: [Tensor] = []
  private var charged = 0

  private static let lastLevel = Atomic<Int>(0)

  /// Begins a level above all others.
  package init() { level = Graph.lastLevel.add(1, ordering: .relaxed).newValue }

  package var count: Int { values.count }

  /// Makes a tensor an input of this graph.
  package func lift(_ tensor: Tensor) -> Tensor { append(.input, [], .none, tensor) }

  /// What a node costs besides its value, charged like any other memory.
  private static let bytesPerNode = 256

  /// What a tensor of this level stands for one level down; any other as it is.
  package func lower(_ tensor: Tensor) -> Tensor {
    guard tensor.graph === self, let lower = tensor.lower else { return tensor }
    return lower
  }

  /// Ends the level and gives back what it kept.
  package func end() {
    isRecording = false
    MemoryBudget.refund(charged)
    charged = 0
    primitives = []
    attributes = []
    operands = []
    constants = []
    values = []
  }

  deinit { MemoryBudget.refund(charged) }

  /// Applies a primitive one level down and notes it, unless no gradient can flow through it.
  func record(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes) throws(TensorError) -> Tensor {
    let arguments = arguments.map(\.settled)
    let lowered = arguments.map(lower)
    let value = try bind(primitive, lowered, attributes)
    guard primitive.gradient != nil, value.dtype.isFloat else { return value }
    if values.count >= Int32.max { throw .tooLarge([values.count]) }
    try MemoryBudget.charge(Graph.bytesPerNode)
    charged += Graph.bytesPerNode
    return append(primitive, arguments, attributes, value)
  }

  private func append(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes, _ value: Tensor) -> Tensor {
    let node = Int32(truncatingIfNeeded: values.count)
    for argument in arguments { operands.append(id(of: argument)) }
    firstOperand.append(operands.count)
    primitives.append(primitive)
    self.attributes.append(attributes)
    values.append(value.unnamed)
    return Tensor(lifting: value, graph: self, node: node, axisNames: value.axisNames)
  }

  private func id(of argument: Tensor) -> Int32 {
    if argument.graph === self { return argument.node }
    constants.append(argument.unnamed)
    return -Int32(truncatingIfNeeded: constants.count)
  }

  private func value(_ id: Int32) -> Tensor { id >= 0 ? values[Int(id)] : constants[Int(-1 - id)] }

  /// The recorded call of a node, for its gradient rule.
  func step(_ node: Int, dy: Tensor, reached: [Bool]) -> GradientStep {
    let ids = operandIDs(node)
    return GradientStep(
      operands: ids.map(value), result: values[node], attributes: attributes[node], dy: dy,
      wanted: ids.map { $0 >= 0 && reached[Int($0)] })
  }

  func operandIDs(_ node: Int) -> ArraySlice<Int32> { operands[firstOperand[node]..<firstOperand[node + 1]] }
  func primitive(_ node: Int) -> Primitive { primitives[node] }
  func value(of node: Int) -> Tensor { values[node] }

  fileprivate var records: Bool { isRecording }
}

extension Tensor {
  /// The level this tensor is a node of, while that records.
  var recordingGraph: Graph? {
    guard let graph else { return nil }
    if graph.records { return graph }
    return lower?.recordingGraph
  }

  /// The tensor as operations see it: nodes of ended levels are what they stood for.
  var settled: Tensor {
    guard let graph, !graph.records, let lower else { return self }
    return lower.settled
  }

  /// The same without axis names.
  package var unnamed: Tensor { axisNames == nil ? self : renamed(nil) }

  /// The same with other axis names: still the same node of its graph.
  func renamed(_ names: [String?]?) -> Tensor {
    if let lower { return Tensor(lifting: lower.renamed(names), graph: graph, node: node, axisNames: names) }
    var type = type
    type.axisNames = names
    return Tensor(viewing: self, as: type)
  }
}

extension Tensor {
  /// A gradient by a script float is a script float.
  var weakened: Tensor {
    if isWeak { return self }
    if let lower { return Tensor(lifting: lower.weakened, graph: graph, node: node, axisNames: axisNames) }
    var type = type
    type.isWeak = true
    return Tensor(viewing: self, as: type)
  }
}

extension Primitive {
  /// An input of a graph.
  static let input: Primitive = Primitive(
    "input", "A value that a level starts from.",
    rule: { (operands, _) throws(TensorError) in throw .notDifferentiable(op: "input") },
    kernel: { (_, _, _) throws(TensorError) in throw .notDifferentiable(op: "input") },
    batching: .elementwise, cost: .nothing, domain: Domain([]))
}
