import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// A model that `fit` made, or the model of a run, and how it reads its data.
struct Trained {
  let model: Value
  let preparation: Preparation

  /// Rows given to the model at once.
  private static let batchSize = 1024

  init(_ value: Value, for word: String) throws(Fault) {
    let model = if let run = value.run { try run.keptModel() } else { value }
    let attached: Preparation?
    switch model {
    case .model(let object): attached = object.preparation
    case .foreign(let foreign) where foreign.value is SavedModel: attached = (foreign.value as? SavedModel)?.preparation
    default: throw Fault(.badArgument, "`\(word)` takes a model or a run first; this is \(value.description)")
    }
    guard let preparation = attached else {
      throw Fault(
        .notFitted, "this model was not made by `fit`: nothing says which columns it takes",
        hint: "`run.model` of a `fit` knows; `net(x)` gives the scores of a tensor")
    }
    (self.model, self.preparation) = (model, preparation)
  }

  /// The raw scores of every row, as in serving.
  func scores(of features: Tensor, _ machine: Machine) throws(Fault) -> Tensor {
    let count = features.rank > 0 ? features.shape[0] : 0
    guard count > Trained.batchSize else { return try scores(ofBatch: features, machine) }
    var parts: [Tensor] = []
    for start in stride(from: 0, to: count, by: Trained.batchSize) {
      try machine.limits.check(after: 1)
      parts.append(try scores(ofBatch: features.rows(from: start, count: min(Trained.batchSize, count - start)), machine))
    }
    let all = parts
    return try tensorCall { () throws(TensorError) in try Tensor.concat(all) }
  }

  private func scores(ofBatch features: Tensor, _ machine: Machine) throws(Fault) -> Tensor {
    let out =
      if model.saved != nil { try machine.call(model, [.tensor(features)]) } else {
        try machine.call(try machine.compiledWord("scores_of"), [model, .tensor(features)])
      }
    guard case .tensor(let scores) = out, scores.rank > 0, scores.shape[0] == features.shape[0] else {
      throw Fault(.badLoss, "the model gives one answer a row; this gave \(out.description)")
    }
    return scores
  }
}

extension Value {
  var run: RunValue? { if case .foreign(let foreign) = self { foreign.value as? RunValue } else { nil } }
}
