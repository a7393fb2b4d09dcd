/// Shows how far a run is: one line redrawn in place on a terminal, a few plain lines in a pipe, or nothing.
package final class ProgressMeter {
  package enum Style {
    /// `width` gives the terminal's columns, asked at each drawing; `unicode` is false where only ASCII surely shows.
    case terminal(width: () -> Int, unicode: Bool)
    case plain
    case silent
  }

  /// Seconds between two drawings on a terminal.
  package static let redrawInterval = 0.1
  /// Seconds between two lines in a pipe.
  package static let lineInterval = 5.0

  private let style: Style
  private let write: (String) -> Void
  private let clock: TimeSource

  private var size = TrainSize(epochs: 0, stepsPerEpoch: 0, rows: 0)
  private var progress = TrainProgress(epoch: 0, stepsInEpoch: 0, rows: 0, loss: .nan)
  private var validationLoss: Double?
  private var began = 0.0
  private var shown = -Double.infinity
  /// Where speed is measured from: the first step is left out, since it also traces and compiles.
  private var origin: (time: Double, fraction: Double, rows: Int)?

  package init(style: Style, clock: @escaping TimeSource = SystemClock.monotonic, write: @escaping (String) -> Void) {
    self.style = style
    self.clock = clock
    self.write = write
  }

  package func observe(_ event: TrainEvent) {
    if case .silent = style { return }
    let now = clock()
    switch event {
    case .began(let size): begin(size, at: now)
    case .stepped(let progress): step(progress, at: now)
    case .finishedEpoch(let row, _): finishEpoch(row, at: now)
    case .ended(let run): end(run, at: now)
    }
  }
}

// MARK: Events

extension ProgressMeter {
  private func begin(_ size: TrainSize, at now: Double) {
    self.size = size
    began = now
    // A run that is over before the first line is due shows its end only.
    if case .plain = style { shown = now }
  }

  private func step(_ progress: TrainProgress, at now: Double) {
    self.progress = progress
    if origin == nil { origin = (now, stepFraction, progress.rows) }
    if case .terminal = style, isDue(ProgressMeter.redrawInterval, at: now) { draw(line(at: now), at: now) }
  }

  private func finishEpoch(_ row: HistoryRow, at now: Double) {
    validationLoss = row.validationLoss
    let interval: Double
    if case .plain = style { interval = ProgressMeter.lineInterval } else { interval = ProgressMeter.redrawInterval }
    // The last epoch's line is the end's.
    if row.epoch + 1 < size.epochs ?? .max, isDue(interval, at: now) { draw(line(at: now), at: now) }
  }

  private func end(_ run: TrainRun, at now: Double) {
    var line = line(at: now)
    let duration = DurationText.text(seconds: now - began)
    switch run.outcome {
    case .done: line.timing = "in \(duration)"
    case .interrupted, .failed: line.timing = "\(run.outcome.name) after \(duration)"
    }
    draw(line, at: now)
    if case .terminal = style { write("\n") }
  }

  private func isDue(_ interval: Double, at now: Double) -> Bool { now - shown >= interval }
}

// MARK: Drawing

extension ProgressMeter {
  private func draw(_ line: ProgressLine, at now: Double) {
    shown = now
    switch style {
    case .terminal(let width, let unicode):
      // One column stays free: a full line would wrap. "Erase to the end" takes away what a longer line left.
      write("\r\(line.text(width: max(1, width() - 1), bar: unicode ? .fine : .ascii))\u{1B}[K")
    case .plain: write(line.plain + "\n")
    case .silent: break
    }
  }

  private func line(at now: Double) -> ProgressLine {
    let pace = pace(at: now), fraction = fraction(at: now)
    let left = timeLeft(pace, at: now)
    return ProgressLine(
      epoch: size.steps == 0 ? 0 : progress.epoch + 1, epochs: size.epochs, fraction: fraction,
      loss: progress.loss.isNaN ? nil : progress.loss, validationLoss: validationLoss, rowsPerSecond: pace?.rows,
      timing: left.map { DurationText.text(seconds: $0) + " left" })
  }

  /// What is left, by steps or by the budget of time, whichever ends first; nil before there is anything to go by.
  private func timeLeft(_ pace: (fraction: Double, rows: Double)?, at now: Double) -> Double? {
    let bySteps = size.steps == nil ? nil : pace.map { (1 - stepFraction) / $0.fraction }
    let byTime = size.seconds.map { max(0, $0 - (now - began)) }
    return bySteps.map { min($0, byTime ?? $0) } ?? byTime
  }

  /// What a second achieves; nil before there is anything to measure.
  private func pace(at now: Double) -> (fraction: Double, rows: Double)? {
    guard let origin, now > origin.time, progress.rows > origin.rows else { return nil }
    guard size.steps == nil || stepFraction > origin.fraction else { return nil }
    let seconds = now - origin.time
    return ((stepFraction - origin.fraction) / seconds, Double(progress.rows - origin.rows) / seconds)
  }

  /// Of the whole run that is done: by steps or by time, whichever is further.
  private func fraction(at now: Double) -> Double? {
    guard let seconds = size.seconds, seconds > 0 else { return size.steps == nil ? nil : stepFraction }
    return max(size.steps == nil ? 0 : stepFraction, min(1, (now - began) / seconds))
  }

  /// Of the steps that are done; a run of no steps is done, of one without a last step nothing is known.
  private var stepFraction: Double {
    guard let steps = size.steps else { return 0 }
    let made = Double(progress.epoch) * Double(size.stepsPerEpoch) + Double(progress.stepsInEpoch)
    return steps > 0 ? made / Double(steps) : 1
  }
}
