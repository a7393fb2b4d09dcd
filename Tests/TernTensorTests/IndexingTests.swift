import TernTensor
import Testing

/// What an index means, element by element and without cleverness.
private struct Naive {
  let sizes: [Int]
  /// For each result axis, nothing; for each result element, the source element.
  var resultSizes: [Int] = []
  var sources: [Int] = []

  init(_ sizes: [Int], _ choices: [[[Int]]], shapes: [[Int]]) {
    // choices[axis] is the list of positions taken along it; shapes[axis] the axes that list has in the result
    self.sizes = sizes
    resultSizes = shapes.flatMap { $0 }
    var partial = [0]
    for axis in sizes.indices { partial = partial.flatMap { base in choices[axis].map { base * sizes[axis] + $0[0] } } }
    sources = partial
  }
}

@Suite("Indexing") struct IndexingTests {
  @Test("agrees with the naive meaning", arguments: 0..<300) func random(_ seed: Int) throws {
    var dice = Dice(seed + 1)
    let rank = 1 + dice.below(4), sizes = (0..<rank).map { _ in 1 + dice.below(5) }
    let x = try Tensor.arange(from: .int(0), to: .int(sizes.reduce(1, *))).reshaped(sizes)
    var entries: [IndexEntry] = [], choices: [[[Int]]] = [], shapes: [[Int]] = [], usedArray = false
    for axis in 0..<rank {
      let n = sizes[axis]
      switch dice.below(5) {
      case 0:
        let i = dice.below(2 * n) - n
        entries.append(IndexEntry(.position(i)))
        choices.append([[i < 0 ? i + n : i]])
        shapes.append([])
      case 1:
        let step = 1 + dice.below(3), a = dice.below(n + 1), b = a + dice.below(n + 1 - a)
        entries.append(IndexEntry(.range(start: a, stop: b, step: step)))
        let taken = Array(stride(from: a, to: b, by: step))
        choices.append(taken.map { [$0] })
        shapes.append([taken.count])
      case 2 where !usedArray:
        usedArray = true
        let list = (0..<dice.below(6)).map { _ in dice.below(2 * n) - n }
        entries.append(IndexEntry(.positions(try .i64(list))))
        choices.append(list.map { [$0 < 0 ? $0 + n : $0] })
        shapes.append([list.count])
      case 3 where !usedArray:
        usedArray = true
        let marks = (0..<n).map { _ in dice.coin() }
        entries.append(IndexEntry(.mask(try .mask(marks))))
        choices.append((0..<n).filter { marks[$0] }.map { [$0] })
        shapes.append([marks.count { $0 }])
      default:
        entries.append(IndexEntry(.range(start: nil, stop: nil)))
        choices.append((0..<n).map { [$0] })
        shapes.append([n])
      }
    }
    let naive = Naive(sizes, choices, shapes: shapes)
    let got = try x.get(entries)
    #expect(got.shape.array == naive.resultSizes)
    #expect(got.ints == naive.sources)

    // and set: the last of equal places counts
    let values = naive.sources.indices.map { 1000 + $0 }
    let v = try Tensor.i64(values, naive.resultSizes)
    var expected = x.ints
    for (place, value) in zip(naive.sources, values) { expected[place] = value }
    #expect(try x.setting(entries, to: .tensor(v)).ints == expected)
    #expect(x.ints == Array(0..<x.count))
    let own = try Tensor.i64(x.ints, sizes)
    #expect(try own.setting(entries, to: .tensor(v), inPlace: true).ints == expected)

    // gradients: get sends back where it took, set cuts off where it wrote
    let weights = try Tensor.f64(naive.sources.indices.map { Double($0) + 0.5 }, naive.resultSizes)
    let real = try x.cast(.f64)
    let g = try gradients([real]) { try ($0[0].get(entries) * weights).sum() }
    var back = [Double](repeating: 0, count: x.count)
    for (k, place) in naive.sources.enumerated() { back[place] += Double(k) + 0.5 }
    #expect(g[0].doubles == back)
    let rising = try Tensor.f64((0..<x.count).map { Double($0) + 1 }, sizes)
    let both = try gradients([real, try v.cast(.f64)]) { try ($0[0].setting(entries, to: .tensor($0[1])) * rising).sum() }
    let written = Set(naive.sources)
    #expect(both[0].doubles == (0..<x.count).map { written.contains($0) ? 0 : Double($0) + 1 })
    let winners = naive.sources.indices.map { k in naive.sources.lastIndex(of: naive.sources[k]) == k ? Double(naive.sources[k]) + 1 : 0 }
    #expect(both[1].doubles == winners)
  }

