import TernData

extension RunRecorder {
  /// Writes down what a trainer tells: an event an epoch, and the end.
  package func observe(_ event: TrainEvent) {
    switch event {
    case .began(let size): append("began", fields: size.members)
    case .stepped: break
    case .finishedEpoch(let row, _): append("epoch", fields: row.members)
    case .ended(let run): finish(run)
    }
  }

  private func finish(_ run: TrainRun) {
    let failure = run.outcome.error.map(describe)
    append("ended", step: run.steps, fields: [JSONMember("status", .string(run.outcome.name))])
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
    [
      JSONMember("epochs", .int(epochs)), JSONMember("steps_per_epoch", .int(stepsPerEpoch)),
      JSONMember("rows", .int(rows)),
    ]
  }
}

extension HistoryRow {
  fileprivate var members: [JSONMember] {
    [JSONMember("epoch", .int(epoch))] + named.map { JSONMember($0.name, .double($0.value)) }
      + [JSONMember("seconds", .double(seconds))]
  }
}
