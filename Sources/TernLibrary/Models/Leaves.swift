package import TernRuntime
import TernSyntax
import TernTensor

/// The leaves of a tree, numbers and tensors, in order; of a model only its params and those of its sub-models.
package enum Leaves {
  package static func of(_ value: Value, _ machine: Machine) throws(Fault) -> [Value] {
    var leaves: [Value] = []
    try visit(value, isInModel: false, path: "") { leaf, _ throws(Fault) in
      leaves.append(leaf)
      return leaf
    }
    return leaves
  }

  /// The leaves with their paths, such as `layers[0].w`.
  package static func named(_ value: Value) throws(Fault) -> [(path: String, leaf: Value)] {
    var leaves: [(String, Value)] = []
    try visit(value, isInModel: false, path: "") { leaf, path throws(Fault) in
      leaves.append((path, leaf))
      return leaf
    }
    return leaves
  }

  /// The same tree with other leaves.
  package static func replacing(_ value: Value, _ change: (Value, String) throws(Fault) -> Value) throws(Fault) -> Value {
    try visit(value, isInModel: false, path: "", change)
  }

  private static let maxDepth = 1000

  @discardableResult
  private static func visit(
    _ value: Value, isInModel: Bool, path: String, depth: Int = 0, _ change: (Value, String) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    guard depth < maxDepth else { throw Fault(.recursion, "this tree is nested too deep") }
    func part(_ value: Value, _ step: String, isInModel: Bool) throws(Fault) -> Value {
      try visit(value, isInModel: isInModel, path: step.hasPrefix("[") || path.isEmpty ? path + step : "\(path).\(step)", depth: depth + 1, change)
    }
    switch value {
    case .int, .float, .tensor: return isInModel ? value : try change(value, path)
    case .list(let list):
      let copy = ListObject(capacity: list.count)
      for (position, item) in list.values.enumerated() { copy.append(try part(item, "[\(position)]", isInModel: isInModel)) }
      return .list(copy)
    case .record(let record):
      let copy = RecordObject(record.layout)
      for (position, key) in record.layout.keys.enumerated() {
        copy.items[position] = try part(record.items[position], key.text, isInModel: isInModel)
      }
      return .record(copy)
    case .model(let model):
      let copy = ModelObject(copying: model)
      for (position, member) in model.blueprint.members.enumerated() {
        let name = model.blueprint.layout.keys[position].text
        switch member {
        case .param:
          if model.items[position].isUnset {
            throw Fault(.uninitialised, "`\(name)` has no numbers yet", hint: "`init(net, x, seed: 1)` gives a model its numbers; `fit` does so itself")
          }
          copy.items[position] = try change(model.items[position], path.isEmpty ? name : "\(path).\(name)")
        case .binding: copy.items[position] = try part(model.items[position], name, isInModel: true)
        case .argument, .state: break
        }
      }
      return .model(copy)
    default:
      if isInModel { return value }
      let place = path.isEmpty ? "" : " at `\(path)`"
      throw Fault(.notATree, "a leaf of a tree is a number or a tensor; this is \(value.description)\(place)")
    }
  }
}
