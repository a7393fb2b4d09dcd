import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// Makes values of a saved tree. What is plain comes from the files alone. So does a model, with its graph; with `into` it takes
/// its structure from there, found at the same place or by its name, and its numbers from the files.
struct TreeReader {
  private let tree: StoredTree
  private let into: Value
  /// For each node the one it is part of and its step there.
  private var owners: [(node: Int, step: String)?]
  /// What stands at each node's place in `into`.
  private var templates: [Value?]
  /// Parts of a model's lists that are no models come from the model.
  private var isInModel: [Bool]
  private var built: [Value] = []

  init(_ tree: StoredTree, into: Value) {
    self.tree = tree
    self.into = into
    owners = Array(repeating: nil, count: tree.nodes.count)
    templates = Array(repeating: nil, count: tree.nodes.count)
    isInModel = Array(repeating: false, count: tree.nodes.count)
  }

  consuming func value() throws(Fault) -> Value {
    if !templates.isEmpty { templates[templates.count - 1] = into }
    // From the whole to its parts, which stand before it.
    for node in tree.nodes.indices.reversed() { try place(partsOf: node) }
    for node in tree.nodes.indices { built.append(try value(at: node)) }
    return built.last ?? .none
  }
}

// MARK: Places

extension TreeReader {
  private mutating func place(partsOf node: Int) throws(Fault) {
    switch tree.nodes[node] {
    case .list(let parts):
      for (index, part) in parts.enumerated() { place(part, of: node, "[\(index)]", templates[node]?.item(index), isInModel[node]) }
    case .record(let fields):
      for field in fields { place(field.node, of: node, ".\(field.name)", templates[node]?.item(field.name), isInModel[node]) }
    case .model(_, let fields) where into.isNone || into.isUnset:
      for field in fields { place(field.node, of: node, ".\(field.name)", nil, true) }
    case .model(let name, let fields):
      let model = try template(of: name, at: node)
      templates[node] = .model(model)
      for field in fields where !field.isAttached {
        guard let position = model.position(of: field.name) else {
          throw mismatch("the saved model has `\(path(to: node, field.name))`, this one does not")
        }
        place(field.node, of: node, ".\(field.name)", model.items[position], true)
      }
      try checkComplete(model, fields, at: node)
    default: break
    }
  }

  private mutating func place(_ part: Int, of node: Int, _ step: String, _ template: Value?, _ isInModel: Bool) {
    owners[part] = (node, step)
    templates[part] = template
    self.isInModel[part] = isInModel
  }

  /// The model at the same place of `into`, else the only one of that name in it.
  private func template(of name: String, at node: Int) throws(Fault) -> ModelObject {
    if case .model(let model)? = templates[node], model.blueprint.name == name { return model }
    let candidates = isInModel[node] ? [] : into.models.filter { $0.blueprint.name == name }
    guard let first = candidates.first, candidates.allSatisfy({ $0.blueprint === first.blueprint }), candidates.count == 1 else {
      let found = templates[node].map(\.description) ?? "nothing"
      throw mismatch(
        candidates.count > 1
          ? "`into` has \(candidates.count) models `\(name)`, none of them at \(place(of: node))"
          : "a model `\(name)` was saved at \(place(of: node)); `into` has \(found) there")
    }
    return first
  }

  private func checkComplete(_ model: ModelObject, _ fields: [ModelField], at node: Int) throws(Fault) {
    let saved = Set(fields.map(\.name))
    for (position, member) in model.blueprint.members.enumerated() {
      let name = model.blueprint.layout.keys[position].text
      let isKept = member == .param || member == .state || (member == .binding && model.items[position].holdsParams)
      if isKept && !saved.contains(name) { throw mismatch("this model has `\(path(to: node, name))`, the saved one does not") }
    }
  }

  private func path(to node: Int, _ field: String? = nil) -> String {
    var steps = field.map { [".\($0)"] } ?? []
    var current = node
    while let owner = owners[current] {
      steps.append(owner.step)
      current = owner.node
    }
    return String(steps.reversed().joined().drop { $0 == "." })
  }

