import TernRuntime
import TernSyntax
import TernTensor

/// Words that make tensors, ask what they are, and convert them.
enum TensorCreation {
  static var builtins: [Builtin] { making + asking + random }

  private static var making: [Builtin] {
    [
      Builtin(
        "tensor(x, dtype: type = none, axes: list = none)", "A tensor of a number, a list of numbers nested to any depth, or a column: f32 unless told, bools stay bool.",
        example: "tensor([[1, 2], [3, 4]], axes: [\"row\", \"col\"])[row: 1]  #> f32[col: 2]  [3.0, 4.0]"
      ) { call throws(Fault) in
        let dtype = try call.dtype(1)
        var tensor = try call.tensor(0, dtype)
        if let dtype, tensor.dtype != dtype { tensor = try tensorCall { () throws(TensorError) in try tensor.cast(dtype) } }
        guard call.has(2) else { return .tensor(tensor) }
        return try call.core { () throws(TensorError) in try tensor.named(checking: try names(call, 2)) }
      },
      Builtin(
        "zeros(...sizes, dtype: type = none)", "Zeros of a shape: sizes one by one, as a list, or as a record that names the axes.",
        example: "zeros(2, dtype: i64)  #> i64[2]  [0, 0]"
      ) { call throws(Fault) in try filled(call, .int(0)) },
      Builtin("ones(...sizes, dtype: type = none)", "Ones of a shape.", example: "ones(3)  #> f32[3]  [1.0, 1.0, 1.0]") {
        call throws(Fault) in try filled(call, .int(1))
      },
      Builtin(
        "full(sizes, value, dtype: type = none)", "One number everywhere in a shape.", example: "full([2], 7)  #> f32[2]  [7.0, 7.0]"
      ) { call throws(Fault) in
        var sizes: [Int] = []
        for item in try call.machine.items(of: call[0]).values { sizes.append(try call.machine.integer(item, "an int as a size")) }
        if let number = call.living(1) {
          let dtype = try call.dtype(2) ?? (number.dtype == .bool ? .bool : .f32)
          return try call.core { () throws(TensorError) in try number.cast(dtype).broadcast(to: Shape(checking: sizes)) }
        }
        let value: Scalar
        switch try call.machine.number(of: call[1]) {
        case .int(let number): value = .int(number)
        case .float(let number): value = .float(number)
        case .bool(let flag): value = .bool(flag)
        }
        var dtype = try call.dtype(2) ?? .f32
        if case .bool = value, !call.has(2) { dtype = .bool }
        return try call.core { () throws(TensorError) in try Tensor.full(shape: Shape(checking: sizes), value, dtype: dtype) }
      },
      Builtin("eye(rows: int, columns: int = none, dtype: type = none)", "Ones on the diagonal, zeros elsewhere.", example: "sum(eye(3))  #> 3.0") {
        call throws(Fault) in
        let rows = try call.machine.integer(call[0])
        let columns = call.has(1) ? try call.machine.integer(call[1]) : nil
        let dtype = try call.dtype(2) ?? .f32
        return try call.core { () throws(TensorError) in try Tensor.eye(rows, columns, dtype: dtype) }
      },
      Builtin(
        "arange(start, stop = none, step = 1, dtype: type = none)", "Numbers from start up to, but without, stop; of ints i64, else f32.",
        example: "arange(2, 8, step: 2)  #> i64[3]  [2, 4, 6]"
      ) { call throws(Fault) in try arange(call) },
      Builtin(
        "linspace(start, stop, count: int)", "Numbers at equal distances, both ends included.",
        example: "linspace(0, 1, 5)  #> f32[5]  [0.0, 0.25, 0.5, 0.75, 1.0]"
      ) { call throws(Fault) in
        let count = try call.machine.integer(call[2])
        if call.living(0) != nil || call.living(1) != nil {
          let ramp = try tensorCall { () throws(TensorError) in try Tensor.linspace(from: 0, to: 1, count: count) }
          let width = try call.machine.arithmetic(.subtract, call[1], call[0])
          return try call.machine.arithmetic(.add, call[0], try call.machine.arithmetic(.multiply, width, .tensor(ramp)))
        }
        let start = try call.machine.double(call[0])
        let stop = try call.machine.double(call[1])
        return try call.core { () throws(TensorError) in try Tensor.linspace(from: start, to: stop, count: count) }
      },
    ]
  }

  private static func filled(_ call: borrowing Call, _ value: Scalar) throws(Fault) -> Value {
    let (shape, names) = try call.shape(0)
    let dtype = try call.dtype(1) ?? .f32
    return try call.core { () throws(TensorError) in
      let tensor = try Tensor.full(shape: shape, value, dtype: dtype)
      return names == nil ? tensor : try tensor.named(checking: names ?? [])
    }
  }

