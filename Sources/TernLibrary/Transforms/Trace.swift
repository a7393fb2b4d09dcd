import TernRuntime
import TernSyntax
import TernTensor

/// One trace of a function: its plan, and how arguments go in and results come out.
final class Trace {
  let form: ValueForm
  private let plan: Plan
  private let result: TracedResult
  private let prints: [TracedResult]
  private let drawCount: Int
  /// The argument that the result is, with other leaves.
  private let update: TracedUpdate?
  /// The same for threads that compute beside the machine's.
  let workers: WorkerPlans
  /// What stopped the last run.
  private(set) var failure: TensorError?

  // For the run at hand.
  private let leaves: UnsafeMutablePointer<ValueForm.Leaf>
  private let isOwn: UnsafeMutablePointer<Bool>
  private let floats: UnsafeMutablePointer<Double>
  private let made: UnsafeMutablePointer<Tensor?>

  /// The stream of chance stands first among the inputs: its key and its position.
  private static let streamInputs = 2

  init(_ function: Value, _ arguments: [BoundArgument], _ machine: Machine) throws(Fault) {
    let graph = Graph(.stage)
    defer { graph.end() }
    let seed = TensorType(dtype: .i64, shape: Shape())
    var inputs = [graph.input(seed), graph.input(seed)]
    var traced = arguments
    form = try ValueForm(&traced) { type in
      inputs.append(graph.input(type))
      return inputs[inputs.count - 1]
    }
    let value: Value
    (value, drawCount, prints) = try Trace.trace(function, traced, machine, inputs[0], inputs[1])
    result = TracedResult(value)
    let outputs = result.outputs(of: graph) + prints.flatMap { $0.outputs(of: graph) }
    let program = Program(graph, inputs: inputs, outputs: outputs)
    workers = WorkerPlans(program)
    do throws(TensorError) { plan = try Plan(program) } catch { throw Fault(error) }
    if machine.timesPlans { plan.startTiming() }
    update = prints.isEmpty ? TracedUpdate(value, of: traced.map(\.value), graph, form, plan, firstLeaf: Trace.streamInputs) : nil
    leaves = .allocate(capacity: form.leafTypes.count)
    isOwn = .allocate(capacity: max(form.leafEnds.count, 1))
    floats = .allocate(capacity: form.leafTypes.count)
    made = .allocate(capacity: plan.madeCount)
    made.initialize(repeating: nil, count: plan.madeCount)
  }

  deinit {
    made.deinitialize(count: plan.madeCount)
    made.deallocate()
    floats.deallocate()
    isOwn.deallocate()
    leaves.deallocate()
  }

  /// Runs the function on what is known of its arguments.
  private static func trace(
    _ function: Value, _ arguments: [BoundArgument], _ machine: Machine, _ key: Tensor, _ start: Tensor
  ) throws(Fault) -> (Value, Int, [TracedResult]) {
    machine.tracings += 1
    machine.chance.push(.tensor(key), from: start)
    machine.laterPrints = []
    defer {
      machine.tracings -= 1
      machine.chance.pop()
      machine.laterPrints = nil
    }
    let value = try machine.call(function, withArguments: arguments)
    return (value, machine.chance.position, (machine.laterPrints ?? []).map { TracedResult(.list(ListObject($0))) })
  }

  /// Does it serve for these arguments? Their leaves are then those of the run that follows.
  func fits(_ arguments: Registers, _ count: Int) -> Bool {
    count == form.leafEnds.count && form.fits(arguments, leaves: leaves, isOwn: isOwn)
  }

  /// Runs the plan on the arguments that were found fitting. nil when it fails: what follows are the steps of the function, one
  /// by one, whose error has a place.
  func run(_ arguments: Registers, _ machine: Machine) throws(Fault) -> Value? {
    failure = nil
    defer { for k in 0..<plan.madeCount { made[k] = nil } }
    do throws(TensorError) {
      let stream = try drawCount > 0 ? machine.chance.standing() : Trace.nothingDrawn
      for (k, tensor) in stream.enumerated() { plan.setInput(k, tensor.data) }
      setLeaves()
      let updated = update.flatMap { isOwn[$0.argument] ? $0 : nil }
      updated?.give(made, leaves)
      try plan.run(made) { input(stream, $0) }
      machine.chance.advance(by: drawCount)
      guard let updated else { return rebuilt(machine, stream) }
      updated.finish(made, leaves) { plan.output($0, made) { input(stream, $0) } }
      return updated.taken(from: arguments)
    } catch {
      // What ended a run in its middle may have left arguments half written: nothing is run again on them.
      if error.endsRuns { throw Fault(error) }
      failure = error
      return nil
    }
  }

  private func setLeaves() {
    for k in form.leafTypes.indices {
      if leaves[k].isFloat {
        floats[k] = leaves[k].float
        plan.setInput(Trace.streamInputs + k, UnsafeMutableRawPointer(floats + k))
      } else {
        plan.setInput(Trace.streamInputs + k, leaves[k].data)
      }
    }
  }

  private func input(_ stream: [Tensor], _ k: Int) -> Tensor {
    k < Trace.streamInputs ? stream[k] : leaves[k - Trace.streamInputs].tensor
  }

  private func rebuilt(_ machine: Machine, _ stream: [Tensor]) -> Value {
    value(of: plan.program.outputs.indices.map { plan.output($0, made) { input(stream, $0) } }, machine)
  }

  /// What the plan takes, for the arguments that were found fitting.
  func inputs(_ machine: Machine) throws(TensorError) -> [Tensor] {
    try (drawCount > 0 ? machine.chance.standing() : Trace.nothingDrawn) + form.leafTypes.indices.map { leaves[$0].tensor }
  }

  /// What one run does.
  var work: PlanWork { plan.work }

