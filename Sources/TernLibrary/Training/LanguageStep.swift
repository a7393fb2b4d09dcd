import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// One step of training as `stdlib/train.mlx` has it, called through the machine. The tree `{model, opt}` stays here
/// between steps; the trainer sees its leaves.
final class LanguageStep: TrainStep {
  private let machine: Machine
  private let words: Words
  private let loss: Value
  private let metrics: [NamedMetric]
  private var opt: Value
  private var leaves = TreeLeaves()
  private(set) var model: Value
  /// Ctrl-C or a limit, when that ended the run.
  private(set) var stop: Fault?

  /// The functions of the library that training goes through.
  struct Words {
    let step: Value
    let judge: Value

    init(_ machine: Machine, areCompiled: Bool) throws(Fault) {
      let words = (try machine.libraryWord("training_step"), try machine.libraryWord("judge_batch"))
      step = areCompiled ? .foreign(Foreign(Jitted(words.0, machine))) : words.0
      judge = areCompiled ? .foreign(Foreign(Jitted(words.1, machine))) : words.1
    }
  }

  init(_ machine: Machine, words: Words, model: Value, opt: Value, loss: Value, metrics: [NamedMetric]) {
    self.machine = machine
    self.words = words
    self.model = model
    self.opt = opt
    self.loss = loss
    self.metrics = metrics
  }

  /// The leaves as they are now.
  func currentLeaves() -> [NamedTensor] { leaves.leaves(of: .record(RecordObject(["model": model, "opt": opt]))) }

  func step(_ leaves: inout [NamedTensor], batch: Batch, moment: TrainMoment) throws -> BatchOutcome {
    let outcome = try working { () throws(Fault) in
      // Each step has a stream of chance of its own, whatever was drawn before it.
      machine.chance.push(Key(bits: moment.key))
      defer { machine.chance.pop() }
      let state = Value.record(RecordObject(["model": model, "opt": opt]))
      let next = try machine.call(words.step, [state] + batch.arguments(loss))
      guard case .record(let fields) = next, let model = fields["model"], let opt = fields["opt"] else {
        throw Fault(.internalFault, "`training_step` gave no model")
      }
      guard case .model = model else {
        throw Fault(.badArgument, "an optimizer's step gives `{model, opt}`; this model is \(model.description)")
      }
      (self.model, self.opt) = (model, opt)
      return try measured(of: fields, batch)
    }
    leaves = currentLeaves()
    return outcome
  }

  func evaluate(_ leaves: [NamedTensor], batch: Batch) throws -> BatchOutcome {
    try working { () throws(Fault) in
      guard case .record(let fields) = try machine.call(words.judge, [model] + batch.arguments(loss)) else {
        throw Fault(.internalFault, "`judge_batch` gave no record")
      }
      return try measured(of: fields, batch)
    }
  }

  private func measured(of fields: RecordObject, _ batch: Batch) throws(Fault) -> BatchOutcome {
    let loss = try machine.double(fields["loss"] ?? .none, "the loss")
    var measured: [Metric] = []
    for metric in metrics {
      measured.append(Metric(metric.name, try metric.number(machine, scores: fields["scores"] ?? .none, target: batch.value("y"))))
    }
    return BatchOutcome(loss: loss, metrics: measured, weight: batch.weight)
  }

  /// Ctrl-C and limits end a run in order; other faults end it as failed.
  private func working<T>(_ body: () throws(Fault) -> T) throws -> T {
    do {
      try machine.limits.check(after: 1)
      return try body()
    } catch let fault where fault.isFatal {
      stop = fault
      throw TrainingInterruption()
    }
  }
}

extension Batch {
  func value(_ name: String) -> Value { tensors.first { $0.name == name }.map { .tensor($0.tensor) } ?? .none }

  /// What the library's steps take after the model: `x, y, loss, weights`.
  fileprivate func arguments(_ loss: Value) -> [Value] { [value("x"), value("y"), loss, value("weights")] }

  /// The sum of its rows' weights.
  fileprivate var weight: Double? {
    guard let weights = tensors.first(where: { $0.name == "weights" }) else { return nil }
    return (0..<weights.tensor.count).reduce(0) { $0 + weights.tensor.element($1).double }
  }
}
