import TernRuntime
import TernSyntax
import TernTraining

/// What ends a run, and which epoch of it counts: `epochs`, `steps`, `budget`, `stop` and `keep`.
struct TrainingEnds {
  var epochs: Int?
  var steps: Int?
  var budget: TrainBudget?
  var watch: TrainWatch?
  var patience: Int?
  /// Is the model of the run that of its best epoch?
  var keepsBest = false
}

extension FitArguments {
  /// - Parameters:
  ///   - metrics: the names of what is measured each epoch besides the loss.
  ///   - isValidated: whether `val_loss` is among it.
  func ends(metrics: [String], isValidated: Bool) throws(Fault) -> TrainingEnds {
    var ends = TrainingEnds()
    ends.epochs = isGiven("epochs") ? try count("epochs", least: 0, .epochs) : nil
    ends.steps = isGiven("steps") ? try count("steps", least: 0, .steps) : nil
    ends.budget = try budget()
    ends.keepsBest = try choice("keep", ["last", "best"]) == "best"
    try readStop(into: &ends, metrics: metrics, isValidated: isValidated)
    if ends.epochs == nil, ends.steps == nil, ends.budget == nil, ends.patience == nil { ends.epochs = 10 }
    return ends
  }

  /// `{time: 10min}`, or `{cost: 2.0, price: 0.5}` with the price of an hour; the smaller of both.
  private func budget() throws(Fault) -> TrainBudget? {
    guard let options = try options("budget", keys: ["time", "cost", "price"]) else { return nil }
    return try at("budget") { () throws(Fault) in
      let time = try options.seconds("time"), cost = try options.amount("cost"), price = try options.amount("price")
      guard (cost == nil) == (price == nil) else {
        throw Fault(.badArgument, "a cost is counted by a price: `budget` has only \(cost == nil ? "`price`" : "`cost`")", hint: "`{cost: 2.0, price: 0.5}`, the price of an hour")
      }
      guard time != nil || cost != nil else { throw Fault(.badArgument, "`budget` has neither `time` nor `cost`", hint: "`{time: 10min}`") }
      let paid = cost.flatMap { cost in price.map { cost / $0 * 3600 } }
      if let paid, paid < time ?? .infinity { return TrainBudget(seconds: paid, isCost: true) }
      return TrainBudget(seconds: time ?? .infinity)
    }
  }

  /// `{patience: 5, on: "val_loss", goal: "min", by: 0.01}`.
  private func readStop(into ends: inout TrainingEnds, metrics: [String], isValidated: Bool) throws(Fault) {
    let usual = isValidated ? "val_loss" : "loss"
    let options = try options("stop", keys: ["patience", "on", "goal", "by"])
    guard let options else {
      if ends.keepsBest { ends.watch = TrainWatch(usual) }
      return
    }
    let known = ["loss"] + metrics + (isValidated ? ["val_loss"] + metrics.map { "val_\($0)" } : [])
    try at("stop") { () throws(Fault) in
      ends.patience = try options.count("patience")
      let name = try options.text("on") ?? usual
      guard known.contains(name) else {
        let near = didYouMean(name, among: known).map { "did you mean \"\($0)\"?" }
        let missing = name.hasPrefix("val_") && !isValidated ? "`validate: data` measures it" : nil
        throw Fault(.unknownKey, "`stop.on` names \(name.quoted), which is not measured", hint: missing ?? near ?? "there is \(known.joined(separator: ", "))")
      }
      ends.watch = TrainWatch(name, goal: try goal(of: name, options), margin: try options.amount("by", admitsZero: true) ?? 0)
      guard ends.patience != nil || ends.keepsBest else {
        throw Fault(.badArgument, "`stop` has no `patience`", hint: "`stop: {patience: 5}` ends after 5 epochs without a better one")
      }
    }
  }

  /// Which way is better, where the name does not say.
  private func goal(of name: String, _ options: OptionRecord) throws(Fault) -> TrainWatch.Goal {
    if let text = try options.text("goal") {
      guard let goal = TrainWatch.Goal(rawValue: text) else { throw options.refusal("goal", "\"min\" or \"max\"", .string(text)) }
      return goal
    }
    let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    if ["loss", "log_loss", "rmse", "mse", "mae", "mape"].contains(plain) { return .least }
    if ["accuracy", "precision", "recall", "f1", "auc", "roc_auc", "r2"].contains(plain) { return .greatest }
    throw Fault(.badArgument, "nothing says whether a larger `\(name)` is better", hint: "`stop: {…, goal: \"max\"}`, or \"min\"")
  }
}
