import TernData

extension RunRecorder {
  /// Writes down what a trainer tells: an event an epoch, and the end.
  package func observe(_ event: TrainEvent) {
    switch event {
    case .began(let size):
      stepsPerEpoch = size.stepsPerEpoch
      append("began", fields: size.members)
    case .stepped(let progress): stepsMade = progress.epoch * stepsPerEpoch + progress.stepsInEpoch
    case .finishedEpoch(let row, _): append("epoch", step: stepsMade, fields: row.members)
    case .ended(let run): finish(run)
    }
  }

  private func finish(_ run: TrainRun) {
    let failure = run.outcome.error.map(describe)
    let ending = run.ending.map { [JSONMember("ended_by", .string($0.rawValue))] } ?? []
    append("ended", step: run.steps, fields: [JSONMember("status", .string(run.outcome.name))] + ending)
    note(bound: conclude(run))
    finish(run.outcome.status, metrics: run.history.last?.named ?? [], failure: failure)
  }
}

extension TrainRun.Outcome {
  fileprivate var status: RunRecord.Status {
    switch self {
    case .done: .done
    case .interrupted: .interrupted
    case .failed: .failed
    }
  }
}

extension TrainSize {
  fileprivate var members: [JSONMember] {
    let bounds = [("epochs", epochs.map { JSONValue.int($0) }), ("steps", steps.map { .int($0) }), ("seconds", seconds.map { .double($0) })]
    return [JSONMember("steps_per_epoch", .int(stepsPerEpoch)), JSONMember("rows", .int(rows))]
      + bounds.compactMap { name, bound in bound.map { JSONMember(name, $0) } }
  }
}

extension HistoryRow {
  fileprivate var members: [JSONMember] {
    [JSONMember("epoch", .int(epoch))] + named.map { JSONMember($0.name, .double($0.value)) }
      + [JSONMember("seconds", .double(seconds))]
  }
}
