import CTernKernels

/// Arguments of C steps, which live as long as their plan.
final class StepArguments {
  private var blocks: [UnsafeMutableRawPointer] = []

  func keep<T>(_ value: T) -> UnsafeRawPointer {
    let block = UnsafeMutablePointer<T>.allocate(capacity: 1)
    block.initialize(to: value)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafeRawPointer(block)
  }

  deinit { for block in blocks { block.deallocate() } }
}

/// Units of a program as steps in C.
struct Lowering {
  private let program: Program
  private let memory: MemoryPlan
  private let views: Views
  private let arguments: StepArguments

  init(_ program: Program, _ memory: MemoryPlan, views: Views, _ arguments: StepArguments) {
    self.program = program
    self.views = views
    self.memory = memory
    self.arguments = arguments
  }

  /// nil for a primitive that only its Swift kernel computes.
  func steps(_ unit: [Int]) -> [tern_step]? {
    if unit.count > 1, let (primitive, _) = program.call(unit[0]), primitive === Primitive.matmul || primitive === Primitive.convolve {
      return product(unit, primitive).map { [$0] }
    }
    if unit.count > 1 || program.isFusible(unit[0]) { return [fused(unit)] }
    guard let (primitive, attributes) = program.call(unit[0]) else { return nil }
    return primitive.native?(NativeCall(self, unit[0], attributes))
  }

  private func product(_ ids: [Int], _ primitive: Primitive) -> tern_step? {
    guard let (_, attributes) = program.call(ids[0]) else { return nil }
    let call = NativeCall(self, ids[0], attributes), ends = ends(ids)
    if primitive === Primitive.convolve { return call.convolution(TERN_CONVOLVE, bias: ends.bias, relu: ends.relu, out: ends.out) }
    return call.product(ends)
  }

  private func ends(_ ids: [Int]) -> NativeCall.Ends {
    var ends = NativeCall.Ends(out: place(ids[ids.count - 1]))
    for id in ids.dropFirst() {
      guard let (primitive, _) = program.call(id) else { continue }
      let operands = program.operands[id], other = operands.first { !ids.contains(shown($0)) }
      if primitive === Primitive.relu { ends.relu = true }
      guard let other else { continue }
      if primitive === Primitive.multiply { ends.scale = place(other) }
      else if primitive === Primitive.add, program.types[other] != program.types[id] { ends.bias = place(other) }
      else {
        ends.addend = place(other)
        ends.minus = primitive === Primitive.subtract
      }
    }
    return ends
  }

  /// What a value is a view of.
  private func shown(_ id: Int) -> Int {
    var id = id
    while views[id] != nil { id = program.operands[id][0] }
    return id
  }

  private func fused(_ ids: [Int]) -> tern_step {
    var step = FusedStep(program, ids, isOutput: { memory.places[$0] != nil }, place: place, rows: { views.rows[$0] ?? memory.homes[$0]?.rows })
    return tern_step(run: tern_step_fused, arguments: arguments.keep(step.made()))
  }

  fileprivate func place(_ id: Int) -> tern_ref { memory.places[id]?.reference ?? tern_ref() }
  fileprivate func isAtHome(_ id: Int, _ operand: Int) -> Bool {
    guard let home = memory.homes[shown(program.operands[id][operand])] else { return false }
    return home.whole == id && home.operand == operand
  }
  fileprivate func type(_ id: Int) -> TensorType { program.types[id] }
  fileprivate func operands(_ id: Int) -> [Int] { program.operands[id] }
  fileprivate func keep<T>(_ value: T) -> UnsafeRawPointer { arguments.keep(value) }
}

/// One call of a primitive in a plan, for its declaration to say which steps in C it is.
struct NativeCall {
  private let lowering: Lowering
  private let id: Int
  let attributes: Attributes

  fileprivate init(_ lowering: Lowering, _ id: Int, _ attributes: Attributes) {
    self.lowering = lowering
    self.id = id
    self.attributes = attributes
  }

  var type: TensorType { lowering.type(id) }
  var out: tern_ref { lowering.place(id) }
  /// The operands, by their types.
  var operands: [Tensor] { lowering.operands(id).map { Tensor(unknown: lowering.type($0)) } }
  func place(_ operand: Int) -> tern_ref { lowering.place(lowering.operands(id)[operand]) }
  /// Was this operand made where it belongs in the result?
  func isAtHome(_ operand: Int) -> Bool { lowering.isAtHome(id, operand) }

  /// What a product goes on with in its own step, in this order.
  struct Ends {
    var bias: tern_ref?
    /// A number that the product is multiplied by, and what it is then added to or, with `minus`, taken from.
    var scale: tern_ref?
    var addend: tern_ref?
    var minus = false
    var relu = false
    var out: tern_ref
  }

  typealias StepFunction = @convention(c) (UnsafeRawPointer?, UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Int32

  func step<T>(_ run: @escaping StepFunction, _ arguments: T) -> tern_step {
    tern_step(run: run, arguments: lowering.keep(arguments))
  }

  /// A copy from an operand that walks with the given strides into a part of the result.
  func copy(_ operand: Int, offset: Int = 0, sizes: [Int], from: [Int], to: [Int], at start: Int = 0) -> tern_step {
    var copy = tern_copy_step()
    copy.element = Int32(type.dtype.size)
    copy.rank = Int32(sizes.count)
    copy.a = place(operand)
    copy.a.offset += Int64(offset * type.dtype.size)
    copy.out = out
    copy.out.offset += Int64(start * type.dtype.size)
    withUnsafeMutableBytes(of: &copy.size) { fill($0, sizes) }
    withUnsafeMutableBytes(of: &copy.from) { fill($0, from) }
    withUnsafeMutableBytes(of: &copy.to) { fill($0, to) }
    return step(tern_step_copy, copy)
  }

  private func fill(_ bytes: UnsafeMutableRawBufferPointer, _ numbers: [Int]) {
    let slots = bytes.bindMemory(to: Int64.self)
    for (k, number) in numbers.enumerated() where k < slots.count { slots[k] = Int64(number) }
  }
}
