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
  private let numbers: [Tensor]

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

  // MARK: As a value

  var kind: String { "model" }
  var fieldNames: [String] { parts.map(\.name) }
  func field(_ name: String) throws(Fault) -> Value? { parts.first { $0.name == name }?.value }

  func text(width: Int) -> String {
    let tensors = parts.flatMap { SavedModel.leaves($0.value, $0.name) }
    let lines = tensors.map { "  \($0.0): \($0.1.typeText)" }
    let takes = (try? graph?.inputs(batch: 1))?.map(\.openText).joined(separator: ", ") ?? ""
    return (["model \(name), saved\(takes.isEmpty ? "" : ", takes \(takes)")"] + lines).joined(separator: "\n")
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
      throw Fault(.shapeMismatch, "this model takes \(type.openText); this is \(value.description)", hint: "the first axis is the batch")
    }
    return tensor.unnamed
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
