import TernRuntime
import TernSyntax
import TernTensor

/// Words that make one number of many, over all axes or those in `over:`.
enum TensorReductions {
  private typealias Reduction = (Tensor, [AxisReference]?) throws(TensorError) -> Tensor

  static var builtins: [Builtin] {
    [
      reduction("sum", "The sum over axes; of integers and bools i64.", "sum(tensor([[1, 2], [3, 4]]), over: 0)  #> f32[2]  [4.0, 6.0]") {
        (x, axes) throws(TensorError) in try x.sum(over: axes)
      },
      reduction("mean", "The mean over axes.", "mean(tensor([1, 2, 6]))  #> 3.0") { (x, axes) throws(TensorError) in try x.mean(over: axes) },
      reduction("prod", "The product over axes.", "prod(tensor([2, 3, 4]))  #> 24.0") { (x, axes) throws(TensorError) in
        try x.product(over: axes)
      },
      reduction("any", "Is any element true, over axes?", "any(tensor([1, 2]) > 1)  #> true") { (x, axes) throws(TensorError) in
        try x.any(over: axes)
      },
      reduction("all", "Is every element true, over axes?", "all(tensor([1, 2]) > 1)  #> false") { (x, axes) throws(TensorError) in
        try x.all(over: axes)
      },
      reduction("norm", "The Euclidean norm over axes: `sqrt(sum(x ** 2))`.", "norm(tensor([3, 4]))  #> 5.0") {
        (x, axes) throws(TensorError) in try x.norm(over: axes)
      },
      reduction("logsumexp", "`log(sum(exp(x)))` over axes, without overflow.", "logsumexp(tensor([1000, 1000]))  #> 1000.6931") {
        (x, axes) throws(TensorError) in try x.logSumExp(over: axes)
      },
      spread("variance", "The variance over axes, divided by n - correction.", "variance(tensor([1, 3]))  #> 1.0") {
        (x, axes, correction) throws(TensorError) in try x.variance(over: axes, correction: correction)
      },
      spread("std", "The standard deviation over axes, with n - correction.", "std(tensor([1, 3]))  #> 1.0") {
        (x, axes, correction) throws(TensorError) in try x.deviation(over: axes, correction: correction)
      },
      extreme("max", "The largest element over axes; with a second argument, the larger one element by element.", .maximum) {
        (x, axes) throws(TensorError) in try x.max(over: axes)
      },
      extreme("min", "The smallest element over axes; with a second argument, the smaller one element by element.", .minimum) {
        (x, axes) throws(TensorError) in try x.min(over: axes)
      },
    ] + treeNorm + positions
  }

  private static func reduction(_ name: String, _ sentence: String, _ example: String, _ reduce: @escaping Reduction) -> Builtin {
    Builtin("\(name)(x: tensor, over: any = none)", sentence, example: example) { call throws(Fault) in
      let tensor = try call.tensor(0)
      let axes = try call.axes(1)
      return try call.core { () throws(TensorError) in try reduce(tensor, axes) }
    }
  }

  private static func spread(
    _ name: String, _ sentence: String, _ example: String,
    _ reduce: @escaping (Tensor, [AxisReference]?, Double) throws(TensorError) -> Tensor
  ) -> Builtin {
    Builtin("\(name)(x, over: any = none, correction: float = 0.0)", sentence, example: example) { call throws(Fault) in
      let tensor = try call.exactTensor(0)
      let axes = try call.axes(1)
      let correction = try call.machine.double(call[2])
      return try call.core { () throws(TensorError) in try reduce(tensor, axes, correction) }
    }
  }

