package import TernSyntax
package import TernTensor

/// A model's declaration, compiled: what its members are called and the code of its functions.
package final class ModelBlueprint {
  package enum Member { case argument, binding, param, state }

  package let name: String
  package let source: SourceText
  package let declaration: ModelDeclaration
  /// The constructor's arguments first, then the members in the order of their declaration, then what the functions use of
  /// the places around the declaration. Only members are fields.
  package let layout: Layout
  package let members: [Member]
  package let argumentCount: Int
  /// `call` and its siblings; each takes the model as a hidden first argument.
  package internal(set) var methods: [String: Prototype] = [:]
  /// For each param and state: its type and the code that gives what it starts from.
  package internal(set) var starts: [Int: Start] = [:]

  package struct Start {
    package let type: Contract
    let code: Prototype
    /// The name and type in the declaration.
    let range: SourceRange
  }

  init(declaration: ModelDeclaration, source: SourceText, layout: Layout, members: [Member], argumentCount: Int) {
    name = declaration.name.text
    self.declaration = declaration
    self.source = source
    self.layout = layout
    self.members = members
    self.argumentCount = argumentCount
  }

  package func isField(_ position: Int) -> Bool { members[position] != .argument }
  package var fieldNames: [String] { members.indices.filter(isField).map { layout.keys[$0].text } }
}

/// A model: arguments of its constructor, parameters, states and sub-models, in the order of its blueprint's layout.
package final class ModelObject {
  package let blueprint: ModelBlueprint
  package let items: Registers
  /// Where it stands in the model that `apply` or `init` was given, such as `layers[0]`; nil outside of them.
  package var path: String?
  /// The top-level names it was made with, as far as its code reaches them.
  package let snapshot: Snapshot?
  /// What `fit` attaches for `predict`, `evaluate` and `save`: the fitted recipe and how the target is read.
  package var attachment: Foreign?
  /// What it was initialised on; nil where it has no numbers, or is a part of another model.
  package var inputs: [TensorType]?

  init(blueprint: ModelBlueprint, snapshot: Snapshot?) {
    self.blueprint = blueprint
    self.snapshot = snapshot
    items = .allocate(capacity: max(blueprint.layout.count, 1))
    items.initialize(repeating: .absent, count: blueprint.layout.count)
  }

  package convenience init(copying other: ModelObject) {
    self.init(blueprint: other.blueprint, snapshot: other.snapshot)
    for index in 0..<count { items[index] = other.items[index] }
    path = other.path
    attachment = other.attachment
    inputs = other.inputs
  }

  deinit {
    Burial.bury(items, blueprint.layout.count)
    items.deallocate()
  }

  package var count: Int { blueprint.layout.count }

  func isParamOrState(_ name: String) -> Bool { position(of: name).map { blueprint.members[$0] != .binding } ?? false }

  /// A field's position; arguments of the constructor are none.
  package func position(of name: String) -> Int? {
    guard let position = blueprint.layout.position(of: name), blueprint.isField(position) else { return nil }
    return position
  }
}
