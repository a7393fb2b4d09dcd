internal import TernTensor

/// The text of `tree.json`: a tree in which each tensor is a name.
///
///     {"format":"tern-tree","version":1,"nodes":[
///     0.1,
///     {"tensor":"w","axes":["inputs","units"]},
///     {"model":"dense","fields":{"rate":{"let":0},"w":{"param":1}}}
///     ]}
struct TreeDocument {
  static let format = "tern-tree"
  static let version = 1

  let nodes: [JSONValue]
}

// MARK: Writing

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
    guard let axes = tensor.axisNames else { return ["tensor": .string(name)] }
    return ["tensor": .string(name), "axes": .array(axes.map { $0.map { .string($0) } ?? .null })]
  }

  private static func member(_ field: ModelField) -> JSONMember {
    JSONMember(field.name, .object([JSONMember(field.role.rawValue, .int(field.node))]))
  }
}

// MARK: Reading

/// A node as the document has it: a tensor is still a name.
enum DocumentNode {
  case tensor(name: String, axes: [String?]?)
  case plain(TreeNode)
}

extension DocumentNode {
  /// nil when the JSON is no node.
  init?(_ json: JSONValue) {
    switch json {
    case .null: self = .plain(.none)
    case .bool(let flag): self = .plain(.bool(flag))
    case .int(let number): self = .plain(.int(number))
    case .double(let number): self = .plain(.float(number))
    case .string(let text): self = .plain(.string(text))
    case .array: return nil
    case .object(let members):
      guard let found = DocumentNode(tagged: members) else { return nil }
      self = found
    }
  }

  /// An object's first member says what it is.
  private init?(tagged members: [JSONMember]) {
    guard let tag = members.first, members.count <= 2 else { return nil }
    let second = members.dropFirst().first
    switch (tag.name, tag.value, second?.name, second?.value) {
    case ("tensor", .string(let name), nil, nil): self = .tensor(name: name, axes: nil)
    case ("tensor", .string(let name), "axes", .array(let axes)?):
      guard let axes = DocumentNode.axisNames(axes) else { return nil }
      self = .tensor(name: name, axes: axes)
    case ("float", .string(let text), nil, nil):
      guard let number = DocumentNode.special[text] else { return nil }
      self = .plain(.float(number))
    case ("list", .array(let parts), nil, nil):
      let places = parts.compactMap(\.int)
      guard places.count == parts.count else { return nil }
      self = .plain(.list(places))
    case ("record", .object(let fields), nil, nil):
      let found = fields.compactMap { field in field.value.int.map { TreeField(field.name, $0) } }
      guard found.count == fields.count else { return nil }
      self = .plain(.record(found))
    case ("model", .string(let name), "fields", .object(let fields)?):
      let found = fields.compactMap(DocumentNode.modelField)
      guard found.count == fields.count else { return nil }
      self = .plain(.model(name: name, fields: found))
    case ("opaque", .string(let kind), "value", let value?): self = .plain(.opaque(kind: kind, value))
    default: return nil
    }
  }

  /// Numbers JSON has no word for.
  private static let special: [String: Double] = ["nan": .nan, "inf": .infinity, "-inf": -.infinity]

  private static func axisNames(_ items: [JSONValue]) -> [String?]? {
    var names: [String?] = []
    for item in items {
      switch item {
      case .string(let name) where !name.isEmpty: names.append(name)
      case .null: names.append(nil)
      default: return nil
      }
    }
    let given = names.compactMap { $0 }
    return given.isEmpty || Set(given).count != given.count ? nil : names
  }

  private static func modelField(_ member: JSONMember) -> ModelField? {
    guard let pair = member.value.members, pair.count == 1, let role = ModelField.Role(rawValue: pair[0].name),
      let node = pair[0].value.int
    else { return nil }
    return ModelField(member.name, role, node)
  }
}
