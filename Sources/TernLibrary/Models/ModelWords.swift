import TernRuntime
import TernSyntax
import TernTensor

/// Words about models: their numbers, their application, what they hold.
enum ModelWords {
  static var builtins: [Builtin] {
    [
      Builtin(
        "init(net: any, ...inputs, seed: int = none)",
        "The model with numbers: each param's start, from the seed and its path. The input is an example, or a type such as `f32[_, 784]`.",
        example: "shape(init(dense(3), f32[_, 2], seed: 1).w)  #> [2, 3]", effect: .draws
      ) { call throws(Fault) in
        let inputs = try examples(call)
        let key = try call.key(2)
        return try call.machine.initialise(call[0], inputs, seed: key)
      },
      Builtin(
        "apply(net: any, ...inputs, training: bool = false)",
        "What a model gives, and the model with the states its calls assigned: `{out, model}`.",
        example: "keys(apply(init(dense(1), f32[_, 2], seed: 1), ones(4, 2), training: true))  #> [\"out\", \"model\"]"
      ) { call throws(Fault) in
        guard case .list(let inputs) = call[1] else { return .none }
        let isTraining = try call.machine.truth(call[2])
        if isTraining, call[0].saved != nil {
          throw Fault(.badArgument, "a model that was loaded only serves", hint: "`load(path, into: net)` puts its numbers into one that can be trained").atArgument(0, "net")
        }
        let (out, model) = try call.machine.apply(call[0], Array(inputs.values), training: isTraining)
        return .record(RecordObject(["out": out, "model": model]))
      },
      Builtin(
        "parameters(net: any) -> record", "The params of a model, or the leaves of a tree, by path.",
        example: "keys(parameters(init(dense(1), f32[_, 2], seed: 1)))  #> [\"w\", \"b\"]"
      ) { call throws(Fault) in
        let record = RecordObject()
        for (path, leaf) in try Leaves.named(call[0]) { record.set(path, leaf) }
        return .record(record)
      },
      graft,
      summary, inspect,
    ]
  }

  /// Inputs to try a model on: tensors as they are, types as zeros, or as what is made of them.
  static func examples(_ call: borrowing Call, made: ((TensorType) -> Tensor)? = nil) throws(Fault) -> [Value] {
    guard case .list(let inputs) = call[1] else { return [] }
    var examples: [Value] = []
    for input in inputs.values {
      guard case .type(let type) = input else {
        examples.append(input)
        continue
      }
      let dtype = type.name == "float" ? DType.f32 : type.name == "int" ? .i64 : type.dtype ?? .f32
      let sizes = (type.axes ?? []).map { $0.size ?? 1 }
      let names = (type.axes ?? []).map(\.name)
      examples.append(
        .tensor(try tensorCall { () throws(TensorError) in
          let shape = try Shape(checking: sizes), known = names.contains { $0 != nil } ? names : nil
          guard let made else { return try Tensor.zeros(shape, dtype: dtype, axisNames: known) }
          let tensor = made(TensorType(dtype: dtype, shape: shape))
          guard let known else { return tensor }
          return try tensor.named(checking: known)
        }))
    }
    return examples
  }
}
