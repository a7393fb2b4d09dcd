import CTernKernels

/// Systems of equations and factors of matrices, by LAPACK. The matrices are the last two axes; leading axes are equal.
///
/// A primitive has one result, so the parts of a factorization lie one after the other along one last axis; `MatrixParts`
/// takes them apart. Gradients are written in primitives: they have gradients themselves.
extension Primitive {
  /// A X = B, or Aᵀ X = B. With X = A⁻¹B: dB = A⁻ᵀ dX, dA = -dB Xᵀ.
  package static let solve: Primitive = linear(
    "solve", "Solves systems of equations a x = b.", TERN_SOLVE,
    rule: { (o, attributes) throws(TensorError) in
      _ = try squareSize("solve", o[0])
      return try rightSide("solve", o, rows: o[0].shape[o[0].rank - 1])
    },
    gradient: { g throws(TensorError) in
      guard case .system(let turned) = g.attributes else { return [nil, nil] }
      let db = try bind(.solve, [g.a, g.dy], .system(turned: !turned))
      return [g.wanted[0] ? try g.ofSystem(db, turned) : nil, db]
    },
    domain: .of(([3, 3], .matrices), ([3, 2], .reals(-2...2)), attributes: .system(turned: false))
      .or(([2, 2, 2], .matrices), ([2, 2, 1], .reals(-2...2)), attributes: .system(turned: true)))

  /// The same where A is a triangle: the other one is not read.
  package static let solveTriangle: Primitive = linear(
    "solve_triangular", "Solves systems of equations a x = b, a triangular.", TERN_SOLVE_TRIANGLE,
    rule: { (o, attributes) throws(TensorError) in
      _ = try squareSize("solve_triangular", o[0])
      return try rightSide("solve_triangular", o, rows: o[0].shape[o[0].rank - 1])
    },
    gradient: { g throws(TensorError) in
      guard case .triangle(let upper, let turned) = g.attributes else { return [nil, nil] }
      let db = try bind(.solveTriangle, [g.a, g.dy], .triangle(upper: upper, turned: !turned))
      guard g.wanted[0] else { return [nil, db] }
      let da = try g.ofSystem(db, turned)
      return [upper ? try da.upperTriangle() : try da.lowerTriangle(), db]
    },
    domain: .of(([3, 3], .definite), ([3, 2], .reals(-2...2)), attributes: .triangle(upper: false, turned: false))
      .or(([3, 3], .definite), ([3, 1], .reals(-2...2)), attributes: .triangle(upper: true, turned: false))
      .or(([2, 2, 2], .definite), ([2, 2, 2], .reals(-2...2)), attributes: .triangle(upper: false, turned: true)))

  /// X = A⁺B, the shortest of the best. With u = A⁺ᵀ dX and r = B - A X, for any rank that stays what it is:
  /// dA = -u Xᵀ + r (A⁺u)ᵀ + (A⁺ᵀX) (dX - Aᵀu)ᵀ, dB = u.
  package static let leastSquares: Primitive = linear(
    "lstsq", "Solves systems of equations a x = b as well as can be.", TERN_LEAST_SQUARES,
    rule: { (o, attributes) throws(TensorError) in
      let (m, n) = try matrixSizes("lstsq", o[0])
      guard case .system(let turned) = attributes else { throw .needsAxes(op: "lstsq", type: o[0].typeText, rank: 2) }
      let type = try rightSide("lstsq", o, rows: turned ? n : m)
      return TensorType(dtype: type.dtype, shape: try Shape(checking: type.shape.array.dropLast(2) + [turned ? m : n, type.shape[type.shape.rank - 1]]))
    },
    gradient: { g throws(TensorError) in
      guard case .system(let turned) = g.attributes else { return [nil, nil] }
      let forwards = Attributes.system(turned: turned), back = Attributes.system(turned: !turned)
      let u = try bind(.leastSquares, [g.a, g.dy], back)
      guard g.wanted[0] else { return [nil, u] }
      let rest = try g.b - g.a.times(g.y, turned)
      let above = try rest.times(bind(.leastSquares, [g.a, u], forwards), false, true)
      let beside = try bind(.leastSquares, [g.a, g.y], back).times(g.dy - g.a.times(u, !turned), false, true)
      let da = try above + beside - u.times(g.y, false, true)
      return [turned ? try da.swapped() : da, u]
    },
    domain: .of(([4, 2], .matrices), ([4, 2], .reals(-2...2)), attributes: .system(turned: false))
      .or(([2, 3], .matrices), ([2, 1], .reals(-2...2)), attributes: .system(turned: false))
      .or(([2, 3], .matrices), ([3, 1], .reals(-2...2)), attributes: .system(turned: true)))

