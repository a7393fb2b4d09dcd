internal import TernTensor
import TernData

/// The text of `tree.json`: a tree in which each tensor is a name.
///
///     {"format":"tern-tree","version":1,"nodes":[
///     0.1,
///     {"tensor":"w","axes":["inputs","units"],"xxh64":"44bc2cf5ad770999"},
///     {"model":"dense","fields":{"rate":{"let":0},"w":{"param":1}}}
///     ]}
struct TreeDocument {
  static let format = "tern-tree"
  static let version = 1

  let nodes: [JSONValue]
}

extension TreeDocument {
  /// - Parameter names: The name of each node that is a tensor.
  init(_ tree: StoredTree, names: [String?]) {
    nodes = zip(tree.nodes, names).map { node, name in node.json(tensorName: name ?? "") }
  }

  /// One node a line, so that two saves can be compared line by line.
  var text: String {
    var text = "{\"format\":\"\(TreeDocument.format)\",\"version\":\(TreeDocument.version),\"nodes\":["
    for (place, node) in nodes.enumerated() {
      text += place == 0 ? "\n" : ",\n"
      node.write(to: &text)
    }
    return text + "\n]}\n"
  }
}

extension TreeNode {
  fileprivate func json(tensorName: String) -> JSONValue {
    switch self {
    case .none: .null
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .float(let number): number.isFinite ? .double(number) : ["float": .string("\(number)")]
    case .string(let text): .string(text)
    case .tensor(let tensor): TreeNode.json(of: tensor, name: tensorName)
    case .list(let parts): ["list": .array(parts.map { .int($0) })]
    case .record(let fields): ["record": .object(fields.map { JSONMember($0.name, .int($0.node)) })]
    case .model(let name, let fields): ["model": .string(name), "fields": .object(fields.map(TreeNode.member))]
    case .opaque(let kind, let value): ["opaque": .string(kind), "value": value]
    }
  }

  private static func json(of tensor: Tensor, name: String) -> JSONValue {
    var members = [JSONMember("tensor", .string(name))]
    if let axes = tensor.axisNames { members.append(JSONMember("axes", .array(axes.map(TreeNode.axis)))) }
    members.append(JSONMember("xxh64", .string(tensor.checksum)))
    return .object(members)
  }

  private static func axis(_ name: String?) -> JSONValue { name.map { .string($0) } ?? .null }

  private static func member(_ field: ModelField) -> JSONMember {
    JSONMember(field.name, .object([JSONMember(field.role.rawValue, .int(field.node))]))
  }
}

extension Tensor {
  /// The hash of its elements as sixteen hexadecimal digits.
  var checksum: String {
    let hash = withExtendedLifetime(self) { XXH64.hash(elementBytes) }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
