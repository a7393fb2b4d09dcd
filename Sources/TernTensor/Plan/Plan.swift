import CTernKernels

/// A program made ready to be run again and again: its values have their places in memory, its steps are in order.
package final class Plan {
  package let program: Program
  /// What is done in one step each, in order.
  let units: [[Int]]
  let memory: MemoryPlan
  private let views: [Int?]
  private let arena: Tensor?
  private let segments: [Segment]
  private let arguments: StepArguments
  /// Where each base begins in the run at hand; arena and constants always.
  private let bases: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// Steps in C run by one loop, or one step of a primitive that has no other than its Swift kernel.
  private enum Segment {
    case native([tern_step])
    case kernel(Primitive, Attributes, operands: [Int], result: Int)
  }

  package init(_ traced: Program) throws(TensorError) {
    program = try Expansion.expanded(try Simplification.simplified(traced))
    let program = program
    views = (0..<program.count).map { program.viewOffset($0) }
    let fusion = Fusion(program, isView: views.map { $0 != nil })
    units = fusion.units
    memory = MemoryPlan(program, units: units, views: views)
    arena = memory.arenaSize > 0 ? try Tensor(TensorType(dtype: .u8, shape: try Shape(checking: [memory.arenaSize]))) : nil
    arguments = StepArguments()
    var segments: [Segment] = [], run: [tern_step] = []
    let lowering = Lowering(program, memory, arguments)
    for unit in units {
      if let steps = lowering.steps(unit) {
        run += steps
        continue
      }
      if !run.isEmpty { segments.append(.native(run)) }
      run = []
      guard let (primitive, attributes) = program.call(unit[0]) else { continue }
      segments.append(.kernel(primitive, attributes, operands: program.operands[unit[0]], result: unit[0]))
    }
    if !run.isEmpty { segments.append(.native(run)) }
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
    made.reserveCapacity(memory.outputs.count)
    for id in memory.outputs { made.append(try Tensor(program.types[id])) }
    return made
  }

  /// The outputs for these inputs, in memory that `emptyOutputs` made.
  package func run(_ inputs: [Tensor], into made: [Tensor]) throws(TensorError) -> [Tensor] {
    for (k, tensor) in inputs.enumerated() { bases[1 + k] = tensor.data.assumingMemoryBound(to: CChar.self) }
    for (k, tensor) in made.enumerated() { bases[memory.firstOutput + k] = tensor.data.assumingMemoryBound(to: CChar.self) }
    for segment in segments {
      switch segment {
      case .native(let steps): try checkInterrupt(tern_plan_run(steps, Int64(steps.count), bases))
      case .kernel(let primitive, let attributes, let operands, let result):
        try primitive.kernel(operands.map { tensor($0, inputs, made) }, attributes, tensor(result, inputs, made))
      }
    }
    return program.outputs.map { tensor($0, inputs, made) }
  }

  /// A value of the run at hand as a tensor.
  private func tensor(_ id: Int, _ inputs: [Tensor], _ made: [Tensor]) -> Tensor {
    guard let place = memory.places[id], let owner = owner(place.base, inputs, made) else { return Tensor(unknown: program.types[id]) }
    if place.offset == 0, owner.shape == program.types[id].shape, owner.dtype == program.types[id].dtype { return owner }
    return Tensor(viewing: owner, offset: place.offset, as: program.types[id])
  }

  private func owner(_ base: Int, _ inputs: [Tensor], _ made: [Tensor]) -> Tensor? {
    if base == 0 { return arena }
    if base < memory.firstOutput { return inputs[base - 1] }
    if base < memory.firstConstant { return made[base - memory.firstOutput] }
    return memory.constants[base - memory.firstConstant]
  }
}

extension Program {
  /// From which element on a value shows its operand; nil when it is no view.
  fileprivate func viewOffset(_ id: Int) -> Int? {
    guard let (primitive, attributes) = call(id), case .view(let offset) = primitive.alias else { return nil }
    return offset(Tensor(unknown: types[operands[id][0]]), attributes)
  }
}
