import TernData
import TernRuntime
import TernSyntax
import TernTraining

/// The arguments of one call of `fit` by name; each refusal says which one it is about.
struct FitArguments {
  let machine: Machine
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

  func position(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }

  /// What is wrong in there is the fault of that argument.
  func at<T>(_ name: String, _ body: () throws(Fault) -> T) throws(Fault) -> T {
    do throws(Fault) { return try body() } catch { throw error.isPlaced ? error : error.atArgument(position(name), name) }
  }

  func refusal(_ name: String, _ needed: String, hint: String?) -> Fault {
    Fault(.badArgument, "`fit` takes \(needed) as `\(name)`; this is \(self[name].description)", hint: hint)
      .atArgument(position(name), name, self[name].description)
  }
}

// MARK: Plain kinds

extension FitArguments {
  func name(_ name: String) throws(Fault) -> String {
    guard case .string(let text) = self[name] else { throw refusal(name, "the name of a column", hint: nil) }
    return text.text
  }

  func path(_ name: String) throws(Fault) -> String? {
    guard isGiven(name) else { return nil }
    guard case .string(let text) = self[name] else { throw refusal(name, "a path", hint: nil) }
    return machine.path(text.text)
  }

  func int(_ name: String) throws(Fault) -> Int {
    do throws(Fault) { return try machine.integer(self[name], "an int as `\(name)`") } catch {
      throw error.atArgument(position(name), name, self[name].description)
    }
  }

  func count(_ name: String, least: Int, _ option: TrainingError.Option) throws(Fault) -> Int {
    let count = try int(name)
    if count >= least { return count }
    throw Fault(TrainingError.badPlan(option, found: count)).atArgument(position(name), name)
  }

  func flag(_ name: String) throws(Fault) -> Bool { try at(name) { () throws(Fault) in try machine.truth(self[name]) } }

  /// bf16, for products of matrices; f32 is what they are anyway.
  func computesNarrowly(_ name: String) throws(Fault) -> Bool {
    guard isGiven(name) else { return false }
    switch self[name] {
    case .type(let type) where type.axes == nil && type.name == "bf16": return true
    case .type(let type) where type.axes == nil && type.name == "f32": return false
    default:
      let given = if case .type(let type) = self[name] { type.name } else { self[name].description }
      throw Fault(.badArgument, "`\(name)` is bf16 or f32; this is \(given)", hint: "matrices are multiplied in it; what is learned stays f32")
        .atArgument(position(name), name)
    }
  }

  /// One of a few words.
  func choice(_ name: String, _ words: [String]) throws(Fault) -> String {
    let list = words.map(\.quoted).joined(separator: " or ")
    guard case .string(let text) = self[name] else { throw refusal(name, list, hint: nil) }
    guard words.contains(text.text) else {
      throw Fault(.badArgument, "`\(name)` is \(list); this is \(text.text.quoted)").atArgument(position(name), name)
    }
    return text.text
  }

  /// A record of settings with these keys.
  func options(_ name: String, keys: [String]) throws(Fault) -> OptionRecord? {
    guard isGiven(name) else { return nil }
    guard case .record(let record) = self[name] else {
      throw refusal(name, "a record of settings", hint: "its settings are \(keys.joined(separator: ", "))")
    }
    return try at(name) { () throws(Fault) in try OptionRecord(record, name, keys: keys, machine) }
  }
}

// MARK: What training works on

extension FitArguments {
  func model(_ name: String) throws(Fault) -> ModelObject {
    guard case .model(let model) = self[name] else {
      let isLoaded = self[name].saved != nil
      throw refusal(
        name, isLoaded ? "a model that a script declares" : "a model",
        hint: isLoaded ? "`load(path, into: net)` puts its numbers into one" : "`chain(dense(32, act: relu), dense(3))` is one")
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

  func function(_ name: String, _ what: String, hint: String) throws(Fault) -> Value {
    switch self[name] {
    case .function, .builtin, .model, .foreign: return self[name]
    default: throw refusal(name, what, hint: hint)
    }
  }

  func standardOptimizer() throws(Fault) -> Value { try machine.call(try machine.libraryWord("adam"), []) }

  /// A record that `update` knows how to step with.
  func optimizer(_ name: String) throws(Fault) -> Value {
    guard case .record(let record) = self[name], record["step"] != nil || record["kind"] != nil else {
      throw refusal(name, "an optimizer", hint: "`adam(lr: 1e-3)` is one")
    }
    return self[name]
  }

  /// The model of an earlier run, or a model, to start from.
  func start(_ name: String) throws(Fault) -> ModelObject? {
    guard isGiven(name) else { return nil }
    let value = try at(name) { () throws(Fault) in try self[name].run?.keptModel() ?? self[name] }
    guard case .model(let model) = value else {
      let isLoaded = value.saved != nil
      throw refusal(
        name, "a run or a model of this program",
        hint: isLoaded ? "`from: load(path, into: net)` puts its numbers into a model" : "`from: run` starts from what it learned")
    }
    return model
  }

  func strategy(_ name: String) throws(Fault) -> StrategyValue? {
    guard isGiven(name) else { return nil }
    guard case .foreign(let foreign) = self[name], let strategy = foreign.value as? StrategyValue else {
      throw refusal(name, "a strategy", hint: "`all_reduce(workers: 2)` is one")
    }
    return strategy
  }

  func checkColumn(of table: Table, _ name: String, _ parameter: String) throws(Fault) {
    guard !table.contains(name) else { return }
    let near = didYouMean(name, among: table.names).map { "did you mean \"\($0)\"?" }
    let fault = Fault(
      .noTarget, "the data has no column \"\(name)\"", hint: near ?? "its columns are \(table.names.joined(separator: ", "))")
    throw fault.atArgument(position(parameter), parameter)
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
