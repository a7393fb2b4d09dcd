/// The mean of batches' outcomes, each counted by its weight, so that a short last batch counts for its rows only.
struct RunningMean {
  private var loss = WeightedSum()
  /// In the order the metrics first came.
  private var metrics: [(name: String, sum: WeightedSum)] = []

  mutating func add(_ outcome: BatchOutcome, rows: Int) {
    let weight = outcome.weight ?? Double(rows)
    loss.add(outcome.loss, weight: weight)
    for (index, metric) in outcome.metrics.enumerated() { add(metric, weight: weight, expectedAt: index) }
  }

  /// Metrics come in the same order from every batch, so the first place looked at is nearly always the right one.
  private mutating func add(_ metric: Metric, weight: Double, expectedAt index: Int) {
    if index < metrics.count, metrics[index].name == metric.name {
      metrics[index].sum.add(metric.value, weight: weight)
    } else if let index = metrics.firstIndex(where: { $0.name == metric.name }) {
      metrics[index].sum.add(metric.value, weight: weight)
    } else {
      metrics.append((metric.name, WeightedSum(metric.value, weight: weight)))
    }
  }

  /// NaN when nothing was added.
  var meanLoss: Double { loss.mean }
  var meanMetrics: [Metric] { metrics.map { Metric($0.name, $0.sum.mean) } }
}

private struct WeightedSum {
  private var total = 0.0
  private var weight = 0.0

  init() {}

  init(_ value: Double, weight: Double) { add(value, weight: weight) }

  mutating func add(_ value: Double, weight: Double) {
    total += value * weight
    self.weight += weight
  }

  var mean: Double { total / weight }
}
