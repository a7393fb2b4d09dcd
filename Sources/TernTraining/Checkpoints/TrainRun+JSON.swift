import TernData

// What of a run is no tensor. Numbers come back bit by bit: JSON has no word for those that are not finite, so they are
// written as texts.
extension TrainRun {
  var json: JSONValue {
    let known: [(String, JSONValue?)] = [
      ("steps", .int(steps)), ("rows", .int(rows)), ("seconds", .number(seconds)), ("ending", ending.map { .string($0.rawValue) }),
      ("history", .array(history.map(\.exactJSON))), ("partial", partial.isEmpty ? Optional.none : .some(partial.json)), ("best", best?.json),
    ]
    return .object(known.compactMap { name, value in value.map { JSONMember(name, $0) } })
  }

  /// nil when the JSON is no stand of a run.
  init?(json: JSONValue, leaves: [NamedTensor]) {
    guard let steps = json["steps"]?.int, let rows = json["rows"]?.int, let seconds = json["seconds"]?.exactNumber,
      let items = json["history"]?.array
    else { return nil }
    let history = items.compactMap { HistoryRow(exactJSON: $0) }
    guard steps >= 0, history.count == items.count else { return nil }
    self.init(leaves: leaves, steps: steps, rows: rows, history: history)
    self.seconds = seconds.isFinite ? max(0, seconds) : 0
    ending = json["ending"]?.string.flatMap(Ending.init(rawValue:))
    if let written = json["partial"] {
      guard let mean = RunningMean(json: written) else { return nil }
      partial = mean
    }
    if let written = json["best"] {
      guard let found = BestEpoch(json: written) else { return nil }
      best = found
    }
  }
}

extension BestEpoch {
  fileprivate var json: JSONValue { ["epoch": .int(epoch), "value": .number(value), "step": .int(step)] }

  /// Without its leaves, which are another checkpoint's.
  fileprivate init?(json: JSONValue) {
    guard let epoch = json["epoch"]?.int, let value = json["value"]?.exactNumber, let step = json["step"]?.int else { return nil }
    self.init(epoch: epoch, value: value, step: step, leaves: [])
  }
}

extension RunningMean {
  fileprivate var json: JSONValue {
    .object([JSONMember("loss", loss.json), JSONMember("metrics", .array(metrics.map { ["name": .string($0.name), "sum": $0.sum.json] }))])
  }

  fileprivate init?(json: JSONValue) {
    guard let loss = json["loss"].flatMap(WeightedSum.init(json:)), let items = json["metrics"]?.array else { return nil }
    let metrics = items.compactMap { item -> (name: String, sum: WeightedSum)? in
      guard let name = item["name"]?.string, let sum = item["sum"].flatMap(WeightedSum.init(json:)) else { return nil }
      return (name, sum)
    }
    guard metrics.count == items.count else { return nil }
    self.init(loss: loss, metrics: metrics)
  }
}

extension WeightedSum {
  fileprivate var json: JSONValue { ["total": .number(total), "weight": .number(weight), "count": .int(count)] }

  fileprivate init?(json: JSONValue) {
    guard let total = json["total"]?.exactNumber, let weight = json["weight"]?.exactNumber, let count = json["count"]?.int else { return nil }
    self.init(total: total, weight: weight, count: count)
  }
}

extension HistoryRow {
  fileprivate var exactJSON: JSONValue {
    func list(_ metrics: [Metric]) -> JSONValue { .array(metrics.map { ["name": .string($0.name), "value": .number($0.value)] }) }
    return .object([
      JSONMember("epoch", .int(epoch)), JSONMember("loss", .number(loss)), JSONMember("metrics", list(metrics)),
      JSONMember("val_loss", validationLoss.map { .number($0) } ?? .null), JSONMember("val_metrics", list(validationMetrics)),
      JSONMember("seconds", .number(seconds)),
    ])
  }

  fileprivate init?(exactJSON json: JSONValue) {
    func list(_ name: String) -> [Metric]? {
      guard let items = json[name]?.array else { return nil }
      let metrics = items.compactMap { item -> Metric? in
        guard let name = item["name"]?.string, let value = item["value"]?.exactNumber else { return nil }
        return Metric(name, value)
      }
      return metrics.count == items.count ? metrics : nil
    }
    guard let epoch = json["epoch"]?.int, let loss = json["loss"]?.exactNumber, let metrics = list("metrics"),
      let validation = json["val_loss"], let validationMetrics = list("val_metrics"), let seconds = json["seconds"]?.exactNumber
    else { return nil }
    self.init(
      epoch: epoch, loss: loss, metrics: metrics, validationLoss: validation == .null ? nil : validation.exactNumber ?? .nan,
      validationMetrics: validationMetrics, seconds: seconds)
  }
}

extension JSONValue {
  fileprivate static func number(_ number: Double) -> JSONValue { number.isFinite ? .double(number) : .string("\(number)") }

  /// What `number(_:)` has written.
  fileprivate var exactNumber: Double? { string.map { Double($0) } ?? number }
}
