/// Elementwise values of one shape that are computed together, block by block, so that what is between them never leaves the
/// first cache.
///
/// Every value has a depth: the number of other steps (or of changes of shape) on the longest way to it. No way leads from one
/// value to another of the same depth and shape through anything else, so such values can be computed at one time.
struct Fusion {
  /// What is done at one time, in an order in which each finds its operands ready. Views are no units.
  private(set) var units: [[Int]] = []

  private let program: Program
  private let isView: [Bool]
  private let productOf: [Int?]

  init(_ program: Program, isView: [Bool]) {
    self.program = program
    self.isView = isView
    productOf = ProductEnds(program, isView: isView).productOf
    units = ordered(groups())
  }

  // ---- which

  /// Values that go through no other unit than their group: the depth is the same, the shape too, and one uses the other or
  /// both the same operand.
  private func groups() -> [[Int]] {
    let depth = depths()
    var groups: [[Int]] = [], groupOf = Array(repeating: -1, count: program.count)
    var newest: [Meeting: Int] = [:]
    for id in 0..<program.count {
      guard program.call(id) != nil else { continue }
      if isView[id] { continue }
      if let product = productOf[id], product != id {
        groupOf[id] = groupOf[product]
        groups[groupOf[id]].append(id)
        continue
      }
      if let rows = program.foldOfRows(id), groupOf[rows] >= 0, fuses(rows), mayEnd(groups[groupOf[rows]], id) {
        groupOf[id] = groupOf[rows]
        groups[groupOf[id]].append(id)
        continue
      }
      guard fuses(id) else {
        groupOf[id] = groups.count
        groups.append([id])
        continue
      }
      let meeting = Meeting(depth: depth[id], shape: program.types[id].shape)
      if let group = newest[meeting], FusedLimits.hasRoom(groups[group], id, program) {
        groupOf[id] = group
        groups[group].append(id)
      } else {
        groupOf[id] = groups.count
        newest[meeting] = groups.count
        groups.append([id])
      }
    }
    return groups
  }

  private func depths() -> [Int] {
    var depth = Array(repeating: 0, count: program.count), users = Array(repeating: [Int](), count: program.count)
    for id in 0..<program.count where program.call(id) != nil {
      for operand in program.operands[id] {
        depth[id] = max(depth[id], depth[operand] + (joins(operand, id) || program.call(operand) == nil ? 0 : 1))
        users[operand].append(id)
      }
    }
    // What needs only what is there from the start waits until it is needed, and then need not be kept.
    for id in (0..<program.count).reversed() where fuses(id) && !program.outputs.contains(id) {
      guard !users[id].isEmpty, users[id].allSatisfy({ joins(id, $0) }), program.operands[id].allSatisfy({ isGiven($0) }) else { continue }
      depth[id] = users[id].reduce(Int.max) { min($0, depth[$1]) }
    }
    return depth
  }

  /// Can the two be computed together, one from the other?
  private func joins(_ operand: Int, _ id: Int) -> Bool {
    fuses(id) && program.call(operand) != nil && !isView[operand] && fuses(operand) && program.types[operand].shape == program.types[id].shape
  }

  private func isGiven(_ id: Int) -> Bool {
    var id = id
    while isView[id] { id = program.operands[id][0] }
    return program.call(id) == nil || program.types[id].shape.count == 1
  }

  private func fuses(_ id: Int) -> Bool { productOf[id] == nil && program.isFusible(id) }

  private struct Meeting: Hashable {
    let depth: Int
    let shape: Shape
  }

  /// Has the group room for a fold of rows, and no other than of such rows?
  private func mayEnd(_ group: [Int], _ fold: Int) -> Bool {
    guard FusedLimits.hasRoom(group, fold, program) else { return false }
    return group.allSatisfy { program.foldOfRows($0) == nil || program.types[$0].shape.count == program.types[fold].shape.count }
  }

  // ---- when

