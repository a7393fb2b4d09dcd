import Testing
import TernRuntime
import TernSyntax

@Suite("fit", .serialized) struct TrainingFitTests {
  private static let data = """
    let x = randn(200, 3, seed: 3)
    let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
    let net = chain(dense(8, act: relu), dropout(0.2), dense(2))
    fn run(seed, ...more) { fit(net, data, target: "y", loss: cross_entropy, epochs: 3, batch: 16, seed: seed) }

    """

  private func shown(_ code: String) throws -> String {
    let script = try Script(TrainingFitTests.data + code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  @Test("gives the same numbers for the same seed, whatever was drawn before") func seeds() throws {
    let code = """
      let a = run(1)
      rand(5);
      [same(a.model.layers[0].w, run(1).model.layers[0].w), same(a.model.layers[0].w, run(2).model.layers[0].w)]
      """
    #expect(try shown(code) == "[true, false]")
  }

  @Test("learns the same with somebody looking on") func validation() throws {
    let code = """
      let b = fit(net, data, target: "y", loss: cross_entropy, epochs: 3, batch: 16, seed: 1, validate: take(data, 50), metrics: [accuracy])
      print(same(run(1).model.layers[0].w, b.model.layers[0].w), keys(b.history[0]))
      """
    #expect(try shown(code) == #"true ["epoch", "loss", "val_loss", "accuracy", "val_accuracy", "seconds"]"#)
  }

  @Test("changes nothing it is given") func value() throws {
    let code = """
      let start = init(net, x, seed: 1)
      let kept = start.layers[0].w
      let r = fit(start, data, target: "y", loss: cross_entropy, epochs: 1)
      [same(start.layers[0].w, kept), same(r.model.layers[0].w, kept)]
      """
    #expect(try shown(code) == "[true, false]")
  }

  @Test("leaves rows of no weight out of account") func weights() throws {
    let code = """
      let d = dataset({x: [1.0, 2.0, 3.0, 4.0], y: [2.0, 4.0, 6.0, 100.0], w: [1, 1, 1, 0]})
      let r = fit(dense(1), d, target: "y", weights: "w", loss: mse, optimizer: adam(lr: 0.1), epochs: 600)
      abs(predict(r, {x: 4}) - 8) < 0.2
      """
    #expect(try shown(code) == "true")
  }

  @Test("keeps what layers remember") func states() throws {
    let code = """
      model centered() {
        state center: float[n] = zeros
        param k: float[n] = ones
        fn call(x: float[batch, n]) {
          if training { center = 0.5 * center + 0.5 * mean(x, over: 0) }
          k * (x - center)
        }
      }
      let r = fit(chain(centered(), dense(2)), data, target: "y", loss: cross_entropy, epochs: 2)
      any(r.model.layers[0].center != 0)
      """
    #expect(try shown(code) == "true")
  }

  @Test("takes an optimizer made of a function") func ownOptimizer() throws {
    let code = """
      fn step(opt, model, g) { {model: model - 0.1 * g, opt: {...opt, count: opt.count + 1}} }
      fit(net, data, target: "y", loss: cross_entropy, optimizer: {step, count: 0}, epochs: 2).status
      """
    #expect(try shown(code) == "\"done\"")
  }

  @Test("goes on from a model that was trained, with its recipe") func more() throws {
    let code = """
      let iris = sample("iris")
      let prep = recipe(species: label, "*": standardize)
      let a = fit(chain(dense(8, act: relu), dense(3)), iris, prep: prep, target: "species", loss: cross_entropy, epochs: 20)
      let b = fit(a.model, iris, target: "species", loss: cross_entropy, epochs: 20)
      [b.loss < a.loss, predict(b, iris[0]).species]
      """
    #expect(try shown(code) == #"[true, "setosa"]"#)
  }

  @Test("refuses before the first step, in the words of the data", arguments: [
    ("fit(net, data, target: \"Y\", loss: cross_entropy)", ErrorCode.noTarget, "the data has no column \"Y\""),
    ("fit(dense(1), data, target: \"y\", loss: cross_entropy)", .badLabels, "\"y\" has labels from 0 to 1; the model gives 1 score, for 0 alone"),
    ("fit(net, take(data, 0), target: \"y\", loss: mse)", .emptyInput, "there are no rows to train on"),
    ("fit(net, data, target: \"y\")", .badLoss, "`fit` needs a loss to make small"),
    ("fit(net, data, target: \"y\", loss: (out, y) => out)", .badLoss, "a loss gives one number a row; for 32 rows this gave f32[32, 2]"),
    ("fit(net, data, target: \"y\", loss: mse)", .badLoss, "`mse` does not compare what the model gives, f32[32, 2], with i64[32] of \"y\""),
    ("fit(net, 3, target: \"y\", loss: mse)", .badArgument, "`fit` takes a dataset as `data`; this is an int"),
    ("fit(x => x, data, target: \"y\", loss: mse)", .badArgument, "`fit` takes a model as `net`; this is a fn"),
    ("fit(net, data, target: \"y\", loss: mse, batch: 0)", .badArgument, "a batch has at least one row; `batch` is 0"),
    ("fit(net, data, target: \"y\", loss: mse, epochs: -1)", .badArgument, "`fit` takes a number of `epochs`; it cannot be -1"),
    ("fit(net, sample(\"penguins\"), target: \"species\", loss: cross_entropy)", .columnType, "`species` is of str, and a model learns numbers"),
    ("fit(net, data, target: \"y\", loss: cross_entropy, optimizer: sgd(lr: 1e30), epochs: 9)", .nonFinite, "the loss became nan in epoch 0, at step 1"),
  ] as [(String, ErrorCode, String)])
  func refusals(_ code: String, _ error: ErrorCode, _ message: String) throws {
    let script = try Script(TrainingFitTests.data + code)
    #expect(script.fault?.code == error)
    #expect(script.fault?.message == message)
  }

  @Test("names missing cells and what to do about them") func missing() throws {
    let code = """
      let prep = recipe(species: label, bill_length_mm: standardize)
      fit(net, sample("penguins"), prep: prep, target: "species", loss: cross_entropy)
      """
    let fault = try Script(TrainingFitTests.data + code).fault
    #expect(fault?.code == .missingCells)
    #expect(fault?.message == "`bill_length_mm` has 2 missing cells")
    #expect(fault?.hint?.contains("drop_missing") == true)
  }

  @Test("keeps an interrupted run, and ends what called it") func limits() throws {
    let code = """
      try { timeout(200ms, () => fit(net, data, target: "y", loss: cross_entropy, epochs: 1000000)) } catch e { print("caught") }
      """
    let script = try Script(TrainingFitTests.data + code)
    #expect(script.fault?.code == .timeLimit)
    #expect(script.fault?.partial?.kind == "run")
    #expect(script.output == "")
  }

  @Test("leaves failed and interrupted runs in runs()") func log() throws {
    let code = """
      try { fit(net, data, target: "y", loss: cross_entropy, optimizer: sgd(lr: 1e30), epochs: 9) } catch e { }
      let r = run(1)
      print(runs()[0].id == r.id, runs()[1].status, runs()[1].steps, runs()[1].model(x) |> shape)
      """
    #expect(try shown(code) == "true failed 1 [200, 2]")
  }
}

@Suite("What training is given by mistake", .serialized) struct TrainingMistakeTests {
  @Test("is refused and never traps", arguments: [
    ("fit(dense(1), nans, target: \"y\", loss: mse)", ErrorCode.nonFinite), ("fit(dense(0), data, target: \"x\", loss: mse)", .badLoss),
    ("fit(dense(2), data, target: \"y\", loss: cross_entropy)", .badLabels), ("fit(dense(1), data, target: \"x\", loss: (a, b) => error(\"mine\"))", .raised),
    ("fit(dense(1), data, target: \"x\", loss: (a, b) => 3)", .badLoss), ("fit(dense(1), data, target: \"x\", loss: mse, weights: \"z\")", .noTarget),
    ("fit(dense(1), data, target: \"x\", loss: mse, drop_last: true, batch: 5)", .emptyInput),
    ("fit(dense(1), data, target: \"x\", loss: mse, epochs: 9223372036854775807, batch: 1)", .badArgument),
    ("fit(dense(1), data, target: \"x\", loss: mse, optimizer: {step: (o, m, g) => {model: 3, opt: 4}})", .badArgument),
    ("fit(dense(1), data, target: \"x\", loss: mse, metrics: {m: (a, b) => \"x\"})", .badLoss), ("runs()[9999999]", .indexOutOfRange),
    ("runs()[0..=9223372036854775807]", .indexOutOfRange), ("fit(dense(1), data, target: \"x\", loss: mse, prep: 3)", .badArgument),
  ] as [(String, ErrorCode)])
  func refusals(_ code: String, _ error: ErrorCode) throws {
    let data = """
      let data = dataset({x: [1.0, 2.0, 3.0, 4.0], y: [1, 2, 3, 9223372036854775807]})
      let nans = dataset({x: [1.0, 2.0, nan, 4.0], y: [1.0, 2.0, 3.0, 4.0]})

      """
    #expect(try Script(data + code).fault?.code == error, "\(code)")
  }
}
