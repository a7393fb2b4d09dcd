import TernRuntime
import TernSyntax
import TernTensor

/// Words of linear algebra: the last two axes are matrices, leading ones are many of them. What can be said in a line of
/// Tern is in `stdlib/linalg.mlx`.
enum LinearAlgebra {
  static var builtins: [Builtin] { products + systems + factors }

  private static var products: [Builtin] {
    [
      Builtin(
        "einsum(form: str, ...operands)",
        "Sums of products over named axes: those the result does not name are summed over; `...` are the axes left over.",
        example: "einsum(\"ij,j->i\", [[1, 2], [3, 4]], [10, 1])  #> f32[2]  [12.0, 34.0]"
      ) { call throws(Fault) in
        let form = try call.string(0)
        guard case .list(let rest) = call[1] else { throw Fault(.missingArgument, "`einsum` takes tensors after its text") }
        var operands: [Tensor] = []
        for (index, item) in rest.values.enumerated() {
          do throws(Fault) { operands.append(try call.machine.asTensor(item, nil, "an operand")) } catch { throw error.remarking(1 + index) }
        }
        let all = operands
        return try call.core { () throws(TensorError) in try Tensor.einsum(form.text, all) }
      }
    ]
  }

  private static var systems: [Builtin] {
    [
      Builtin(
        "solve(a, b)", "The x of `a @ x = b`, for a square `a` that is not singular; `b` is a vector, or one right side a column.",
        example: "solve([[2, 0], [0, 4]], [2, 2])  #> f32[2]  [1.0, 0.5]"
      ) { call throws(Fault) in
        let (a, b) = (try call.tensor(0), try call.tensor(1))
        return try call.core { () throws(TensorError) in try Tensor.solve(a, b) }
      },
      Builtin(
        "solve_triangular(a, b, upper: bool = false)", "The x of `a @ x = b` where `a` is a triangle, the lower unless told; the other is not read.",
        example: "solve_triangular([[2, 0], [1, 1]], [2, 3])  #> f32[2]  [1.0, 2.0]"
      ) { call throws(Fault) in
        let (a, b) = (try call.tensor(0), try call.tensor(1))
        let upper = try call.machine.truth(call[2])
        return try call.core { () throws(TensorError) in try Tensor.solveTriangle(a, b, upper: upper) }
      },
      Builtin(
        "lstsq(a, b)", "The x for which `a @ x` is nearest to `b`; of several the shortest. Any `a` will do.",
        example: "lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5])  #> f32[2]  [1.0, 2.0]"
      ) { call throws(Fault) in
        let (a, b) = (try call.tensor(0), try call.tensor(1))
        return try call.core { () throws(TensorError) in try Tensor.leastSquares(a, b) }
      },
      Builtin("det(a)", "The determinant of square matrices.", example: "det([[1, 2], [3, 4]])  #> -2.0") { call throws(Fault) in
        let a = try call.tensor(0)
        return try call.core { () throws(TensorError) in try a.det() }
      },
      Builtin(
        "slogdet(a)", "The determinant as `{sign, log}`: its sign and the logarithm of its size, which does not overflow.",
        example: "slogdet([[0, 1], [1, 0]])  #> {sign: -1.0, log: 0.0}"
      ) { call throws(Fault) in
        let a = try call.tensor(0)
        do throws(TensorError) {
          let (sign, logarithm) = try a.logDet()
          return .record(RecordObject(["sign": .tensor(sign), "log": .tensor(logarithm)]))
        } catch { throw Fault(error) }
      },
    ]
  }

  private static var factors: [Builtin] {
    [
      Builtin(
        "cholesky(a)", "The lower triangle `l` of `a = l @ transpose(l)`, for a symmetric and positive definite `a`.",
        example: "cholesky([[4, 2], [2, 5]])\n#> f32[2, 2]\n#>   2.0  0.0\n#>   1.0  2.0"
      ) { call throws(Fault) in
        let a = try call.tensor(0)
        return try call.core { () throws(TensorError) in try a.cholesky() }
      },
      Builtin(
        "qr(a)", "`{q, r}` with `a = q @ r`: orthonormal columns, and an upper triangle.",
        example: "abs(qr([[3, 0], [4, 5]]).r[0, 0])  #> 5.0"
      ) { call throws(Fault) in
        let a = try call.tensor(0)
        do throws(TensorError) {
          let (q, r) = try a.qr()
          return .record(RecordObject(["q": .tensor(q), "r": .tensor(r)]))
        } catch { throw Fault(error) }
      },
      Builtin(
        "svd(a)", "`{u, s, vt}` with `a = (u * s) @ vt`: singular values, the largest first, and orthonormal vectors.",
        example: "svd([[3, 0], [0, 4]]).s  #> f32[2]  [4.0, 3.0]"
      ) { call throws(Fault) in
        let a = try call.tensor(0)
        do throws(TensorError) {
          let (u, s, vt) = try a.svd()
          return .record(RecordObject(["u": .tensor(u), "s": .tensor(s), "vt": .tensor(vt)]))
        } catch { throw Fault(error) }
      },
      Builtin(
        "eigh(a)", "`{values, vectors}` of a symmetric `a`: eigenvalues, the smallest first, and vectors, one a column.",
        example: "eigh([[2, 1], [1, 2]]).values  #> f32[2]  [1.0, 3.0]"
      ) { call throws(Fault) in
        let a = try call.tensor(0)
        do throws(TensorError) {
          let (values, vectors) = try a.eigh()
          return .record(RecordObject(["values": .tensor(values), "vectors": .tensor(vectors)]))
        } catch { throw Fault(error) }
      },
    ]
  }
}
