import Testing
import TernTraining

/// A meter on a clock that the test moves, and everything it wrote.
private final class Stage {
  var now = 100.0
  var written: [String] = []
  var width = 100
  let size: TrainSize
  private(set) var meter = ProgressMeter(style: .silent) { _ in }

  enum Kind { case fine, ascii, plain, silent }

  init(_ kind: Kind, epochs: Int = 4, steps: Int = 10) {
    size = TrainSize(epochs: epochs, stepsPerEpoch: steps, rows: steps * 32)
    let style: ProgressMeter.Style =
      switch kind {
      case .fine: .terminal(width: { [unowned self] in width }, unicode: true)
      case .ascii: .terminal(width: { [unowned self] in width }, unicode: false)
      case .plain: .plain
      case .silent: .silent
      }
    meter = ProgressMeter(style: style, clock: { [unowned self] in now }) { [unowned self] in written.append($0) }
    meter.observe(.began(size))
  }

  func step(_ epoch: Int, _ step: Int, after seconds: Double) {
    now += seconds
    meter.observe(.stepped(TrainProgress(
      epoch: epoch, stepsInEpoch: step, rows: (epoch * size.stepsPerEpoch + step) * 32, loss: 0.5 / Double(epoch + 1))))
  }

  func epoch(_ epoch: Int, each seconds: Double) {
    for place in 1...size.stepsPerEpoch { step(epoch, place, after: seconds) }
    meter.observe(.finishedEpoch(HistoryRow(
      epoch: epoch, loss: 0.5 / Double(epoch + 1), validationLoss: 0.75 / Double(epoch + 1), seconds: 1), leaves: []))
  }

  func end(_ outcome: TrainRun.Outcome = .done) {
    var run = TrainRun(leaves: [])
    run.outcome = outcome
    meter.observe(.ended(run))
  }
}

@Suite("The progress meter on a terminal") struct TerminalMeterTests {
  @Test("redraws one line, and ends it") func line() {
    let stage = Stage(.fine)
    stage.epoch(0, each: 0.5)
    stage.step(1, 1, after: 0.5)
    #expect(stage.written.last == "\repoch 2/4 ━━━━━━━━────────────────────── 27 %"
      + "  loss 0.25  val_loss 0.75  64 rows/s  14 s left\u{1B}[K")
    for place in 2...10 { stage.step(1, place, after: 0.5) }
    for epoch in 2..<4 { stage.epoch(epoch, each: 0.5) }
    stage.end()
    #expect(stage.written.suffix(2) == [
      "\repoch 4/4 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 100 %  loss 0.125  val_loss 0.1875  64 rows/s  in 20 s\u{1B}[K", "\n",
    ])
    #expect(stage.written.dropLast().allSatisfy { $0.hasPrefix("\r") && !$0.contains("\n") })
  }

  @Test("draws ten times a second and no more") func rate() {
    let stage = Stage(.fine, epochs: 1, steps: 10_000)
    for place in 1...10_000 { stage.step(0, place, after: 0.0001) }
    #expect((9...11).contains(stage.written.count))
  }

  @Test("fits any width, what matters least going first", arguments: [
    (120, "epoch 2/4 ########...................... 27 %  loss 0.25  val_loss 0.75  64 rows/s  14 s left"),
    (90, "epoch 2/4 #######................... 27 %  loss 0.25  val_loss 0.75  64 rows/s  14 s left"),
    (74, "epoch 2/4 ##........ 27 %  loss 0.25  val_loss 0.75  64 rows/s  14 s left"),
    (63, "epoch 2/4 27 %  loss 0.25  val_loss 0.75  64 rows/s  14 s left"),
    (62, "epoch 2/4 27 %  loss 0.25  val_loss 0.75  14 s left"), (50, "epoch 2/4 27 %  loss 0.25  14 s left"),
    (30, "epoch 2/4 27 %  loss 0.25"), (24, "epoch 2/4  loss 0.25"), (12, "epoch 2/4"), (5, "epoc"), (0, "e"),
  ])
  func widths(_ width: Int, _ expected: String) {
    let stage = Stage(.ascii)
    stage.width = width
    stage.epoch(0, each: 0.5)
    stage.step(1, 1, after: 0.5)
    #expect(stage.written.last == "\r\(expected)\u{1B}[K")
  }

  @Test("says how a run ended that was not done") func endings() {
    let stage = Stage(.ascii)
    stage.step(0, 1, after: 1)
    stage.step(0, 2, after: 1)
    stage.end(.interrupted)
    #expect(stage.written.suffix(2) == [
      "\repoch 1/4 #............................. 5 %  loss 0.5  32 rows/s  interrupted after 2.0 s\u{1B}[K", "\n",
    ])
    let early = Stage(.ascii)
    early.end(.failed(TrainingInterruption()))
    #expect(early.written.last == "\n" && early.written.first?.contains("failed after 0 ms") == true)
  }

  @Test("measures speed without the first step, which compiles") func pace() {
    let stage = Stage(.ascii)
    stage.step(0, 1, after: 60)
    #expect(stage.written.last?.contains("left") == false)
    stage.step(0, 2, after: 1)
    #expect(stage.written.last?.contains("32 rows/s  38 s left") == true)
  }

  @Test("of a run without steps is done at once") func noSteps() {
    let stage = Stage(.ascii, epochs: 0, steps: 0)
    stage.end()
    #expect(stage.written.first?.contains("epoch 0/0") == true && stage.written.first?.contains("100 %") == true)
  }
}

@Suite("The progress meter elsewhere") struct PlainMeterTests {
  @Test("writes a plain line every few seconds in a pipe, the last always") func pipe() {
    let stage = Stage(.plain, epochs: 10)
    for epoch in 0..<10 { stage.epoch(epoch, each: 0.2) }
    stage.end()
    #expect(stage.written == [
      "epoch 3/10 30 %  loss 0.1667  val_loss 0.25  160 rows/s  14 s left\n",
      "epoch 6/10 60 %  loss 0.08333  val_loss 0.125  160 rows/s  8.0 s left\n",
      "epoch 9/10 90 %  loss 0.05556  val_loss 0.08333  160 rows/s  2.0 s left\n",
      "epoch 10/10 100 %  loss 0.05  val_loss 0.075  160 rows/s  in 20 s\n",
    ])
  }

  @Test("writes only the last line of a short run") func short() {
    let stage = Stage(.plain)
    for epoch in 0..<4 { stage.epoch(epoch, each: 0.01) }
    stage.end()
    #expect(stage.written.count == 1)
  }

  @Test("can be silent") func silent() {
    let stage = Stage(.silent)
    stage.epoch(0, each: 1)
    stage.end()
    #expect(stage.written.isEmpty)
  }
}

@Suite("A duration") struct DurationTextTests {
  @Test("reads as people say it", arguments: [
    (0, "0 ms"), (0.35, "350 ms"), (0.9996, "1.0 s"), (3.21, "3.2 s"), (9.96, "10 s"), (42.4, "42 s"),
    (59.7, "1 min 00 s"), (65, "1 min 05 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"), (7620, "2 h 07 min"),
    (86_399, "1 d 00 h"), (273_600, "3 d 04 h"), (-1, "0 ms"), (.nan, "ages"), (.infinity, "ages"), (1e300, "ages"),
  ] as [(Double, String)])
  func text(_ seconds: Double, _ text: String) { #expect(DurationText.text(seconds: seconds) == text) }
}
