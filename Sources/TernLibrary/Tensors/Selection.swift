import TernRuntime
import TernSyntax
import TernTensor

/// Words that pick, place and order elements.
enum TensorSelection {
  static var builtins: [Builtin] {
    [
      Builtin(
        "gather(x, ...indices)", "The elements at paired positions: `x[i[k], j[k]]` for every k.",
        example: "gather(tensor([[1, 2], [3, 4]]), [0, 1], [1, 0])  #> f32[2]  [2.0, 3.0]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let indices = try indices(call, 1)
        return try call.core { () throws(TensorError) in try tensor.gather(indices) }
      },
      Builtin(
        "pick(x, positions)", "One element of each row along the last axis, by a position for each row: `[..., n]` and `[...]` to `[...]`.",
        example: "pick(tensor([[1, 2], [3, 4]]), [1, 0])  #> f32[2]  [2.0, 3.0]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let positions = try call.machine.asTensor(call[1], .i64, "`positions`")
        return try call.core { () throws(TensorError) in try tensor.pick(positions) }
      },
      Builtin(
        "scatter(x, values, ...indices)", "`x` with `values` added at paired positions.",
        example: "scatter(zeros(3), [1, 2], [0, 2])  #> f32[3]  [1.0, 0.0, 2.0]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let values = try call.operand(1, beside: tensor.dtype)
        let indices = try indices(call, 2)
        return try call.core { () throws(TensorError) in try tensor.scatterAdd(indices, values) }
      },
      Builtin("one_hot(x: tensor, classes: int, dtype: type = none)", "A row for each position: 1 there, 0 elsewhere. A negative one counts from the end.", example: "one_hot(tensor([1], dtype: i64), 3)  #> f32[1, 3]\n  0.0  1.0  0.0") {
        call throws(Fault) in
        let positions = try call.tensor(0)
        let classes = try call.machine.integer(call[1])
        let dtype = try call.dtype(2) ?? .f32
        return try oneHot(positions, classes, dtype)
      },
      Builtin("one_hot(x: list, classes: int, dtype: type = none)", "A row for each position: 1 there, 0 elsewhere. A negative one counts from the end.") { call throws(Fault) in
        let positions = try TensorList(call[0].asList ?? ListObject()).tensor(dtype: .i64)
        let classes = try call.machine.integer(call[1])
        let dtype = try call.dtype(2) ?? .f32
        return try oneHot(positions, classes, dtype)
      },
      Builtin("outer(a, b)", "Every product of an element of `a` and one of `b`: `[n, m]`.", example: "shape(outer(arange(2), arange(3)))  #> [2, 3]") { call throws(Fault) in
        let a = try call.tensor(0)
        let b = try call.tensor(1)
        return try call.core { () throws(TensorError) in try Tensor.outer(a, b) }
      },
      Builtin("sort(x: tensor, over: any = -1, descending: bool = false)", "The elements in order along an axis.", example: "sort(tensor([3, 1, 2]))  #> f32[3]  [1.0, 2.0, 3.0]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let axis = try call.axis(1) ?? .position(-1)
        let descending = try call.machine.truth(call[2])
        return try call.core { () throws(TensorError) in try tensor.sorted(over: axis, descending: descending) }
      },
      Builtin("argsort(x, over: any = -1, descending: bool = false)", "The positions that put the elements in order; stable.", example: "argsort(tensor([3, 1, 2]))  #> i64[3]  [1, 2, 0]") {
        call throws(Fault) in
        let tensor = try call.exactTensor(0)
        let axis = try call.axis(1) ?? .position(-1)
        let descending = try call.machine.truth(call[2])
        return try call.core { () throws(TensorError) in try tensor.argsort(over: axis, descending: descending) }
      },
      Builtin("topk(x, k: int, over: any = -1)", "The k largest along an axis, largest first: `{values, positions}`.", example: "topk(tensor([3, 1, 2]), 2).positions  #> i64[2]  [0, 2]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let k = try call.machine.integer(call[1])
        let axis = try call.axis(2) ?? .position(-1)
        do throws(TensorError) {
          let (values, positions) = try tensor.topK(k, over: axis)
          return .record(RecordObject(["values": .tensor(values), "positions": .tensor(positions)]))
        } catch { throw Fault(error) }
      },
      Builtin("unique(x: tensor)", "The different elements, in order.", example: "unique(tensor([2, 1, 2]))  #> f32[2]  [1.0, 2.0]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in try tensor.unique() }
      },
      Builtin("reverse(x: tensor)", "The first axis from its end.", example: "reverse(arange(3))  #> i64[3]  [2, 1, 0]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in try tensor.flipped() }
      },
      Builtin("take(x: tensor, n: int)", "The first n positions of the first axis.", example: "take(arange(5), 2)  #> i64[2]  [0, 1]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        let count = try call.machine.integer(call[1])
        let size = tensor.rank > 0 ? tensor.shape[0] : 0
        return .tensor(try call.machine.indexed(tensor, [IndexValue(value: .range(RangeObject(low: 0, high: Swift.min(Swift.max(count, 0), size))))]))
      },
      Builtin("skip(x: tensor, n: int)", "The first axis without its first n positions.", example: "skip(arange(4), 2)  #> i64[2]  [2, 3]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        let count = try call.machine.integer(call[1])
        let size = tensor.rank > 0 ? tensor.shape[0] : 0
        return .tensor(try call.machine.indexed(tensor, [IndexValue(value: .range(RangeObject(low: Swift.min(Swift.max(count, 0), size), high: size)))]))
      },
      Builtin("flatten(x: tensor)", "All elements along one axis.", example: "shape(flatten(zeros(2, 3)))  #> [6]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in try tensor.reshaped([tensor.count]) }
      },
    ]
  }

  private static func oneHot(_ labels: Tensor, _ classes: Int, _ dtype: DType) throws(Fault) -> Value {
    do throws(TensorError) { return .tensor(try Tensor.oneHot(labels, classes: classes, dtype: dtype)) } catch {
      guard case .indexOutOfRange(let label, _, _, _, _) = error else { throw Fault(error) }
      let hint = label < 0 ? "classes count from 0" : "`one_hot(x, \(label + 1))` has room for it"
      throw Fault(.badLabels, "there is no label \(label) among \(classes) classes (0..\(classes - 1))", hint: hint).marking(0)
    }
  }

  private static func indices(_ call: borrowing Call, _ position: Int) throws(Fault) -> [Tensor] {
    guard case .list(let rest) = call[position] else { return [] }
    var indices: [Tensor] = []
    for item in rest.values {
      switch item {
      case .list(let list): indices.append(try TensorList(list).integers())
      case .int(let number): indices.append(try tensorCall { () throws(TensorError) in try Tensor.number(.int(number), as: .i64) })
      default: indices.append(try call.machine.asTensor(item, .i64, "an index"))
      }
    }
    return indices
  }
}
