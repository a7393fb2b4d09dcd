import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// What a model computes, for every batch size: traced with its numbers as inputs, so that they stand beside it.
final class ModelGraph {
  /// Where in the model the first inputs stand, such as `layers[0].w`; what the model is called with follows.
  let parameters: [String]
  let graph: OpenGraph
  /// Plans for the batch sizes that were asked for last.
  private var plans: [(batch: Int, plan: Plan)] = []

  private static let planLimit = 16

  /// - Parameter kept: How a weight is kept; nil as it is.
  init(tracing model: Value, on inputs: [TensorType], _ machine: Machine, kept: (String, Tensor) throws(Fault) -> KeptWeight? = { (_, _) in nil }) throws(Fault) {
    var names: [String] = [], failure: Fault?
    do {
      graph = try OpenGraph { batch in
        do throws(Fault) {
          let trace = try ModelGraph.trace(model, inputs, batch, machine, kept)
          names = trace.names
          return trace.program
        } catch {
          failure = error
          throw error
        }
      }
    } catch {
      throw failure ?? Fault(GraphError.dependsOnBatch)
    }
    parameters = names
  }

  private init(_ parameters: [String], _ graph: OpenGraph) {
    self.parameters = parameters
    self.graph = graph
  }

  private static func trace(
    _ model: Value, _ inputs: [TensorType], _ batch: Int, _ machine: Machine, _ kept: (String, Tensor) throws(Fault) -> KeptWeight?
  ) throws(Fault) -> (names: [String], program: Program) {
    let graph = Graph(.stage)
    defer { graph.end() }
    var nodes: [Tensor] = [], names: [String] = []
    func input(_ name: String, _ type: TensorType) -> Tensor {
      nodes.append(graph.input(type))
      names.append(name)
      return nodes[nodes.count - 1]
    }
    func number(_ place: String, _ tensor: Tensor) throws(Fault) -> Tensor {
      guard let weight = try kept(place, tensor) else { return input(place, tensor.type).renamed(tensor.axisNames) }
      let parts = weight.parts.map { input("\(place).\($0.name)", $0.tensor.type) }
      return try tensorCall { () throws(TensorError) in try weight.value(parts) }
    }
    let numbers = try model.saved?.named.map { place, tensor throws(Fault) in try number(place, tensor) } ?? []
    let traced = try TreeParts.replacing(model) { leaf, place throws(Fault) in
      if case .tensor(let tensor) = leaf { .tensor(try number(place.path, tensor)) } else { leaf }
    }
    let count = nodes.count
    let arguments = try inputs.map { type throws(Fault) in
      guard type.shape.rank > 0 else { throw Fault(.badArgument, "the model is called with a number, which has no batch axis") }
      let sizes = [batch] + type.shape.array.dropFirst()
      return Value.tensor(input("", TensorType(dtype: type.dtype, shape: try sized(sizes), axisNames: type.axisNames)))
    }
    let seed = TensorType(dtype: .i64, shape: Shape()), key = graph.input(seed), start = graph.input(seed)
    machine.tracings += 1
    machine.chance.push(.tensor(key), from: start)
    defer {
      machine.tracings -= 1
      machine.chance.pop()
    }
    let value =
      if let saved = model.saved?.graph {
        Value.tensor(try saved.replayed(try saved.program(batch: batch), numbers + nodes.suffix(inputs.count)))
      } else { try machine.call(traced, arguments) }
    guard case .tensor(let out) = value else { throw Fault(.badArgument, "the model gives \(value.description) instead of a tensor") }
    let program = Program(graph, inputs: nodes + [key, start], outputs: [out])
    if program.uses(inputsFrom: nodes.count) { throw Fault(.badArgument, "the model draws random numbers") }
    return (Array(names.prefix(count)), Program(graph, inputs: nodes, outputs: [out]))
  }

  private static func sized(_ sizes: [Int]) throws(Fault) -> Shape {
    do throws(TensorError) { return try Shape(checking: sizes) } catch { throw Fault(error) }
  }

  // MARK: Calls

