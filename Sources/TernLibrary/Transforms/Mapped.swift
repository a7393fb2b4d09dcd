import TernRuntime
import TernSyntax
import TernTensor

/// `vmap(f)`: a function of one example as a function of many, at once.
enum VectorMap {
  static var builtins: [Builtin] {
    [
      Builtin(
        "vmap(f: any, over: any = none) -> fn",
        "The same function for every position of the first axis of its tensor arguments, or of those that `over:` names; results are stacked.",
        example: "vmap(x => sum(x ** 2))(tensor([[1, 2], [3, 4]]))  #> f32[2]  [5.0, 25.0]"
      ) { call throws(Fault) in .foreign(Foreign(Mapped(try call.function(0), over: call[1]))) }
    ]
  }
}

/// What `vmap(f)` is.
private final class Mapped: CallableValue {
  private let function: Value
  private let over: Value

  init(_ function: Value, over: Value) {
    self.function = function
    self.over = over
  }

  var kind: String { "fn" }
  var wrapped: Value? { function }
  func text(width: Int) -> String { "fn vmap" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    // A contract speaks of one example: it is asked when the function is called with one.
    var arguments = try machine.unconvertedArguments(of: function, positional, labels)
    let chosen = try positions(in: arguments)
    let size = try size(of: chosen.map { arguments[$0] })
    let graph = Graph(.batch(size))
    defer { graph.end() }
    for position in chosen {
      arguments[position].value = try Leaves.replacing(arguments[position].value) { leaf, _ throws(Fault) in
        guard case .tensor(let tensor) = leaf, tensor.rank > 0 else { return leaf }
        return .tensor(try tensorCall { () throws(TensorError) in try graph.lift(mapping: tensor) })
      }
    }
    // Each position draws from a stream of its own, as each call of `map` does.
    let base = try machine.chance.next()
    let streams = try tensorCall { () throws(TensorError) in
      let keys = try base.fold(try Tensor.arange(from: .int(0), to: .int(size))).tensor()
      return try graph.lift(mapping: keys)
    }
    machine.chance.push(.tensor(streams))
    machine.tracings += 1
    machine.mappings += 1
    defer {
      machine.tracings -= 1
      machine.mappings -= 1
      machine.chance.pop()
    }
    return try stacked(try machine.call(function, withArguments: arguments), graph, size)
  }

  private func positions(in arguments: [BoundArgument]) throws(Fault) -> [Int] {
    var names: [String] = []
    switch over {
    case .none:
      return arguments.indices.filter { if case .tensor(let tensor) = arguments[$0].value { tensor.rank > 0 } else { false } }
    case .string(let name): names = [name.text]
    case .list(let list): names = list.values.map { if case .string(let name) = $0 { name.text } else { "" } }
    default: throw Fault(.badArgument, "`over:` takes a name or a list of names of arguments; this is \(over.description)").atArgument(1, "over")
    }
    var positions: [Int] = []
    for name in names {
      guard let position = arguments.firstIndex(where: { $0.name == name }) else {
        let known = arguments.compactMap(\.name)
        throw Fault(
          .unknownLabel, "the function has no argument `\(name)`",
          hint: didYouMean(name, among: known).map { "did you mean `\($0)`?" } ?? "its arguments are \(known.joined(separator: ", "))"
        ).about(name)
      }
      positions.append(position)
    }
    return positions
  }

  /// The size that all mapped axes have.
  private func size(of arguments: [BoundArgument]) throws(Fault) -> Int {
    var first: (size: Int, name: String)?
    for (position, argument) in arguments.enumerated() {
      let name = argument.name.map { "`\($0)`" } ?? "argument \(position + 1)"
      _ = try Leaves.replacing(argument.value) { leaf, _ throws(Fault) in
        guard case .tensor(let tensor) = leaf, tensor.rank > 0 else { return leaf }
        if let first, first.size != tensor.shape[0] {
          throw Fault(
            .shapeMismatch, "`vmap` goes through the first axes together; \(first.name) has \(first.size) there and \(name) has \(tensor.shape[0])",
            hint: "`over:` names the arguments to go through")
        }
        first = (tensor.shape[0], name)
        return leaf
      }
    }
    guard let first else { throw Fault(.badArgument, "`vmap` goes through the first axis of tensors; no argument has one") }
    return first.size
  }

  /// What the function gave for all positions, stacked: numbers too.
  private func stacked(_ value: Value, _ graph: Graph, _ size: Int) throws(Fault) -> Value {
    func tensor(_ tensor: Tensor) throws(Fault) -> Value {
      .tensor(try tensorCall { () throws(TensorError) in try graph.unmap(tensor, size) })
    }
    switch value {
    case .tensor(let result): return try tensor(result)
    case .int, .float, .bool: return try tensor(try machineTensor(value))
    case .list(let list):
      let copy = ListObject(capacity: list.count)
      for item in list.values { copy.append(try stacked(item, graph, size)) }
      return .list(copy)
    case .record(let record):
      let copy = RecordObject(record.layout)
      for position in 0..<record.count { copy.items[position] = try stacked(record.items[position], graph, size) }
      return .record(copy)
    case .model: return try Leaves.replacing(value) { leaf, _ throws(Fault) in try stacked(leaf, graph, size) }
    default: throw Fault(.badArgument, "`vmap` stacks numbers and tensors; the function gave \(value.description)")
    }
  }

  private func machineTensor(_ value: Value) throws(Fault) -> Tensor {
    try tensorCall { () throws(TensorError) in
      switch value {
      case .bool(let flag): try Tensor.number(.bool(flag), as: .bool)
      case .int(let number): try Tensor.number(.int(number), as: .i64)
      case .float(let number): try Tensor.number(.float(number), as: .f32)
      default: try Tensor.number(.int(0), as: .i64)
      }
    }
  }
}
