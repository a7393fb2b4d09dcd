/// Where in a joined value one of its parts belongs. It is made there, so that joining moves nothing: a part that is one piece
/// of memory by whatever makes it, rows that lie apart by a fused step.
struct Home {
  let whole: Int
  /// Which of the whole's operands it is.
  let operand: Int
  /// The element of the whole that the part begins with.
  let first: Int
  /// nil for one piece.
  let rows: Rows?

  static func homes(_ program: Program, units: [[Int]], _ views: Views, escaping: [Bool]) -> [Int: Home] {
    var unitOf: [Int: Int] = [:], users = Array(repeating: [Int](), count: program.count)
    for (unit, ids) in units.enumerated() { for id in ids { unitOf[id] = unit } }
    for id in 0..<program.count { for operand in program.operands[id] { users[operand].append(id) } }
    func isFused(_ id: Int) -> Bool {
      guard let unit = unitOf[id], let (primitive, _) = program.call(units[unit][0]) else { return false }
      return primitive !== Primitive.matmul && primitive !== Primitive.convolve && program.isFusible(id)
    }
    var homes: [Int: Home] = [:]
    for whole in 0..<program.count where unitOf[whole] != nil && !escaping[whole] {
      guard let (primitive, attributes) = program.call(whole), primitive === Primitive.concat, case .axis(let axis) = attributes else { continue }
      let shape = program.types[whole].shape, apart = shape.count(axis..<shape.rank), isOnePiece = apart == shape.count
      let parts = program.operands[whole].map { program.shown($0, views) }
      var first = 0
      for (index, (operand, part)) in zip(program.operands[whole], parts).enumerated() {
        let length = program.types[operand].shape.count(axis..<shape.rank)
        defer { first += length }
        guard let part, let unit = unitOf[part], homes[part] == nil, !escaping[part], parts.count(where: { $0 == part }) == 1 else { continue }
        if isOnePiece {
          homes[part] = Home(whole: whole, operand: index, first: first, rows: nil)
        } else if part == operand, isFused(part), users[part].allSatisfy({ $0 == whole || unitOf[$0] == unit }) {
          homes[part] = Home(whole: whole, operand: index, first: first, rows: Rows(length: length, apart: apart))
        }
      }
    }
    return homes
  }
}

extension Program {
  /// The call whose result a value is, all of it, through dense views; nil when it is none.
  fileprivate func shown(_ id: Int, _ views: Views) -> Int? {
    var id = id
    while let first = views[id] {
      let operand = operands[id][0]
      guard first == 0, views.rows[id] == nil, types[operand].shape.count == types[id].shape.count else { return nil }
      id = operand
    }
    return call(id) == nil || types[id].shape.count == 0 ? nil : id
  }
}
