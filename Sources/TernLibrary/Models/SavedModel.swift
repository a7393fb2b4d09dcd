import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// A model without its code: the numbers, and the graph that was traced of it. It is called as the model was; inside of one
/// stand its parts, which have no graph of their own.
final class SavedModel: CallableValue {
  struct Part {
    let name: String
    let role: ModelField.Role
    let value: Value
  }

  let name: String
  let parts: [Part]
  let graph: ModelGraph?
  let preparation: Preparation?
  /// What the graph computes with, in its order.
  let numbers: [Tensor]
  /// What `quantize` measured.
  var report: Value?

  init(_ name: String, _ parts: [Part], _ graph: ModelGraph?, _ preparation: Preparation?) throws(Fault) {
    self.name = name
    self.parts = parts
    self.graph = graph
    self.preparation = preparation
    numbers = try graph.map { graph throws(Fault) in try SavedModel.numbers(of: graph, in: parts) } ?? []
  }

  private static func numbers(of graph: ModelGraph, in parts: [Part]) throws(Fault) -> [Tensor] {
    let found = Dictionary(parts.flatMap { SavedModel.leaves($0.value, $0.name) }) { first, _ in first }
    let program = try graph.program(batch: 1)
    var types: [Int: TensorType] = [:]
    for id in 0..<program.count { if case .input(let k) = program.sources[id] { types[k] = program.types[id] } }
    return try graph.parameters.enumerated().map { k, path throws(Fault) in
      guard let tensor = found[path], let type = types[k], tensor.shape == type.shape, tensor.dtype == type.dtype else {
        throw Fault(.damagedFile, "the saved graph asks for `\(path)`, which the saved model does not have like that")
      }
      return tensor.unnamed
    }
  }

  /// All tensors with their paths.
  private static func leaves(_ value: Value, _ path: String) -> [(String, Tensor)] {
    switch value {
    case .tensor(let tensor): [(path, tensor)]
    case .list(let list): list.values.enumerated().flatMap { leaves($0.element, "\(path)[\($0.offset)]") }
    case .record(let record): record.layout.keys.enumerated().flatMap { leaves(record.items[$0.offset], "\(path).\($0.element.text)") }
    case .foreign(let foreign): (foreign.value as? SavedModel)?.parts.flatMap { leaves($0.value, "\(path).\($0.name)") } ?? []
    default: []
    }
  }

  /// All numbers with their places.
  var tensors: [(String, Tensor)] { parts.flatMap { SavedModel.leaves($0.value, $0.name) } }

  /// What the graph computes with, with their places.
  var named: [(String, Tensor)] { zip(graph?.parameters ?? [], numbers).map { ($0, $1) } }
  var byteCount: Int { tensors.reduce(0) { $0 + $1.1.byteCount } }

  // MARK: As a value

  var kind: String { "model" }
  var described: String { "a model that was loaded" }
  var fieldNames: [String] { parts.map(\.name) + (report == nil ? [] : ["report"]) }
  func field(_ name: String) throws(Fault) -> Value? { parts.first { $0.name == name }?.value ?? (name == "report" ? report : nil) }

  func text(width: Int) -> String {
    let lines = tensors.map { "  \($0.0): \($0.1.typeText)" }
    let takes = (try? graph?.inputs(batch: 1))?.map(\.openText).joined(separator: ", ") ?? ""
    let measured = report.map { [$0.text(width: width)] } ?? []
    return (["model \(name), by its graph\(takes.isEmpty ? "" : ", takes \(takes)")"] + lines + measured).joined(separator: "\n")
  }
  var inlineText: String { "model \(name)" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    guard let graph else { throw Fault(.badArgument, "this is a part of a saved model, which has no graph of its own") }
    if let label = labels.first { throw Fault(.unknownLabel, "a saved model has no parameter `\(label.0)`") }
    let wanted = try graph.inputs(batch: 1)
    guard positional.count == wanted.count else {
      throw Fault(
        positional.count > wanted.count ? .tooManyArguments : .missingArgument,
        "this model is called with \(wanted.map(\.openText).joined(separator: ", ")); here \(positional.count == 1 ? "is" : "are") \(positional.count.counted("argument"))")
    }
    var arguments: [Tensor] = []
    for (value, type) in zip(positional, wanted) { arguments.append(try SavedModel.argument(value, type, batch: arguments.first?.shape[0])) }
    return .tensor(try graph.call(numbers, arguments))
  }

  private static func argument(_ value: Value, _ type: TensorType, batch: Int?) throws(Fault) -> Tensor {
    guard case .tensor(let tensor) = value, tensor.dtype == type.dtype, tensor.rank == type.shape.rank, tensor.rank > 0,
      tensor.shape.array.dropFirst().elementsEqual(type.shape.array.dropFirst()), batch == nil || batch == tensor.shape[0]
    else {
      throw Fault(.shapeMismatch, "this model takes \(type.openText); this is \(value.description)", hint: hint(value, type))
    }
    return tensor.unnamed
  }

