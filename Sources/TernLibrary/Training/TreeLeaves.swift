import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// The numbers of a tree by path: a model's params and states, an optimizer's memory. What a trainer keeps of a run.
struct TreeLeaves {
  /// Kept between steps: paths cost more than tensors.
  private var names: [String] = []

  /// The leaves in the order of the tree. A tree of any depth is walked by a loop.
  mutating func leaves(of tree: Value) -> [NamedTensor] {
    var tensors: [Tensor] = []
    var pending = [tree]
    while let value = pending.popLast() {
      if let tensor = value.leafTensor { tensors.append(tensor) } else { pending += value.parts.reversed() }
    }
    if tensors.count != names.count { names = TreeLeaves.paths(of: tree) }
    return zip(names, tensors).map { NamedTensor($0, $1) }
  }

  /// The leaves of a tree met once.
  consuming func named(_ tree: Value) -> [NamedTensor] {
    var leaves = self
    return leaves.leaves(of: tree)
  }

  /// The tree with other numbers: as many leaves, in the order of `leaves(of:)`.
  static func replacing(_ tree: Value, with leaves: [NamedTensor]) throws(Fault) -> Value {
    var rest = leaves[...]
    let replaced = try replaced(tree, &rest, depth: 0)
    guard rest.isEmpty else { throw Fault(.internalFault, "\(rest.count) numbers of a state have no place in it") }
    return replaced
  }

  private static func replaced(_ value: Value, _ rest: inout ArraySlice<NamedTensor>, depth: Int) throws(Fault) -> Value {
    guard depth < 1000 else { throw Fault(.recursion, "this tree is nested too deep") }
    if value.leafTensor != nil {
      guard let leaf = rest.popFirst() else { throw Fault(.internalFault, "a state lacks numbers") }
      return value.leaf(leaf.tensor)
    }
    switch value {
    case .record(let record):
      let copy = RecordObject(record.layout)
      for position in 0..<record.count { copy.items[position] = try replaced(record.items[position], &rest, depth: depth + 1) }
      return .record(copy)
    case .list(let list):
      let copy = ListObject(capacity: list.count)
      for item in list.values { copy.append(try replaced(item, &rest, depth: depth + 1)) }
      return .list(copy)
    case .model(let model):
      let copy = ModelObject(copying: model)
      for position in model.parts { copy.items[position] = try replaced(model.items[position], &rest, depth: depth + 1) }
      return .model(copy)
    default: return value
    }
  }

  private static func paths(of tree: Value) -> [String] {
    var paths: [String] = []
    var pending = [(path: "", value: tree)]
    while let (path, value) = pending.popLast() {
      if value.leafTensor != nil { paths.append(path) }
      pending += zip(value.steps, value.parts).reversed().map { (path: path + $0, value: $1) }
    }
    return paths.map { String($0.drop { $0 == "." }) }
  }
}

extension Value {
  fileprivate var leafTensor: Tensor? {
    switch self {
    case .tensor(let tensor): tensor
    case .int(let number): try? Tensor.number(.int(number), as: .i64)
    case .float(let number): try? Tensor.number(.float(number), as: .f64)
    default: nil
    }
  }

  /// A leaf of this one's kind with other numbers.
  fileprivate func leaf(_ tensor: Tensor) -> Value {
    switch (self, tensor.scalar) {
    case (.int, .int(let number)?): .int(number)
    case (.float, .float(let number)?): .float(number)
    case (.tensor(let own), _): .tensor(tensor.renamed(own.axisNames))
    default: .tensor(tensor)
    }
  }

  /// What a record, list or model is made of, as far as training may change it.
  fileprivate var parts: [Value] {
    switch self {
    case .record(let record): (0..<record.count).map { record.items[$0] }
    case .list(let list): Array(list.values)
    case .model(let model): model.parts.map { model.items[$0] }
    default: []
    }
  }

  /// How each part is reached.
  fileprivate var steps: [String] {
    switch self {
    case .record(let record): record.layout.keys.map { ".\($0.text)" }
    case .list(let list): list.values.indices.map { "[\($0)]" }
    case .model(let model): model.parts.map { ".\(model.blueprint.layout.keys[$0].text)" }
    default: []
    }
  }
}

extension ModelObject {
  /// The positions of what is no argument of the constructor.
  fileprivate var parts: [Int] { blueprint.members.indices.filter(blueprint.isField) }
}
