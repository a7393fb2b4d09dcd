package import TernSyntax
import TernTensor

/// What `tern check` learns by running. Top-level statements run for what they bind, as long as they touch nothing outside and
/// take next to no time; functions whose contracts say what they take are traced with sizes that stand for any.
package final class Rehearsal {
  private let machine: Machine
  private let file: File
  /// Seconds left for all of it.
  private var left = Rehearsal.wholeTime
  /// Where errors were found already: sources by name, and places in them.
  private var found: Set<String> = []

  private static let wholeTime = 3.0
  private static let statementTime = 0.3

  package init(_ machine: Machine, _ file: File) {
    self.machine = machine
    self.file = file
    for name in ["_", "args"] { file.define(name, .absent) }
    machine.isRehearsing = true
    machine.isQuiet = true
    machine.denied = [.reads, .writes, .serves]
    machine.output = { _ in }
    machine.notes = { _ in }
  }

  /// Runs a statement; the error that any run would come to. What the statement binds has no value when it did not end.
  package func run(_ step: CompiledCell.Step) -> Diagnostic? {
    guard left > 0 else { return nil }
    do throws(Fault) {
      _ = try timed { () throws(Fault) in try machine.run(step.prototype) }
      return nil
    } catch {
      for name in step.statement.boundNames + step.statement.changedNames { file.define(name, .absent) }
      return error.isCertain ? fresh(error.diagnostic) : nil
    }
  }

  private func timed<T>(_ work: () throws(Fault) -> T) throws(Fault) -> T {
    let start = Limits.now()
    let given = machine.limits.time
    machine.limits.time = min(Rehearsal.statementTime, left, given ?? .infinity)
    machine.limits.restart()
    defer {
      left -= Limits.now() - start
      machine.limits.time = given
      machine.limits.disarm()
    }
    return try work()
  }

  /// An error is told once, wherever it shows again.
  private func fresh(_ diagnostic: Diagnostic) -> Diagnostic? {
    guard let label = diagnostic.labels.first else { return nil }
    return found.insert("\(label.source.name) \(label.range.start)").inserted ? diagnostic : nil
  }

  // MARK: Functions

  /// The error that a function, or the `call` of a model, has whatever the sizes are that its contracts leave open.
  package func trace(_ name: String) -> Diagnostic? {
    guard let value = file.value(of: name) else { return nil }
    var errors: [(fault: Fault, sizes: StandInSizes)] = []
    for source in StandInSizes.sources {
      guard left > 0 else { return nil }
      var sizes = StandInSizes(source)
      do throws(Fault) {
        try timed { () throws(Fault) in try trace(value, &sizes) }
        return nil
      } catch {
        guard error.isAboutTypes else { return nil }
        errors.append((error, sizes))
      }
    }
    guard let first = errors.first, errors.allSatisfy({ $0.fault.isSame(as: first.fault) }) else { return nil }
    var diagnostic = first.fault.diagnostic
    if let note = first.sizes.note { diagnostic.notes = diagnostic.notes.filter { !$0.hasPrefix("sizes here") } + [note] }
    return fresh(diagnostic)
  }

  /// Calls it, unless it cannot be said what it takes.
  private func trace(_ value: Value, _ sizes: inout StandInSizes) throws(Fault) {
    let graph = Graph(.stage)
    defer { graph.end() }
    let seed = TensorType(dtype: .i64, shape: Shape())
    machine.tracings += 1
    machine.chance.push(.tensor(graph.input(seed)), from: graph.input(seed))
    machine.laterPrints = []
    defer {
      machine.tracings -= 1
      machine.chance.pop()
      machine.laterPrints = nil
    }
    switch value {
    case .function(let closure):
      guard let arguments = sizes.arguments(for: closure.prototype, graph) else { return }
      let result = try machine.call(value, arguments)
      if !closure.prototype.blueprints.isEmpty { try trace(model: result, &sizes, graph) }
    case .model: try trace(model: value, &sizes, graph)
    default: break
    }
  }

  private func trace(model value: Value, _ sizes: inout StandInSizes, _ graph: Graph) throws(Fault) {
    // One that has its numbers was called before, with the sizes it is for.
    guard case .model(let model) = value, machine.isUninitialised(value), let call = model.blueprint.methods["call"] else { return }
    sizes.note(model)
    guard let arguments = sizes.arguments(for: call, graph), !arguments.isEmpty else { return }
    _ = try machine.initialise(value, arguments, seed: Key(seed: 0))
  }
}

/// Sizes that stand for those that contracts leave open: each word has its own.
struct StandInSizes {
  /// Where words get their sizes: for axes, and for ints, which are smaller.
  struct Source {
    let axes: [Int]
    let ints: [Int]
  }