  private func place(of node: Int) -> String {
    let path = path(to: node)
    return path.isEmpty ? "the top" : "`\(path)`"
  }

  private func mismatch(_ message: String) -> Fault {
    Fault(.checkpointMismatch, message, hint: "`into` takes a model made as the saved one was")
  }
}

// MARK: Values

extension TreeReader {
  private func value(at node: Int) throws(Fault) -> Value {
    switch tree.nodes[node] {
    case .none:
      if isInModel[node], let template = templates[node], !template.isUnset { return template }
      return .none
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .float(let number): return .float(number)
    case .string(let text): return .string(text)
    case .tensor(let tensor): return .tensor(tensor)
    case .list(let parts): return try list(parts, at: node)
    case .record(let fields): return try record(fields)
    case .model(let name, let fields): return try into.isNone || into.isUnset ? saved(name, fields, at: node) : model(fields, at: node)
    case .opaque(let kind, let json): return try opaque(kind, json)
    }
  }

  private func list(_ parts: [Int], at node: Int) throws(Fault) -> Value {
    if isInModel[node], !into.isNone, !into.isUnset {
      guard case .list(let list)? = templates[node], list.count == parts.count else {
        let found = templates[node].map(\.description) ?? "nothing"
        throw mismatch("\(place(of: node)) was saved as a list of \(parts.count); this model has \(found)")
      }
    }
    return .list(parts.map { built[$0] })
  }

  private func record(_ fields: [TreeField]) throws(Fault) -> Value {
    if fields.count == 2, case .foreign(let foreign) = built[fields[0].node], let run = foreign.value as? StoredRun {
      return .foreign(Foreign(run.run(with: built[fields[1].node])))
    }
    let record = RecordObject()
    for field in fields { record.set(field.name, built[field.node]) }
    return .record(record)
  }

  /// A model by its numbers and its graph. The outermost has one.
  private func saved(_ name: String, _ fields: [ModelField], at node: Int) throws(Fault) -> Value {
    var parts: [SavedModel.Part] = [], preparation: Preparation?, graph: ModelGraph?
    for field in fields {
      let value = built[field.node]
      switch (field.name, value) {
      case (Preparation.field, .foreign(let foreign)): preparation = foreign.value as? Preparation
      case (ModelGraph.field, .record(let record)): graph = try ModelGraph(record)
      default: parts.append(SavedModel.Part(name: field.name, role: field.role, value: value))
      }
    }
    guard graph != nil || isInModel[node] else {
      throw Fault(
        .badArgument, "this holds a model, `\(name)`, without a graph of what it computes",
        hint: "`load(path, into: net)` with a `net` made as the saved one was")
    }
    return .foreign(Foreign(try SavedModel(name, parts, graph, preparation)))
  }

  private func model(_ fields: [ModelField], at node: Int) throws(Fault) -> Value {
    guard case .model(let template)? = templates[node] else { return .none }
    let model = ModelObject(copying: template)
    model.attachment = nil
    for field in fields {
      if field.name == Preparation.field {
        if case .foreign(let foreign) = built[field.node] { model.attachment = foreign }
      } else if let position = model.position(of: field.name) {
        try check(built[field.node], field, model, position, at: node)
        model.items[position] = built[field.node]
      }
    }
    return .model(model)
  }

  /// A param or state is a tensor as the model has it; one that has no numbers yet goes by its declaration.
  private func check(_ value: Value, _ field: ModelField, _ model: ModelObject, _ position: Int, at node: Int) throws(Fault) {
    let name = path(to: node, field.name)
    guard field.role == model.blueprint.members[position].savedRole else {
      throw mismatch("`\(name)` was saved as a \(field.role.rawValue), which it is not in this model")
    }
    guard field.role != .constant else { return }
    guard case .tensor(let tensor) = value else { throw mismatch("`\(name)` was saved as \(value.description)") }
    if case .tensor(let own) = model.items[position] {
      guard own.shape == tensor.shape, own.dtype == tensor.dtype else {
        throw mismatch("`\(name)` was saved as \(tensor.typeText); this model's is \(own.typeText)")
      }
    } else if let type = model.blueprint.starts[position]?.type, !model.admits(tensor, as: type) {
      throw mismatch("`\(name)` was saved as \(tensor.typeText); this model declares \(type.text)\(model.sizesNote(of: type))")
    }
  }

