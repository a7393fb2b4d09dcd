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
  package let purpose: Purpose

  /// What the level is for.
  package enum Purpose: Equatable, Sendable {
    /// Gradients: results are computed and kept.
    case gradient
    /// A plan: what is computed is only noted.
    case stage
    /// Mapping over a further axis of that size: nothing is noted.
    case batch(Int)
  }

  private var primitives: [Primitive] = []
  private var attributes: [Attributes] = []
  /// Where a node's operands begin in `operands`; one more entry than nodes.
  private var firstOperand: [Int] = [0]
  /// An id of this graph, or -1 - k for the k-th constant.
  private var operands: [Int32] = []
  private var constants: [Tensor] = []
  private var values: [Tensor] = []
  /// For whom each node was made: what `Graph.origin` was.
  private var origins: [Int32] = []
  private var charged = 0

  /// For whom what is recorded now is made, as a number that only its owner understands, such as that of a layer. Only the thread
  /// that computes records.
  nonisolated(unsafe) package static var origin: Int32 = 0

  private static let lastLevel = Atomic<Int>(0)

  /// Begins a level above all others.
  package init(_ purpose: Purpose = .gradient) {
    self.purpose = purpose
    level = Graph.lastLevel.add(1, ordering: .relaxed).newValue
  }

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
    origins = []
  }

  deinit { MemoryBudget.refund(charged) }

  /// Handles a call of this level's: the way it is for.
  func record(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes) throws(TensorError) -> Tensor {
    let arguments = arguments.map(\.settled)
    switch purpose {
    case .gradient: return try apply(primitive, arguments, attributes)
    case .stage: return try note(primitive, arguments, attributes)
    case .batch(let size): return try map(primitive, arguments, attributes, size)
    }
  }

  /// Only notes what would be computed. What no node of this level goes into never comes here: it is computed at once.
  private func note(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes) throws(TensorError) -> Tensor {
    let type = try primitive.type(of: arguments, attributes)
    try chargeNode()
    return append(primitive, arguments, attributes, Tensor(unknown: type))
  }

  /// An input of a stage: known by its type alone.
  package func input(_ type: TensorType) -> Tensor { append(.input, [], .none, Tensor(unknown: type)) }

  private func chargeNode() throws(TensorError) {
    if values.count >= Int32.max { throw .tooLarge([values.count]) }
    try MemoryBudget.charge(Graph.bytesPerNode)
    charged += Graph.bytesPerNode
  }

  /// Applies a primitive one level down and notes it, unless no gradient can flow through it.
  private func apply(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes) throws(TensorError) -> Tensor {
    let lowered = arguments.map(lower)
    let value = try bind(primitive, lowered, attributes)
    guard primitive.gradient != nil, value.dtype.isFloat else { return value }
    try chargeNode()
    return append(primitive, arguments, attributes, value)
  }

  private func append(_ primitive: Primitive, _ arguments: [Tensor], _ attributes: Attributes, _ value: Tensor) -> Tensor {
    let node = Int32(truncatingIfNeeded: values.count)
    for argument in arguments { operands.append(id(of: argument)) }
    firstOperand.append(operands.count)
    primitives.append(primitive)
    self.attributes.append(attributes)
    values.append(value.unnamed)
    origins.append(Graph.origin)
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
  func attributes(_ node: Int) -> Attributes { attributes[node] }
  func constant(_ id: Int32) -> Tensor { constants[Int(-1 - id)] }
  func value(of node: Int) -> Tensor { values[node] }
  func origin(_ node: Int) -> Int32 { origins[node] }

  fileprivate var records: Bool { isRecording }
}

extension Tensor {
  /// Is this a node of that level?
  package func graph(is other: Graph) -> Bool { graph === other }

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
  package func renamed(_ names: [String?]?) -> Tensor {
    var type = type
    type.axisNames = names
    if let lower, let graph, lower.rank != rank { return Tensor(mapping: lower, graph: graph, node: node, as: type) }
    if let lower { return Tensor(lifting: lower.renamed(names), graph: graph, node: node, axisNames: names) }
    return Tensor(viewing: self, as: type)
  }
}

extension Tensor {
  /// A gradient by a script float is a script float.
  package var weakened: Tensor {
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
