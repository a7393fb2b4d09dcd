import TernData

/// A node as the document has it: a tensor is still a name.
enum DocumentNode {
  case tensor(TensorReference)
  case plain(TreeNode)
}

/// A tensor of the file beside the document.
struct TensorReference {
  let name: String
  let axes: [String?]?
  /// Of its elements; nil in a document written by hand.
  let checksum: String?
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
    guard let tag = members.first else { return nil }
    if tag.name == "tensor" {
      guard let reference = TensorReference(members) else { return nil }
      self = .tensor(reference)
      return
    }
    guard members.count <= 2 else { return nil }
    let second = members.dropFirst().first
    switch (tag.name, tag.value, second?.name, second?.value) {
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

  private static func modelField(_ member: JSONMember) -> ModelField? {
    guard let pair = member.value.members, pair.count == 1, let role = ModelField.Role(rawValue: pair[0].name),
      let node = pair[0].value.int
    else { return nil }
    return ModelField(member.name, role, node)
  }
}

extension TensorReference {
  fileprivate init?(_ members: [JSONMember]) {
    var name: String?, axes: [String?]?, checksum: String?
    for member in members {
      switch (member.name, member.value) {
      case ("tensor", .string(let text)): name = text
      case ("xxh64", .string(let text)): checksum = text
      case ("axes", .array(let items)):
        guard let names = TensorReference.axisNames(items) else { return nil }
        axes = names
      default: return nil
      }
    }
    guard let name else { return nil }
    self.init(name: name, axes: axes, checksum: checksum)
  }

  /// nil unless each is a name or null, some are names, and none stands twice.
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
}
