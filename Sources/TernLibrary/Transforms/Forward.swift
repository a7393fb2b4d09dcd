import TernRuntime
import TernSyntax
import TernTensor

/// A function called with the leaves of some arguments lifted into a level of their own: what gradients start from.
struct Forward {
  let graph: Graph
  private(set) var roots: [Tensor] = []
  private(set) var arguments: [BoundArgument]
  private(set) var value = Value.none
  private let chosen: [Int]
  /// One gradient, or a record of them by name.
  private let isSingle: Bool

  init(_ function: Value, wrt: Value, _ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) {
    arguments = try machine.arguments(of: function, positional, labels)
    chosen = try Forward.positions(wrt, in: arguments)
    isSingle = if case .list = wrt { false } else { true }
    graph = Graph()
    do throws(Fault) {
      for position in chosen { try lift(position) }
      value = try machine.call(function, withArguments: arguments)
    } catch {
      graph.end()
      throw error
    }
  }

  private mutating func lift(_ position: Int) throws(Fault) {
    var roots: [Tensor] = []
    arguments[position].value = try Leaves.replacing(arguments[position].value) { leaf, path throws(Fault) in
      let root = graph.lift(try Forward.start(leaf, path))
      roots.append(root)
      return .tensor(root)
    }
    self.roots += roots
  }

  /// A tensor for each root, formed as the arguments they are by.
  func tree(of gradients: [Tensor]) -> Value {
    var next = 0
    var results: [(String, Value)] = []
    for position in chosen {
      let tree = try? Leaves.replacing(arguments[position].value) { _, _ throws(Fault) in
        defer { next += 1 }
        return gradients[next].asWeakNumber
      }
      results.append((arguments[position].name ?? "", tree ?? .none))
    }
    if isSingle { return results[0].1 }
    let record = RecordObject()
    for (name, value) in results { record.set(name, value) }
    return .record(record)
  }

  /// A value with the tensors of this level replaced by what they stand for.
  func lowered(_ value: Value) -> Value { value.replacingTensors { graph.lower($0).asWeakNumber } }

  private static func positions(_ wrt: Value, in arguments: [BoundArgument]) throws(Fault) -> [Int] {
    var names: [String] = []
    switch wrt {
    case .none:
      guard !arguments.isEmpty else { throw Fault(.missingArgument, "a gradient is taken by an argument; none was given") }
      return [0]
    case .string(let name): names = [name.text]
    case .list(let list):
      for item in list.values {
        guard case .string(let name) = item else { throw Fault(.badArgument, "`wrt:` takes names of arguments; this is \(item.description)") }
        names.append(name.text)
      }
    default: throw Fault(.badArgument, "`wrt:` takes a name or a list of names; this is \(wrt.description)")
    }
    var positions: [Int] = []
    for name in names {
      guard let position = arguments.firstIndex(where: { $0.name == name }) else {
        let known = arguments.compactMap(\.name)
        let near = didYouMean(name, among: known).map { "did you mean `\($0)`?" }
        throw Fault(.unknownLabel, "the function has no argument `\(name)`", hint: near ?? "its arguments are \(known.joined(separator: ", "))")
          .about(name)
      }
      positions.append(position)
    }
    return positions
  }

  /// A leaf as what the graph starts from: a number is weak, as numbers of scripts are.
  static func start(_ leaf: Value, _ path: String) throws(Fault) -> Tensor {
    switch leaf {
    case .int(let number): return try tensorCall { () throws(TensorError) in try Tensor.weak(.float(Double(number))) }
    case .float(let number): return try tensorCall { () throws(TensorError) in try Tensor.weak(.float(number)) }
    case .tensor(let tensor):
      guard tensor.dtype.isFloat else {
        throw Fault(
          .notDifferentiable, "a gradient is by floats; this is \(tensor.typeText)\(path.isEmpty ? "" : " at `\(path)`")", hint: "`cast(x, f32)`")
      }
      return tensor
    default: throw Fault(.notDifferentiable, "a gradient is by numbers; this is \(leaf.description)")
    }
  }
}

/// Tangents and cotangents: numbers for the leaves of a tree, given as a like tree; a list stands for a tensor.
enum Cotangents {
  /// The tensors of a tree that are computed, and what is given for each.
  static func paired(_ tree: Value, _ given: Value, _ what: String, _ machine: Machine) throws(Fault) -> ([Tensor], [Tensor]) {
    var tensors: [Tensor] = [], numbers: [Tensor] = []
    try pair(tree, given, what, machine, &tensors, &numbers)
    return (tensors, numbers)
  }

  private static func pair(
    _ tree: Value, _ given: Value, _ what: String, _ machine: Machine, _ tensors: inout [Tensor], _ numbers: inout [Tensor]
  ) throws(Fault) {
    func misfit() -> Fault { Fault(.treesDiffer, "\(what) is \(given.description); \(tree.description) is asked for").marking(0, given.description) }
    switch (tree, given) {
    case (.tensor(let tensor), _):
      let number = try machine.asTensor(given, tensor.dtype, what)
      guard number.shape == tensor.shape else { throw misfit() }
      tensors.append(tensor)
      numbers.append(number.dtype == tensor.dtype ? number : try tensorCall { () throws(TensorError) in try number.cast(tensor.dtype) })
    case (.int, _), (.float, _): _ = try machine.double(given, what)
    case (.list(let a), .list(let b)):
      guard a.count == b.count else { throw misfit() }
      for index in 0..<a.count { try pair(a[index], b[index], what, machine, &tensors, &numbers) }
    case (.record(let a), .record(let b)):
      guard a.count == b.count else { throw misfit() }
      for (index, key) in a.layout.keys.enumerated() {
        guard let item = b[key.text] else { throw misfit() }
        try pair(a.items[index], item, what, machine, &tensors, &numbers)
      }
    case (.model(let a), .model(let b)):
      guard a.blueprint === b.blueprint else { throw misfit() }
      for index in 0..<a.count where a.blueprint.members[index] == .param || a.blueprint.members[index] == .binding {
        if a.blueprint.members[index] == .param || a.items[index].holdsParams {
          try pair(a.items[index], b.items[index], what, machine, &tensors, &numbers)
        }
      }
    default: throw misfit()
    }
  }
}
