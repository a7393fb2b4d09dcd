import TernRuntime
import TernSyntax
import TernTensor

/// Words with windows that move over images `[batch, height, width, channels]` or signals `[batch, length, channels]`. The
/// layers made of them are in `stdlib/convolution.mlx`.
enum Windows {
  static var builtins: [Builtin] {
    [
      Builtin(
        "convolve(x, filter, stride = 1, padding = 0, dilation = 1, groups: int = 1)",
        "Weighs what a filter `[height, width, channels / groups, filters]` (of signals `[length, channels / groups, filters]`) sees at each place of `x`. An option is one number, or one an axis; `padding: \"same\"` keeps the size.",
        example: "convolve([[[1], [2], [4]]], [[[1]], [[10]]])[0, .., 0]  #> f32[2]  [21.0, 42.0]"
      ) { call throws(Fault) in
        let (x, filter) = (try call.tensor(0), try call.tensor(1))
        let options = try call.windowOptions(stride: 2, padding: 3, dilation: 4, groups: 5)
        return try call.core { () throws(TensorError) in try x.convolved(with: filter, options) }
      },
      Builtin(
        "convolve_transpose(x, filter, stride = 1, padding = 0, dilation = 1, groups: int = 1, extra = 0)",
        "What `convolve` with the same options is undone by in size: its gradient by `x`. The filter is `[height, width, filters / groups, channels]`; `extra` places are added at the end of an axis.",
        example: "convolve_transpose([[[1], [2]]], [[[1]], [[10]]], stride: 2)[0, .., 0]  #> f32[4]  [1.0, 10.0, 2.0, 20.0]"
      ) { call throws(Fault) in
        let (x, filter) = (try call.tensor(0), try call.tensor(1))
        let options = try call.windowOptions(stride: 2, padding: 3, dilation: 4, groups: 5), extra = try call.perAxis(6)
        return try call.core { () throws(TensorError) in try x.convolvedTransposed(with: filter, extra: extra, options) }
      },
      pool("pool_max", .max, "The largest", example: "pool_max([[[1], [3], [2], [0]]], 2)[0, .., 0]  #> f32[2]  [3.0, 2.0]"),
      pool("pool_mean", .mean, "The mean", example: "pool_mean([[[1], [3], [2], [0]]], 2)[0, .., 0]  #> f32[2]  [2.0, 1.0]"),
    ]
  }

  private static func pool(_ name: String, _ pooling: Tensor.Pooling, _ what: String, example: String) -> Builtin {
    Builtin(
      "\(name)(x, size, stride = none, padding = 0)",
      "\(what) of each window of `size` places, one number or one an axis; windows lie side by side unless a `stride` says otherwise. Padding counts as \(pooling == .max ? "nothing" : "0").",
      example: example
    ) { call throws(Fault) in
      let x = try call.tensor(0), size = try call.perAxis(1)
      var options = Window.Options()
      options.stride = call.has(2) ? try call.perAxis(2) : size
      options.padding = try call.padding(3)
      return try call.core { [options] () throws(TensorError) in try x.pooled(pooling, size: size, options) }
    }
  }
}

extension Call {
  fileprivate func windowOptions(stride: Int, padding: Int, dilation: Int, groups: Int) throws(Fault) -> Window.Options {
    Window.Options(stride: try perAxis(stride), padding: try self.padding(padding), dilation: try perAxis(dilation), groups: try integer(groups))
  }

  /// An int for all axes, or a list with one for each of two at most.
  fileprivate func perAxis(_ position: Int) throws(Fault) -> [Int] {
    guard case .list(let list) = self[position] else { return [try integer(position)] }
    guard 1...2 ~= list.count else { throw refusal(position, takes: "an int, or one for height and one for width") }
    var numbers: [Int] = []
    for item in list.values { numbers.append(try machine.integer(item, "an int for each axis")) }
    return numbers
  }

  fileprivate func padding(_ position: Int) throws(Fault) -> [Window.Padding] {
    if case .string(let word) = self[position] {
      guard word.text == "same" else { throw refusal(position, takes: "`\"same\"`, an int, or one for each axis") }
      return [.same]
    }
    return try perAxis(position).map { .places(low: $0, high: $0) }
  }
}
