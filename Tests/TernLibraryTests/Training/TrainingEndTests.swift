import Foundation
import Testing
import TernRuntime
import TernSyntax

@Suite("What ends a run", .serialized) struct TrainingEndTests {
  private static let data = """
    let x = randn(200, 3, seed: 3)
    let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
    let net = chain(dense(8, act: relu), dense(2))
    let cfg = {target: "y", loss: cross_entropy, batch: 16, seed: 1}

    """

  private func shown(_ code: String) throws -> String {
    let script = Script(TrainingEndTests.data + code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  @Test("epochs, steps, time or cost, whichever is given") func bounds() throws {
    let code = """
      let a = fit(net, data, ...cfg, epochs: 2)
      let b = fit(net, data, ...cfg, steps: 20)
      let c = fit(net, data, ...cfg, budget: {time: 60ms})
      let d = fit(net, data, ...cfg, budget: {time: 1h, cost: 0.01, price: 1000})
      print(a.ended_by, a.steps, b.ended_by, b.steps, len(b.history), c.ended_by, c.seconds >= 0.06, d.ended_by, d.seconds < 10)
      print(fit(net, data, ...cfg).steps, fit(net, data, ...cfg, steps: 0).ended_by)
      """
    #expect(try shown(code) == "epochs 26 steps 20 2 time true cost true\n130 steps")
  }

  @Test("an epoch cut short has the means of its part, and the model of its last step") func cutShort() throws {
    let code = """
      let a = fit(net, data, ...cfg, steps: 13)
      let b = fit(net, data, ...cfg, epochs: 1)
      print(a.loss == b.loss, same(a.model.layers[0].w, b.model.layers[0].w), len(fit(net, data, ...cfg, steps: 14).history))
      """
    #expect(try shown(code) == "true true 2")
  }

  @Test("epochs without a better one, and then the best is kept") func patience() throws {
    let code = """
      let few = take(data, 60)
      let r = fit(net, data, ...cfg, stop: {patience: 3, on: "val_accuracy"}, keep: "best", metrics: accuracy, validate: few,
                  optimizer: adam(lr: 0.5))
      print(r.ended_by, len(r.history) - 1 - r.best.epoch, r.history[r.best.epoch].val_accuracy == r.best.value)
      print(evaluate(r, few, metrics: [accuracy]).accuracy == r.best.value)
      let s = fit(net, data, ...cfg, keep: "best", validate: few, optimizer: sgd(lr: 3.0, momentum: 0.95), epochs: 12)
      print(s.best.value == min(map(s.history, h => h.val_loss)), abs(evaluate(s, few, metrics: {l: cross_entropy}).l - s.best.value) < 1e-6)
      """
    #expect(try shown(code) == "patience 3 true\ntrue\ntrue true")
  }

  @Test("a margin asks for more than a little better") func margin() throws {
    let code = "fit(net, data, ...cfg, stop: {patience: 2, on: \"loss\", by: 100}).history |> len"
    #expect(try shown(code) == "3")
  }

  @Test("a callback, which sees the epoch and its model") func callback() throws {
    let code = """
      let r = fit(net, data, ...cfg, epochs: 9, metrics: accuracy, callback: e => {
        print(e.epoch, e.step, e.loss == e.metrics.loss, e.accuracy == e.metrics.accuracy, shape(e.model(x)))
        e.epoch < 1
      })
      print(r.ended_by, len(r.history), fit(net, data, ...cfg, epochs: 9, callback: e => if e.epoch == 3 { "stop" } else { none }).steps)
      """
    #expect(try shown(code) == "0 13 true true [200, 2]\n1 26 true true [200, 2]\ncallback 2 52")
  }

  @Test("a callback that fails fails the run, which keeps what was learned") func failingCallback() throws {
    let code = """
      let e = try { fit(net, data, ...cfg, callback: e => error("mine")) } catch e { e.message }
      print(e, runs()[0].status, runs()[0].steps, shape(runs()[0].model(x)))
      """
    #expect(try shown(code) == "mine failed 13 [200, 2]")
  }

  @Test("settings that make no sense are refused in words", arguments: [
    ("stop: {patienc: 3}", ErrorCode.unknownKey, "`stop` has no setting `patienc`", "did you mean `patience`?"),
    ("stop: {patience: 3, on: \"val_loss\"}", .unknownKey, "`stop.on` names \"val_loss\", which is not measured", "`validate: data` measures it"),
    ("stop: {patience: 0}", .badArgument, "`stop.patience` is an int from 1 on; this is 0", nil),
    ("stop: {on: \"loss\"}", .badArgument, "`stop` has no `patience`", "`stop: {patience: 5}` ends after 5 epochs without a better one"),
    ("stop: {patience: 3, on: \"m\"}, metrics: {m: (s, y) => 1.0}", .badArgument, "nothing says whether a larger `m` is better", "`stop: {…, goal: \"max\"}`, or \"min\""),
    ("keep: \"worst\"", .badArgument, "`keep` is \"last\" or \"best\"; this is \"worst\"", nil),
    ("budget: {cost: 2}", .badArgument, "a cost is counted by a price: `budget` has only `cost`", "`{cost: 2.0, price: 0.5}`, the price of an hour"),
    ("budget: {}", .badArgument, "`budget` has neither `time` nor `cost`", "`{time: 10min}`"),
    ("budget: {time: 10}", .badArgument, "`budget.time` is a duration such as `10min`; this is 10", nil),
    ("budget: 10min", .badArgument, "`fit` takes a record of settings as `budget`; this is a duration", "its settings are time, cost, price"),
    ("steps: -1", .badArgument, "`fit` takes a number of `steps`; it cannot be -1", nil),
    ("accumulate: 0", .badArgument, "a step takes the gradients of at least one batch; `accumulate` is 0", nil),
    ("callback: 3", .badArgument, "`fit` takes a function of an epoch's record as `callback`; this is an int", "`callback: epoch => print(epoch.loss)`"),
  ] as [(String, ErrorCode, String, String?)])
  func refusals(_ option: String, _ code: ErrorCode, _ message: String, _ hint: String?) throws {
    let fault = Script(TrainingEndTests.data + "fit(net, data, ...cfg, \(option))").fault
    #expect(fault?.code == code)
    #expect(fault?.message == message)
    #expect(fault?.hint == hint)
  }
}

@Suite("fit goes on from where it was kept", .serialized) struct TrainingResumeTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/tern-resume-\(UUID().uuidString)"
  private static let data = """
    let x = randn(100, 3, seed: 3)
    let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
    let net = chain(dense(8, act: relu), dropout(0.1), dense(2))
    let cfg = {target: "y", loss: cross_entropy, batch: 16, seed: 1}

    """

  private func script(_ code: String) -> Script { Script((TrainingResumeTests.data + code).replacingOccurrences(of: "DIR", with: folder)) }

  private func shown(_ code: String) -> String {
    let script = script(code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  @Test("to more epochs, with each kind of optimizer", arguments: ["sgd(lr: 0.1)", "adam()", "sgd(lr: 0.1, momentum: 0.9)", "{step: (o, m, g) => {model: m - o.lr * g, opt: {...o, lr: 0.9 * o.lr}}, lr: 0.1}"])
  func longer(_ optimizer: String) {
    let code = """
      let cfg = {...cfg, optimizer: \(optimizer)}
      fit(net, data, ...cfg, epochs: 2, checkpoint: "DIR/ck");
      let a = fit(net, data, ...cfg, epochs: 5, checkpoint: "DIR/ck")
      let b = fit(net, data, ...cfg, epochs: 5)
      let c = fit(net, data, ...cfg, epochs: 7, resume: "DIR/ck")
      print(same(parameters(a.model), parameters(b.model)), a.steps, len(a.history), map(a.history, h => h.loss) == map(b.history, h => h.loss))
      print(same(parameters(c.model), parameters(fit(net, data, ...cfg, epochs: 7).model)))
      """
    #expect(shown(code) == "true 35 5 true\ntrue")
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("an interrupted run is kept where it stopped") func interrupted() {
    let first = script("timeout(1s, () => fit(net, data, ...cfg, epochs: 1000000, checkpoint: {path: \"DIR/ck\", every: 1000000}))")
    #expect(first.fault?.code == .timeLimit)
    let second = script("let r = fit(net, data, ...cfg, steps: 1, resume: \"DIR/ck\")\nr.steps > 1")
    #expect(second.output == "true")
    #expect(second.notes.hasPrefix("note: goes on from step "))
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("a run is known by what its functions compute, and by no time") func computed() {
    let code = """
      let begun = now()
      let teacher = fit(net, data, ...cfg, epochs: 1)
      fn soft(out, y) { if begun == none { teacher.loss } else { cross_entropy(out, y) } }
      let kept = share => fit(net, data, ...{...cfg, loss: (out, y) => share * soft(out, y)}, epochs: 1, checkpoint: "DIR/ck")
      kept(0.5).status
      """
    #expect(shown(code) == "\"done\"")
    #expect(shown(code) == "\"done\"")
    #expect(script(code.replacingOccurrences(of: "kept(0.5)", with: "kept(0.6)")).fault?.message.contains("its loss is a function ") == true)
    #expect(script(code.replacingOccurrences(of: "cross_entropy(out, y) }", with: "focal(out, y) }")).fault?.code == .checkpointMismatch)
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("another run's checkpoints are refused by what differs", arguments: [
    ("batch: 8", "its batch is 16, here it is 8"), ("seed: 2", "its seed is 1, here it is 2"), ("accumulate: 2", "its accumulate is 1, here it is 2"),
    ("loss: (a, b) => cross_entropy(a, b)", "its loss is cross_entropy "), ("optimizer: sgd(lr: 0.1)", "its optimizer is {kind: \"adam\""),
    ("freeze: \"layers[0]\"", "its freeze is [], here it is [\"layers[0]\"]"),
  ])
  func others(_ option: String, _ words: String) {
    let fault = script("fit(net, data, ...cfg, epochs: 1, checkpoint: \"DIR/ck\");\nfit(net, data, ...{...cfg, \(option)}, epochs: 1, checkpoint: \"DIR/ck\")").fault
    #expect(fault?.code == .checkpointMismatch)
    #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("other data is another run") func otherData() {
    let fault = script("fit(net, data, ...cfg, epochs: 1, checkpoint: \"DIR/ck\");\nfit(net, take(data, 90), ...cfg, epochs: 1, checkpoint: \"DIR/ck\")").fault
    #expect(fault?.code == .checkpointMismatch && fault?.message.contains("its data is") == true)
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("what cannot be is refused", arguments: [
    ("resume: \"DIR/none\"", ErrorCode.noSuchFile), ("checkpoint: {every: 2}", .badArgument), ("checkpoint: {path: 3}", .badArgument),
    ("checkpoint: {path: \"DIR/x\", every: \"day\"}", .badArgument), ("checkpoint: {path: \"DIR/x\", kep: 2}", .unknownKey),
    ("checkpoint: \"/proc/no/where\"", .cannotWrite), ("checkpoint: 3", .badArgument), ("resume: 3", .badArgument),
  ] as [(String, ErrorCode)])
  func refusals(_ option: String, _ code: ErrorCode) { #expect(script("fit(net, data, ...cfg, \(option))").fault?.code == code) }
}
