import TernTensor
import TernTraining

/// A line fitted by hand-written gradient descent: y ≈ w x + b, with mean squared error.
struct LineFit: TrainStep {
  var rate = 0.1
  /// Called with every batch before it is learned from.
  var look: (Batch, TrainMoment) throws -> Void = { _, _ in }
  var evaluated: [Double] = []

  static var leaves: [NamedTensor] { [NamedTensor("w", .f64(0)), NamedTensor("b", .f64(0))] }

  func step(_ leaves: inout [NamedTensor], batch: Batch, moment: TrainMoment) throws -> BatchOutcome {
    try look(batch, moment)
    let (w, b) = (leaves[0].tensor.double, leaves[1].tensor.double)
    let (x, errors) = LineFit.errors(batch, w, b)
    let count = Double(errors.count)
    leaves[0].tensor = .f64(w - rate * 2 * zip(errors, x).reduce(0) { $0 + $1.0 * $1.1 } / count)
    leaves[1].tensor = .f64(b - rate * 2 * errors.reduce(0, +) / count)
    return LineFit.outcome(errors)
  }

  mutating func evaluate(_ leaves: [NamedTensor], batch: Batch) -> BatchOutcome {
    let errors = LineFit.errors(batch, leaves[0].tensor.double, leaves[1].tensor.double).errors
    evaluated += errors
    return LineFit.outcome(errors)
  }

  mutating func metricsOfEvaluated() -> [Metric] {
    defer { evaluated = [] }
    return LineFit.outcome(evaluated).metrics
  }

  func firstNonFinite(among leaves: [NamedTensor]) -> Metric? {
    leaves.first { !$0.tensor.double.isFinite }.map { Metric($0.name, $0.tensor.double) }
  }

  private static func errors(_ batch: Batch, _ w: Double, _ b: Double) -> (x: [Double], errors: [Double]) {
    let x = batch.tensors[0].tensor.floats.map(Double.init), y = batch.tensors[1].tensor.floats.map(Double.init)
    return (x, zip(x, y).map { w * $0 + b - $1 })
  }

  private static func outcome(_ errors: [Double]) -> BatchOutcome {
    let count = Double(errors.count)
    return BatchOutcome(
      loss: errors.reduce(0) { $0 + $1 * $1 } / count, metrics: [Metric("mae", errors.reduce(0) { $0 + abs($1) } / count)])
  }
}

/// Points on the line y = 2 x + 1, evenly spread over -1...1.
struct LinePoints: BatchSource {
  var rowCount: Int

  func batch(rows: [Int]) -> Batch {
    let x = rows.map { Float($0) / Float(max(1, rowCount - 1)) * 2 - 1 }
    return Batch(tensors: [NamedTensor("x", .f32(x)), NamedTensor("y", .f32(x.map { 2 * $0 + 1 }))], rows: rows)
  }
}
