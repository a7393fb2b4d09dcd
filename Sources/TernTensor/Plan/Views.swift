/// Values that lie in the memory of another: what is seen of an operand as it lies, and boxes of rows that only fused steps
/// read, which walk over the rows themselves.
struct Views {
  private var firsts: [Int?]
  private(set) var rows: [Int: Rows] = [:]

  init(_ program: Program) {
    firsts = (0..<program.count).map { program.viewOffset($0) }
    let productOf = ProductEnds(program, isView: firsts.map { $0 != nil }).productOf
    var users = Array(repeating: [Int](), count: program.count)
    for id in 0..<program.count { for operand in program.operands[id] { users[operand].append(id) } }
    for id in 0..<program.count where firsts[id] == nil && !program.outputs.contains(id) {
      guard let (first, rows) = program.rowsOfBox(id),
        users[id].allSatisfy({ productOf[$0] == nil && program.walks($0, over: id) })
      else { continue }
      firsts[id] = first
      self.rows[id] = rows
    }
  }

  /// From which element of its operand on a value is seen; nil when it is no view.
  subscript(id: Int) -> Int? { firsts[id] }
}

/// Rows of neighbours that begin at even distances.
struct Rows {
  var length: Int
  var apart: Int
}

extension Program {
  fileprivate func viewOffset(_ id: Int) -> Int? {
    guard let (primitive, attributes) = call(id), case .view(let offset) = primitive.alias else { return nil }
    return offset(Tensor(unknown: types[operands[id][0]]), attributes)
  }

  /// A box that is whole but for one axis, along which it takes neighbours.
  fileprivate func rowsOfBox(_ id: Int) -> (first: Int, Rows)? {
    guard let (primitive, attributes) = call(id), primitive === Primitive.slice, case .region(let region) = attributes else { return nil }
    let whole = types[operands[id][0]].shape, shape = types[id].shape
    guard shape.count > 0, let axis = whole.onlyAxis(where: { region.counts[$0] != whole[$0] || region.steps[$0] != 1 }), region.steps[axis] == 1
    else { return nil }
    return (region.walk(whole).offset, Rows(length: shape.count(axis..<shape.rank), apart: whole.count(axis..<whole.rank)))
  }

  /// Does this fused value read that one element by element?
  fileprivate func walks(_ id: Int, over operand: Int) -> Bool {
    guard isFusible(id), types[operand].shape == types[id].shape, let (primitive, _) = call(id) else { return false }
    return primitive !== Primitive.broadcast
  }
}

extension Shape {
  fileprivate func onlyAxis(where isOdd: (Int) -> Bool) -> Int? {
    let odd = (0..<rank).filter(isOdd)
    return odd.count == 1 ? odd[0] : nil
  }
}
