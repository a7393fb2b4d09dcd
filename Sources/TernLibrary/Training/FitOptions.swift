import TernData
import TernRuntime
import TernSyntax
import TernTraining

/// What `fit` was asked for, each argument read and named in its own error.
struct FitOptions {
  let net: ModelObject
  let data: Table
  let target: String
  let loss: Value
  let optimizer: Value
  let recipe: Recipe?
  let weights: String?
  let validation: Table?
  let metrics: [NamedMetric]
  let plan: TrainPlan
  /// Are steps traced and planned?
  let isCompiled: Bool
}

extension FitOptions {
  init(_ call: borrowing Call) throws(Fault) {
    let reader = FitArguments(call)
    net = try reader.model("net")
    data = try reader.table("data")
    target = try reader.name("target")
    recipe = try reader.recipe("prep")
    weights = reader.isGiven("weights") ? try reader.name("weights") : nil
    validation = reader.isGiven("validate") ? try reader.table("validate") : nil
    metrics = try NamedMetric.all(reader["metrics"], call.machine, argument: (reader.position("metrics"), "metrics"))
    plan = TrainPlan(
      epochs: try reader.count("epochs", least: 0), batchSize: try reader.count("batch", least: 1), seed: try reader.int("seed"),
      shuffles: try reader.flag("shuffle"), dropsLast: try reader.flag("drop_last"))
    isCompiled = try reader.flag("jit")
    optimizer = try reader.isGiven("optimizer") ? reader.optimizer("optimizer") : reader.standardOptimizer()
    loss = try reader.isGiven("loss") ? reader.function("loss") : .none
    try reader.checkColumn(of: data, target, "target")
    if let weights { try reader.checkColumn(of: data, weights, "weights") }
  }
}

/// The arguments of one call by name.
private struct FitArguments {
  private let machine: Machine
  private let values: [String: Value]
  private let names: [String]

  init(_ call: borrowing Call) {
    machine = call.machine
    var values: [String: Value] = [:]
    for (position, parameter) in call.builtin.signature.parameters.enumerated() { values[parameter.name] = call[position] }
    self.values = values
    names = call.builtin.signature.parameters.map(\.name)
  }

  subscript(name: String) -> Value { values[name] ?? .none }

  func isGiven(_ name: String) -> Bool { !self[name].isNone && !self[name].isUnset }

  func model(_ name: String) throws(Fault) -> ModelObject {
    guard case .model(let model) = self[name] else {
      throw refusal(name, "a model", hint: "`chain(dense(32, act: relu), dense(3))` is one")
    }
    return model
  }

  func table(_ name: String) throws(Fault) -> Table {
    guard let dataset = self[name].dataset else {
      throw refusal(name, "a dataset", hint: "`dataset({x, y})` makes one of tensors, `read(path)` of a file")
    }
    return try dataCall { try dataset.table() }
  }

  func recipe(_ name: String) throws(Fault) -> Recipe? {
    guard isGiven(name) else { return nil }
    guard let recipe = self[name].recipe else { throw refusal(name, "a recipe", hint: "`recipe(x: standardize)` makes one") }
    return recipe
  }

  func name(_ name: String) throws(Fault) -> String {
    guard case .string(let text) = self[name] else { throw refusal(name, "the name of a column", hint: nil) }
    return text.text
  }

  func int(_ name: String) throws(Fault) -> Int {
    do throws(Fault) { return try machine.integer(self[name], "an int as `\(name)`") } catch {
      throw error.atArgument(position(name), name, self[name].description)
    }
  }

  func count(_ name: String, least: Int) throws(Fault) -> Int {
    let count = try int(name)
    if count >= least { return count }
    let fault = least == 0 ? Fault(TrainingError.badPlan(.epochs, found: count)) : Fault(TrainingError.badPlan(.batchSize, found: count))
    throw fault.atArgument(position(name), name)
  }

  func function(_ name: String) throws(Fault) -> Value {
    switch self[name] {
    case .function, .builtin, .model, .foreign: return self[name]
    default: throw refusal(name, "a function of scores and target", hint: "`mse` is one, `cross_entropy` another")
    }
  }

  func flag(_ name: String) throws(Fault) -> Bool { try machine.truth(self[name]) }

  func standardOptimizer() throws(Fault) -> Value { try machine.call(try machine.libraryWord("adam"), []) }

  /// A record that `update` knows how to step with.
  func optimizer(_ name: String) throws(Fault) -> Value {
    guard case .record(let record) = self[name], record["step"] != nil || record["kind"] != nil else {
      throw refusal(name, "an optimizer", hint: "`adam(lr: 1e-3)` is one")
    }
    return self[name]
  }

  func checkColumn(of table: Table, _ name: String, _ parameter: String) throws(Fault) {
    guard !table.contains(name) else { return }
    let near = didYouMean(name, among: table.names).map { "did you mean \"\($0)\"?" }
    let fault = Fault(
      .noTarget, "the data has no column \"\(name)\"", hint: near ?? "its columns are \(table.names.joined(separator: ", "))")
    throw fault.atArgument(position(parameter), parameter)
  }

  func position(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }

  private func refusal(_ name: String, _ needed: String, hint: String?) -> Fault {
    Fault(.badArgument, "`fit` takes \(needed) as `\(name)`; this is \(self[name].description)", hint: hint)
      .atArgument(position(name), name, self[name].description)
  }
}

extension Machine {
  /// A word as the library has it, whatever a script calls by that name.
  func libraryWord(_ name: String) throws(Fault) -> Value {
    guard let word = try lookUp(name, from: File(path: nil, role: .library)) else {
      throw Fault(.internalFault, "the library has no `\(name)`")
    }
    return word
  }
}
