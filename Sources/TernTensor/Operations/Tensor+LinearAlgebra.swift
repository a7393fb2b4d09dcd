/// Linear algebra as scripts call it: integers are taken as f32, leading axes broadcast, a vector is a right side too.
extension Tensor {
  package static func solve(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try system("solve", a, b) { a, b throws(TensorError) in try bind(.solve, [a, b], .system(turned: false)) }
  }

  package static func solveTriangle(_ a: Tensor, _ b: Tensor, upper: Bool) throws(TensorError) -> Tensor {
    try system("solve_triangular", a, b) { a, b throws(TensorError) in
      try bind(.solveTriangle, [a, b], .triangle(upper: upper, turned: false))
    }
  }

  package static func leastSquares(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try system("lstsq", a, b) { a, b throws(TensorError) in try bind(.leastSquares, [a, b], .system(turned: false)) }
  }

  /// Vectors beside the matrices are right sides of one column.
  private static func system(
    _ op: String, _ a: Tensor, _ b: Tensor, _ solve: (Tensor, Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let dtype = try meet(a, b)
    let a = try a.reals(op).unnamed.cast(dtype.isFloat ? dtype : .f32), b = try b.reals(op).unnamed.cast(a.dtype)
    guard a.rank >= 2 else { throw .needsAxes(op: op, type: a.typeText, rank: 2) }
    guard b.rank >= 1 else { throw .needsAxes(op: op, type: b.typeText, rank: 1) }
    let isVector = b.rank == 1 || (b.rank == a.rank - 1 && b.shape == a.shape.without([a.rank - 1]))
    let columns = isVector ? try b.expanded(at: b.rank) : b
    let rows = a.shape[a.rank - 2], otherRows = columns.shape[columns.rank - 2]
    if rows != otherRows { throw .systemSizes(op: op, matrix: a.typeText, other: b.typeText, rows: rows, otherRows: otherRows) }
    let lead = try leadingShape(op, a, columns)
    let x = try solve(try a.withLeading(lead), try columns.withLeading(lead))
    return isVector ? try x.reshaped(to: x.shape.without([x.rank - 1])) : x
  }

  package func det() throws(TensorError) -> Tensor { try bind(.det, [try reals("det").unnamed]) }

  package func logDet() throws(TensorError) -> (sign: Tensor, logarithm: Tensor) {
    let both = try bind(.logDet, [try reals("slogdet").unnamed]), last = both.rank - 1
    func part(_ k: Int) throws(TensorError) -> Tensor { try both.slice(last, from: k, count: 1).reshaped(to: both.shape.without([last])) }
    return (try part(0), try part(1))
  }

  package func cholesky() throws(TensorError) -> Tensor { try bind(.cholesky, [try reals("cholesky").unnamed]).named(axisNames) }

  package func qr() throws(TensorError) -> (q: Tensor, r: Tensor) {
    let a = try reals("qr").unnamed, packed = try bind(.qr, [a]), parts = try MatrixParts.qr("qr", a)
    return (try parts.take(0, of: packed), try parts.take(1, of: packed))
  }

  package func svd() throws(TensorError) -> (u: Tensor, s: Tensor, vt: Tensor) {
    let a = try reals("svd").unnamed, packed = try bind(.svd, [a]), parts = try MatrixParts.svd("svd", a)
    return (try parts.take(0, of: packed), try parts.take(1, of: packed), try parts.take(2, of: packed))
  }

  package func eigh() throws(TensorError) -> (values: Tensor, vectors: Tensor) {
    let a = try reals("eigh").unnamed, packed = try bind(.eigh, [a]), parts = try MatrixParts.eigh("eigh", a)
    return (try parts.take(0, of: packed), try parts.take(1, of: packed))
  }
}
