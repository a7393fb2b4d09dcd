import TernData
import TernRuntime
import TernSyntax
import TernTensor

extension ModelWords {
  static var inspect: Builtin {
    Builtin(
      "inspect(net: any, x, target = none, loss = none)",
      """
      What goes on in a model, as a dataset with a row for what each layer gives, each param and its gradient: shape, mean, \
      spread, extremes, the share of zeros, and how many numbers are not finite. Gradients are those of the `loss` with `target`, \
      else of the mean of what the model gives.
      """,
      example: """
        let seen = inspect(init(dense(1), f32[_, 2], seed: 1), ones(4, 2))
        len(seen)  #> 5
        """
    ) { call throws(Fault) in
      guard case .model = call[0] else { throw call.refusal(0, takes: "a model", hint: call[0].saved != nil ? "`load(path, into: net)` gives one that can be looked into" : "a run has one: `run.model`") }
      let machine = call.machine
      var rows = Inspection()
      for layer in try LayerCalls(of: call[0], [call[1]], machine).layers {
        if case .tensor(let tensor) = layer.out { rows.add(layer.path.isEmpty ? "(all)" : layer.path, "values", tensor) }
      }
      for (path, leaf) in try Leaves.named(call[0]) { if case .tensor(let tensor) = leaf { rows.add(path, "param", tensor) } }
      for (path, leaf) in try Leaves.named(try gradient(call)) { if case .tensor(let tensor) = leaf { rows.add(path, "gradient", tensor) } }
      return .dataset(try dataCall { try rows.table() })
    }
  }

  private static func gradient(_ call: borrowing Call) throws(Fault) -> Value {
    let machine = call.machine
    guard call.has(2) == call.has(3) else {
      throw Fault(.missingArgument, "a loss compares with a target: `inspect` has only `\(call.has(2) ? "target" : "loss")`", hint: "`inspect(net, x, target: y, loss: mse)`")
    }
    let loss = call.has(3) ? try call.function(3) : try machine.libraryWord("scores_alone")
    // Dropout draws: from a stream of its own, so that looking changes nothing.
    machine.chance.push(Key(seed: 0))
    defer { machine.chance.pop() }
    let step = try machine.call(try machine.libraryWord("gradient_step"), [call[0], call[1], call.has(2) ? call[2] : .none, loss])
    guard case .record(let fields) = step, let gradient = fields["gradient"] else { throw Fault(.internalFault, "`gradient_step` gave no gradient") }
    return gradient
  }
}

/// Rows of `inspect`.
private struct Inspection {
  private var names: [String] = [], kinds: [String] = [], shapes: [String] = []
  private var numbers: [Statistics] = []

  mutating func add(_ name: String, _ kind: String, _ tensor: Tensor) {
    names.append(name)
    kinds.append(kind)
    shapes.append(tensor.typeText)
    numbers.append(Statistics(tensor))
  }

  func table() throws(DataError) -> Table {
    func float(_ get: (Statistics) -> Double?) -> Column { .float(numbers.map(get)) }
    return try Table([
      ("name", .text(names.map { $0 })), ("what", .text(kinds.map { $0 })), ("shape", .text(shapes.map { $0 })), ("mean", float(\.mean)),
      ("std", float(\.deviation)), ("min", float(\.least)), ("max", float(\.greatest)), ("zeros", float(\.zeros)),
      ("bad", .int(numbers.map(\.bad))),
    ])
  }
}

/// Of the finite elements of a tensor; nil where there are none.
private struct Statistics {
  let mean, deviation, least, greatest, zeros: Double?
  /// Elements that are not finite.
  let bad: Int

  init(_ tensor: Tensor) {
    let all = (0..<tensor.count).map { tensor.element($0).double }
    let finite = all.filter(\.isFinite)
    bad = all.count - finite.count
    guard !finite.isEmpty else {
      (mean, deviation, least, greatest, zeros) = (nil, nil, nil, nil, nil)
      return
    }
    let count = Double(finite.count), mean = finite.reduce(0, +) / count
    self.mean = mean
    deviation = (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    (least, greatest) = (finite.min(), finite.max())
    zeros = Double(finite.count { $0 == 0 }) / count
  }
}
