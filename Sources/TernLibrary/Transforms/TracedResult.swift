import TernRuntime
import TernTensor

/// A value in which some tensors are computed by a plan: the outputs, in the order they are met.
struct TracedResult {
  private let value: Value

  init(_ value: Value) { self.value = value }

  /// The tensors that are nodes of a graph, in order.
  func outputs(of graph: Graph) -> [Tensor] {
    var outputs: [Tensor] = []
    _ = value.replacingTensors { tensor in
      if tensor.graph(is: graph) { outputs.append(tensor) }
      return .tensor(tensor)
    }
    return outputs
  }

  /// The value with the outputs in their places. The graph has ended: what is unknown was a node of it.
  func filled(_ outputs: inout ArraySlice<Tensor>) -> Value {
    value.replacingTensors { tensor in
      guard tensor.isUnknown, let output = outputs.popFirst() else { return .tensor(tensor) }
      return output.asOutput(like: tensor)
    }
  }
}

extension Tensor {
  /// A computed output with the names and weakness its trace had: a script float is a script float again.
  func asOutput(like traced: Tensor) -> Value {
    if traced.isWeak, traced.rank == 0, case .float(let number)? = scalar { return .float(number) }
    return .tensor(traced.axisNames == nil ? self : renamed(traced.axisNames))
  }
}

extension Value {
  /// The value with other tensors, in records, lists and all members of models.
  func replacingTensors(_ change: (Tensor) -> Value) -> Value {
    switch self {
    case .tensor(let tensor): return change(tensor)
    case .list(let list): return .list(list.values.map { $0.replacingTensors(change) })
    case .record(let record):
      let copy = RecordObject(record.layout)
      for position in 0..<record.count { copy.items[position] = record.items[position].replacingTensors(change) }
      return .record(copy)
    case .model(let model):
      let copy = ModelObject(copying: model)
      for position in 0..<model.count { copy.items[position] = model.items[position].replacingTensors(change) }
      return .model(copy)
    default: return self
    }
  }
}
