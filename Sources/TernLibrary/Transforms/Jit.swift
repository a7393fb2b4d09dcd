import TernRuntime
import TernSyntax
import TernTensor

/// `jit(f)`: a function that is traced once for each form of its arguments and then runs as a plan.
enum Jit {
  static var builtins: [Builtin] {
    [
      Builtin(
        "jit(f: any) -> fn",
        "The same function, compiled: it is run once with floats and tensors known by their types alone, and what it computes is planned.",
        example: "jit(x => x * 2 + 1)(tensor([1, 2]))  #> f32[2]  [3.0, 5.0]"
      ) { call throws(Fault) in .foreign(Foreign(Jitted(try call.function(0), call.machine))) }
    ]
  }
}

/// What `jit(f)` is.
final class Jitted: CallableValue {
  private let function: Value
  private let snapshot: Snapshot?
  private var traces: [Trace] = []
  private var traceCount = 0

  /// More forms than this are more than a program has in use: the one not used for longest goes.
  private static let traceLimit = 64
  private static let noteAfter = 10

  init(_ function: Value, _ machine: Machine) {
    self.function = function
    snapshot = if case .function(let closure) = function {
      machine.snapshot(reaching: closure.prototype.globals, in: closure.prototype.file)
    } else { nil }
  }

  var kind: String { "fn" }
  func text(width: Int) -> String { "fn jit" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    let arguments = try machine.arguments(of: function, positional, labels)
    return try call(machine, arguments)
  }

  func call(_ machine: Machine, _ arguments: [BoundArgument]) throws(Fault) -> Value {
    // Inside another trace, or while a gradient is recorded, the function is a part of that.
    if machine.tracings > 0 || arguments.contains(where: { $0.value.isRecorded }) { return try plainly(machine, arguments) }
    guard let (trace, leaves) = try trace(for: arguments, machine) else { return try plainly(machine, arguments) }
    return try run(trace, leaves, machine, arguments)
  }

  /// The trace that serves for these arguments, made when there is none yet, and their leaves; nil when none can.
  private func trace(for arguments: [BoundArgument], _ machine: Machine) throws(Fault) -> (Trace, [Value])? {
    var leaves: [Value] = []
    for (index, trace) in traces.enumerated() {
      leaves.removeAll(keepingCapacity: true)
      guard trace.form.fits(arguments, leaves: &leaves) else { continue }
      if index > 0 { traces.insert(traces.remove(at: index), at: 0) }
      return (trace, leaves)
    }
    let trace = try machine.installing(snapshot) { () throws(Fault) in try Trace(function, arguments, machine) }
    machine.traceObserver?(name, { trace.graphText }, { trace.planText })
    noteRetrace(trace, machine)
    traces.insert(trace, at: 0)
    if traces.count > Jitted.traceLimit { traces.removeLast() }
    leaves.removeAll()
    return trace.form.fits(arguments, leaves: &leaves) ? (trace, leaves) : nil
  }

  /// The same for a call by position, whose plan others run.
  func trace(for positional: [Value], _ machine: Machine) throws(Fault) -> (Trace, [Value]) {
    guard let found = try trace(for: try machine.arguments(of: function, positional, []), machine) else {
      throw Fault(.internalFault, "a trace does not fit what it was made for")
    }
    return found
  }

  /// What one call does, by the trace that was used last; nil before the first.
  var work: PlanWork? { traces.first?.work }

  /// The call step by step.
  func plainly(_ machine: Machine, _ positional: [Value]) throws(Fault) -> Value {
    try plainly(machine, try machine.arguments(of: function, positional, []))
  }

  private func plainly(_ machine: Machine, _ arguments: [BoundArgument]) throws(Fault) -> Value {
    try machine.installing(snapshot) { () throws(Fault) in try machine.call(function, withArguments: arguments) }
  }

  /// An error of a plan has no place in the script: the same call step by step raises it where it belongs.
  private func run(_ trace: Trace, _ leaves: [Value], _ machine: Machine, _ arguments: [BoundArgument]) throws(Fault) -> Value {
    do throws(Fault) { return try trace.run(leaves, machine) } catch {
      if error.isFatal { throw error }
      _ = try plainly(machine, arguments)
      throw error
    }
  }