  /// A function is found wrong when it is so with all of these: primes; what halves, thirds and heads divide; squares.
  static let sources = [
    Source(axes: [29, 31, 37, 41, 43, 47, 53, 59], ints: [3, 5, 7, 11]), Source(axes: [24, 48, 96, 72, 120, 144, 168, 192], ints: [4, 8, 2, 12]),
    Source(axes: [64, 256, 144, 576, 36, 100, 196, 324], ints: [4, 16, 9, 36]),
  ]

  private let source: Source
  private var sizes: [String: Int] = [:]
  /// Those that a contract left open, in the order they were met.
  private var words: [String] = []
  private var axisCount = 0
  private var intCount = 0

  init(_ source: Source) { self.source = source }

  /// What the sizes were, for whoever reads the error.
  var note: String? {
    if words.isEmpty { return nil }
    return "the contracts leave \(words.map { "`\($0)`" }.joined(separator: ", ")) open; here "
      + words.map { "\($0) = \(sizes[$0] ?? 0)" }.joined(separator: ", ")
  }

  /// Ints that a model was made with are sizes of its functions.
  mutating func note(_ model: ModelObject) {
    for (position, member) in model.blueprint.members.enumerated() where member == .argument || member == .binding {
      if case .int(let size) = model.items[position] { sizes[model.blueprint.layout.keys[position].text] = size }
    }
  }

  /// Arguments that fit the contracts of a function; nil where they do not say what it takes.
  mutating func arguments(for prototype: Prototype, _ graph: Graph) -> [Value]? {
    let contracts = prototype.entries.first?.parameters ?? []
    var needed: [Contract?] = []
    for parameter in prototype.parameters {
      if parameter.isRest { break }
      let contract = contracts.first { $0.name == parameter.name }?.contract
      guard parameter.hasDefault || contract != nil else { return nil }
      needed.append(parameter.hasDefault ? nil : contract)
      if !parameter.hasDefault, contract?.name == "int", contract?.axes == nil, let name = parameter.name { setInt(name) }
    }
    for contract in needed { contract?.variables.forEach { setAxis($0) } }
    var arguments: [Value] = []
    for (contract, parameter) in zip(needed, prototype.parameters) {
      guard let contract else {
        arguments.append(.absent)
        continue
      }
      guard let argument = argument(contract, parameter.name ?? "", graph) else { return nil }
      arguments.append(argument)
    }
    while case .unset? = arguments.last { arguments.removeLast() }
    return arguments
  }

  private mutating func setInt(_ word: String) {
    guard sizes[word] == nil else { return }
    sizes[word] = source.ints[intCount % source.ints.count]
    words.append(word)
    intCount += 1
  }

  private mutating func setAxis(_ word: String) {
    guard sizes[word] == nil else { return }
    sizes[word] = nextAxis()
    words.append(word)
  }

  private mutating func nextAxis() -> Int {
    defer { axisCount += 1 }
    return source.axes[axisCount % source.axes.count]
  }

  private mutating func argument(_ contract: Contract, _ name: String, _ graph: Graph) -> Value? {
    guard let axes = contract.axes else {
      switch contract.name {
      case "int": return sizes[name].map { .int($0) }
      case "float": return .float(0.5)
      case "bool": return .bool(true)
      default: return nil
      }
    }
    var shape: [Int] = []
    for axis in axes {
      switch axis.size {
      case .leading: shape.append(leading)
      case .any: shape.append(nextAxis())
      case .number(let number): shape.append(number)
      case .variable(let word): shape.append(sizes[word] ?? 1)
      case .computed(let formula):
        guard let size = formula.value({ part in if case .name(let word) = part { sizes[word] } else { nil } }), size > 0 else { return nil }
        shape.append(size)
      }
    }
    let dtype = contract.name == "float" ? DType.f32 : contract.name == "int" ? .i64 : DType(name: contract.name)
    guard let dtype, let checked = try? Shape(checking: shape) else { return nil }
    return .tensor(graph.input(TensorType(dtype: dtype, shape: checked)))
  }

  /// `...` stands for one axis, the same in all contracts.
  private var leading: Int { source.axes[source.axes.count - 1] }
}

extension Fault {
  /// Would any run come to it? Not what the program raises itself, nor what only the rehearsal may not or does not know.
  fileprivate var isCertain: Bool {
    switch code {
    case .raised, .requirement, .denied, .notYetDefined, .recursion, .unknownWhileTraced, .effectWhileTraced, .internalFault: false
    default: !isFatal
    }
  }

  /// Is it a matter of shapes, dtypes, axes and kinds, on which the numbers in tensors have no bearing?
  fileprivate var isAboutTypes: Bool {
    switch code {
    case .broadcastBothSides, .shapeMismatch, .axisNames, .wrongRank, .wrongSize, .wrongAxisName, .wrongType, .wrongDType, .badReshape,
      .badCast, .badOperands, .tooManyArguments, .missingArgument, .unknownLabel, .unknownField, .treesDiffer:
      !isFatal
    default: false
    }
  }

  fileprivate func isSame(as other: Fault) -> Bool { code == other.code && labels.first?.range == other.labels.first?.range }
}