  /// The groups, each after those it needs; of those that could come next, the one whose first value was noted first.
  private func ordered(_ groups: [[Int]]) -> [[Int]] {
    var groupOf = Array(repeating: -1, count: program.count)
    for (group, ids) in groups.enumerated() { for id in ids { groupOf[id] = group } }
    var waiting = Array(repeating: 0, count: groups.count), followers = Array(repeating: [Int](), count: groups.count)
    for (group, ids) in groups.enumerated() {
      var needed: Set<Int> = []
      for id in ids { for operand in program.operands[id] { needed.formUnion(producers(operand, groupOf)) } }
      needed.remove(group)
      waiting[group] = needed.count
      for other in needed { followers[other].append(group) }
    }
    var ready = groups.indices.filter { waiting[$0] == 0 }.sorted { groups[$0][0] > groups[$1][0] }
    var order: [[Int]] = []
    while let group = ready.popLast() {
      order.append(groups[group])
      for follower in followers[group] {
        waiting[follower] -= 1
        guard waiting[follower] == 0 else { continue }
        let place = ready.firstIndex { groups[$0][0] < groups[follower][0] } ?? ready.count
        ready.insert(follower, at: place)
      }
    }
    return order
  }

  /// The group that makes a value, or what the value is a view of.
  private func producers(_ id: Int, _ groupOf: [Int]) -> [Int] {
    var id = id
    while isView[id] { id = program.operands[id][0] }
    return groupOf[id] >= 0 ? [groupOf[id]] : []
  }
}

/// A value seen by a block of another shape.
enum FusedForm {
  case dense, number
  /// A row of that length again and again.
  case row(Int)
  /// Each element as often as that.
  case column(Int)

  init?(_ shape: Shape, in whole: Shape) {
    if shape.count == whole.count { self = .dense }
    else if shape.count == 1 { self = .number }
    else if let form = FusedForm.repeated(shape, whole) { self = form }
    else { return nil }
  }

  private static func repeated(_ shape: Shape, _ whole: Shape) -> FusedForm? {
    let extra = whole.rank - shape.rank
    guard extra >= 0 else { return nil }
    func size(_ axis: Int) -> Int { axis < extra ? 1 : shape[axis - extra] }
    let fits = (0..<whole.rank).map { size($0) == whole[$0] }
    guard (0..<whole.rank).allSatisfy({ fits[$0] || size($0) == 1 }), let odd = fits.firstIndex(of: false), let last = fits.lastIndex(of: false)
    else { return nil }
    if (0..<odd).allSatisfy({ whole[$0] == 1 }), fits[odd...last].allSatisfy({ !$0 }) { return .row(whole.count(last + 1..<whole.rank)) }
    if (last + 1..<whole.rank).allSatisfy({ whole[$0] == 1 }), fits[odd...last].allSatisfy({ !$0 }) { return .column(whole.count(odd..<whole.rank)) }
    return nil
  }
}

extension Program {
  /// The elementwise value whose rows, along its last axes, are each folded into this.
  func foldOfRows(_ id: Int) -> Int? {
    guard let (primitive, attributes) = call(id), primitive.fold != nil, case .axes(let axes) = attributes, let first = axes.first else { return nil }
    let rows = operands[id][0], shape = types[rows].shape, count = types[id].shape.count
    guard axes == Array(first..<shape.rank), types[rows].dtype.isFloat, types[id].dtype == types[rows].dtype, isFusible(rows) else { return nil }
    if let (primitive, _) = call(rows), primitive === Primitive.broadcast { return nil }
    return count > 0 && FusedLimits.rowsToFold.contains(shape.count / count) && (count > 1 || shape.count <= FusedLimits.oneRowToFold) ? rows : nil
  }

  /// Can this value be computed with others, block by block? Not where a kernel has errors of its own.
  func isFusible(_ id: Int) -> Bool {
    guard let (primitive, attributes) = call(id) else { return false }
    let shape = types[id].shape
    guard shape.count > 0, operands[id].allSatisfy({ FusedForm(types[$0].shape, in: shape) != nil }) else { return false }
    switch primitive.elementwise {
    case .map, .choose: return true
    case .zip: return types[id].dtype.isFloat || types[id].dtype == .bool || ![Primitive.floorDivide, .modulo, .power].contains { $0 === primitive }
    case nil: break
    }
    if primitive === Primitive.broadcast { return true }
    guard primitive === Primitive.cast, case .dtype(let to) = attributes else { return false }
    return to.isFloat || types[operands[id][0]].dtype == .bool
  }
}
