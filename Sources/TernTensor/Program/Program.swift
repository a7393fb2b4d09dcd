/// What a stage noted, apart from the graph it was noted in: an SSA list with dense ids, one array a property. An operand
/// comes before what uses it. Passes make one program of another.
package struct Program: Sendable {
  package enum Source: Sendable {
    /// The k-th of what the program is given.
    case input(Int)
    case constant(Tensor)
    case call(Primitive, Attributes)
  }

  package private(set) var sources: [Source] = []
  package private(set) var operands: [[Int]] = []
  package private(set) var types: [TensorType] = []
  /// For whom each value is made, in the numbers of `Graph.origin`.
  package private(set) var origins: [Int32] = []
  package var outputs: [Int] = []

  package var count: Int { sources.count }
  package var inputCount: Int { sources.count { if case .input = $0 { true } else { false } } }

  package init() {}

  package mutating func append(_ source: Source, _ operands: [Int], _ type: TensorType, origin: Int32 = 0) -> Int {
    sources.append(source)
    origins.append(origin)
    self.operands.append(operands)
    types.append(TensorType(dtype: type.dtype, shape: type.shape))
    return sources.count - 1
  }

  package func constant(_ id: Int) -> Tensor? {
    if case .constant(let tensor) = sources[id] { tensor } else { nil }
  }

  package func call(_ id: Int) -> (primitive: Primitive, attributes: Attributes)? {
    if case .call(let primitive, let attributes) = sources[id] { (primitive, attributes) } else { nil }
  }

  /// How often each value is used, by others and as an output.
  var useCounts: [Int] {
    var uses = Array(repeating: 0, count: count)
    for list in operands { for id in list { uses[id] += 1 } }
    for id in outputs { uses[id] += 1 }
    return uses
  }
}

extension Program {
  /// What of a stage the outputs need. An output that is no node of the stage is a constant.
  package init(_ graph: Graph, inputs: [Tensor], outputs: [Tensor]) {
    var ids = Array(repeating: -1, count: graph.count)
    for (k, input) in inputs.enumerated() { ids[Int(input.node)] = append(.input(k), [], input.type) }
    let needed = graph.nodes(neededFor: outputs)
    for node in 0..<graph.count where needed[node] && ids[node] < 0 {
      var own: [Int] = []
      for id in graph.operandIDs(node) {
        if id >= 0 {
          own.append(ids[Int(id)])
        } else {
          let tensor = graph.constant(id)
          own.append(append(.constant(tensor), [], tensor.type))
        }
      }
      ids[node] = append(.call(graph.primitive(node), graph.attributes(node)), own, graph.value(of: node).type, origin: graph.origin(node))
    }
    self.outputs = outputs.map { output in
      output.graph === graph ? ids[Int(output.node)] : append(.constant(output), [], output.type)
    }
  }
}

extension Graph {
  fileprivate func nodes(neededFor outputs: [Tensor]) -> [Bool] {
    var needed = Array(repeating: false, count: count)
    for output in outputs where output.graph === self { needed[Int(output.node)] = true }
    for node in (0..<count).reversed() where needed[node] {
      for id in operandIDs(node) where id >= 0 { needed[Int(id)] = true }
    }
    return needed
  }
}
