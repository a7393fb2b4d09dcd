package import TernData

/// A run as it stands, to go on from, and what it is a run of.
///
/// On disk it is a saved tree: a record of the numbers by their paths, and beside it what is no tensor.
///
///     0…n-1  tensors   n  record {model.w: 0, opt.m.w: 1, …}   n+1  opaque `checkpoint`   n+2  record {leaves: n, stand: n+1}
package struct Checkpoint {
  package var stand: TrainRun
  /// What must be the same for a run to go on: names and texts.
  package var identity: [JSONMember]

  package init(stand: TrainRun, identity: [JSONMember]) {
    self.stand = stand
    self.identity = identity
  }
}

extension Checkpoint {
  static let kind = "checkpoint"
  static let version = 1

  var tree: StoredTree {
    var tree = StoredTree()
    let fields = stand.leaves.map { TreeField($0.name, tree.add(.tensor($0.tensor))) }
    let leaves = tree.add(.record(fields))
    let rest = tree.add(.opaque(kind: Checkpoint.kind, .object([
      JSONMember("version", .int(Checkpoint.version)), JSONMember("identity", .object(identity)), JSONMember("stand", stand.json),
    ])))
    tree.add(.record([TreeField("leaves", leaves), TreeField("stand", rest)]))
    return tree
  }

  /// nil when the tree is no checkpoint of a version this Tern reads.
  init?(_ tree: StoredTree) {
    guard case .record(let parts)? = tree.root, parts.map(\.name) == ["leaves", "stand"],
      case .record(let fields) = tree.nodes[parts[0].node], case .opaque(Checkpoint.kind, let json) = tree.nodes[parts[1].node],
      json["version"] == .int(Checkpoint.version), let identity = json["identity"]?.members, let stand = json["stand"]
    else { return nil }
    var leaves: [NamedTensor] = []
    for field in fields {
      guard case .tensor(let tensor) = tree.nodes[field.node] else { return nil }
      leaves.append(NamedTensor(field.name, tensor))
    }
    guard let run = TrainRun(json: stand, leaves: leaves) else { return nil }
    self.init(stand: run, identity: identity)
  }
}
