import TernData
import TernRuntime
import TernSyntax
import TernTraining

/// What `fit` was asked for, each argument read and named in its own error.
struct FitOptions {
  let net: ModelObject
  let data: Table
  /// As they were given: what files they were read from.
  let datasets: [Dataset]
  let target: String
  let loss: Value
  let optimizer: Value
  let recipe: Recipe?
  let weighing: Weighing
  let validation: Table?
  let metrics: [NamedMetric]
  let plan: TrainPlan
  /// Is the model of the run that of its best epoch?
  let keepsBest: Bool
  /// Called after each epoch.
  let callback: Value?
  /// What the model starts from.
  let start: ModelObject?
  /// Paths of params that stay as they are.
  let frozen: [String]
  let checkpointing: Checkpointing
  let strategy: StrategyValue?
  /// Are steps traced and planned?
  let isCompiled: Bool
}

extension FitOptions {
  init(_ call: borrowing Call) throws(Fault) {
    let reader = FitArguments(call)
    net = try reader.model("net")
    data = try reader.table("data")
    datasets = [reader["data"], reader["validate"]].compactMap(\.dataset)
    target = try reader.name("target")
    recipe = try reader.recipe("prep")
    validation = reader.isGiven("validate") ? try reader.table("validate") : nil
    metrics = try NamedMetric.all(reader["metrics"], call.machine, argument: (reader.position("metrics"), "metrics"))
    let ends = try reader.ends(metrics: metrics.map(\.name), isValidated: validation != nil)
    checkpointing = try reader.checkpointing(keepsBest: ends.keepsBest)
    plan = try reader.plan(ends, checkpointing.pace)
    keepsBest = ends.keepsBest
    isCompiled = try reader.flag("jit")
    optimizer = try reader.isGiven("optimizer") ? reader.optimizer("optimizer") : reader.standardOptimizer()
    loss = try reader.isGiven("loss")
      ? reader.function("loss", "a function of scores and target", hint: "`mse` is one, `cross_entropy` another") : .none
    callback = try reader.isGiven("callback")
      ? reader.function("callback", "a function of an epoch's record", hint: "`callback: epoch => print(epoch.loss)`") : nil
    start = try reader.start("from")
    strategy = try reader.strategy("strategy")
    frozen = try reader.at("freeze") { () throws(Fault) in try call.machine.texts(reader["freeze"], "`freeze`") }
    try reader.checkColumn(of: data, target, "target")
    weighing = try reader.weighing(data)
  }
}

extension FitArguments {
  fileprivate func plan(_ ends: TrainingEnds, _ pace: CheckpointPace?) throws(Fault) -> TrainPlan {
    var plan = TrainPlan(
      epochs: ends.epochs, batchSize: try count("batch", least: 1, .batchSize), seed: try int("seed"), shuffles: try flag("shuffle"),
      dropsLast: try flag("drop_last"))
    plan.accumulation = try count("accumulate", least: 1, .accumulation)
    plan.steps = ends.steps
    plan.budget = ends.budget
    plan.watch = ends.watch
    plan.patience = ends.patience
    plan.pace = pace
    if pace?.best == true, plan.watch == nil { plan.watch = TrainWatch(isGiven("validate") ? "val_loss" : "loss") }
    return plan
  }
}
