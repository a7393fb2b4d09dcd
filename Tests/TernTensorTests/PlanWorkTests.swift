import TernTensor
import Testing

@Suite("The work of a plan") struct PlanWorkTests {
  @Test("counts products and what fused steps read and write") func counts() throws {
    let graph = Graph(.stage)
    defer { graph.end() }
    let a = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [8, 16])))
    let b = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [16, 4])))
    let product = try Tensor.matmul(a, b)
    let out = try (product + product).square()
    let plan = try Plan(Program(graph, inputs: [a, b], outputs: [out]))
    // 2 · 8 · 16 · 4 of the product, and two operations on 32 numbers.
    #expect(plan.work.operations == 1024 + 64)
    // The product reads both and writes its result, which the fused step reads and writes once.
    #expect(plan.work.bytes == Double(4 * (128 + 64 + 32 + 32 + 32)))
  }
}
