package import TernTensor
package import TernData

/// A tree of values as it is kept on disk: what the language saves, without the language.
///
/// The nodes stand in one list, parts before the whole, and name their parts by place. So a tree of any depth is built,
/// checked, written, read and freed by loops:
///
///     {rates: [0.1, 0.2]}    0: float 0.1   1: float 0.2   2: list [0, 1]   3: record {rates: 2}   ← the root
package struct StoredTree {
  package private(set) var nodes: [TreeNode] = []

  package init() {}

  package init(nodes: [TreeNode]) { self.nodes = nodes }

  /// The node added last: the whole.
  package var root: TreeNode? { nodes.last }

  /// Adds a node whose parts were added before it, and gives its place.
  @discardableResult
  package mutating func add(_ node: TreeNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }
}

/// One value of a tree; `Int`s are the places of its parts.
package enum TreeNode {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case tensor(Tensor)
  case list([Int])
  case record([TreeField])
  /// A model by the name it was declared with. No code is kept.
  case model(name: String, fields: [ModelField])
  /// Something only its owner understands, as a recipe or a traced graph; `kind` says whose it is.
  case opaque(kind: String, JSONValue)
}

/// A key of a record and the place of its value.
package struct TreeField: Equatable, Sendable {
  package let name: String
  package let node: Int

  package init(_ name: String, _ node: Int) {
    self.name = name
    self.node = node
  }
}

/// A field of a model, what it was declared as, and the place of its value.
package struct ModelField: Equatable, Sendable {
  package enum Role: String, Sendable {
    case param, state
    /// An argument or a sub-model.
    case constant = "let"
  }

  package let name: String
  package let role: Role
  package let node: Int

  package init(_ name: String, _ role: Role, _ node: Int) {
    self.name = name
    self.role = role
    self.node = node
  }
}

// MARK: Shape of the tree

extension TreeNode {
  /// The places of its parts, in order.
  package var parts: [Int] {
    switch self {
    case .list(let parts): parts
    case .record(let fields): fields.map(\.node)
    case .model(_, let fields): fields.map(\.node)
    default: []
    }
  }

  /// What each part is called in a path.
  var partNames: [String] {
    switch self {
    case .list(let parts): parts.indices.map(String.init)
    case .record(let fields): fields.map(\.name)
    case .model(_, let fields): fields.map(\.name)
    default: []
    }
  }
}

extension StoredTree {
  /// Checks that the nodes are one tree: each but the last is a part of exactly one node after it.
  package func check() throws(TreeDamage) {
    guard !nodes.isEmpty else { throw .noNodes }
    var hasOwner = [Bool](repeating: false, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      for part in node.parts {
        guard part >= 0, part < place else { throw .partOutOfPlace(node: place, part: part) }
        guard !hasOwner[part] else { throw .partTwice(node: place, part: part) }
        hasOwner[part] = true
      }
      if let name = node.repeatedName { throw .repeatedField(node: place, name: name) }
      guard node.isReadable else { throw .badNode(node: place) }
    }
    if let loose = hasOwner.dropLast().firstIndex(of: false) { throw .looseNode(node: loose) }
  }
}

extension TreeNode {
  /// Around an opaque value the document has three levels of its own.
  fileprivate var isReadable: Bool {
    if case .opaque(_, let value) = self { value.isReadable(depth: JSONValue.depthLimit - 3) } else { true }
  }

  fileprivate var repeatedName: String? {
    if case .list = self { return nil }
    var seen: Set<String> = []
    return partNames.first { !seen.insert($0).inserted }
  }
}