  /// A = L Lᵀ. With P the lower triangle of Lᵀ dL, its diagonal halved: dA is the symmetric part of L⁻ᵀ P L⁻¹.
  package static let cholesky: Primitive = linear(
    "cholesky", "Gives the lower triangle l of a = l lᵀ, a symmetric and positive definite.", TERN_CHOLESKY,
    rule: { (o, _) throws(TensorError) in
      _ = try squareSize("cholesky", o[0])
      return TensorType(dtype: o[0].dtype, shape: o[0].shape)
    },
    gradient: { g throws(TensorError) in
      let back = Attributes.triangle(upper: false, turned: true)
      let p = try g.y.times(g.dy, true).lowerTriangle()
      let halved = try p - 0.5 * p.lowerTriangle().upperTriangle()
      let half = try bind(.solveTriangle, [g.y, halved], back).swapped()
      return [try bind(.solveTriangle, [g.y, half], back).symmetric()]
    },
    domain: .of(([3, 3], .definite)).or(([2, 2, 2], .definite)))

  /// A = Q R: Q [m, k], then R [k, n], k the smaller of m and n.
  package static let qr: Primitive = linear(
    "qr", "Gives q with orthonormal columns and r, an upper triangle, of a = q r.", TERN_QR,
    rule: { (o, _) throws(TensorError) in try MatrixParts.qr("qr", o[0]).type(o[0]) },
    gradient: { g throws(TensorError) in
      let parts = try MatrixParts.qr("qr", g.x), (m, n) = (g.x.shape[g.x.rank - 2], g.x.shape[g.x.rank - 1])
      let (q, r, dq, dr) = (try parts.take(0, of: g.y), try parts.take(1, of: g.y), try parts.take(0, of: g.dy), try parts.take(1, of: g.dy))
      if m >= n { return [try gradientOfQR(q, r, dq, dr)] }
      // Of A = [X, Y] only the square X is factored: Y = Q V.
      let last = g.x.rank - 1
      let (u, v) = (try r.slice(last, from: 0, count: m), try r.slice(last, from: m, count: n - m))
      let (du, dv) = (try dr.slice(last, from: 0, count: m), try dr.slice(last, from: m, count: n - m))
      let y = try q.times(v)
      let dx = try gradientOfQR(q, u, dq + y.times(dv, false, true), du)
      return [try bind(.concat, [dx, try q.times(dv)], .axis(last))]
    },
    domain: .of(([3, 3], .matrices)).or(([4, 2], .matrices)).or(([2, 2, 3], .matrices)))

  /// dA = (dQ + Q M) R⁻ᵀ, M the symmetric matrix with the lower triangle of R dRᵀ - dQᵀ Q.
  private static func gradientOfQR(_ q: Tensor, _ r: Tensor, _ dq: Tensor, _ dr: Tensor) throws(TensorError) -> Tensor {
    let inner = try r.times(dr, false, true) - dq.times(q, true)
    let symmetric = try inner.lowerTriangle() + inner.lowerTriangle(diagonal: -1).swapped()
    let outer = try dq + q.times(symmetric)
    return try bind(.solveTriangle, [r, outer.swapped()], .triangle(upper: true, turned: false)).swapped()
  }

