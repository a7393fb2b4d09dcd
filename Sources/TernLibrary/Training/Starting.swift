import TernRuntime
import TernSyntax
import TernTensor

/// Where a model's numbers come from, when they come from another one: `from: run`.
struct Starting {
  private var sources: [String: Tensor] = [:]

  init(_ model: ModelObject) throws(Fault) {
    for (place, leaf) in try TreeParts.named(.model(model)) {
      if case .tensor(let tensor) = leaf { sources[place.path] = tensor }
    }
    if sources.isEmpty { throw Fault(.uninitialised, "the model to start from has no numbers yet", hint: "`from` takes a run, or a model that was trained or loaded") }
  }

  /// The model with what the other has at the same paths in the same shapes.
  func applied(to model: Value, note: (String) -> Void) throws(Fault) -> Value {
    var taken = 0, fresh: [String] = []
    let started = try TreeParts.replacing(model) { leaf, place throws(Fault) in
      guard case .tensor(let own) = leaf, let source = sources[place.path], own.shape == source.shape, own.dtype == source.dtype else {
        fresh.append(place.path)
        return leaf
      }
      taken += 1
      return .tensor(source.renamed(own.axisNames))
    }
    guard taken > 0 else {
      throw Fault(
        .checkpointMismatch, "nothing in the model is called and shaped as in the one it is to start from",
        hint: "`from` takes a run of a model that shares layers with this one")
    }
    if !fresh.isEmpty {
      note("note: \(taken) of \(taken + fresh.count) params start from the earlier model; new: \(fresh.prefix(4).joined(separator: ", "))\(fresh.count > 4 ? ", …" : "")\n")
    }
    return started
  }
}