  private func opaque(_ kind: String, _ json: JSONValue) throws(Fault) -> Value {
    switch (kind, json) {
    case ("duration", .int(let number)): return .duration(number)
    case ("size", .int(let number)): return .size(number)
    case ("time", .int(let number)): return .time(number)
    case (Preparation.field, _): if let preparation = Preparation(json: json) { return .foreign(Foreign(preparation)) }
    case (ModelGraph.field, _): return .foreign(Foreign(StoredGraph(json: json)))
    case (StoredRun.field, _): if let run = StoredRun(json: json) { return .foreign(Foreign(run)) }
    default: break
    }
    throw Fault(.damagedFile, "the saved tree holds a `\(kind)` that cannot be read")
  }
}

extension ModelField {
  /// Is it what `fit` or `save` attached?
  fileprivate var isAttached: Bool { name == Preparation.field || name == ModelGraph.field }
}

extension ModelGraph {
  fileprivate convenience init(_ record: RecordObject) throws(Fault) {
    guard case .foreign(let foreign)? = record["graph"], let stored = foreign.value as? StoredGraph, case .list(let list)? = record["constants"] else {
      throw Fault(GraphError.damaged)
    }
    let constants = list.values.compactMap { if case .tensor(let tensor) = $0 { tensor } else { nil } }
    guard constants.count == list.count else { throw Fault(GraphError.damaged) }
    try self.init(json: stored.json, constants: constants)
  }
}

extension ModelObject {
  /// Can a tensor stand where this type is declared, as far as the model's own ints tell?
  fileprivate func admits(_ tensor: Tensor, as type: Contract) -> Bool {
    guard let axes = type.axes else { return true }
    guard axes.count == tensor.rank else { return false }
    return axes.enumerated().allSatisfy { axis, declared in size(declared.size).map { $0 == tensor.shape[axis] } ?? true }
  }

  /// A size that is written down or is an int argument; nil for what the first input binds.
  private func size(_ size: Contract.Size) -> Int? {
    switch size {
    case .number(let number): number
    case .variable(let word):
      if let place = blueprint.layout.position(of: word), case .int(let number) = items[place] { number } else { nil }
    case .leading, .any, .computed: nil
    }
  }

  /// ` with units = 2`
  fileprivate func sizesNote(of type: Contract) -> String {
    let known = (type.axes ?? []).compactMap { axis -> String? in
      guard case .variable(let word) = axis.size, let number = size(axis.size) else { return nil }
      return "\(word) = \(number)"
    }
    return known.isEmpty ? "" : " with \(known.joined(separator: ", "))"
  }
}

extension ModelBlueprint.Member {
  fileprivate var savedRole: ModelField.Role {
    switch self {
    case .param: .param
    case .state: .state
    case .binding, .argument: .constant
    }
  }
}

extension Value {
  fileprivate func item(_ index: Int) -> Value? {
    if case .list(let list) = self, index < list.count { list[index] } else { nil }
  }

  fileprivate func item(_ name: String) -> Value? {
    if case .record(let record) = self { record[name] } else { nil }
  }

  /// The models in a tree, but not those inside of others.
  fileprivate var models: [ModelObject] {
    var models: [ModelObject] = []
    var pending = [self]
    while let value = pending.popLast() {
      switch value {
      case .model(let model): models.append(model)
      case .list(let list): pending += list.values
      case .record(let record): pending += (0..<record.count).map { record.items[$0] }
      default: break
      }
    }
    return models
  }
}
