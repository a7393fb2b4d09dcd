import TernRuntime
import TernSyntax
import TernTensor

/// `grad` and `value_and_grad`: functions on functions.
enum Gradients {
  static var builtins: [Builtin] {
    [
      Builtin(
        "grad(f: any, wrt: any = none)",
        "The function that gives the gradient of `f` by its first argument, or by those that `wrt:` names. `f` gives one number, or a record with a `loss`.",
        example: "grad(x => x ** 3)(2.0)  #> 12.0"
      ) { call throws(Fault) in .foreign(Foreign(Differentiated(try call.function(0), wrt: call[1], givesValue: false))) },
      Builtin(
        "value_and_grad(f: any, wrt: any = none)", "As `grad`, with what `f` gives beside it: `{value, gradient}`.",
        example: "value_and_grad(x => x ** 2)(3.0)  #> {value: 9.0, gradient: 6.0}"
      ) { call throws(Fault) in .foreign(Foreign(Differentiated(try call.function(0), wrt: call[1], givesValue: true))) },
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
  func text(width: Int) -> String { givesValue ? "fn value_and_grad" : "fn grad" }

  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    var arguments = try machine.arguments(of: function, positional, labels)
    let chosen = try positions(in: arguments)
    let graph = Graph()
    defer { graph.end() }
    var roots: [Tensor] = []
    for position in chosen {
      arguments[position].value = try Leaves.replacing(arguments[position].value) { leaf, path throws(Fault) in
        let root = graph.lift(try start(leaf, path))
        roots.append(root)
        return .tensor(root)
      }
    }
    let value = try machine.call(function, withArguments: arguments)
    let loss = try number(of: value)
    let gradients = try gradients(graph, loss, roots)
    var next = 0
    var results: [(String, Value)] = []
    for position in chosen {
      let tree = try Leaves.replacing(arguments[position].value) { leaf, _ throws(Fault) in
        defer { next += 1 }
        return gradients[next].asWeakNumber
      }
      results.append((arguments[position].name ?? "", tree))
    }
    let gradient = isSingle ? results[0].1 : .record(record(results))
    guard givesValue else { return gradient }
    return .record(RecordObject(["value": value.replacingTensors { graph.lower($0).asWeakNumber }, "gradient": gradient]))
  }

  /// One gradient, or a record of them by name.
  private var isSingle: Bool {
    if case .list = wrt { false } else { true }
  }

  private func record(_ fields: [(String, Value)]) -> RecordObject {
    let record = RecordObject()
    for (name, value) in fields { record.set(name, value) }
    return record
  }

  private func positions(in arguments: [BoundArgument]) throws(Fault) -> [Int] {
    var names: [String] = []
    switch wrt {
    case .none:
      guard !arguments.isEmpty else { throw Fault(.missingArgument, "a gradient is taken by an argument; none was given") }
      return [0]
    case .string(let name): names = [name.text]
    case .list(let list):
      for item in list.values {
        guard case .string(let name) = item else { throw Fault(.badArgument, "`wrt:` takes names of arguments; this is \(item.description)") }
        names.append(name.text)
      }
    default: throw Fault(.badArgument, "`wrt:` takes a name or a list of names; this is \(wrt.description)")
    }
    var positions: [Int] = []
    for name in names {
      guard let position = arguments.firstIndex(where: { $0.name == name }) else {
        let known = arguments.compactMap(\.name)
        let near = didYouMean(name, among: known).map { "did you mean `\($0)`?" }
        throw Fault(.unknownLabel, "the function has no argument `\(name)`", hint: near ?? "its arguments are \(known.joined(separator: ", "))")
          .about(name)
      }
      positions.append(position)
    }
    return positions
  }

  /// A leaf as what the graph starts from: a number is weak, as numbers of scripts are.
  private func start(_ leaf: Value, _ path: String) throws(Fault) -> Tensor {
    switch leaf {
    case .int(let number): return try tensorCall { () throws(TensorError) in try Tensor.weak(.float(Double(number))) }
    case .float(let number): return try tensorCall { () throws(TensorError) in try Tensor.weak(.float(number)) }
    case .tensor(let tensor):
      guard tensor.dtype.isFloat else {
        throw Fault(
          .notDifferentiable, "a gradient is by floats; this is \(tensor.typeText)\(path.isEmpty ? "" : " at `\(path)`")", hint: "`cast(x, f32)`")
      }
      return tensor
    default: throw Fault(.notDifferentiable, "a gradient is by numbers; this is \(leaf.description)")
    }
  }

  private func number(of value: Value) throws(Fault) -> Value {
    guard case .record(let record) = value else { return value }
    guard let loss = record["loss"] else {
      throw Fault(.notScalarLoss, "the function gives one number, or a record with a `loss`; this record has none")
    }
    return loss
  }

  private func gradients(_ graph: Graph, _ loss: Value, _ roots: [Tensor]) throws(Fault) -> [Tensor] {
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
    do throws(TensorError) { return try graph.gradients(of: output, by: roots) } catch { throw Fault(error) }
  }
}

extension Tensor {
  /// A weak number that no level records is a float again.
  fileprivate var asWeakNumber: Value {
    if isWeak && rank == 0 && !isTracked, case .float(let number)? = scalar { return .float(number) }
    return .tensor(self)
  }
}
