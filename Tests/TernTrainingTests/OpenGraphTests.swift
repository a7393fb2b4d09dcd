import TernData
import TernTensor
import TernTraining
import Testing

@Suite("Graphs for every batch size") struct OpenGraphTests {
  /// A bit of everything that is told something: products, windows, places, folds.
  private static func graph() throws -> OpenGraph {
    let table = try Tensor.of((0..<24).map { Double($0) / 10 }, shape: try Shape(checking: [6, 4]))
    return try OpenGraph { batch in
      let graph = Graph(.stage)
      defer { graph.end() }
      let w = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [4, 3])))
      let x = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [batch, 6, 4])))
      let start = try Tensor.zeros(try Shape(checking: [batch, 4]))
      let last = try bind(.slice, [x], .region(Region(starts: [0, 5, 0], counts: [batch, 1, 4], steps: [1, 1, 1]))).reshaped([batch, 4])
      let places = try bind(.settle, [try bind(.argmax, [last], .axis(1))], .positions(size: 6, axis: 0, name: nil, type: "f32[6, 4]"))
      let taken = try bind(.take, [table, places], .axis(0))
      let sum = try start + last + taken
      let joined = try bind(.concat, [try Tensor.matmul(sum, w), try bind(.sum, [x], .axes([1]))], .axis(1))
      return Program(graph, inputs: [w, x], outputs: [try bind(.softmax, [joined])])
    }
  }

  private static func inputs(_ batch: Int) throws -> [Tensor] {
    [try Tensor.full(shape: try Shape(checking: [4, 3]), .float(0.5), dtype: .f32), try Tensor.ones(try Shape(checking: [batch, 6, 4]))]
  }

  @Test("run for sizes that were not traced", arguments: [1, 2, 5, 64]) func sizes(batch: Int) throws {
    let open = try Self.graph()
    let again = try OpenGraph(json: open.json, constants: open.constants)
    let out = try Plan(try again.program(batch: batch)).run(try Self.inputs(batch))[0]
    #expect(out.shape.array == [batch, 7])
    #expect(abs((0..<7).reduce(0) { $0 + out.element($1).double } - 1) < 1e-6)
  }

  @Test func oneThatDependsOnTheBatchIsNone() throws {
    #expect(throws: GraphError.dependsOnBatch) {
      try OpenGraph { batch in
        let graph = Graph(.stage)
        defer { graph.end() }
        let x = graph.input(TensorType(dtype: .f32, shape: try Shape(checking: [batch])))
        return Program(graph, inputs: [x], outputs: [batch > 4 ? try x.square() : x])
      }
    }
  }

  @Test("whatever was done to one is an error or a sound graph", arguments: 0..<8) func damage(seed: Int) throws {
    let open = try Self.graph()
    var dice = Damage(seed: UInt64(seed + 1))
    for _ in 0..<500 {
      var json = open.json
      for _ in 0...dice.below(3) { json = dice.damaged(json) }
      guard let graph = try? OpenGraph(json: json, constants: open.constants), let program = try? graph.program(batch: 2), !program.outputs.isEmpty else { continue }
      let types = program.inputTypes
      guard types.allSatisfy({ $0.shape.count < 1 << 16 }), (0..<program.count).allSatisfy({ program.types[$0].shape.count < 1 << 20 }) else { continue }
      let inputs = try types.map { try Tensor.full(shape: $0.shape, .int(1), dtype: $0.dtype) }
      _ = try? Plan(program).run(inputs)
    }
  }
}

extension Program {
  fileprivate var inputTypes: [TensorType] {
    (0..<count).compactMap { id in if case .input = sources[id] { types[id] } else { nil } }
  }
}

/// Changes something somewhere in JSON.
private struct Damage {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ n: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(n, 1)))
  }

  mutating func damaged(_ json: JSONValue) -> JSONValue {
    switch json {
    case .array(var items) where !items.isEmpty:
      let place = below(items.count)
      switch below(8) {
      case 0: items.remove(at: place)
      case 1: items.append(items[place])
      case 2: items.swapAt(place, below(items.count))
      default: items[place] = damaged(items[place])
      }
      return .array(items)
    case .object(var members) where !members.isEmpty:
      let place = below(members.count)
      members[place].value = damaged(members[place].value)
      return .object(members)
    case .int(let number): return .int([number &+ 1, number &- 1, 0, -1, 1, 3, 1 << 31, 1 << 62, .min][below(9)])
    case .bool(let flag): return .bool(!flag)
    case .string: return .string(["+", "max", "take", "slice", "concat", "matmul", "convolve", "pick", "argsort", "where", "sum", "positions"][below(12)])
    default: return .null
    }
  }
}
