import TernData
import TernRuntime
import TernSyntax
import TernTraining

extension Training {
  static var save: Builtin {
    Builtin(
      "save(value, path: str)",
      """
      Saves a tree as a folder, whole or not at all: numbers, strings, tensors, lists and records of them; models and runs with \
      the numbers and the recipe that `fit` gave them, and the graph of what a model computes, for every batch size. No code is saved.
      """,
      example: """
        save({rate: 0.1, w: tensor([1, 2])}, "/tmp/tern-example-save")
        load("/tmp/tern-example-save").w
        #> f32[2]  [1.0, 2.0]
        """,
      effect: .writes
    ) { call throws(Fault) in
      guard case .string(let path) = call[1] else {
        throw Fault(.badArgument, "`save` takes a path second; this is \(call[1].description)", hint: "`save(run.model, \"best\")`")
      }
      let tree = try StoredTree(call[0], tracing: call.machine)
      do throws(TreeError) { try tree.save(to: call.machine.path(path.text)) } catch { throw Fault(error) }
      return .none
    }
  }

  static var load: Builtin {
    Builtin(
      "load(path: str, into = none)",
      """
      What `save` has written. A model comes as its numbers and its graph, to be called, judged and asked; `into: net` puts the \
      numbers into a model made as the saved one was, or into a tree that holds it. A file that ends in `.safetensors` gives a record \
      of its tensors by their names, such as `load(path)["layers.0.w"]`; with `into`, they go to the places of these names.
      """,
      example: """
        let net = init(dense(1), f32[_, 2], seed: 1)
        save(net, "/tmp/tern-example-load")
        shape(load("/tmp/tern-example-load")(zeros(3, 2)))
        #> [3, 1]
        """,
      effect: .reads
    ) { call throws(Fault) in
      guard case .string(let path) = call[0] else {
        throw call.refusal(0, takes: "a path")
      }
      if path.text.hasSuffix(".safetensors") { return try SafetensorsTree.value(call.machine.path(path.text), into: call[1]) }
      let tree: StoredTree
      do throws(TreeError) { tree = try StoredTree(loading: call.machine.path(path.text)) } catch {
        let fault = Fault(error)
        throw fault.code == .noSuchFile ? FilePath.missing(path.text, call.machine.path(path.text), "nothing saved at") : fault
      }
      return try TreeReader(tree, into: call[1]).value()
    }
  }
}

// MARK: Values as nodes

extension StoredTree {
  /// The tree of a value. Parts come before the whole, so a value of any depth is written by a loop.
  /// - Parameter machine: Traces the models; nil leaves their graphs out.
  init(_ value: Value, tracing machine: Machine? = nil) throws(Fault) {
    self.init()
    var work: [Work] = [.value(value)]
    var places: [Int] = []
    while let next = work.popLast() {
      switch next {
      case .value(let value):
        if let node = try TreeNode(leaf: value) { places.append(add(node)) } else { try work.open(value, machine) }
      case .part(let value):
        if let node = try TreeNode(leaf: value) { places.append(add(node)) } else { try work.open(value, nil) }
      case .close(let container):
        let parts = Array(places.suffix(container.count))
        places.removeLast(container.count)
        places.append(add(container.node(parts)))
      }
    }
  }
}

private enum Work {
  case value(Value)
  /// Inside of a model, whose graph is that of its parts too.
  case part(Value)
  /// All parts of a container are written.
  case close(Container)
}

/// What a node with parts will be.
private enum Container {
  case list(Int)
  case record([String])
  case model(String, [(name: String, role: ModelField.Role)])

  var count: Int {
    switch self {
    case .list(let count): count
    case .record(let names): names.count
    case .model(_, let fields): fields.count
    }
  }

  func node(_ parts: [Int]) -> TreeNode {
    switch self {
    case .list: .list(parts)
    case .record(let names): .record(zip(names, parts).map { TreeField($0, $1) })
    case .model(let name, let fields): .model(name: name, fields: zip(fields, parts).map { ModelField($0.name, $0.role, $1) })
    }
  }
}

extension [Work] {
  /// Puts a container's parts on the pile, the first on top, and its end below them.
  fileprivate mutating func open(_ value: Value, _ machine: Machine?) throws(Fault) {
    switch value {
    case .list(let list): open(.list(list.count), [Value](list.values), machine)
    case .record(let record): open(.record(record.layout.keys.map(\.text)), (0..<record.count).map { record.items[$0] }, machine)
    case .model(let model): open(model, machine)
    case .foreign(let foreign):
      if let model = foreign.value as? SavedModel { return open(model) }
      guard let run = foreign.value as? RunValue else { throw Work.refusal(value) }
      open(.record([StoredRun.field, "model"]), [.foreign(Foreign(StoredRun(run))), try run.keptModel()], machine)
    default: throw Work.refusal(value)
    }
  }