  private func noteRetrace(_ trace: Trace, _ machine: Machine) {
    traceCount += 1
    guard traceCount == Jitted.noteAfter, let last = traces.first else { return }
    machine.notes("note: \(name) was traced \(traceCount) times; last because \(trace.form.difference(from: last.form))\n")
  }

  private var name: String {
    if case .function(let closure) = function, !closure.prototype.name.isEmpty { return "`\(closure.prototype.name)`" }
    return "a function under `jit`"
  }
}

extension Machine {
  /// A function of the library, compiled; its plans are kept with the machine.
  func compiledWord(_ name: String) throws(Fault) -> Value {
    let key = "jit \(name)"
    if let known = companions[key] as? Jitted { return .foreign(Foreign(known)) }
    let new = Jitted(try libraryWord(name), self)
    companions[key] = new
    return .foreign(Foreign(new))
  }
}

/// One trace of a function: its plan, and how arguments go in and results come out.
struct Trace {
  private(set) var form = TraceForm()
  private let plan: Plan
  private let result: TracedResult
  private let prints: [TracedResult]
  private let drawCount: Int
  /// The same for threads that compute beside the machine's.
  let workers: WorkerPlans

  init(_ function: Value, _ arguments: [BoundArgument], _ machine: Machine) throws(Fault) {
    let graph = Graph(.stage)
    defer { graph.end() }
    let seed = TensorType(dtype: .i64, shape: Shape())
    let key = graph.input(seed), start = graph.input(seed)
    var inputs = [key, start]
    var form = TraceForm()
    var traced = arguments
    for position in traced.indices {
      traced[position].value = try form.read(traced[position].value, traced[position].name ?? "argument \(position + 1)") { leaf in
        let input = graph.input(leaf.leafType)
        inputs.append(input)
        return .tensor(input)
      }
    }
    self.form = form
    let value: Value
    (value, drawCount, prints) = try Trace.trace(function, traced, machine, key, start)
    result = TracedResult(value)
    let outputs = result.outputs(of: graph) + prints.flatMap { $0.outputs(of: graph) }
    let program = Program(graph, inputs: inputs, outputs: outputs)
    workers = WorkerPlans(program)
    do throws(TensorError) { plan = try Plan(program) } catch { throw Fault(error) }
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

  func run(_ leaves: [Value], _ machine: Machine) throws(Fault) -> Value {
    do throws(TensorError) {
      let inputs = try inputs(leaves, machine)
      let outputs = try plan.run(inputs)
      machine.chance.advance(by: drawCount)
      return value(of: outputs, machine)
    } catch { throw Fault(error) }
  }

  /// What the plan takes: where chance stands, then the leaves.
  func inputs(_ leaves: [Value], _ machine: Machine) throws(TensorError) -> [Tensor] {
    var inputs: [Tensor] = []
    inputs.reserveCapacity(leaves.count + 2)
    inputs += try drawCount > 0 ? machine.chance.standing() : Trace.nothingDrawn()
    for leaf in leaves { inputs.append(try leaf.leafTensor()) }
    return inputs
  }

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

  /// What one run does.
  var work: PlanWork { plan.work }

  private static func nothingDrawn() throws(TensorError) -> [Tensor] {
    let zero = try Tensor.number(.int(0), as: .i64)
    return [zero, zero]
  }

  var graphText: String { plan.program.text }
  var planText: String { plan.text }
}

extension Value {
  /// Is a tensor in it a node of a level that records?
  fileprivate var isRecorded: Bool {
    switch self {
    case .tensor(let tensor): tensor.isTracked
    case .list(let list): list.values.contains { $0.isRecorded }
    case .record(let record): (0..<record.count).contains { record.items[$0].isRecorded }
    case .model(let model): (0..<model.count).contains { model.items[$0].isRecorded }
    default: false
    }
  }

  fileprivate var leafType: TensorType {
    if case .tensor(let tensor) = self { return tensor.traceType }
    return TensorType(dtype: .f64, shape: Shape(), isWeak: true)
  }

  fileprivate func leafTensor() throws(TensorError) -> Tensor {
    switch self {
    case .tensor(let tensor): tensor
    case .float(let number): try Tensor.weak(.float(number))
    default: try Tensor.weak(.float(.nan))
    }
  }
}