  /// A = U diag(s) Vᵀ: U [m, k], s [k], Vᵀ [k, n].
  package static let svd: Primitive = linear(
    "svd", "Gives the singular values of a matrix, and the vectors on both sides.", TERN_SVD,
    rule: { (o, _) throws(TensorError) in try MatrixParts.svd("svd", o[0]).type(o[0]) },
    gradient: { g throws(TensorError) in
      let parts = try MatrixParts.svd("svd", g.x)
      let (u, vt) = (try parts.take(0, of: g.y), try parts.take(2, of: g.y)), s = try parts.take(1, of: g.y)
      let (du, dvt) = (try parts.take(0, of: g.dy), try parts.take(2, of: g.dy)), ds = try parts.take(1, of: g.dy)
      let k = s.rank - 1, row = try s.expanded(at: k), column = try s.expanded(at: k + 1)
      // F is 1 / (s_j² - s_i²) beside the diagonal; where two values are equal their vectors may turn, and nothing depends on it.
      let f = try pairs(row.square(), column.square(), -).safeReciprocal(), inverse = try s.safeReciprocal()
      let (utdu, vtdv) = (try u.times(du, true), try vt.times(dvt, false, true))
      let left = try f * (utdu - utdu.swapped()) * row, right = try f * (vtdv - vtdv.swapped()) * column
      let middle = try left + right + ds.diagonal()
      let kept = try u.times(middle).times(vt)
      // What leaves the span of U or of V.
      let outU = try (du - u.times(utdu)) * inverse.expanded(at: k)
      let outV = try inverse.expanded(at: k + 1) * (dvt - vtdv.swapped().times(vt))
      return [try kept + outU.times(vt) + u.times(outV)]
    },
    domain: .of(([3, 3], .matrices)).or(([4, 2], .matrices)).or(([2, 2, 3], .matrices)))

  /// A = V diag(w) Vᵀ, A symmetric: w [n] ascending, then V [n, n].
  package static let eigh: Primitive = linear(
    "eigh", "Gives the eigenvalues and eigenvectors of a symmetric matrix.", TERN_EIGH,
    rule: { (o, _) throws(TensorError) in
      _ = try squareSize("eigh", o[0])
      return try MatrixParts.eigh("eigh", o[0]).type(o[0])
    },
    gradient: { g throws(TensorError) in
      let parts = try MatrixParts.eigh("eigh", g.x)
      let w = try parts.take(0, of: g.y), v = try parts.take(1, of: g.y), k = w.rank - 1
      let f = try pairs(w.expanded(at: k), w.expanded(at: k + 1), -).safeReciprocal()
      let inner = try parts.take(0, of: g.dy).diagonal() + f * v.times(parts.take(1, of: g.dy), true)
      return [try v.times(inner).times(v, false, true).symmetric()]
    },
    domain: .of(([3, 3], .symmetric)).or(([2, 2, 2], .symmetric)))

  /// The gradient is that of a polynomial, singular or not: dy times the cofactors.
  package static let det: Primitive = linear(
    "det", "Gives the determinant of a matrix.", TERN_DET,
    rule: { (o, _) throws(TensorError) in
      _ = try squareSize("det", o[0])
      return TensorType(dtype: o[0].dtype, shape: o[0].shape.without([o[0].rank - 2, o[0].rank - 1]))
    },
    gradient: { g throws(TensorError) in [try g.dy.asMatrix() * bind(.cofactors, [g.x])] },
    domain: .of(([3, 3], .matrices)).or(([2, 1, 1], .matrices)))

  /// C = det(A) A⁻ᵀ. For what comes back as G: dA = (⟨G, C⟩ C - C Gᵀ C) / det(A).
  package static let cofactors: Primitive = linear(
    "cofactors", "Gives the determinant's derivatives by each element of a matrix.", TERN_COFACTORS,
    rule: { (o, _) throws(TensorError) in
      _ = try squareSize("det", o[0])
      return TensorType(dtype: o[0].dtype, shape: o[0].shape)
    },
    gradient: { g throws(TensorError) in
      let axes = Attributes.axes([g.x.rank - 2, g.x.rank - 1])
      let along = try bind(.sum, [try g.dy * g.y], axes).asMatrix()
      let inner = try along * g.y - g.y.times(g.dy, false, true).times(g.y)
      return [try inner / bind(.det, [g.x]).asMatrix()]
    },
    domain: .of(([3, 3], .matrices)).or(([2, 2, 2], .matrices)))

  /// The sign of the determinant and the logarithm of its size, which does not overflow.
  package static let logDet: Primitive = linear(
    "slogdet", "Gives the sign of the determinant and the logarithm of its size.", TERN_LOG_DET,
    rule: { (o, _) throws(TensorError) in
      _ = try squareSize("slogdet", o[0])
      return TensorType(dtype: o[0].dtype, shape: try Shape(checking: o[0].shape.array.dropLast(2) + [2]))
    },
    gradient: { g throws(TensorError) in
      let last = g.dy.rank - 1
      let by = try g.dy.slice(last, from: 1, count: 1).reshaped(to: g.dy.shape.without([last])).asMatrix()
      return [try by * bind(.solve, [g.x, try Tensor.identity(like: g.x)], .system(turned: true))]
    },
    domain: .of(([3, 3], .matrices)).or(([2, 1, 1], .matrices)))

