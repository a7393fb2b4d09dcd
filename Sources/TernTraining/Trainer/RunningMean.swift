/// The mean of batches' outcomes, each counted by its weight, so that a short last batch counts for its rows only.
struct RunningMean: Equatable {
  private(set) var loss = WeightedSum()
  /// In the order the metrics first came.
  private(set) var metrics: [(name: String, sum: WeightedSum)] = []

  init() {}

  /// A mean as it stood.
  init(loss: WeightedSum, metrics: [(name: String, sum: WeightedSum)]) {
    self.loss = loss
    self.metrics = metrics
  }

  var isEmpty: Bool { loss.count == 0 }

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
      var sum = WeightedSum()
      sum.add(metric.value, weight: weight)
      metrics.append((metric.name, sum))
    }
  }

  /// NaN when nothing was added.
  var meanLoss: Double { loss.mean }
  var meanMetrics: [Metric] { metrics.map { Metric($0.name, $0.sum.mean) } }

  static func == (a: RunningMean, b: RunningMean) -> Bool {
    a.loss == b.loss && a.metrics.elementsEqual(b.metrics) { $0.name == $1.name && $0.sum == $1.sum }
  }
}

struct WeightedSum: Equatable {
  var total = 0.0
  var weight = 0.0
  /// Numbers added, of whatever weight.
  var count = 0

  mutating func add(_ value: Double, weight: Double) {
    total += value * weight
    self.weight += weight
    count += 1
  }

  var mean: Double { total / weight }
}