  /// What the model is called with, for a batch of that size.
  func inputs(batch: Int) throws(Fault) -> [TensorType] {
    let program = try program(batch: batch)
    return (0..<program.count).compactMap { id in
      if case .input(let k) = program.sources[id], k >= parameters.count { program.types[id] } else { nil }
    }
  }

  func program(batch: Int) throws(Fault) -> Program {
    do throws(GraphError) { return try graph.program(batch: batch) } catch { throw Fault(error) }
  }

  /// - Parameter numbers: Those of the model, as `parameters` names them.
  func call(_ numbers: [Tensor], _ arguments: [Tensor]) throws(Fault) -> Tensor {
    let all = numbers + arguments
    let batch = arguments.first.map { $0.rank > 0 ? $0.shape[0] : 0 } ?? 0
    if all.contains(where: \.isTracked) { return try replayed(try program(batch: batch), all) }
    let plan = try plan(batch)
    do throws(TensorError) { return try plan.run(all)[0] } catch { throw Fault(error) }
  }

  private func plan(_ batch: Int) throws(Fault) -> Plan {
    if let index = plans.firstIndex(where: { $0.batch == batch }) {
      plans.append(plans.remove(at: index))
      return plans[plans.count - 1].plan
    }
    let program = try program(batch: batch)
    do throws(TensorError) { plans.append((batch, try Plan(program))) } catch { throw Fault(error) }
    if plans.count > ModelGraph.planLimit { plans.removeFirst() }
    return plans[plans.count - 1].plan
  }

  /// Call by call: inside another trace, or while a gradient is recorded.
  private func replayed(_ program: Program, _ inputs: [Tensor]) throws(Fault) -> Tensor {
    var values: [Tensor] = []
    for id in 0..<program.count {
      switch program.sources[id] {
      case .input(let k): values.append(inputs[k].unnamed)
      case .constant(let tensor): values.append(tensor)
      case .call(let primitive, let attributes):
        let operands = program.operands[id].map { values[$0] }
        values.append(try tensorCall { () throws(TensorError) in try bind(primitive, operands, attributes) })
      }
    }
    return values[program.outputs[0]]
  }
}

extension Program {
  fileprivate func uses(inputsFrom first: Int) -> Bool {
    operands.joined().contains { id in if case .input(let k) = sources[id] { k >= first } else { false } }
  }
}

/// A weight as it is kept: tensors, and how the numbers to compute with follow from them.
struct KeptWeight {
  let parts: [(name: String, tensor: Tensor)]
  let value: ([Tensor]) throws(TensorError) -> Tensor
}

// MARK: As it is saved

extension ModelGraph {
  /// The field of a saved model: no name that a script can give.
  static let field = "(graph)"

  /// A record for `save`: the graph, and its constants as tensors.
  var stored: Value {
    .record(RecordObject(["graph": .foreign(Foreign(StoredGraph(self))), "constants": .list(graph.constants.map { .tensor($0) })]))
  }

  var json: JSONValue {
    .object([JSONMember("parameters", .array(parameters.map { .string($0) })), JSONMember("program", graph.json)])
  }

  convenience init(json: JSONValue, constants: [Tensor]) throws(Fault) {
    guard let names = json["parameters"]?.array, let program = json["program"] else { throw Fault(GraphError.damaged) }
    let parameters = names.compactMap(\.string)
    do throws(GraphError) {
      let graph = try OpenGraph(json: program, constants: constants)
      let program = try graph.program(batch: 1)
      guard parameters.count == names.count, program.inputCount > parameters.count, program.outputs.count == 1 else { throw .damaged }
      self.init(parameters, graph)
    } catch { throw Fault(error) }
  }
}

/// A graph between the file and the model it belongs to.
final class StoredGraph: ForeignValue {
  let json: JSONValue

  init(_ graph: ModelGraph) { json = graph.json }
  init(json: JSONValue) { self.json = json }

  var kind: String { "graph" }
}

extension Fault {
  convenience init(_ error: GraphError) {
    switch error {
    case .dependsOnBatch: self.init(.badArgument, "what the model computes depends on the size of the batch")
    case .damaged: self.init(.damagedFile, "the saved graph cannot be read")
    case .call(let error):
      let fault = Fault(error)
      self.init(.damagedFile, "the saved graph does not fit together: \(fault.message)")
    }
  }
}
