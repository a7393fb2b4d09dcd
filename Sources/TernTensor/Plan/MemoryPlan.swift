import CTernKernels

/// Where the values of a program lie: inputs and constants where they are, outputs in memory of their own, everything else
/// in one arena, in which values that do not live at the same time may share a place.
struct MemoryPlan {
  private enum Place {
    case input(Int)
    case constant(Tensor)
    case arena(offset: Int)
    case output
    /// A part of another value, from an element on.
    case view(Int, offset: Int)
  }

  private let program: Program
  private var places: [Place] = []
  private(set) var arenaSize = 0
  private let arena: Tensor?
  /// Values in the arena or constant, made once.
  private var fixed: [Tensor?] = []

  init(_ program: Program) throws(TensorError) {
    self.program = program
    let escaping = MemoryPlan.escaping(program)
    var lives = MemoryPlan.lastUses(program)
    for id in 0..<program.count {
      switch program.sources[id] {
      case .input(let k): places.append(.input(k))
      case .constant(let tensor): places.append(.constant(tensor))
      case .call(let primitive, let attributes):
        if case .view(let offset) = primitive.alias,
          let first = offset(Tensor(unknown: program.types[program.operands[id][0]]), attributes) {
          places.append(.view(program.operands[id][0], offset: first))
        } else {
          places.append(escaping[id] ? .output : .arena(offset: 0))
        }
      }
    }
    // A view keeps what it shows alive.
    for id in (0..<program.count).reversed() {
      if case .view(let source, _) = places[id] { lives[source] = max(lives[source], lives[id]) }
    }
    var allocation = ArenaAllocation()
    for id in 0..<program.count {
      if case .arena = places[id] {
        let type = program.types[id]
        places[id] = .arena(offset: allocation.place(type.shape.count * type.dtype.size, from: id, to: lives[id]))
      }
    }
    arenaSize = allocation.size
    arena = arenaSize > 0 ? try Tensor(TensorType(dtype: .u8, shape: try Shape(checking: [arenaSize]))) : nil
    for id in 0..<program.count { fixed.append(fixedTensor(id)) }
  }

  func isView(_ id: Int) -> Bool {
    if case .view = places[id] { true } else { false }
  }

  private func fixedTensor(_ id: Int) -> Tensor? {
    switch places[id] {
    case .constant(let tensor): return tensor
    case .arena(let offset):
      guard let arena else { return nil }
      return Tensor(viewing: arena, offset: offset, as: program.types[id])
    case .view(let source, let offset):
      guard let tensor = fixed[source] else { return nil }
      return Tensor(viewing: tensor, offset: offset * tensor.dtype.size, as: program.types[id])
    case .input, .output: return nil
    }
  }

  /// A tensor for each value of one run.
  func values(_ inputs: [Tensor]) throws(TensorError) -> [Tensor] {
    var values: [Tensor] = []
    values.reserveCapacity(program.count)
    for id in 0..<program.count {
      if let tensor = fixed[id] {
        values.append(tensor)
        continue
      }
      switch places[id] {
      case .input(let k): values.append(inputs[k])
      case .view(let source, let offset):
        values.append(Tensor(viewing: values[source], offset: offset * program.types[id].dtype.size, as: program.types[id]))
      case .constant(let tensor): values.append(tensor)
      case .output, .arena: values.append(try Tensor(program.types[id]))
      }
    }
    return values
  }

  /// Values that leave the program, or that a view which leaves it shows.
  private static func escaping(_ program: Program) -> [Bool] {
    var escaping = Array(repeating: false, count: program.count)
    for output in program.outputs { escaping[output] = true }
    for id in (0..<program.count).reversed() where escaping[id] {
      if let (primitive, _) = program.call(id), case .view = primitive.alias { escaping[program.operands[id][0]] = true }
    }
    return escaping
  }

  private static func lastUses(_ program: Program) -> [Int] {
    var last = Array(0..<program.count)
    for id in 0..<program.count { for operand in program.operands[id] { last[operand] = id } }
    return last
  }
}

/// Places values in an arena one after another: each in the lowest gap between those that live at the same time.
struct ArenaAllocation {
  private(set) var size = 0
  private var live: [(range: Range<Int>, until: Int)] = []

  mutating func place(_ bytes: Int, from step: Int, to last: Int) -> Int {
    live.removeAll { $0.until < step }
    let needed = max((bytes + 63) & ~63, 64)
    var offset = 0
    for other in live.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      if offset + needed <= other.range.lowerBound { break }
      offset = max(offset, other.range.upperBound)
    }
    live.append((offset..<offset + needed, last))
    size = max(size, offset + needed)
    return offset
  }
}
