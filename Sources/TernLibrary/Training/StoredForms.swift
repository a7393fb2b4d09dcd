import TernData
import TernRuntime
import TernSyntax
import TernTraining

extension Preparation {
  /// The field of a saved model: no name that a script can give.
  static let field = "(preparation)"

  var json: JSONValue {
    .object([
      JSONMember("target", .string(target)), JSONMember("inputs", .array(inputs.map { .string($0) })),
      JSONMember("answer", .string(answer.rawValue)),
      JSONMember("recipe", recipe?.json ?? .null),
    ])
  }

  /// nil when the JSON is no preparation.
  convenience init?(json: JSONValue) {
    guard let target = json["target"]?.string, let inputs = json["inputs"]?.array?.compactMap(\.string),
      let answer = json["answer"]?.string.flatMap(Answer.init(rawValue:)), let recipe = json["recipe"]
    else { return nil }
    guard recipe != .null else {
      self.init(recipe: nil, inputs: inputs, target: target, answer: answer)
      return
    }
    guard let parsed = try? FittedRecipe(json: recipe) else { return nil }
    self.init(recipe: parsed, inputs: inputs, target: target, answer: answer)
  }
}

/// A run without its model, as it stands in a saved tree.
final class StoredRun: ForeignValue {
  static let field = "(run)"

  private let kept: RunValue

  init(_ run: RunValue) { kept = run }

  var kind: String { "run" }

  func run(with model: Value) -> RunValue {
    RunValue(kept.record, history: kept.history, model: model, seconds: kept.seconds, steps: kept.steps)
  }

  var json: JSONValue {
    .object([
      JSONMember("record", kept.record.json), JSONMember("history", .array(kept.history.map(\.json))),
      JSONMember("seconds", .double(kept.seconds)), JSONMember("steps", .int(kept.steps)),
    ])
  }

  /// nil when the JSON is no run.
  init?(json: JSONValue) {
    guard let record = json["record"].flatMap(RunRecord.init(json:)), let rows = json["history"]?.array,
      let seconds = json["seconds"]?.number, let steps = json["steps"]?.int
    else { return nil }
    let history = rows.compactMap { $0.members.flatMap(HistoryRow.init(members:)) }
    guard history.count == rows.count else { return nil }
    kept = RunValue(record, history: history, model: nil, seconds: seconds, steps: steps)
  }
}

extension HistoryRow {
  fileprivate var json: JSONValue {
    .object(
      [JSONMember("epoch", .int(epoch))] + named.map { JSONMember($0.name, .double($0.value)) }
        + [JSONMember("seconds", .double(seconds))])
  }

  /// nil when the members are no row of a history.
  init?(members: [JSONMember]) {
    var epoch: Int?, loss: Double?, validationLoss: Double?, seconds = 0.0
    var metrics: [Metric] = [], validationMetrics: [Metric] = []
    for member in members {
      // A number that is not finite was written as null.
      let number = member.value.number ?? .nan
      switch member.name {
      case "epoch": epoch = member.value.int
      case "loss": loss = number
      case "val_loss": validationLoss = number
      case "seconds": seconds = number
      case let name where name.hasPrefix("val_"): validationMetrics.append(Metric(String(name.dropFirst(4)), number))
      case let name: metrics.append(Metric(name, number))
      }
    }
    guard let epoch, let loss else { return nil }
    self.init(
      epoch: epoch, loss: loss, metrics: metrics, validationLoss: validationLoss, validationMetrics: validationMetrics,
      seconds: seconds)
  }
}

extension Value {
  /// JSON as the language has it.
  init(json: JSONValue) {
    switch json {
    case .null: self = .none
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .int(number)
    case .double(let number): self = .float(number)
    case .string(let text): self = .string(text)
    case .array(let items): self = .list(items.map { Value(json: $0) })
    case .object(let members):
      let record = RecordObject()
      for member in members { record.set(member.name, Value(json: member.value)) }
      self = .record(record)
    }
  }
}
