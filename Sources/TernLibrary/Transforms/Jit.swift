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
      ) { call throws(Fault) in .foreign(Foreign(Jitted(try call.function(0), call.machine))) },
      Builtin(
        "is_known(x) -> bool", "Are all numbers in `x` there? While a function is traced, those it computes are not.", example: "is_known(1)  #> true"
      ) { call throws(Fault) in .bool(!call[0].holdsUnknown) },
    ]
  }
}

/// What `jit(f)` is.
final class Jitted: CallableValue, DirectlyCallable {
  private let function: Value
  private let snapshot: Snapshot?
  /// The number of parameters of a function whose arguments can be taken as they are.
  private let plainCount: Int?
  private var traces: [Trace] = []
  private var traceCount = 0

  /// More forms than this are more than a program has in use: the one not used for longest goes.
  private static let traceLimit = 64
  private static let noteAfter = 10

  init(_ function: Value, _ machine: Machine) {
    self.function = function
    guard case .function(let closure) = function else {
      (snapshot, plainCount) = (nil, nil)
      return
    }
    snapshot = machine.snapshot(reaching: closure.prototype.globals, in: closure.prototype.file)
    plainCount = closure.plainCount
  }

  var kind: String { "fn" }
  var wrapped: Value? { function }
  func text(width: Int) -> String { "fn jit" }
  var direct: (any DirectlyCallable)? { self }

  /// The short way: arguments where the machine has them, for a form that has been traced.
  func call(_ machine: Machine, _ arguments: Registers, _ count: Int) throws(Fault) -> Value? {
    guard count == plainCount, machine.tracings == 0, let trace = fitting(arguments, count) else { return nil }
    return try trace.run(arguments, machine)
  }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    var arguments = try machine.arguments(of: function, positional, labels)
    // Inside another trace, or while a gradient is recorded, the function is a part of that.
    if machine.tracings > 0 || arguments.contains(where: { $0.value.isRecorded }) { return try plainly(machine, arguments) }
    return try inRegisters(arguments.map(\.value)) { registers throws(Fault) in
      let trace = try trace(for: arguments, registers, machine)
      // What has one owner may be written.
      for position in arguments.indices { arguments[position].value = .none }
      if trace.fits(registers, arguments.count), let value = try trace.run(registers, machine) { return value }
      for position in arguments.indices { arguments[position].value = registers[position] }
      return try stepByStep(trace, machine, arguments)
    }
  }

  /// For a call by position whose plan others run: the trace, and what its plan takes.
  func prepared(_ positional: [Value], _ machine: Machine) throws(Fault) -> (Trace, [Tensor]) {
    let arguments = try machine.arguments(of: function, positional, [])
    return try inRegisters(arguments.map(\.value)) { registers throws(Fault) in
      let trace = try trace(for: arguments, registers, machine)
      guard trace.fits(registers, arguments.count) else { throw Fault(.internalFault, "a trace does not fit what it was made for") }
      do throws(TensorError) { return (trace, try trace.inputs(machine)) } catch { throw Fault(error) }
    }
  }

  /// What one call does, by the trace that was used last; nil before the first.
  var work: PlanWork? { traces.first?.work }

  /// The call step by step.
  func plainly(_ machine: Machine, _ positional: [Value]) throws(Fault) -> Value {
    try plainly(machine, try machine.arguments(of: function, positional, []))
  }

  private func inRegisters<T>(_ values: [Value], _ body: (Registers) throws(Fault) -> T) throws(Fault) -> T {
    let registers = Registers.allocate(capacity: values.count)
    for (position, value) in values.enumerated() { (registers + position).initialize(to: value) }
    defer {
      registers.deinitialize(count: values.count)
      registers.deallocate()
    }
    return try body(registers)
  }

  /// The trace that serves for these arguments, made when there is none yet.
  private func trace(for arguments: [BoundArgument], _ registers: Registers, _ machine: Machine) throws(Fault) -> Trace {
    if let known = fitting(registers, arguments.count) { known } else { try newTrace(of: arguments, machine) }
  }

  /// The trace that serves for these arguments; it goes to the front.
  private func fitting(_ arguments: Registers, _ count: Int) -> Trace? {
    for index in traces.indices where traces[index].fits(arguments, count) {
      if index > 0 { traces.insert(traces.remove(at: index), at: 0) }
      return traces[0]
    }
    return nil
  }

  private func newTrace(of arguments: [BoundArgument], _ machine: Machine) throws(Fault) -> Trace {
    let trace = try machine.installing(snapshot) { () throws(Fault) in try Trace(function, arguments, machine) }
    machine.traceObserver?(name, { trace.graphText }, { trace.planText(machine, isTimed: $0) })
    noteRetrace(trace, machine)
    traces.insert(trace, at: 0)
    if traces.count > Jitted.traceLimit { traces.removeLast() }
    return trace
  }

  private func plainly(_ machine: Machine, _ arguments: [BoundArgument]) throws(Fault) -> Value {
    try machine.installing(snapshot) { () throws(Fault) in try machine.call(function, withArguments: arguments) }
  }

  /// An error of a plan has no place in the script: the same call step by step raises it where it belongs.
  private func stepByStep(_ trace: Trace, _ machine: Machine, _ arguments: [BoundArgument]) throws(Fault) -> Value {
    let value = try plainly(machine, arguments)
    if let failure = trace.failure { throw Fault(failure) }
    return value
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
}