  // ---- the declarations' common parts

  private static func linear(
    _ name: String, _ summary: String, _ op: tern_linear_op, rule: @escaping Rule, gradient: @escaping Gradient, domain: Domain
  ) -> Primitive {
    Primitive(
      name, summary, rule: rule,
      kernel: { (o, attributes, out) throws(TensorError) in try linearKernel(name, op, o, attributes, out) },
      gradient: gradient, batching: .leading, cost: .elements(100), refuses: true, domain: domain)
  }

  private static func linearKernel(_ name: String, _ op: tern_linear_op, _ o: [Tensor], _ attributes: Attributes, _ out: Tensor) throws(TensorError) {
    if out.count == 0 { return }
    let a = o[0], rank = a.rank, (m, n) = (a.shape[rank - 2], a.shape[rank - 1])
    if m == 0 || n == 0 { return fillEmpty(op, out) }
    var system = tern_linear_system(m: Int64(m), n: Int64(n), k: 1, batch: Int64(a.shape.count(0..<rank - 2)), turned: 0, upper: 0)
    if o.count > 1 { system.k = Int64(o[1].shape[o[1].rank - 1]) }
    switch attributes {
    case .system(let turned): system.turned = turned ? 1 : 0
    case .triangle(let upper, let turned): (system.upper, system.turned) = (upper ? 1 : 0, turned ? 1 : 0)
    default: break
    }
    let fault = tern_linear(op, out.dtype.code, &system, a.data, o.count > 1 ? o[1].data : nil, out.data)
    if fault.kind == 0 { return }
    throw linearError(name, fault, a)
  }

  /// Of a matrix without elements the determinant is 1 and its logarithm 0; a system without rows has the solution 0.
  private static func fillEmpty(_ op: tern_linear_op, _ out: Tensor) {
    let isSign = op == TERN_DET || op == TERN_LOG_DET
    for k in 0..<out.count {
      Scalar.float(isSign && (op == TERN_DET || k % 2 == 0) ? 1 : 0).store(as: out.dtype, at: out.data + k * out.dtype.size)
    }
  }

  private static func linearError(_ name: String, _ fault: tern_linear_fault, _ a: Tensor) -> TensorError {
    let place = Int(fault.place), kind: MatrixFault
    switch Int(fault.kind) {
    case Int(TERN_NO_LIBRARY): return .libraryMissing(op: name)
    case Int(TERN_STOPPED): return .interrupted
    case Int(TERN_NO_MEMORY): return MemoryBudget.refusal(of: a.byteCount * 4)
    case Int(TERN_SINGULAR): kind = .singular(place: place)
    case Int(TERN_NOT_DEFINITE): kind = .notDefinite(place: place)
    case Int(TERN_NOT_SYMMETRIC): kind = .notSymmetric
    case Int(TERN_NOT_FINITE): kind = .notFinite
    default: kind = .notConverged
    }
    return .matrix(op: name, kind, type: a.typeText, matrix: a.rank > 2 ? Int(fault.matrix) : nil)
  }

  /// LAPACK counts in 32 bits, work space too.
  private static let mostRows = 20_000