  private mutating func open(_ container: Container, _ parts: [Value], _ machine: Machine?) {
    append(.close(container))
    for part in parts.reversed() { append(machine == nil ? .part(part) : .value(part)) }
  }

  /// Params, states, what holds such, and what `fit` attached: the rest is made by the model's declaration.
  private mutating func open(_ model: ModelObject, _ machine: Machine?) {
    var fields: [(name: String, role: ModelField.Role)] = []
    var parts: [Value] = []
    for (position, member) in model.blueprint.members.enumerated() {
      guard let role = member.role(of: model.items[position]) else { continue }
      fields.append((model.blueprint.layout.keys[position].text, role))
      parts.append(role == .constant ? model.items[position].stored : model.items[position])
    }
    if let preparation = model.preparation {
      fields.append((Preparation.field, .constant))
      parts.append(.foreign(Foreign(preparation)))
    }
    if let machine, let graph = model.graph(machine) {
      fields.append((ModelGraph.field, .constant))
      parts.append(graph.stored)
    }
    open(.model(model.blueprint.name, fields), parts, nil)
  }

  private mutating func open(_ model: SavedModel) {
    var fields = model.parts.map { ($0.name, $0.role) }, parts = model.parts.map(\.value)
    if let preparation = model.preparation {
      fields.append((Preparation.field, .constant))
      parts.append(.foreign(Foreign(preparation)))
    }
    if let graph = model.graph {
      fields.append((ModelGraph.field, .constant))
      parts.append(graph.stored)
    }
    open(.model(model.name, fields), parts, nil)
  }
}

extension ModelObject {
  /// What it computes; nil, with a note, where that cannot be kept.
  fileprivate func graph(_ machine: Machine) -> ModelGraph? {
    do throws(Fault) {
      guard let inputs else { throw Fault(.badArgument, "nothing tells what it is called with; `init(net, x)` and `fit` do") }
      return try ModelGraph(tracing: .model(self), on: inputs, machine)
    } catch {
      machine.notes("note: `\(blueprint.name)` is saved without its graph: \(error.message)\n")
      return nil
    }
  }
}

extension Work {
  fileprivate static func refusal(_ value: Value) -> Fault {
    if value.isUnset {
      return Fault(.uninitialised, "this model has no numbers to save yet", hint: "`init(net, x, seed: 1)` or `fit` gives them")
    }
    let hint = value.kind == "dataset" ? "`write(data, path)` writes tables" : nil
    return Fault(.badArgument, "`save` keeps numbers, strings, tensors, and trees of them; this is \(value.description)", hint: hint)
  }
}

extension ModelBlueprint.Member {
  fileprivate func role(of value: Value) -> ModelField.Role? {
    switch self {
    case .param: .param
    case .state: .state
    case .binding: value.holdsParams ? .constant : nil
    case .argument: nil
    }
  }
}

extension Value {
  /// A list or record of layers with `none` where a part is no model.
  fileprivate var stored: Value {
    switch self {
    case .list(let list): .list(list.values.map { $0.holdsParams ? $0.stored : .none })
    case .record(let record):
      .record(
        record.layout.keys.enumerated().reduce(into: RecordObject()) { copy, key in
          let item = record.items[key.offset]
          copy.set(key.element.text, item.holdsParams ? item.stored : .none)
        })
    default: self
    }
  }
}

extension TreeNode {
  /// nil for what has parts or cannot be kept.
  fileprivate init?(leaf value: Value) throws(Fault) {
    switch value {
    case .none: self = .none
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .int(number)
    case .float(let number): self = .float(number)
    case .string(let text): self = .string(text.text)
    case .tensor(let tensor): self = .tensor(tensor)
    case .duration(let number), .size(let number), .time(let number): self = .opaque(kind: value.kind, .int(number))
    case .foreign(let foreign):
      switch foreign.value {
      case let preparation as Preparation: self = .opaque(kind: Preparation.field, preparation.json)
      case let run as StoredRun: self = .opaque(kind: StoredRun.field, run.json)
      case let graph as StoredGraph: self = .opaque(kind: ModelGraph.field, graph.json)
      default: return nil
      }
    default: return nil
    }
  }
}
