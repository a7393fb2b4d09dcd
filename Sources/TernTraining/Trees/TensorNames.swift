/// Gives every tensor of a tree its name in the tensors' file: its path, as `layers.0.w`.
///
/// A path that is long, deep or taken gives way to a number, so that naming takes time in proportion to the tree.
struct TensorNames {
  private static let depthLimit = 32
  private static let byteLimit = 200

  private let nodes: [TreeNode]
  /// For each node, the one it is part of and its name there; the root has neither.
  private var owners: [(node: Int, name: String)?]
  private var taken: Set<String> = [SafetensorsHeader.metadataName]

  private init(_ tree: StoredTree) {
    nodes = tree.nodes
    owners = Array(repeating: nil, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      for (part, name) in zip(node.parts, node.partNames) { owners[part] = (place, name) }
    }
  }

  /// The name of each node that is a tensor, and nil for the others. The tree must have passed its check.
  static func names(in tree: StoredTree) -> [String?] {
    var names = TensorNames(tree)
    return tree.nodes.indices.map { names.name(at: $0) }
  }

  private mutating func name(at place: Int) -> String? {
    guard case .tensor = nodes[place] else { return nil }
    if let name = path(to: place), taken.insert(name).inserted { return name }
    var name = "tensor.\(place)"
    while !taken.insert(name).inserted { name += "~" }
    return name
  }

  private func path(to place: Int) -> String? {
    var names: [String] = []
    var byteCount = 0
    var current = place
    while let owner = owners[current] {
      names.append(owner.name)
      byteCount += owner.name.utf8.count + 1
      guard names.count <= TensorNames.depthLimit, byteCount <= TensorNames.byteLimit else { return nil }
      current = owner.node
    }
    return names.isEmpty ? "value" : names.reversed().joined(separator: ".")
  }
}