  private static func hint(_ value: Value, _ type: TensorType) -> String {
    if case .tensor(let tensor) = value, tensor.dtype != type.dtype { return "`cast(x, \(type.dtype.name))`" }
    return "the first axis is the batch"
  }
}

extension SavedModel {
  /// A model by its numbers and its graph.
  /// - Parameter kept: How a weight is kept; nil as it is.
  convenience init(of model: Value, _ machine: Machine, kept: (String, Tensor) throws(Fault) -> KeptWeight? = { (_, _) in nil }) throws(Fault) {
    if let saved = model.saved, let graph = saved.graph {
      let graph = try ModelGraph(tracing: model, on: try graph.inputs(batch: 1), machine, kept: kept)
      try self.init(saved.name, try SavedModel.parts(of: saved, "", kept), graph, saved.preparation)
      return
    }
    guard case .model(let object) = model else { throw Fault(.badArgument, "a model or a run is wanted here; this is \(model.description)").atArgument(0, "model") }
    guard let inputs = object.inputs else {
      throw Fault(.uninitialised, "nothing tells what this model is called with", hint: "`init(net, x)` and `fit` do").atArgument(0, "model")
    }
    let graph = try ModelGraph(tracing: model, on: inputs, machine, kept: kept)
    try self.init(object.blueprint.name, try SavedModel.parts(of: object, "", kept), graph, object.preparation)
  }

  private static func parts(of model: ModelObject, _ path: String, _ kept: (String, Tensor) throws(Fault) -> KeptWeight?) throws(Fault) -> [Part] {
    var parts: [Part] = []
    for (position, member) in model.blueprint.members.enumerated() {
      let name = model.blueprint.layout.keys[position].text, item = model.items[position]
      let place = path.isEmpty ? name : "\(path).\(name)"
      switch member {
      case .param, .state: parts.append(Part(name: name, role: member == .param ? .param : .state, value: try part(item, place, kept)))
      case .binding where item.holdsParams: parts.append(Part(name: name, role: .constant, value: try part(item, place, kept)))
      case .binding, .argument: break
      }
    }
    return parts
  }

  private static func parts(of model: SavedModel, _ path: String, _ kept: (String, Tensor) throws(Fault) -> KeptWeight?) throws(Fault) -> [Part] {
    try model.parts.map { item throws(Fault) in
      Part(name: item.name, role: item.role, value: try part(item.value, path.isEmpty ? item.name : "\(path).\(item.name)", kept))
    }
  }

  private static func part(_ value: Value, _ path: String, _ kept: (String, Tensor) throws(Fault) -> KeptWeight?) throws(Fault) -> Value {
    switch value {
    case .tensor(let tensor):
      guard let weight = try kept(path, tensor) else { return value }
      return .record(weight.parts.reduce(into: RecordObject()) { $0.set($1.name, .tensor($1.tensor)) })
    case .list(let list):
      let copy = ListObject(capacity: list.count)
      for (index, item) in list.values.enumerated() { copy.append(item.isPart ? try part(item, "\(path)[\(index)]", kept) : .none) }
      return .list(copy)
    case .record(let record):
      let copy = RecordObject()
      for (position, key) in record.layout.keys.enumerated() {
        let item = record.items[position]
        copy.set(key.text, item.isPart ? try part(item, "\(path).\(key.text)", kept) : .none)
      }
      return .record(copy)
    case .model(let model): return .foreign(Foreign(try SavedModel(model.blueprint.name, parts(of: model, path, kept), nil, nil)))
    case .foreign:
      guard let saved = value.saved else { return value }
      return .foreign(Foreign(try SavedModel(saved.name, parts(of: saved, path, kept), nil, nil)))
    default: return value
    }
  }
}

extension Value {
  /// Does it hold numbers of a model?
  fileprivate var isPart: Bool {
    switch self {
    case .tensor: true
    case .foreign: saved != nil
    case .list(let list): list.values.contains { $0.isPart }
    case .record(let record): (0..<record.count).contains { record.items[$0].isPart }
    default: holdsParams
    }
  }
}

extension TensorType {
  /// `f32[_, 4]`: as the type of a batch of any size.
  fileprivate var openText: String {
    "\(dtype.name)[\((["_"] + shape.array.dropFirst().map(String.init)).joined(separator: ", "))]"
  }
}

extension Value {
  var saved: SavedModel? { if case .foreign(let foreign) = self { foreign.value as? SavedModel } else { nil } }
}
