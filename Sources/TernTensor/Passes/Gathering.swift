import CTernKernels

/// What is used step by step in a loop. In the long sums that are its gradients, parts that lie side by side are joined instead
/// of being added up among zeros, and products that add up are one product of the rows together. A matrix that many products
/// of few rows read turned is turned once for all.
struct Gathering {
  private let program: Program
  private let uses: [Int]
  /// Sums that are no terms of others.
  private var roots: Set<Int> = []
  /// Rows that will lie one after another, by which they are: products of the same rows then share them.
  private var orders: [Set<Int>: [Int]] = [:]
  /// How many products of few rows read each matrix turned.
  private var turns: [Int: Int] = [:]
  private var builder = SharingBuilder()
  private var ids: [Int] = []

  /// Fewer terms are not worth a copy.
  private static let fewest = 4

  static func gathered(_ program: Program) throws(TensorError) -> Program {
    var pass = Gathering(program)
    return try pass.run()
  }

  private init(_ program: Program) {
    self.program = program
    uses = program.useCounts
    roots = Set((0..<program.count).filter { isSum($0) })
    for id in roots { roots.subtract(program.operands[id].filter { uses[$0] == 1 }) }
    for id in 0..<program.count where isOfFewRowsByTurned(id) { turns[program.operands[id][1], default: 0] += 1 }
    for root in roots.sorted() {
      let rows = terms(root).filter { part($0)?.axis == 0 }.sorted(by: isBefore).map { bare(program.operands[$0][0], program) }
      orders[Set(rows)] = rows
    }
  }

  private mutating func run() throws(TensorError) -> Program {
    for id in 0..<program.count {
      builder.origin = program.origins[id]
      switch program.sources[id] {
      case .input(let k): ids.append(builder.input(k, program.types[id]))
      case .constant(let tensor): ids.append(builder.constant(tensor))
      case .call(let primitive, let attributes):
        if let sum = try sum(id) { ids.append(sum) }
        else if let product = try productByTurned(id) { ids.append(product) }
        else { ids.append(try builder.call(primitive, attributes, program.operands[id].map { ids[$0] }, program.types[id])) }
      }
    }
    return builder.finish(program.outputs.map { ids[$0] })
  }

  private func isSum(_ id: Int) -> Bool {
    guard let (primitive, _) = program.call(id), primitive === Primitive.add else { return false }
    return program.operands[id].allSatisfy { program.types[$0].shape == program.types[id].shape }
  }

  /// The terms of a sum, through sums that nothing else uses.
  private func terms(_ id: Int) -> [Int] {
    var terms: [Int] = [], pending = [id]
    while let next = pending.popLast() {
      if next == id || (isSum(next) && uses[next] == 1) { pending += program.operands[next].reversed() } else { terms.append(next) }
    }
    return terms
  }

  private mutating func sum(_ id: Int) throws(TensorError) -> Int? {
    guard roots.contains(id) else { return nil }
    let all = terms(id)
    guard all.count >= Gathering.fewest else { return nil }
    var rest: [Int] = [], parts: [Int] = [], products: [Int] = []
    for term in all {
      if part(term) != nil { parts.append(term) } else if isProductOfRows(term) { products.append(term) } else { rest.append(term) }
    }
    var sums: [Int] = []
    for like in groups(parts, by: { part($0)?.axis ?? -1 }) { sums += try joined(like, program.types[id]) }
    for like in groups(products, by: { program.types[program.operands[$0][0]].shape[0] }) { sums += try multiplied(like, program.types[id]) }
    guard sums.count + rest.count < all.count, var sum = (sums + rest.map { ids[$0] }).first else { return nil }
    for term in (sums + rest.map { ids[$0] }).dropFirst() { sum = try builder.call(.add, .none, [sum, term], program.types[id]) }
    return sum
  }

  private func groups(_ terms: [Int], by key: (Int) -> Int) -> [[Int]] {
    var groups: [Int: [Int]] = [:]
    for term in terms { groups[key(term), default: []].append(term) }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }

  // MARK: Parts side by side

  /// A box among zeros that is whole but for one axis.
  private func part(_ id: Int) -> (axis: Int, from: Int, count: Int)? {
    guard let (primitive, attributes) = program.call(id), primitive === Primitive.embed, uses[id] == 1, case .place(let region, let shape) = attributes
    else { return nil }
    let odd = (0..<shape.rank).filter { region.counts[$0] != shape[$0] || region.steps[$0] != 1 }
    guard odd.count == 1, region.steps[odd[0]] == 1 else { return nil }
    return (odd[0], region.starts[odd[0]], region.counts[odd[0]])
  }

