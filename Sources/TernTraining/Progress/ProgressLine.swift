/// One line about a run, as wide as there is room: what matters least goes first.
///
///     epoch 3/40 ━━━━━━━────────── 42 %  loss 0.1234  val_loss 0.13  12,300 rows/s  3.2 s left
struct ProgressLine {
  var epoch: Int
  /// nil where something else ends the run.
  var epochs: Int?
  /// Of the whole run, from 0 to 1; nil where nobody knows how long it will be.
  var fraction: Double?
  var loss: Double?
  var validationLoss: Double?
  var rowsPerSecond: Double?
  /// `3.2 s left`, or how it ended.
  var timing: String?
}

extension ProgressLine {
  /// The glyphs of a bar, done and to do.
  struct Bar {
    let done: Character
    let rest: Character

    static let fine = Bar(done: "━", rest: "─")
    static let ascii = Bar(done: "#", rest: ".")
  }

  private static let barWidth = 10...30

  /// Without a bar, whatever its length: for pipes and files.
  var plain: String { joined(Part.allCases) }

  /// At most `width` columns.
  func text(width: Int, bar: Bar) -> String {
    var parts = Part.allCases
    for part in Part.byImportance.reversed() where joined(parts).count > width && parts.count > 1 {
      parts.removeAll { $0 == part }
    }
    let line = joined(parts)
    let room = width - line.count - 1
    guard fraction != nil, parts == Part.allCases, room >= ProgressLine.barWidth.lowerBound
    else { return String(line.prefix(max(0, width))) }
    let head = text(of: .epoch) ?? ""
    return head + " " + drawn(bar, width: min(room, ProgressLine.barWidth.upperBound)) + line.dropFirst(head.count)
  }

  private func drawn(_ bar: Bar, width: Int) -> String {
    let done = Int(clamped * Double(width))
    return String(repeating: bar.done, count: done) + String(repeating: bar.rest, count: width - done)
  }

  private var clamped: Double { fraction.map { $0.isFinite ? min(max($0, 0), 1) : 0 } ?? 0 }
}

// MARK: Parts

extension ProgressLine {
  /// In the order of the line.
  private enum Part: CaseIterable {
    case epoch, percent, loss, validationLoss, speed, timing

    static let byImportance: [Part] = [.epoch, .loss, .percent, .timing, .validationLoss, .speed]
  }

  private func joined(_ parts: [Part]) -> String {
    var line = ""
    for part in parts {
      guard let text = text(of: part) else { continue }
      if !line.isEmpty { line += part == .percent ? " " : "  " }
      line += text
    }
    return line
  }

  private func text(of part: Part) -> String? {
    switch part {
    case .epoch: "epoch \(epoch)\(epochs.map { "/\($0)" } ?? "")"
    // Rounded down: 100 % is the end.
    case .percent: fraction == nil ? nil : "\(Int(clamped * 100)) %"
    case .loss: loss.map { "loss \(NumberText.short($0))" }
    case .validationLoss: validationLoss.map { "val_loss \(NumberText.short($0))" }
    case .speed: rowsPerSecond.map { "\(NumberText.grouped($0)) rows/s" }
    case .timing: timing
    }
  }
}
