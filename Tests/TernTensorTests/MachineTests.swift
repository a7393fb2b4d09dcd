import TernTensor
import Testing

@Suite("The machine below", .serialized) struct MachineTests {
  @Test func memoryPastTheLimitIsAnError() async throws {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = MemoryBudget.used + (64 << 20)
      #expect(throws: TensorError.self) { try Tensor.zeros(shape(1 << 30)) }
      _ = try Tensor.zeros(shape(1000))
    }
    #expect(throws: TensorError.tooLarge([1 << 40, 1 << 40])) { try Shape(checking: [1 << 40, 1 << 40]) }
  }

  @Test func everythingIsPaidBack() async { await #expect(processExitsWith: .success) { try MachineTests.payBack() } }

  private static func payBack() throws {
    let before = MemoryBudget.used
    for _ in 0..<3 {
      let graph = Graph(), x = graph.lift(try Tensor.zeros(shape(1000)))
      var y = x
      for _ in 0..<100 { y = try y + x }
      _ = try graph.gradients(of: try y.sum(), by: [x])
      graph.end()
    }
    #expect(abs(MemoryBudget.used - before) < 1 << 20)
  }

  @Test func theDefaultLimitIsAPartOfTheMachine() {
    let before = MemoryBudget.limit
    defer { MemoryBudget.limit = before }
    MemoryBudget.useDefaultLimit()
    #expect(MemoryBudget.limit > 1 << 28 && MemoryBudget.limit < 1 << 46)
  }

  @Test func longKernelsStopWhenInterrupted() async {
    await #expect(processExitsWith: .success) {
      let x = try Tensor.zeros(shape(4_000_000))
      Kernels.isInterrupted = true
      #expect(throws: TensorError.interrupted) { try x.map(.tan) }
    }
  }

  @Test func chanceIsTheSameEverywhere() async { await #expect(processExitsWith: .success) { try MachineTests.drawAgain() } }

  private static func drawAgain() throws {
    let key = Key(seed: 42)
    #expect(key.bits == Key(seed: 42).bits && key.fold(1) != key.fold(2) && key.fold("a") != key.fold("b"))
    let x = try Tensor.uniform(.known(key), shape(100_000)), y = try Tensor.normal(.known(key), shape(100_000), dtype: .f64)
    Kernels.instructionSet = .base
    Kernels.claimComputing()
    defer { Kernels.releaseComputing() }
    #expect(try Tensor.uniform(.known(key), shape(100_000)).doubles == x.doubles)
    #expect(try Tensor.normal(.known(key), shape(100_000), dtype: .f64).doubles == y.doubles)
    #expect(try Tensor.uniform(.known(key), shape(7)).doubles == Array(x.doubles.prefix(7)))
    let mean = y.doubles.reduce(0, +) / 1e5, square = y.doubles.reduce(0) { $0 + $1 * $1 } / 1e5
    #expect(abs(mean) < 0.02 && abs(square - 1) < 0.02)
    #expect(abs(x.doubles.reduce(0, +) / 1e5 - 0.5) < 0.01)
    let dice = try Tensor.integers(.known(key), shape(10_000), from: 1, to: 7).ints
    #expect(Set(dice) == [1, 2, 3, 4, 5, 6])
    #expect(try Tensor.bernoulli(.known(key), shape(10_000), probability: 0.3).sum().ints[0] > 2700)
  }

  @Test func goldenValuesOfChance() throws {
    let key = Key(seed: 7)
    #expect(try Tensor.uniform(.known(key), shape(3), dtype: .f64).doubles == goldenUniform)
    #expect(try Tensor.normal(.known(key), shape(3), dtype: .f64).doubles == goldenNormal)
    #expect(try Tensor.integers(.known(key), shape(4), from: 0, to: 100).ints == goldenIntegers)
    #expect((0..<8).map { key.permuted($0, of: 8) } == goldenOrder)
  }

  @Test func ordersOfFewAreEven() throws {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6000 { counts[try Tensor.permutation(Key(seed: seed), of: 3).ints, default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { 850...1150 ~= $0 })
  }

  @Test func permutationsHoldEveryPlaceOnce() throws {
    for n in [0, 1, 2, 3, 10, 1000] {
      #expect(try Tensor.permutation(Key(seed: n), of: n).ints.sorted() == Array(0..<n))
    }
    let key = Key(seed: 1), n = 1 << 40
    let places = (0..<100).map { key.permuted($0, of: n) }
    #expect(Set(places).count == 100 && places.allSatisfy { $0 >= 0 && $0 < n })
    #expect(try Tensor.permutation(key, of: n, part: 5..<9).ints == Array(places[5..<9]))
  }

  @Test func threadsComputeTheSame() throws {
    let a = try Tensor.normal(.known(Key(seed: 1)), shape(300, 200)), b = try Tensor.normal(.known(Key(seed: 2)), shape(200, 500))
    let alone = try Tensor.matmul(a, b), sum = try alone.sum(over: [.position(0)])
    Kernels.claimComputing()
    defer { Kernels.releaseComputing() }
    for (x, y) in zip(alone.doubles, try Tensor.matmul(a, b).doubles) { #expect(close(x, y, 1e-4)) }
    #expect(try alone.sum(over: [.position(0)]).doubles == sum.doubles)
    let big = try Tensor.normal(.known(Key(seed: 3)), shape(3_000_000))
    #expect(try (big + big).doubles[2_999_999] == 2 * big.doubles[2_999_999])
    #expect(try big.reshaped([1500, 2000]).transposed().transposed().doubles == big.doubles)
  }
}
