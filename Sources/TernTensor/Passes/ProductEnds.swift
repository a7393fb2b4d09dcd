/// Matrix products and convolutions that go on in their own step: a bias for each column or channel is added, then rectified,
/// while the result is at hand. A big matrix product is also added to another matrix, or taken from it, multiplied by a number
/// before: a step of gradient descent, a residual, what the inputs add to a recurrent state.
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
      var last = id, ends: [Int] = [], adds = primitive === Primitive.matmul && program.isBigProduct(id)
      while uses[last] == 1, users[last] >= 0 {
        let next = users[last]
        guard productOf[next] == nil, let (primitive, _) = program.call(next) else { break }
        if isView[next], program.types[next].shape.count == program.types[id].shape.count {
          last = next
        } else if ends.isEmpty, primitive === Primitive.add, program.bias(next, beside: last) != nil {
          ends.append(next)
          last = next
        } else if adds, program.addend(next, beside: last) != nil, ends.isEmpty || primitive === Primitive.add {
          ends.append(next)
          (last, adds) = (next, false)
        } else if adds, ends.isEmpty, program.factor(next, beside: last) != nil, uses[next] == 1, users[next] >= 0, productOf[users[next]] == nil,
          program.addend(users[next], beside: next) != nil {
          ends += [next, users[next]]
          (last, adds) = (users[next], false)
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

  /// Is it one product that a library computes?
  func isBigProduct(_ id: Int) -> Bool {
    let shape = types[id].shape, left = types[operands[id][0]].shape
    guard shape.rank == 2, left.rank == 2, shape[0] >= 2, shape[1] >= 2, [.f32, .f64].contains(types[id].dtype) else { return false }
    return Double(shape.count) * (Double(left.count) / Double(shape[0])) >= 64 * 64 * 64
  }

  /// The matrix that a product is added to or taken from.
  func addend(_ sum: Int, beside product: Int) -> Int? {
    guard let (primitive, _) = call(sum), primitive === Primitive.add || primitive === Primitive.subtract, types[product] == types[sum],
      let place = operands[sum].firstIndex(of: product), primitive === Primitive.add || place == 1
    else { return nil }
    let other = operands[sum][1 - place]
    return types[other] == types[sum] && other != product ? other : nil
  }

  /// The number that a product is multiplied by.
  func factor(_ id: Int, beside product: Int) -> Int? {
    guard let (primitive, _) = call(id), primitive === Primitive.multiply, types[product] == types[id],
      let other = operands[id].first(where: { $0 != product }), types[other].shape.count == 1, types[other].dtype == types[id].dtype
    else { return nil }
    return other
  }
}