  private var x: Tensor { get throws { try Tensor.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: ["row", "col"]) } }

  @Test func namesAndRest() throws {
    #expect(try x.get([IndexEntry(.position(-1), axis: .name("row"))]).text() == "f32[col: 3]  [4.0, 5.0, 6.0]")
    #expect(try x.get([IndexEntry(.rest), IndexEntry(.range(start: 1, stop: nil))]).typeText == "f32[row: 2, col: 2]")
    #expect(try x.get([IndexEntry(.positions(try .i64([0, 0])))]).typeText == "f32[2, col: 3]")
    #expect(try x.get([IndexEntry(.mask(try .mask([true, false])))]).typeText == "f32[row: 1, col: 3]")
    #expect(try x.get([IndexEntry(.mask(try .mask([true, false, true, false, false, true], [2, 3])))]).doubles == [1, 3, 6])
    #expect(try x.get([IndexEntry(.positions(try .i64([1, 0, 0, 1], [2, 2])), axis: .name("col"))]).typeText == "f32[row: 2, 2, 2]")
    #expect(try x.get([IndexEntry(.range(start: -1, stop: nil, step: 1))]).doubles == [4, 5, 6])
    #expect(try x.get([IndexEntry(.rest), IndexEntry(.range(start: 2, stop: 0, step: -1))]).doubles == [3, 2, 6, 5])
  }

  @Test func errorsHaveTheFacts() throws {
    #expect(throws: TensorError.indexOutOfRange(index: 2, size: 2, axis: 0, name: "row", type: "f32[row: 2, col: 3]")) { try x.get([IndexEntry(.position(2))]) }
    #expect(throws: TensorError.twoArrays) { try x.get([IndexEntry(.positions(try .i64([0]))), IndexEntry(.positions(try .i64([0])))]) }
    #expect(throws: TensorError.restTwice) { try x.get([IndexEntry(.rest), IndexEntry(.rest)]) }
    #expect(throws: TensorError.tooManyIndices(count: 3, type: "f32[row: 2, col: 3]", rank: 2)) {
      try x.get([IndexEntry(.position(0)), IndexEntry(.position(0)), IndexEntry(.position(0))])
    }
    #expect(throws: TensorError.indexDType(type: "f32[1]")) { try x.get([IndexEntry(.positions(try .f32([0])))]) }
    #expect(throws: TensorError.maskShape(mask: [3], axes: [2], type: "f32[row: 2, col: 3]")) { try x.get([IndexEntry(.mask(try .mask([true, true, true])))]) }
    #expect(throws: TensorError.self) { try x.get([IndexEntry(.range(start: 1, stop: 0))]) }
    #expect(throws: TensorError.self) { try x.get([IndexEntry(.range(start: 0, stop: 5))]) }
    #expect(throws: TensorError.silentCast(from: .f64, to: .f32)) { try x.setting([IndexEntry(.position(0))], to: .tensor(try .f64([1, 2, 3]))) }
    #expect(throws: TensorError.place(value: "f32[2]", place: [3])) { try x.setting([IndexEntry(.position(0))], to: .tensor(try .f32([1, 2]))) }
    #expect(throws: TensorError.place(value: "f32[2, 3]", place: [3])) { try x.setting([IndexEntry(.position(0))], to: .tensor(try .f32([1, 2, 3, 4, 5, 6], [2, 3]))) }
    #expect(try x.setting([IndexEntry(.position(0))], to: .scalar(.int(0))).doubles == [0, 0, 0, 4, 5, 6])
  }

  @Test func gatherPairs() throws {
    #expect(try x.gather([try .i64([0, 1, -1]), try .i64([2, 0, 1])]).doubles == [3, 4, 5])
    let g = try gradients([try Tensor.f64([1, 2, 3, 4], [2, 2])]) { try $0[0].gather([try .i64([0, 0]), try .i64([1, 1])]).sum() }
    #expect(g[0].doubles == [0, 2, 0, 0])
    #expect(try Tensor.zeros(shape(3)).scatterAdd([try .i64([0, 0, 2])], .scalar(.float(1))).doubles == [2, 0, 1])
  }

  @Test func sortingIsStable() throws {
    let x = try Tensor.f32([3, 1, .nan, 2, 1])
    #expect(try x.argsort().ints == [1, 4, 3, 0, 2])
    #expect(try x.argsort(descending: true).ints == [0, 3, 1, 4, 2])
    #expect(try Tensor.f32([3, 1, 2]).sorted().doubles == [1, 2, 3])
    #expect(try Tensor.i64([3, 1, 3, 2, 1]).unique().ints == [3, 1, 2])
    let top = try Tensor.f32([3, 1, 2, 9, 8, 7], [2, 3]).topK(2)
    #expect(top.values.doubles == [3, 2, 9, 8] && top.positions.ints == [0, 2, 0, 1])
    let many = try Tensor.permutation(Key(seed: 1), of: 5000)
    #expect(try many.sorted().ints == Array(0..<5000))
    let g = try gradients([try Tensor.f64([3, 1, 2])]) { try ($0[0].sorted() * Tensor.f64([1, 10, 100])).sum() }
    #expect(g[0].doubles == [100, 1, 10])
  }
}
