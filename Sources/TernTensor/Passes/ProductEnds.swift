/// Matrix products and convolutions that go on in their own step: a bias for each column or channel is added, then rectified,
/// while the result is at hand.
struct ProductEnds {
  /// For each value that is made by a product's step, the product; the product itself included.
  private(set) var productOf: [Int?]

  init(_ program: Program, isView: [Bool]) {
    productOf = Array(repeating: nil, count: program.count)
    let uses = program.useCounts
    var users = Array(repeating: -1, count: program.count)
    for id in 0..<program.count { for operand in program.operands[id] { users[operand] = id } }
    for id in 0..<program.count {
      guard let (primitive, _) = program.call(id), primitive === Primitive.matmul || primitive === Primitive.convolve, program.types[id].dtype.isFloat
      else { continue }
      var last = id, ends: [Int] = []
      while uses[last] == 1, users[last] >= 0 {
        let next = users[last]
        guard let (primitive, _) = program.call(next) else { break }
        if isView[next], program.types[next].shape.count == program.types[id].shape.count {
          last = next
        } else if ends.isEmpty, primitive === Primitive.add, program.bias(next, beside: last) != nil {
          ends.append(next)
          last = next
        } else if primitive === Primitive.relu {
          ends.append(next)
          break
        } else { break }
      }
      if !ends.isEmpty { for end in [id] + ends { productOf[end] = id } }
    }
  }
}

extension Program {
  /// The other operand of a sum, when it is a number for each column.
  func bias(_ sum: Int, beside product: Int) -> Int? {
    guard operands[sum].count == 2, let other = operands[sum].first(where: { $0 != product }) else { return nil }
    let shape = types[sum].shape, row = types[other].shape
    guard shape.rank > 0, row.count == shape[shape.rank - 1], row.rank > 0, row[row.rank - 1] == row.count, types[other].dtype == types[sum].dtype,
      types[product].shape == shape
    else { return nil }
    return other
  }
}
