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
