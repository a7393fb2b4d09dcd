import TernRuntime
import TernSyntax
import TernTensor

/// Words that lay the elements of tensors out in other ways.
enum TensorShapes {
  static var builtins: [Builtin] { layouts + joins + edges }

  private static var layouts: [Builtin] {
    [
      Builtin(
        "reshape(x, ...sizes)", "The same elements in another shape; -1 is what is left. A record of sizes names the axes.",
        example: "shape(reshape(arange(6), 2, -1))  #> [2, 3]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let (sizes, names) = try call.sizes(1)
        return try call.core { () throws(TensorError) in try tensor.reshaped(sizes, names: names) }
      },
      Builtin(
        "transpose(x, ...order)", "The axes in another order: the last two exchanged, or as given by positions or names.",
        example: "shape(transpose(zeros(2, 3)))  #> [3, 2]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let order = try order(call)
        return try call.core { () throws(TensorError) in try tensor.transposed(order) }
      },
      Builtin(
        "expand(x, axis: int = 0, name: str = none)", "A new axis of size 1 at a position.", example: "shape(expand(zeros(3), 1))  #> [3, 1]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let position = try call.machine.integer(call[1])
        var name: String?
        if case .string(let text) = call[2] { name = text.text }
        return try call.core { () throws(TensorError) in try tensor.expanded(at: position, name: name) }
      },
      Builtin("squeeze(x, over: any = none)", "Without the axes of size 1, or those in `over:`.", example: "shape(squeeze(zeros(1, 3)))  #> [3]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let axes = try call.axes(1)
        return try call.core { () throws(TensorError) in try tensor.squeezed(over: axes) }
      },
      Builtin(
        "rename(x: tensor, ...names, labels: record)", "Other names for axes: all in order, or `old: \"new\"` by label; none takes a name away.",
        example: "axes(rename(zeros({a: 2}), a: \"b\"))  #> [\"b\"]"
      ) { call throws(Fault) in try rename(call) },
    ]
  }

  private static func order(_ call: borrowing Call) throws(Fault) -> [AxisReference]? {
    guard case .list(let rest) = call[1], rest.count > 0 else { return nil }
    let items = rest.count == 1 ? rest[0].asList ?? rest : rest
    var order: [AxisReference] = []
    for item in items.values {
      if case .string(let name) = item { order.append(.name(name.text)) } else { order.append(.position(try call.machine.integer(item, "an axis"))) }
    }
    return order
  }

  private static func rename(_ call: borrowing Call) throws(Fault) -> Value {
    let tensor = try call.tensor(0)
    func name(_ value: Value) throws(Fault) -> String? {
      switch value {
      case .none: return nil
      case .string(let text): return text.text == "_" ? nil : text.text
      default: throw Fault(.badAxis, "an axis' name is a str; this is \(value.description)")
      }
    }
    if case .record(let changes) = call[2], changes.count > 0 {
      var pairs: [(from: String, to: String?)] = []
      for (index, key) in changes.layout.keys.enumerated() { pairs.append((key.text, try name(changes.items[index]))) }
      let renamings = pairs
      return try call.core { () throws(TensorError) in try tensor.renaming(renamings) }
    }
    guard case .list(let rest) = call[1] else { return .tensor(tensor) }
    var names: [String?] = []
    for item in (rest.count == 1 ? rest[0].asList ?? rest : rest).values { names.append(try name(item)) }
    let all = names
    return try call.core { () throws(TensorError) in try tensor.named(checking: all) }
  }

  private static var joins: [Builtin] {
    [
      Builtin("stack(parts: list, over: any = 0)", "Tensors of one shape side by side along a new axis.", example: "shape(stack([zeros(2), ones(2)], over: 1))  #> [2, 2]") {
        call throws(Fault) in
        let parts = try call.tensors(0)
        let axis = try call.axis(1) ?? .position(0)
        return try call.core { () throws(TensorError) in try Tensor.stack(parts, over: axis) }
      },
      Builtin("concat(parts: list, over: any = 0)", "Tensors one after the other along an axis.", example: "concat([zeros(1), ones(2)])  #> f32[3]  [0.0, 1.0, 1.0]") {
        call throws(Fault) in
        let parts = try call.tensors(0)
        let axis = try call.axis(1) ?? .position(0)
        return try call.core { () throws(TensorError) in try Tensor.concat(parts, over: axis) }
      },
      Builtin(
        "split(x: tensor, sizes, over: any = 0)", "Parts along an axis: of one size, or of the sizes in a list.", example: "len(split(arange(6), 2))  #> 3"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let axis = try call.axis(2) ?? .position(0)
        let sizes = try parts(call, tensor, axis)
        return .list(try splitting(tensor, sizes, axis).map(Value.tensor))
      },
      Builtin("flip(x, over: any = 0)", "The order along axes reversed.", example: "flip(arange(3))  #> i64[3]  [2, 1, 0]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        let axes = try call.axes(1)
        return try call.core { () throws(TensorError) in try tensor.flipped(over: axes) }
      },
      Builtin("roll(x, by: int = 1, over: any = 0)", "Moved along an axis; what leaves at the end comes in at the start.", example: "roll(arange(3))  #> i64[3]  [2, 0, 1]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let places = try call.machine.integer(call[1])
        let axis = try call.axis(2) ?? .position(0)
        return try call.core { () throws(TensorError) in try tensor.rolled(by: places, over: axis) }
      },
      Builtin("repeat(x: tensor, times: int, over: any = 0)", "Each position of an axis so many times.", example: "repeat(arange(2), 2)  #> i64[4]  [0, 0, 1, 1]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let times = try call.machine.integer(call[1])
        let axis = try call.axis(2) ?? .position(0)
        return try call.core { () throws(TensorError) in try tensor.repeated(times, over: axis) }
      },
      Builtin("tile(x: tensor, times: int, over: any = 0)", "The whole so many times along an axis.", example: "tile(arange(2), 2)  #> i64[4]  [0, 1, 0, 1]") {
        call throws(Fault) in
        let tensor = try call.tensor(0)
        let times = try call.machine.integer(call[1])
        let axis = try call.axis(2) ?? .position(0)
        return try call.core { () throws(TensorError) in try tensor.tiled(times, over: axis) }
      },
    ]
  }

