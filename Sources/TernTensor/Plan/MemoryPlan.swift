import CTernKernels

/// Where the values of a program lie while it runs: inputs and constants where they are, outputs in memory of their own,
/// everything else in one arena, in which values that do not live at the same time may share a place.
struct MemoryPlan {
  /// A base and an offset in bytes. Base 0 is the arena; inputs, outputs and constants follow.
  struct Place {
    var base: Int
    var offset: Int

    var reference: tern_ref { tern_ref(base: Int64(base), offset: Int64(offset)) }
  }

  /// nil for what never leaves a fused step.
  private(set) var places: [Place?]
  /// Values that are made in tensors of their own, in the order of their bases.
  private(set) var outputs: [Int] = []
  private(set) var constants: [Tensor] = []
  private(set) var arenaSize = 0
  /// Values that are made where they belong in a joined one.
  let homes: [Int: Home]
  let inputCount: Int

  var firstOutput: Int { 1 + inputCount }
  var firstConstant: Int { firstOutput + outputs.count }
  var baseCount: Int { firstConstant + constants.count }

  init(_ program: Program, units: [[Int]], views: Views) {
    inputCount = program.inputCount
    let escaping = MemoryPlan.escaping(program, views)
    homes = Home.homes(program, units: units, views, escaping: escaping)
    places = Array(repeating: nil, count: program.count)
    outputs = units.flatMap { $0 }.filter { escaping[$0] }
    for (k, id) in outputs.enumerated() { places[id] = Place(base: firstOutput + k, offset: 0) }
    placeGiven(program)
    placeArena(program, units, views, escaping)
    for id in 0..<program.count {
      guard let first = views[id], let source = places[program.operands[id][0]] else { continue }
      places[id] = Place(base: source.base, offset: source.offset + first * program.types[id].dtype.size)
    }
  }

  private mutating func placeGiven(_ program: Program) {
    for id in 0..<program.count {
      switch program.sources[id] {
      case .input(let k): places[id] = Place(base: 1 + k, offset: 0)
      case .constant(let tensor):
        places[id] = Place(base: firstConstant + constants.count, offset: 0)
        constants.append(tensor)
      case .call: break
      }
    }
  }

  private mutating func placeArena(_ program: Program, _ units: [[Int]], _ views: Views, _ escaping: [Bool]) {
    var unitOf = Array(repeating: 0, count: program.count)
    for (unit, ids) in units.enumerated() { for id in ids { unitOf[id] = unit } }
    var lastUse = unitOf, leaves = Array(repeating: false, count: program.count)
    func use(_ id: Int, at unit: Int) {
      var id = id
      while views[id] != nil { id = program.operands[id][0] }
      lastUse[id] = max(lastUse[id], unit)
      if unitOf[id] != unit || program.call(id) == nil { leaves[id] = true }
    }
    for (unit, ids) in units.enumerated() { for id in ids { for operand in program.operands[id] { use(operand, at: unit) } } }
    let parts = homes.keys.sorted(), wholes = Set(homes.values.map(\.whole))
    for id in parts { if let whole = homes[id]?.whole { lastUse[whole] = max(lastUse[whole], lastUse[id]) } }
    var allocation = ArenaAllocation()
    func settle(_ id: Int, at unit: Int) -> Place {
      if let place = places[id] { return place }
      let type = program.types[id]
      if let home = homes[id] {
        let whole = settle(home.whole, at: unit)
        places[home.whole] = whole
        return Place(base: whole.base, offset: whole.offset + home.first * type.dtype.size)
      }
      return Place(base: 0, offset: allocation.place(type.shape.count * type.dtype.size, from: unit, to: lastUse[id]))
    }
    for (unit, ids) in units.enumerated() {
      for id in ids where !escaping[id] && (leaves[id] || ids.count == 1) {
        if homes[id] == nil, !wholes.contains(id), let old = program.overwritten(by: ids, views), id == ids.last, !escaping[old], lastUse[old] == unit,
          homes[old] == nil, !wholes.contains(old), let place = places[old] {
          places[id] = place
          allocation.extend(place.offset, to: lastUse[id])
        } else {
          places[id] = settle(id, at: unit)
        }
      }
    }
    arenaSize = allocation.size
  }

  /// Values that leave the program, or that a view which leaves it shows.
  private static func escaping(_ program: Program, _ views: Views) -> [Bool] {
    var escaping = Array(repeating: false, count: program.count)
    for output in program.outputs { escaping[output] = true }
    for id in (0..<program.count).reversed() where escaping[id] && views[id] != nil { escaping[program.operands[id][0]] = true }
    return escaping
  }
}

/// Places values in an arena one after another: each in the lowest gap between those that live at the same time.
struct ArenaAllocation {
  private(set) var size = 0
  /// In the order of their places.
  private var live: [(range: Range<Int>, until: Int)] = []

  mutating func place(_ bytes: Int, from step: Int, to last: Int) -> Int {
    live.removeAll { $0.until < step }
    let needed = max((bytes + 63) & ~63, 64)
    var offset = 0, position = 0
    for other in live {
      if offset + needed <= other.range.lowerBound { break }
      offset = max(offset, other.range.upperBound)
      position += 1
    }
    live.insert((offset..<offset + needed, last), at: position)
    size = max(size, offset + needed)
    return offset
  }

  /// What begins there lives longer.
  mutating func extend(_ offset: Int, to last: Int) {
    for k in live.indices where live[k].range.lowerBound == offset { live[k].until = max(live[k].until, last) }
  }
}

extension Program {
  /// The value in whose place a product's step may write: the one it is added to, when that is a call's result, is all there,
  /// and nothing else in the step reads it.
  fileprivate func overwritten(by unit: [Int], _ views: Views) -> Int? {
    guard unit.count > 1, let (primitive, _) = call(unit[0]), primitive === Primitive.matmul else { return nil }
    func source(_ id: Int) -> Int {
      var id = id
      while views[id] != nil { id = operands[id][0] }
      return id
    }
    let read = unit.flatMap { operands[$0] }.map(source).filter { !unit.contains($0) }
    let type = types[unit[unit.count - 1]]
    return unit.dropFirst().lazy.compactMap { end in operands[end].first { !unit.contains(source($0)) && self.types[$0] == type } }.map(source)
      .first { old in call(old) != nil && types[old].shape.count == type.shape.count && types[old].dtype == type.dtype && read.count { $0 == old } == 1 }
  }
}
