/// A program made ready to be run again and again: its values have their places in memory, its steps are in order.
package final class Plan {
  package let program: Program
  private let steps: [Step]
  private let layout: MemoryPlan
  private var isRunning = false

  /// One call of a primitive's kernel.
  private struct Step {
    let primitive: Primitive
    let attributes: Attributes
    let operands: [Int]
    let result: Int
  }

  package init(_ program: Program) throws(TensorError) {
    self.program = try Simplification.simplified(program)
    layout = try MemoryPlan(self.program)
    var steps: [Step] = []
    for id in 0..<self.program.count {
      guard let (primitive, attributes) = self.program.call(id), !layout.isView(id) else { continue }
      steps.append(Step(primitive: primitive, attributes: attributes, operands: self.program.operands[id], result: id))
    }
    self.steps = steps
  }

  /// The outputs for these inputs, in tensors of their own.
  package func run(_ inputs: [Tensor]) throws(TensorError) -> [Tensor] {
    let values = try layout.values(inputs)
    for step in steps { try step.primitive.kernel(step.operands.map { values[$0] }, step.attributes, values[step.result]) }
    return program.outputs.map { values[$0] }
  }
}