  private static func extreme(_ name: String, _ sentence: String, _ pair: ElementOperator, _ reduce: @escaping Reduction) -> Builtin {
    Builtin(
      "\(name)(x: tensor, ...more, over: any = none)", sentence, example: "\(name)(tensor([1, 5]), 3)  #> f32[2]  [\(name == "max" ? "3.0, 5.0" : "1.0, 3.0")]"
    ) { call throws(Fault) in
      guard case .list(let more) = call[1], more.count > 0 else {
        let tensor = try call.tensor(0)
        let axes = try call.axes(2)
        return try call.core { () throws(TensorError) in try reduce(tensor, axes) }
      }
      let isOwn = call.holdsUniqueTensor(0)
      var best = try call.tensor(0)
      for (index, item) in more.values.enumerated() {
        var other = try Tensors.operand(item, beside: .tensor(best))
        if other == nil { other = .tensor(try call.machine.asTensor(item, nil, "the other side")) }
        guard let other else { continue }
        let reuse: Reuse = index == 0 && !isOwn ? .none : .left
        best = try tensorCall { () throws(TensorError) in try Tensor.binary(pair, .tensor(best), other, reusing: reuse) }
      }
      return .tensor(best)
    }
  }

  /// The norm of a tree is that of all its leaves together.
  private static var treeNorm: [Builtin] {
    ["list", "record", "model"].map { kind in
      Builtin("norm(x: \(kind), over: any = none)", "The Euclidean norm of all leaves of a tree together.") { call throws(Fault) in
        if call.has(1) || kind == "list" && (try? TensorList(call[0].asList ?? ListObject()).tensor()) != nil {
          let tensor = try call.tensor(0)
          let axes = try call.axes(1)
          return try call.core { () throws(TensorError) in try tensor.norm(over: axes) }
        }
        var total = Value.float(0)
        for leaf in try Leaves.of(call[0], call.machine) {
          let square = try call.machine.arithmetic(.power, leaf, .int(2))
          let part = if case .tensor(let tensor) = square { try call.core { () throws(TensorError) in try tensor.sum() } } else { square }
          total = try call.machine.arithmetic(.add, total, part)
        }
        return try call.machine.arithmetic(.power, total, .float(0.5))
      }
    }
  }

  private static var positions: [Builtin] {
    [
      Builtin("argmax(x, over: any = none)", "The position of the largest element, over one axis or through all of the tensor.", example: "argmax(tensor([1, 9, 3]))  #> 1") {
        call throws(Fault) in
        let tensor = try call.exactTensor(0)
        let axis = try call.axis(1)
        return try call.core { () throws(TensorError) in try tensor.argmax(over: axis) }
      },
      Builtin("argmin(x, over: any = none)", "The position of the smallest element.", example: "argmin(tensor([4, 9, 3]))  #> 2") {
        call throws(Fault) in
        let tensor = try call.exactTensor(0)
        let axis = try call.axis(1)
        return try call.core { () throws(TensorError) in try tensor.argmin(over: axis) }
      },
      Builtin("cumsum(x, over: any = 0)", "The sums up to each position.", example: "cumsum(tensor([1, 2, 3]))  #> f32[3]  [1.0, 3.0, 6.0]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let axis = try call.axis(1) ?? .position(0)
        return try call.core { () throws(TensorError) in try tensor.cumsum(over: axis) }
      },
      Builtin("softmax(x, over: any = -1)", "`exp(x) / sum(exp(x))` over an axis, without overflow.", example: "softmax(tensor([0, 0]))  #> f32[2]  [0.5, 0.5]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let axis = try call.axis(1) ?? .position(-1)
        return try call.core { () throws(TensorError) in try tensor.softmax(over: axis) }
      },
      Builtin(
        "standard_rows(x, eps: float = 0.0)", "Each row along the last axis at mean 0 and variance 1: `(x - mean) / √(variance + eps)`.",
        example: "standard_rows(tensor([[1, 3], [10, 30]]))  #> f32[2, 2]\n  -1.0  1.0\n  -1.0  1.0"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let eps = try call.machine.double(call[1])
        return try call.core { () throws(TensorError) in try tensor.standardRows(eps: eps) }
      },
      Builtin("log_softmax(x, over: any = -1)", "The logarithm of `softmax`: `x - logsumexp(x)`.", example: "log_softmax(tensor([1000, 0]))  #> f32[2]  [0.0, -1000.0]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let axis = try call.axis(1) ?? .position(-1)
        return try call.core { () throws(TensorError) in try tensor.logSoftmax(over: axis) }
      },
    ]
  }
}