  private static func arange(_ call: borrowing Call) throws(Fault) -> Value {
    func scalar(_ value: Value) throws(Fault) -> Scalar {
      switch try call.machine.number(of: value) {
      case .int(let number): .int(number)
      case .float(let number): .float(number)
      case .bool(let flag): .int(flag ? 1 : 0)
      }
    }
    let first = try scalar(call[0])
    let (start, stop) = call.has(1) ? (first, try scalar(call[1])) : (.int(0), first)
    let step = try scalar(call[2])
    let dtype = try call.dtype(3)
    return try call.core { () throws(TensorError) in try Tensor.arange(from: start, to: stop, step: step, dtype: dtype) }
  }

  /// A list of axis names; `_` leaves an axis without one.
  static func names(_ call: borrowing Call, _ position: Int) throws(TensorError) -> [String?] {
    guard case .list(let list) = call[position] else { return [] }
    return list.values.map { value in
      if case .string(let name) = value, name.text != "_" { name.text } else { nil }
    }
  }

  private static var asking: [Builtin] {
    [
      Builtin("shape(x: tensor) -> list", "The sizes of the axes.", example: "shape(zeros(2, 3))  #> [2, 3]") { call throws(Fault) in
        .list(try call.tensor(0).shape.array.map(Value.int))
      },
      Builtin("shape(x) -> list", "The sizes of the axes of what can be taken as a tensor.") { call throws(Fault) in
        .list(try call.tensor(0).shape.array.map(Value.int))
      },
      Builtin(
        "axes(x: tensor) -> list", "The names of the axes, none where there is none.", example: "axes(zeros({row: 2}))  #> [\"row\"]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        return .list((0..<tensor.rank).map { tensor.axisName($0).map { Value.string($0) } ?? .none })
      },
      Builtin("dtype(x: tensor) -> type", "The element type.", example: "dtype(tensor([1, 2]))  #> f32") { call throws(Fault) in
        .type(TypeObject(name: try call.tensor(0).dtype.name))
      },
      Builtin(
        "cast(x, to: type)", "Converts to another dtype; to an integer the fraction is dropped.",
        example: "cast(tensor([1.7, -1.7]), i64)  #> i64[2]  [1, -1]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0, nil)
        guard let dtype = try call.dtype(1) else { throw Fault(.missingArgument, "`cast` needs `to`") }
        return try call.core { () throws(TensorError) in try tensor.cast(dtype) }
      },
      Builtin("len(x: tensor) -> int", "The size of the first axis.", example: "len(zeros(4, 2))  #> 4") { call throws(Fault) in
        let tensor = try call.tensor(0)
        guard tensor.rank > 0 else { throw Fault(.notIterable, "a tensor without axes has no length") }
        return .int(tensor.shape[0])
      },
    ]
  }

  private static var random: [Builtin] {
    [
      Builtin("randn(...sizes, dtype: type = none, seed: int = none)", "Draws from the normal distribution.", example: "shape(randn(2, 3))  #> [2, 3]", effect: .draws) {
        call throws(Fault) in
        let (shape, names) = try call.shape(0)
        let dtype = try call.dtype(1) ?? .f32
        let key = try call.stream(2)
        return try call.core { () throws(TensorError) in try Tensor.normal(key, shape, dtype: dtype, axisNames: names) }
      },
      Builtin("rand(...sizes, dtype: type = none, seed: int = none)", "Draws evenly from 0 up to, but without, 1.", example: "shape(rand(4))  #> [4]", effect: .draws) {
        call throws(Fault) in
        let (shape, names) = try call.shape(0)
        let dtype = try call.dtype(1) ?? .f32
        let key = try call.stream(2)
        return try call.core { () throws(TensorError) in try Tensor.uniform(key, shape, dtype: dtype, axisNames: names) }
      },
      Builtin(
        "randint(low: int, high: int, ...sizes, seed: int = none)", "Draws ints from low up to, but without, high.", example: "all(randint(0, 3, 10) < 3)  #> true",
        effect: .draws
      ) { call throws(Fault) in
        let low = try call.machine.integer(call[0])
        let high = try call.machine.integer(call[1])
        let (shape, names) = try call.shape(2)
        let key = try call.stream(3)
        return try call.core { () throws(TensorError) in try Tensor.integers(key, shape, from: low, to: high, axisNames: names) }
      },
      Builtin("permutation(n: int, seed: int = none)", "The positions below n in an order of chance.", example: "sum(permutation(4))  #> 6", effect: .draws) {
        call throws(Fault) in
        let count = try call.machine.integer(call[0])
        let key = try call.stream(1)
        return try call.core { () throws(TensorError) in try Tensor.permutation(key, of: count) }
      },
    ]
  }
}