  private static func parts(_ call: borrowing Call, _ tensor: Tensor, _ axis: AxisReference) throws(Fault) -> [Int] {
    if case .list(let list) = call[1] {
      var sizes: [Int] = []
      for item in list.values { sizes.append(try call.machine.integer(item, "an int as a size")) }
      return sizes
    }
    let size = try call.machine.integer(call[1], "an int as a size")
    guard size > 0 else { throw Fault(.badArgument, "a part has at least one position; this is \(size)") }
    let position = try tensorCall { () throws(TensorError) in try tensor.axis(axis, op: "split") }
    let whole = tensor.shape[position]
    return stride(from: 0, to: whole, by: size).map { Swift.min(size, whole - $0) }
  }

  private static func splitting(_ tensor: Tensor, _ sizes: [Int], _ axis: AxisReference) throws(Fault) -> [Tensor] {
    do throws(TensorError) { return try tensor.split(sizes: sizes, over: axis) } catch { throw Fault(error) }
  }

  private static var edges: [Builtin] {
    [
      Builtin(
        "pad(x, widths, value = 0)", "More elements before and after: `[before, after]` for the last axis, or a pair for each axis.",
        example: "pad(ones(2), [1, 0])  #> f32[3]  [0.0, 1.0, 1.0]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let widths = try widths(call, tensor)
        if let number = call.living(2) {
          return try call.core { () throws(TensorError) in try tensor.padded(widths, with: .tensor(number)) }
        }
        let value: Scalar =
          switch try call.machine.number(of: call[2]) {
          case .int(let number): .int(number)
          case .float(let number): .float(number)
          case .bool(let flag): .bool(flag)
          }
        return try call.core { () throws(TensorError) in try tensor.padded(widths, with: .scalar(value)) }
      },
      Builtin("tril(x, diagonal: int = 0)", "The lower triangle of the last two axes; zeros above.", example: "sum(tril(ones(3, 3)))  #> 6.0") { call throws(Fault) in
        let tensor = try call.tensor(0)
        let diagonal = try call.machine.integer(call[1])
        return try call.core { () throws(TensorError) in try tensor.lowerTriangle(diagonal: diagonal) }
      },
      Builtin("triu(x, diagonal: int = 0)", "The upper triangle of the last two axes; zeros below.", example: "sum(triu(ones(3, 3), 1))  #> 3.0") { call throws(Fault) in
        let tensor = try call.tensor(0)
        let diagonal = try call.machine.integer(call[1])
        return try call.core { () throws(TensorError) in try tensor.upperTriangle(diagonal: diagonal) }
      },
    ]
  }

  private static func widths(_ call: borrowing Call, _ tensor: Tensor) throws(Fault) -> [(before: Int, after: Int)] {
    func pair(_ value: Value) throws(Fault) -> (before: Int, after: Int) {
      guard case .list(let list) = value, list.count == 2 else {
        throw Fault(.badArgument, "`pad` takes pairs `[before, after]`; this is \(value.description)")
      }
      return (try call.machine.integer(list[0]), try call.machine.integer(list[1]))
    }
    guard case .list(let list) = call[1] else { throw Fault(.badArgument, "`pad` takes pairs `[before, after]`") }
    var pairs: [(before: Int, after: Int)] = []
    if case .list? = list.values.first {
      for item in list.values { pairs.append(try pair(item)) }
    } else {
      pairs = [try pair(call[1])]
    }
    // Pairs are for the last axes; the ones before stay as they are.
    while pairs.count < tensor.rank { pairs.insert((0, 0), at: 0) }
    return pairs
  }
}
