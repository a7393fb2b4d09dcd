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

  @Test("is told for each step and for whom it is done, gradients too") func owners() throws {
    let graph = Graph(.stage)
    defer { graph.end() }
    let x = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [100, 200])))
    let w = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [200, 300])))
    let tape = Graph()
    defer { tape.end() }
    let node = tape.lift(w)
    Graph.origin = 1
    let product = try Tensor.matmul(x, node)
    Graph.origin = 0
    let gradient = try tape.gradients(of: try product.square().sum(), by: [node])[0]
    let plan = try Plan(Program(graph, inputs: [x, w], outputs: [gradient]))
    let peaks = PlanText.Peaks(operations: 1e12, bytes: 1e10)
    plan.startTiming()
    let inputs = [try Tensor.ones(try Shape(checking: [100, 200])), try Tensor.ones(try Shape(checking: [200, 300]))]
    _ = try plan.run(inputs)
    var origin = PlanText.Origin()
    (origin.layer, origin.line) = ("layers[0] dense", 7)
    let lines = PlanText(plan, origins: [origin], peaks: peaks, isTimed: true).text.split(separator: "\n")
    let products = lines.filter { $0.contains("@") && $0.contains("thread") }
    #expect(products.count == 2 && products.allSatisfy { $0.hasSuffix("layers[0] dense  line 7") && $0.contains("estimated 44.0 µs") && $0.contains("took ") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("  layers[0] dense  2 steps") } && lines.contains { $0.hasPrefix("  line 7  2 steps") }, "\(lines)")
  }
}
