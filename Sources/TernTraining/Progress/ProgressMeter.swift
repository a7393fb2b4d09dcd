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
    if origin == nil { origin = (now, fraction, progress.rows) }
    if case .terminal = style, isDue(ProgressMeter.redrawInterval, at: now) { draw(line(at: now), at: now) }
  }

  private func finishEpoch(_ row: HistoryRow, at now: Double) {
    validationLoss = row.validationLoss
    let interval: Double
    if case .plain = style { interval = ProgressMeter.lineInterval } else { interval = ProgressMeter.redrawInterval }
    // The last epoch's line is the end's.
    if row.epoch + 1 < size.epochs, isDue(interval, at: now) { draw(line(at: now), at: now) }
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
    let pace = pace(at: now)
    let left = pace.map { (1 - fraction) / $0.fraction }
    return ProgressLine(
      epoch: size.epochs == 0 ? 0 : progress.epoch + 1, epochs: size.epochs, fraction: fraction,
      loss: progress.loss.isNaN ? nil : progress.loss, validationLoss: validationLoss, rowsPerSecond: pace?.rows,
      timing: left.map { DurationText.text(seconds: $0) + " left" })
  }

  /// What a second achieves; nil before there is anything to measure.
  private func pace(at now: Double) -> (fraction: Double, rows: Double)? {
    guard let origin, now > origin.time, progress.rows > origin.rows, fraction > origin.fraction else { return nil }
    let seconds = now - origin.time
    return ((fraction - origin.fraction) / seconds, Double(progress.rows - origin.rows) / seconds)
  }

  /// Of the whole run that is done; a run of no steps is done.
  private var fraction: Double {
    let perEpoch = Double(size.stepsPerEpoch), total = Double(size.epochs) * perEpoch
    return total > 0 ? (Double(progress.epoch) * perEpoch + Double(progress.stepsInEpoch)) / total : 1
  }
}
