import TernRuntime
import TernSyntax
import TernTensor

/// A function of scores and targets, and the name its result goes by.
struct NamedMetric {
  let name: String
  let function: Value

  /// What it gives, which must be a number, or a number a row, such as a profit: then their mean.
  func number(_ machine: Machine, scores: Value, target: Value) throws(Fault) -> Double {
    let result = try measured(machine, scores: scores, target: target)
    guard let number = try machine.numberIfAny(result) else {
      throw Fault(.badLoss, "the metric `\(name)` gives a number, or a number a row; this gave \(result.description)")
    }
    return number.double
  }

  /// What it gives, with the mean in place of a number a row.
  func measured(_ machine: Machine, scores: Value, target: Value) throws(Fault) -> Value {
    let result = try machine.call(function, scores, target)
    guard case .tensor(let each) = result, each.rank == 1, each.count > 0, case .tensor(let scores) = scores,
      scores.rank > 0, each.shape[0] == scores.shape[0]
    else { return result }
    return .float((0..<each.count).reduce(0) { $0 + each.element($1).double } / Double(each.count))
  }
}

extension NamedMetric {
  /// The metrics of `metrics:`: functions that have names, or a record of them.
  static func all(
    _ value: Value, _ machine: Machine, argument: (position: Int, name: String)
  ) throws(Fault) -> [NamedMetric] {
    do throws(Fault) { return try all(value) } catch { throw error.atArgument(argument.position, argument.name) }
  }

  private static func all(_ value: Value) throws(Fault) -> [NamedMetric] {
    switch value {
    case .none, .unset: return []
    case .record(let record):
      return record.layout.keys.enumerated().map { NamedMetric(name: $1.text, function: record.items[$0]) }
    case .list(let list):
      var metrics: [NamedMetric] = []
      for function in list.values { metrics.append(try NamedMetric(function)) }
      return metrics
    default: return [try NamedMetric(value)]
    }
  }

  private init(_ function: Value) throws(Fault) {
    switch function {
    case .function(let closure) where !closure.prototype.name.isEmpty: self.init(name: closure.prototype.name, function: function)
    case .builtin(let word): self.init(name: word.name, function: function)
    case .function, .foreign:
      throw Fault(.badArgument, "a metric without a name", hint: "`metrics: {name: (scores, target) => …}` gives it one")
    default:
      throw Fault(
        .badArgument, "`metrics` takes functions of scores and target; this is \(function.description)",
        hint: "`metrics: [accuracy, log_loss]`")
    }
  }
}
