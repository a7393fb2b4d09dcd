import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// The rows of a table as a trainer takes them: features, target, perhaps weights, each a tensor along the first axis.
struct TrainingRows: BatchSource {
  let features: Tensor
  let target: Tensor
  let weights: Tensor?

  var rowCount: Int { target.rank > 0 ? target.shape[0] : 0 }

  func batch(rows: [Int]) throws -> Batch {
    var tensors = [NamedTensor("x", features.gathered(rows)), NamedTensor("y", target.gathered(rows))]
    if let weights { tensors.append(NamedTensor("weights", weights.gathered(rows))) }
    return Batch(tensors: tensors, rows: rows)
  }
}

extension TrainingRows {
  init(_ table: Table, _ preparation: Preparation, weighing: Weighing = Weighing()) throws(Fault) {
    features = try dataCall { try preparation.features(of: table) }
    target = try dataCall { try preparation.target(of: table) }
    weights = try weighing.weights(of: table, target: target, classes: preparation.classes)
  }
}

extension Tensor {
  /// The rows at these places, which all exist.
  func gathered(_ rows: [Int]) -> Tensor {
    guard case .tensor(let cells) = Column(.tensor(TensorCells(self))).gathered(rows).cells else { return self }
    return cells.tensor
  }

  /// A range of rows, which all exist.
  func rows(from start: Int, count: Int) -> Tensor {
    guard case .tensor(let cells) = Column(.tensor(TensorCells(self))).sliced(start..<start + count).cells else { return self }
    return cells.tensor
  }
}