  private mutating func joined(_ terms: [Int], _ type: TensorType) throws(TensorError) -> [Int] {
    let sorted = terms.sorted(by: isBefore)
    guard terms.count >= Gathering.fewest, let axis = part(sorted[0])?.axis else { return terms.map { ids[$0] } }
    var pieces: [Int] = [], end = 0
    for term in sorted {
      guard let (_, from, count) = part(term), from >= end else { return terms.map { ids[$0] } }
      if from > end { pieces.append(try zeros(type, axis, from - end)) }
      pieces.append(ids[program.operands[term][0]])
      end = from + count
    }
    if end < type.shape[axis] { pieces.append(try zeros(type, axis, type.shape[axis] - end)) }
    return [axis == 0 ? try rows(pieces, type) : try builder.call(.concat, .axis(axis), pieces, type)]
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool { (part(a)?.from ?? 0) < (part(b)?.from ?? 0) }

  /// Pieces one after another, as they were before each got an axis of its own.
  private mutating func rows(_ pieces: [Int], _ type: TensorType) throws(TensorError) -> Int {
    let bare = pieces.map { self.bare($0, builder.program) }, shapes = bare.map { builder.program.types[$0].shape }
    guard let first = shapes.first, first.rank > 0, shapes.allSatisfy({ $0.rank > 0 && $0.array.dropFirst() == first.array.dropFirst() }) else {
      return try builder.call(.concat, .axis(0), pieces, type)
    }
    let all = TensorType(dtype: type.dtype, shape: try Shape(checking: [shapes.reduce(0) { $0 + $1[0] }] + first.array.dropFirst()))
    let joined = try builder.call(.concat, .axis(0), bare, all)
    return all.shape == type.shape ? joined : try builder.call(.reshape, .shape(type.shape), [joined], type)
  }

  private func bare(_ id: Int, _ program: Program) -> Int {
    guard let (primitive, _) = program.call(id), primitive === Primitive.reshape else { return id }
    return program.operands[id][0]
  }

  private mutating func zeros(_ type: TensorType, _ axis: Int, _ count: Int) throws(TensorError) -> Int {
    var sizes = type.shape.array
    sizes[axis] = count
    return try builder.zeros(TensorType(dtype: type.dtype, shape: try Shape(checking: sizes)))
  }

  // MARK: Products of rows

  /// Aᵀ B of two matrices of few rows, as the gradient by weights is.
  private func isProductOfRows(_ id: Int) -> Bool {
    guard let (primitive, attributes) = program.call(id), primitive === Primitive.matmul, uses[id] == 1,
      case .product(turnLeft: true, turnRight: false) = attributes
    else { return false }
    return program.operands[id].allSatisfy { program.types[$0].shape.rank == 2 && program.types[$0].shape[0] <= 256 }
  }

  private mutating func multiplied(_ terms: [Int], _ type: TensorType) throws(TensorError) -> [Int] {
    guard terms.count >= Gathering.fewest else { return terms.map { ids[$0] } }
    let terms = inOrder(terms)
    var sides: [Int] = []
    for side in 0...1 {
      let rows = terms.map { program.operands[$0][side] }, one = program.types[rows[0]]
      let all = TensorType(dtype: one.dtype, shape: try Shape(checking: [one.shape[0] * terms.count, one.shape[1]]))
      sides.append(try builder.call(.concat, .axis(0), rows.map { ids[$0] }, all))
    }
    return [try builder.call(.matmul, .product(turnLeft: true, turnRight: false), sides, type)]
  }

  /// The products in the order in which the rows of one side lie anyway.
  private func inOrder(_ terms: [Int]) -> [Int] {
    for side in 0...1 {
      let rows = terms.map { program.operands[$0][side] }
      guard let order = orders[Set(rows)], order.count == rows.count else { continue }
      let places = Dictionary(zip(order, order.indices), uniquingKeysWith: min)
      return zip(terms, rows).sorted { places[$0.1, default: 0] < places[$1.1, default: 0] }.map(\.0)
    }
    return terms
  }

  // MARK: Products by a turned matrix

  private func isOfFewRowsByTurned(_ id: Int) -> Bool {
    guard let (primitive, attributes) = program.call(id), primitive === Primitive.matmul, case .product(turnLeft: false, turnRight: true) = attributes
    else { return false }
    let (left, right) = (program.types[program.operands[id][0]].shape, program.types[program.operands[id][1]].shape)
    return left.rank == 2 && right.rank == 2 && left[0] <= Int(TERN_FEW_ROWS)
  }

  private mutating func productByTurned(_ id: Int) throws(TensorError) -> Int? {
    guard isOfFewRowsByTurned(id), turns[program.operands[id][1], default: 0] >= Gathering.fewest else { return nil }
    let matrix = program.operands[id][1], type = program.types[matrix]
    let turned = TensorType(dtype: type.dtype, shape: try Shape(checking: [type.shape[1], type.shape[0]]))
    let other = try builder.call(.transpose, .permutation([1, 0]), [ids[matrix]], turned)
    return try builder.call(.matmul, .product(turnLeft: false, turnRight: false), [ids[program.operands[id][0]], other], program.types[id])
  }
}