  static func matrixSizes(_ op: String, _ a: Tensor) throws(TensorError) -> (Int, Int) {
    guard a.dtype == .f32 || a.dtype == .f64 else { throw a.refusal(of: op) }
    guard a.rank >= 2 else { throw .needsAxes(op: op, type: a.typeText, rank: 2) }
    let (m, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
    guard min(m, n) <= mostRows, max(m, n) <= 1 << 30 else { throw .tooLarge([m, n]) }
    return (m, n)
  }

  private static func squareSize(_ op: String, _ a: Tensor) throws(TensorError) -> Int {
    let (m, n) = try matrixSizes(op, a)
    if m != n { throw .notSquare(op: op, type: a.typeText) }
    return n
  }

  /// The right side of a system: as many rows as the matrix has, the same leading axes.
  private static func rightSide(_ op: String, _ o: [Tensor], rows: Int) throws(TensorError) -> TensorType {
    let a = o[0], b = o[1]
    guard b.rank == a.rank, b.dtype == a.dtype, (0..<a.rank - 2).allSatisfy({ a.shape[$0] == b.shape[$0] }) else {
      throw .unequalShapes(op: op, first: a.typeText, other: b.typeText)
    }
    guard b.shape[b.rank - 2] == rows else {
      throw .systemSizes(op: op, matrix: a.typeText, other: b.typeText, rows: rows, otherRows: b.shape[b.rank - 2])
    }
    guard b.shape[b.rank - 1] <= 1 << 30 else { throw .tooLarge(b.shape.array) }
    return TensorType(dtype: b.dtype, shape: b.shape)
  }

  /// A row and a column met: both expand.
  private static func pairs(
    _ row: Tensor, _ column: Tensor, _ combine: (Tensor, Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let n = row.shape[row.rank - 1], shape = try Shape(checking: row.shape.array.dropLast(2) + [n, n])
    return try combine(row.broadcast(to: shape), column)
  }
}

/// The parts of a factorization, which lie one after the other along the last axis.
struct MatrixParts {
  private let lead: [Int]
  private let shapes: [[Int]]

  private init(_ op: String, _ a: Tensor, _ shapes: (_ m: Int, _ n: Int, _ k: Int) -> [[Int]]) throws(TensorError) {
    let (m, n) = try Primitive.matrixSizes(op, a)
    lead = Array(a.shape.array.dropLast(2))
    self.shapes = shapes(m, n, min(m, n))
  }

  static func qr(_ op: String, _ a: Tensor) throws(TensorError) -> MatrixParts { try MatrixParts(op, a) { m, n, k in [[m, k], [k, n]] } }
  static func svd(_ op: String, _ a: Tensor) throws(TensorError) -> MatrixParts { try MatrixParts(op, a) { m, n, k in [[m, k], [k], [k, n]] } }
  static func eigh(_ op: String, _ a: Tensor) throws(TensorError) -> MatrixParts { try MatrixParts(op, a) { m, n, _ in [[n], [m, n]] } }

  private func count(_ part: Int) -> Int { shapes[part].reduce(1, *) }

  func type(_ a: Tensor) throws(TensorError) -> TensorType {
    TensorType(dtype: a.dtype, shape: try Shape(checking: lead + [shapes.indices.reduce(0) { $0 + count($1) }]))
  }

  func take(_ part: Int, of packed: Tensor) throws(TensorError) -> Tensor {
    let start = (0..<part).reduce(0) { $0 + count($1) }
    return try packed.slice(packed.rank - 1, from: start, count: count(part)).reshaped(to: try Shape(checking: lead + shapes[part]))
  }
}

extension GradientStep {
  /// The matrix' part of a system's gradient, from that of its right side.
  fileprivate func ofSystem(_ db: Tensor, _ turned: Bool) throws(TensorError) -> Tensor {
    turned ? try -y.times(db, false, true) : try -db.times(y, false, true)
  }
}

extension Tensor {
  /// The product of matrices with equal leading axes, either turned.
  func times(_ other: Tensor, _ turnLeft: Bool = false, _ turnRight: Bool = false) throws(TensorError) -> Tensor {
    try bind(.matmul, [self, other], .product(turnLeft: turnLeft, turnRight: turnRight))
  }

  /// The last two axes exchanged.
  func swapped() throws(TensorError) -> Tensor { try permuted(Array(0..<rank - 2) + [rank - 1, rank - 2]) }

  func symmetric() throws(TensorError) -> Tensor { try 0.5 * (self + swapped()) }

  /// A number for each matrix, as large as one by one.
  fileprivate func asMatrix() throws(TensorError) -> Tensor { try reshaped(to: try Shape(checking: shape.array + [1, 1])) }

  /// Vectors as the diagonals of matrices.
  fileprivate func diagonal() throws(TensorError) -> Tensor {
    let n = shape[rank - 1], square = try Shape(checking: shape.array + [n])
    return try expanded(at: rank).broadcast(to: square) * Tensor.eye(n, dtype: dtype)
  }

  /// Ones on the diagonal, as large as a tensor of square matrices.
  static func identity(like a: Tensor) throws(TensorError) -> Tensor { try eye(a.shape[a.rank - 1], dtype: a.dtype).broadcast(to: a.shape) }

  /// One over every element, and 0 where that is 0.
  fileprivate func safeReciprocal() throws(TensorError) -> Tensor {
    let isZero = try compared(.equal, to: 0)
    let safe = try Tensor.choose(isZero, .scalar(.float(1)), .tensor(self))
    return try Tensor.choose(isZero, .scalar(.float(0)), .tensor(safe.reciprocal()))
  }
}
