import TernRuntime
import TernSyntax
import TernTensor

/// `grad`, `value_and_grad`, `vjp`, `jvp` and `hessian`: functions on functions.
enum Gradients {
  static var builtins: [Builtin] {
    [
      Builtin(
        "grad(f: any, wrt: any = none) -> fn",
        "The function that gives the gradient of `f` by its first argument, or by those that `wrt:` names. `f` gives one number, or a record with a `loss`.",
        example: "grad(x => x ** 3)(2.0)  #> 12.0"
      ) { call throws(Fault) in .foreign(Foreign(Differentiated(try call.function(0), wrt: call[1], givesValue: false))) },
      Builtin(
        "value_and_grad(f: any, wrt: any = none) -> fn", "As `grad`, with what `f` gives beside it: `{value, gradient}`.",
        example: "value_and_grad(x => x ** 2)(3.0)  #> {value: 9.0, gradient: 6.0}"
      ) { call throws(Fault) in .foreign(Foreign(Differentiated(try call.function(0), wrt: call[1], givesValue: true))) },
      Builtin(
        "vjp(f: any, wrt: any = none) -> fn",
        "What `f` gives, and the function that pulls a gradient of that back to the first argument, or to those that `wrt:` names: `{value, pullback}`.",
        example: "vjp(x => x ** 2)(tensor([1, 3])).pullback([1, 10])  #> f32[2]  [2.0, 60.0]"
      ) { call throws(Fault) in .foreign(Foreign(Pulling(try call.function(0), wrt: call[1]))) },
      Builtin(
        "jvp(f: any) -> fn",
        "Called with the first argument and its tangent: what `f` gives, and how that changes along the tangent: `{value, tangent}`.",
        example: "jvp(x => x ** 3)(2.0, 1.0)  #> {value: 8.0, tangent: 12.0}"
      ) { call throws(Fault) in .foreign(Foreign(Pushing(try call.function(0)))) },
      Builtin(
        "hessian(f: any) -> fn", "The function that gives all second derivatives of `f` by its first argument, a tensor or a number.",
        example: "hessian(x => sum(x ** 3))(tensor([1, 2]))  #> f32[2, 2]\n  6.0   0.0\n  0.0  12.0"
      ) { call throws(Fault) in .foreign(Foreign(SecondDerivative(try call.function(0)))) },
    ]
  }
}

/// What `grad(f)` is.
private final class Differentiated: CallableValue {
  private let function: Value
  private let wrt: Value
  private let givesValue: Bool

  init(_ function: Value, wrt: Value, givesValue: Bool) {
    self.function = function
    self.wrt = wrt
    self.givesValue = givesValue
  }

  var kind: String { "fn" }
  var wrapped: Value? { function }
  func text(width: Int) -> String { givesValue ? "fn value_and_grad" : "fn grad" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    let forward = try Forward(function, wrt: wrt, machine, positional, labels)
    defer { forward.graph.end() }
    let gradient = forward.tree(of: try gradients(of: try number(of: forward.value), forward))
    guard givesValue else { return gradient }
    return .record(RecordObject(["value": forward.lowered(forward.value), "gradient": gradient]))
  }

  private func number(of value: Value) throws(Fault) -> Value {
    guard case .record(let record) = value else { return value }
    guard let loss = record["loss"] else {
      throw Fault(.notScalarLoss, "the function gives one number, or a record with a `loss`; this record has none")
    }
    return loss
  }

  private func gradients(of loss: Value, _ forward: Forward) throws(Fault) -> [Tensor] {
    let output: Tensor
    switch loss {
    case .tensor(let tensor):
      guard tensor.rank == 0, tensor.dtype != .bool else {
        throw Fault(.notScalarLoss, "a gradient is of one number; the function gives \(tensor.typeText)", hint: "`mean(…)` or `sum(…)` of it")
      }
      output = tensor.dtype.isFloat ? tensor : try tensorCall { () throws(TensorError) in try tensor.cast(.f32) }
    case .int, .float:
      // The number does not depend on the arguments: the gradient is zero.
      output = try tensorCall { () throws(TensorError) in try Tensor.weak(.float(0)) }
    default: throw Fault(.notScalarLoss, "a gradient is of one number; the function gives \(loss.description)")
    }
    do throws(TensorError) { return try forward.graph.gradients(of: output, by: forward.roots) } catch { throw Fault(error) }
  }
}