  /// What the outputs of the plan stand for; prints what was to be printed.
  func value(of results: [Tensor], _ machine: Machine) -> Value {
    var outputs = results[...]
    let value = result.filled(&outputs)
    for print in prints {
      guard case .list(let values) = print.filled(&outputs) else { continue }
      machine.output(values.values.map(\.printed).joined(separator: " ") + "\n")
    }
    return value
  }

  private static let nothingDrawn: [Tensor] = {
    guard let zero = try? Tensor.number(.int(0), as: .i64) else { return [] }
    return [zero, zero]
  }()

  var graphText: String { plan.program.text }
  func planText(_ machine: Machine, isTimed: Bool) -> String {
    let peaks = MachinePeaks.measured.map { PlanText.Peaks(operations: $0.operations, bytes: $0.bytes) }
    return PlanText(plan, origins: machine.origins, peaks: peaks, isTimed: isTimed).text
  }
}

/// A result that is an argument with other leaves. Where the argument is held from the call alone, it becomes the result: only
/// leaves are written, and a tensor's new elements lie where the old ones did.
struct TracedUpdate {
  let argument: Int
  private var changes: [Change] = []

  private struct Change {
    let leaf: Int
    let kind: Kind
    enum Kind {
      /// `made`: where among the made values it is; `isGiven`: it can be written where the leaf lies.
      case tensor(output: Int, made: Int?, isGiven: Bool, traced: Tensor)
      /// Computed into a tensor that stays with the trace.
      case float(made: Int, Tensor)
      case constant(Value)
    }
  }

  init?(_ result: Value, of arguments: [Value], _ graph: Graph, _ form: ValueForm, _ plan: Plan, firstLeaf: Int) {
    guard let argument = arguments.indices.first(where: { position in
      var walk = Walk(graph, leaf: position > 0 ? form.leafEnds[position - 1] : 0)
      return walk.matches(result, arguments[position]) && walk.output > 0
    }) else { return nil }
    self.argument = argument
    var walk = Walk(graph, leaf: argument > 0 ? form.leafEnds[argument - 1] : 0)
    _ = walk.matches(result, arguments[argument])
    for (leaf, output, tensor) in walk.outputs {
      let place = plan.placeMade(output)
      if tensor.isWeak, tensor.rank == 0, let place, let number = try? Tensor.weak(.float(0)), number.dtype == tensor.dtype {
        changes.append(Change(leaf: leaf, kind: .float(made: place, number)))
        continue
      }
      let isSame = tensor.formType == form.leafTypes[leaf] && !tensor.isWeak
      let isGiven = isSame && plan.mayTakePlace(output: output, of: firstLeaf + leaf)
      changes.append(Change(leaf: leaf, kind: .tensor(output: output, made: place, isGiven: isGiven, traced: tensor)))
    }
    for (leaf, value) in walk.constants { changes.append(Change(leaf: leaf, kind: .constant(value))) }
  }

  /// Gives the plan the tensors it may write.
  func give(_ made: UnsafeMutablePointer<Tensor?>, _ leaves: UnsafeMutablePointer<ValueForm.Leaf>) {
    for change in changes {
      switch change.kind {
      case .tensor(_, let place?, true, _): made[place] = leaves[change.leaf].ownTensor
      case .float(let place, let number): made[place] = number
      default: break
      }
    }
  }

  /// Puts what was computed into the argument.
  func finish(_ made: UnsafeMutablePointer<Tensor?>, _ leaves: UnsafeMutablePointer<ValueForm.Leaf>, output: (Int) -> Tensor) {
    for change in changes {
      let leaf = leaves[change.leaf]
      switch change.kind {
      case .tensor(let index, let place, let isGiven, let traced):
        if isGiven, let place, let tensor = made[place], leaf.holds(tensor) { continue }
        leaf.slot.pointee = output(index).asOutput(like: traced)
      case .float(_, let number): leaf.set(number)
      case .constant(let value): leaf.slot.pointee = value
      }
    }
  }

  func taken(from arguments: Registers) -> Value {
    let value = arguments[argument]
    arguments[argument] = .none
    return value
  }

  /// Goes through a result and an argument side by side.
  private struct Walk {
    let graph: Graph
    var leaf: Int
    var output = 0
    var outputs: [(leaf: Int, output: Int, tensor: Tensor)] = []
    var constants: [(leaf: Int, value: Value)] = []

    init(_ graph: Graph, leaf: Int) {
      self.graph = graph
      self.leaf = leaf
    }

    mutating func matches(_ result: Value, _ argument: Value) -> Bool {
      switch (result, argument) {
      case (_, .tensor(let old)): return put(result, at: old)
      case (.list(let new), .list(let old)):
        return new.count == old.count && (0..<new.count).allSatisfy { matches(new[$0], old[$0]) }
      case (.record(let new), .record(let old)):
        return (new.layout === old.layout || new.layout.keys == old.layout.keys)
          && (0..<new.count).allSatisfy { matches(new.items[$0], old.items[$0]) }
      case (.model(let new), .model(let old)):
        return new.isMade(as: old) && (0..<new.count).allSatisfy { matches(new.items[$0], old.items[$0]) }
      case (.list, _), (.record, _), (.model, _), (.tensor, _): return false
      default: return argument.isSameKnown(as: result)
      }
    }

    /// What the result has where the argument has a leaf.
    private mutating func put(_ result: Value, at old: Tensor) -> Bool {
      defer { leaf += 1 }
      switch result {
      case .tensor(let new) where new.graph(is: graph):
        if new !== old { outputs.append((leaf, output, new)) }
        output += 1
        return true
      case .tensor, .float, .int, .bool:
        constants.append((leaf, result))
        return true
      default: return false
      }
    }
  }
}
