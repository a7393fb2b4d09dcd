import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// What `gradient_step` says of one part of a batch.
struct GradientPart {
  let model: Value
  let gradient: Value
  let loss: Double
  let scores: Value

  init(model: Value, gradient: Value, loss: Double, scores: Value) {
    self.model = model
    self.gradient = gradient
    self.loss = loss
    self.scores = scores
  }

  init(_ fields: RecordObject, _ machine: Machine) throws(Fault) {
    guard let model = fields["model"], let gradient = fields["gradient"] else { throw Fault(.internalFault, "`gradient_step` gave no gradient") }
    self.init(model: model, gradient: gradient, loss: try machine.double(fields["loss"] ?? .none, "the loss"), scores: fields["scores"] ?? .none)
  }
}

/// The gradients of a batch's shares, one from each worker, in the order of the workers.
struct GradientParts {
  private let parts: [GradientPart]
  /// How much each part counts; together 1.
  private let weights: [Double]

  init(
    of batch: Batch, _ model: Value, _ word: Value, _ loss: Value, _ strategy: StrategyValue, _ machine: Machine
  ) throws(Fault) {
    let pieces = strategy.shares(of: batch.rows.count).map(batch.piece)
    let whole = pieces.reduce(0) { $0 + $1.share }
    weights = pieces.map { whole > 0 ? $0.share / whole : 0 }
    let sets = pieces.map { [model] + $0.arguments(loss) }
    var found: [Value] = []
    if case .foreign(let foreign) = word, let compiled = foreign.value as? Jitted {
      found = try machine.callOnWorkers(compiled, sets)
    } else {
      // What is not compiled runs on the machine's thread, one share after another.
      for (number, set) in sets.enumerated() {
        machine.chance.enter(child: number)
        found.append(try machine.call(word, set))
      }
    }
    var parts: [GradientPart] = []
    for value in found {
      guard case .record(let fields) = value else { throw Fault(.internalFault, "`gradient_step` gave no record") }
      parts.append(try GradientPart(fields, machine))
    }
    self.parts = parts
  }

  var gradients: Value { .list(parts.map(\.gradient)) }
  var shares: Value { .list(weights.map { .float($0) }) }
  var scores: [Value] { parts.map(\.scores) }
  var loss: Double { zip(parts, weights).reduce(0) { $0 + ($1.1 > 0 ? $1.0.loss * $1.1 : 0) } }

  /// The model with its states averaged as the gradients are; those that are no floats are the first worker's.
  func model() throws(Fault) -> Value {
    guard parts.count > 1, let first = parts.first else { return parts.first?.model ?? .none }
    var states: [String: [Tensor]] = [:]
    for part in parts {
      for (place, leaf) in try TreeParts.named(part.model) where place.isState {
        if case .tensor(let tensor) = leaf, tensor.dtype.isFloat { states[place.path, default: []].append(tensor) }
      }
    }
    guard !states.isEmpty else { return first.model }
    return try TreeParts.replacing(first.model) { leaf, place throws(Fault) in
      guard place.isState, let all = states[place.path], all.count == weights.count else { return leaf }
      return .tensor(try average(all))
    }
  }

  private func average(_ tensors: [Tensor]) throws(Fault) -> Tensor {
    try tensorCall { () throws(TensorError) in
      var sum = try Tensor.binary(.multiply, .tensor(tensors[0]), .scalar(.float(weights[0])))
      for (tensor, weight) in zip(tensors, weights).dropFirst() {
        sum = try Tensor.binary(.add, .tensor(sum), .tensor(try Tensor.binary(.multiply, .tensor(tensor), .scalar(.float(weight)))))
      }
      return sum
    }
  }
}