/// What `vjp(f)` is.
private final class Pulling: CallableValue {
  private let function: Value
  private let wrt: Value

  init(_ function: Value, wrt: Value) {
    self.function = function
    self.wrt = wrt
  }

  var kind: String { "fn" }
  func text(width: Int) -> String { "fn vjp" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    let forward = try Forward(function, wrt: wrt, machine, positional, labels)
    return .record(RecordObject(["value": forward.lowered(forward.value), "pullback": .foreign(Foreign(Pullback(forward)))]))
  }
}

/// What pulls gradients of a value back to the arguments it came from; keeps what was recorded until it goes.
private final class Pullback: CallableValue {
  private let forward: Forward

  init(_ forward: Forward) { self.forward = forward }
  deinit { forward.graph.end() }

  var kind: String { "fn" }
  func text(width: Int) -> String { "fn pullback" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    guard positional.count == 1, labels.isEmpty else { throw Fault(.badArgument, "a pullback takes one argument, formed like the value") }
    let (outputs, seeds) = try Cotangents.paired(forward.value, positional[0], "the cotangent", machine)
    do throws(TensorError) { return forward.tree(of: try forward.graph.gradients(of: outputs, seeds: seeds, by: forward.roots)) } catch {
      throw Fault(error)
    }
  }
}

/// What `jvp(f)` is.
private final class Pushing: CallableValue {
  private let function: Value

  init(_ function: Value) { self.function = function }

  var kind: String { "fn" }
  func text(width: Int) -> String { "fn jvp" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    guard positional.count >= 2 else {
      throw Fault(.missingArgument, "`jvp(f)` is called with the first argument and its tangent", hint: "`jvp(f)(x, dx)`")
    }
    let forward = try Forward(function, wrt: .none, machine, [positional[0]] + positional.dropFirst(2), labels)
    defer { forward.graph.end() }
    let (_, tangents) = try Cotangents.paired(forward.arguments[0].value, positional[1], "the tangent", machine)
    var outputs: [Tensor] = []
    _ = try Leaves.replacing(forward.value) { leaf, _ throws(Fault) in
      if case .tensor(let tensor) = leaf { outputs.append(tensor) }
      return leaf
    }
    let ends = outputs
    let found = try tensorCall { () throws(TensorError) in try forward.graph.derivatives(of: ends, along: tangents, of: forward.roots) }
    var next = 0
    let tangent = try Leaves.replacing(forward.value) { leaf, _ throws(Fault) in
      guard case .tensor(let tensor) = leaf else { return .float(0) }
      defer { next += 1 }
      return (tensor.isWeak ? found[next].weakened : found[next]).asWeakNumber
    }
    return .record(RecordObject(["value": forward.lowered(forward.value), "tangent": tangent]))
  }
}

/// What `hessian(f)` is: every row of the gradient's own gradient, all in one sweep.
private final class SecondDerivative: CallableValue {
  private let function: Value

  init(_ function: Value) { self.function = function }

  var kind: String { "fn" }
  var wrapped: Value? { function }
  func text(width: Int) -> String { "fn hessian" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    let slope = Value.foreign(Foreign(Differentiated(function, wrt: .none, givesValue: false)))
    var arguments = try machine.arguments(of: function, positional, labels)
    guard let first = arguments.first else { throw Fault(.missingArgument, "a gradient is taken by an argument; none was given") }
    switch first.value {
    case .int, .float: return try machine.call(.foreign(Foreign(Differentiated(slope, wrt: .none, givesValue: false))), positional, labels: labels)
    case .tensor:
      let graph = Graph()
      defer { graph.end() }
      let root = graph.lift(try Forward.start(first.value, ""))
      arguments[0].value = .tensor(root)
      guard case .tensor(let gradient) = try machine.call(slope, withArguments: arguments) else { return .none }
      return .tensor(try tensorCall { () throws(TensorError) in try graph.jacobian(of: gradient, by: root) })
    default:
      throw Fault(.notDifferentiable, "`hessian` goes by a tensor or a number; this is \(first.value.description)")
    }
  }
}

extension Tensor {
  /// A weak number that no level records is a float again.
  var asWeakNumber: Value {
    if isWeak && rank == 0 && !isTracked, case .float(let number)? = scalar { return .float(number) }
    return .tensor(self)
  }

}
