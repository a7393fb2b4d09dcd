/// Values of a fused step that one operation makes together, which read and write fewer blocks.
struct FusedMerging {
  /// A product that only a sum of rows needs is made in the sum: what is multiplied.
  private(set) var factors: [Int: [Int]] = [:]
  /// A logistic function and its integral at the same places share their exponentials: each by the other.
  private(set) var pairs: [Int: Int] = [:]
  /// Sums and differences of what is multiplied by numbers first.
  private(set) var blends: [Int: Blend] = [:]
  private var scaled: Set<Int> = []
  /// When each value is computed, and its operands are read: as if it stood there in the step.
  private(set) var times: [Int: Int]

  /// `x a + y b`, or with `minus` less `y b`; where a factor is missing it is 1.
  struct Blend {
    let x: Int, y: Int
    let factors: (Int?, Int?)
    let minus: Bool

    var operands: [Int] { [x, y] + [factors.0, factors.1].compactMap { $0 } }
  }

  private let program: Program
  private let ids: [Int]

  init(_ program: Program, _ ids: [Int], isOutput: (Int) -> Bool) {
    self.program = program
    self.ids = ids
    times = Dictionary(zip(ids, ids.indices), uniquingKeysWith: min)
    var uses: [Int: Int] = [:]
    for id in ids { for operand in Set(program.operands[id]) { uses[operand, default: 0] += 1 } }
    func isOnlyIn(_ id: Int) -> Bool { ids.contains(id) && uses[id] == 1 && !isOutput(id) }
    findFactors(isOnlyIn)
    findPairs()
    for id in ids { if let blend = blend(id, isOnlyIn) { add(blend, id) } }
  }

  /// Is the value part of another's operation?
  func isMadeElsewhere(_ id: Int) -> Bool { factors[id] != nil || scaled.contains(id) }

  private mutating func findFactors(_ isOnlyIn: (Int) -> Bool) {
    for sum in ids {
      guard let (primitive, _) = program.call(sum), primitive === Primitive.sum, let id = program.operands[sum].first, isOnlyIn(id),
        let (product, _) = program.call(id)
      else { continue }
      let x = product === Primitive.square ? [program.operands[id][0], program.operands[id][0]] : program.operands[id]
      guard product === Primitive.square || product === Primitive.multiply, x.allSatisfy({ isWhole($0, as: id) }) else { continue }
      factors[id] = x
      times[id] = times[sum]
    }
  }

  private mutating func findPairs() {
    func all(_ wanted: Primitive) -> [Int] {
      ids.filter { id in program.call(id)?.primitive === wanted && isWhole(program.operands[id][0], as: id) }
    }
    for id in all(.sigmoid) {
      guard let other = all(.softplus).first(where: { program.operands[$0] == program.operands[id] }) else { continue }
      (pairs[id], pairs[other]) = (other, id)
      let first = min(times[id] ?? 0, times[other] ?? 0)
      (times[id], times[other]) = (first, first)
    }
  }

  private func blend(_ id: Int, _ isOnlyIn: (Int) -> Bool) -> Blend? {
    guard let (primitive, _) = program.call(id), primitive === Primitive.add || primitive === Primitive.subtract, program.types[id].shape.count > 1,
      program.types[id].dtype == .f32 || program.types[id].dtype == .f64, program.operands[id].allSatisfy({ isWhole($0, as: id) })
    else { return nil }
    func parts(_ operand: Int) -> (x: Int, factor: Int?) {
      guard let (primitive, _) = program.call(operand), primitive === Primitive.multiply, isOnlyIn(operand), factors[operand] == nil,
        let factor = program.operands[operand].first(where: { program.types[$0].shape.count == 1 }),
        let x = program.operands[operand].first(where: { isWhole($0, as: id) })
      else { return (operand, nil) }
      return (x, factor)
    }
    let (first, second) = (parts(program.operands[id][0]), parts(program.operands[id][1]))
    guard program.operands[id][0] != program.operands[id][1], first.factor != nil || second.factor != nil else { return nil }
    return Blend(x: first.x, y: second.x, factors: (first.factor, second.factor), minus: primitive === Primitive.subtract)
  }

  private mutating func add(_ blend: Blend, _ id: Int) {
    blends[id] = blend
    for (product, factor) in zip(program.operands[id], [blend.factors.0, blend.factors.1]) where factor != nil {
      scaled.insert(product)
      times[product] = times[id]
    }
  }

  private func isWhole(_ operand: Int, as id: Int) -> Bool {
    program.types[operand].shape == program.types[id].shape && program.call(operand)?.primitive !== Primitive.broadcast
  }
}
