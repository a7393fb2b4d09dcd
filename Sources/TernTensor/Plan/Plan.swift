import CTernKernels

/// A program made ready to be run again and again: its values have their places in memory, its steps are in order.
package final class Plan {
  package let program: Program
  /// What is done in one step each, in order.
  package let units: [[Int]]
  let memory: MemoryPlan
  private let views: Views
  private let arena: Tensor?
  private let segments: [Segment]
  private let arguments: StepArguments
  /// Where each base begins in the run at hand; arena and constants always.
  private let bases: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  /// Nanoseconds that the makers' steps took in all runs, once asked for.
  private(set) var times: [Int: Double]?
  private(set) var timedRuns = 0
  /// The most threads that a maker's steps took in a timed run.
  private(set) var threads: [Int: Int] = [:]

  /// Steps in C run by one loop, or one step of a primitive that has no other than its Swift kernel.
  private enum Segment {
    /// `makers`: the value that each step helps to make.
    case native([tern_step], makers: [Int])
    case kernel(Int)
  }

  package init(_ traced: Program) throws(TensorError) {
    program = try Expansion.expanded(try Gathering.gathered(try Simplification.simplified(traced)))
    let program = program
    let views = Views(program)
    self.views = views
    let fusion = Fusion(program, isView: (0..<program.count).map { views[$0] != nil })
    units = fusion.units
    memory = MemoryPlan(program, units: units, views: views)
    arena = memory.arenaSize > 0 ? try Tensor(TensorType(dtype: .u8, shape: try Shape(checking: [memory.arenaSize]))) : nil
    arguments = StepArguments()
    var segments: [Segment] = [], run: [tern_step] = [], makers: [Int] = []
    let lowering = Lowering(program, memory, views: views, arguments)
    for unit in units {
      if let steps = lowering.steps(unit) {
        run += steps
        makers += Array(repeating: unit[0], count: steps.count)
        continue
      }
      if !run.isEmpty { segments.append(.native(run, makers: makers)) }
      (run, makers) = ([], [])
      segments.append(.kernel(unit[0]))
    }
    if !run.isEmpty { segments.append(.native(run, makers: makers)) }
    self.segments = segments
    bases = .allocate(capacity: memory.baseCount)
    bases.initialize(repeating: nil, count: memory.baseCount)
    bases[0] = arena?.data.assumingMemoryBound(to: CChar.self)
    for (k, tensor) in memory.constants.enumerated() { bases[memory.firstConstant + k] = tensor.data.assumingMemoryBound(to: CChar.self) }
  }

  deinit { bases.deallocate() }

  /// The outputs for these inputs, in tensors of their own.
  package func run(_ inputs: [Tensor]) throws(TensorError) -> [Tensor] { try run(inputs, into: try emptyOutputs()) }

  /// Memory for the outputs of a run.
  package func emptyOutputs() throws(TensorError) -> [Tensor] {
    var made: [Tensor] = []
    made.reserveCapacity(madeCount)
    for id in memory.outputs { made.append(try Tensor(program.types[id])) }
    return made
  }

  /// The outputs for these inputs, in memory that `emptyOutputs` made.
  package func run(_ inputs: [Tensor], into outputs: [Tensor]) throws(TensorError) -> [Tensor] {
    for (k, tensor) in inputs.enumerated() { setInput(k, tensor.data) }
    var made: [Tensor?] = outputs
    return try made.withUnsafeMutableBufferPointer { made throws(TensorError) in
      guard let made = made.baseAddress else { return program.outputs.map { tensor($0, nil) { inputs[$0] } } }
      try run(made) { inputs[$0] }
      return program.outputs.map { tensor($0, made) { inputs[$0] } }
    }
  }

  // MARK: A run in parts, for a caller that knows where its values lie

  /// The number of values that are made in tensors of their own.
  package var madeCount: Int { memory.outputs.count }

  package func setInput(_ k: Int, _ data: UnsafeMutableRawPointer) { bases[1 + k] = data.assumingMemoryBound(to: CChar.self) }

  /// Computes what is made. A tensor that is given for one of these is written; for the others new ones are put there.
  package func run(_ made: UnsafeMutablePointer<Tensor?>, inputs: (Int) -> Tensor) throws(TensorError) {
    for (k, id) in memory.outputs.enumerated() {
      if made[k] == nil { made[k] = try Tensor(program.types[id]) }
      bases[memory.firstOutput + k] = made[k]?.data.assumingMemoryBound(to: CChar.self)
    }
    if times != nil { timedRuns += 1 }
    for segment in segments {
      switch segment {
      case .native(let steps, let makers) where times != nil: try runTimed(steps, makers)
      case .native(let steps, let makers):
        var stopped: Int64 = 0
        let status = tern_plan_run(steps, Int64(steps.count), bases, &stopped)
        // The kernel says what is wrong.
        if status == TERN_FAILED { try run(kernelOf: makers[Int(stopped)], made, inputs) }
        try checkStatus(status)
      case .kernel(let id): try run(kernelOf: id, made, inputs)
      }
    }
  }

  // MARK: Times

  /// From now on each step is timed.
  package func startTiming() { times = [:] }

  private func runTimed(_ steps: [tern_step], _ makers: [Int]) throws(TensorError) {
    let clock = ContinuousClock()
    for (step, maker) in zip(steps, makers) {
      var stopped: Int64 = 0, one = step, status: Int32 = 0
      _ = tern_threads_used()
      let took = clock.measure { status = tern_plan_run(&one, 1, bases, &stopped) }
      threads[maker] = max(threads[maker] ?? 1, Int(tern_threads_used()))
      try checkStatus(status)
      times?[maker, default: 0] += took / .nanoseconds(1)
    }
  }

  private func run(kernelOf id: Int, _ made: UnsafeMutablePointer<Tensor?>, _ inputs: (Int) -> Tensor) throws(TensorError) {
    guard let (primitive, attributes) = program.call(id) else { return }
    try primitive.kernel(program.operands[id].map { tensor($0, made, inputs) }, attributes, tensor(id, made, inputs))
  }

  /// An output of the run at hand.
  package func output(_ k: Int, _ made: UnsafeMutablePointer<Tensor?>, inputs: (Int) -> Tensor) -> Tensor {
    tensor(program.outputs[k], made, inputs)
  }

  /// Where among the values that are made an output is, when nothing else is seen of that memory.
  package func placeMade(_ output: Int) -> Int? {
    let id = program.outputs[output]
    guard views[id] == nil, let k = memory.outputs.firstIndex(of: id), program.outputs.count(where: { source($0) == id }) == 1 else { return nil }
    return k
  }

  /// May this output be written where that input lies? Yes if the input is not asked for any more when the output is made, or is
  /// read element by element by the very steps that make it, and if no value can be refused from there on.
  package func mayTakePlace(output: Int, of input: Int) -> Bool {
    let made = program.outputs[output]
    guard placeMade(output) != nil, let source = (0..<program.count).first(where: { program.isInput($0, input) }),
      program.types[source] == program.types[made], !program.outputs.contains(where: { self.source($0) == source }),
      let unit = units.firstIndex(where: { $0.contains(made) }), !units[unit...].contains(where: { canFail($0) })
    else { return false }
    let times = FusedMerging(program, units[unit], isOutput: { memory.places[$0] != nil }).times
    for (position, ids) in units.enumerated() where position >= unit {
      for (index, id) in ids.enumerated() where program.operands[id].contains(where: { self.source($0) == source }) {
        if position == unit, isProduct(ids), index > 0, program.operands[id].contains(where: { self.source($0) == source && program.types[$0] == program.types[made] }),
          ids.flatMap({ program.operands[$0] }).count(where: { self.source($0) == source }) == 1 { continue }
        guard position == unit, !isProduct(ids), ids.count > 1 || program.isFusible(id), times[id] ?? 0 <= times[made] ?? -1,
          program.operands[id].allSatisfy({ self.source($0) != source || program.types[$0].shape == program.types[made].shape })
        else { return false }
      }
    }
    return true
  }

  private func isProduct(_ unit: [Int]) -> Bool { program.call(unit[0])?.primitive === Primitive.matmul }

  /// What a value shows, through views.
  private func source(_ id: Int) -> Int {
    var id = id
    while views[id] != nil { id = program.operands[id][0] }
    return id
  }

  private func canFail(_ unit: [Int]) -> Bool {
    unit.contains { program.call($0)?.primitive.refuses == true }
  }

  // MARK: Values as tensors

  private func tensor(_ id: Int, _ made: UnsafeMutablePointer<Tensor?>?, _ inputs: (Int) -> Tensor) -> Tensor {
    guard let place = memory.places[id], let owner = owner(place.base, made, inputs) else { return Tensor(unknown: program.types[id]) }
    if place.offset == 0, owner.shape == program.types[id].shape, owner.dtype == program.types[id].dtype { return owner }
    return Tensor(viewing: owner, offset: place.offset, as: program.types[id])
  }

  private func owner(_ base: Int, _ made: UnsafeMutablePointer<Tensor?>?, _ inputs: (Int) -> Tensor) -> Tensor? {
    if base == 0 { return arena }
    if base < memory.firstOutput { return inputs(base - 1) }
    if base < memory.firstConstant { return made?[base - memory.firstOutput] }
    return memory.constants[base - memory.firstConstant]
  }
}

extension Program {
  /// From which element on a value shows its operand; nil when it is no view.
  fileprivate func isInput(_ id: Int, _ k: Int) -> Bool {
    if case .input(k) = sources[id] { true } else { false }
  }
}
