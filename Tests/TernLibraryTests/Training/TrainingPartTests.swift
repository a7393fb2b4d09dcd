import Testing
import TernRuntime
import TernSyntax

@Suite("What is learned, and from what", .serialized) struct TrainingPartTests {
  private static let data = """
    let x = randn(200, 3, seed: 3)
    let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
    let net = chain(dense(8, act: tanh), dense(2))
    let cfg = {target: "y", loss: cross_entropy, batch: 16, seed: 1}

    """

  private func shown(_ code: String) throws -> String {
    let script = Script(TrainingPartTests.data + code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  @Test("gradients of several batches make the step of one large batch", arguments: [true, false])
  func accumulation(_ isCompiled: Bool) throws {
    let code = """
      let opt = sgd(lr: 0.1, momentum: 0.9)
      let one = fit(net, data, ...cfg, optimizer: opt, epochs: 2, metrics: accuracy, jit: \(isCompiled))
      let four = fit(net, data, ...{...cfg, batch: 4}, optimizer: opt, accumulate: 4, epochs: 2, metrics: accuracy, jit: \(isCompiled))
      print(max(abs(one.model.layers[0].w - four.model.layers[0].w)) < 1e-5, four.steps == one.steps)
      print(abs(four.loss - one.loss) < 1e-5, abs(four.history[1].accuracy - one.history[1].accuracy) < 1e-9)
      let w = dataset({x, y: cast(x[.., 0] > 0, i64), w: abs(randn(200, seed: 5))})
      let a = fit(net, w, ...cfg, weights: "w", optimizer: opt, epochs: 2)
      let b = fit(net, w, ...{...cfg, batch: 5}, accumulate: 4, weights: "w", optimizer: opt, epochs: 2)
      print(a.steps != b.steps, max(abs(fit(net, w, ...{...cfg, batch: 20}, weights: "w", optimizer: opt, epochs: 2).model.layers[0].w - b.model.layers[0].w)) < 1e-5)
      """
    #expect(try shown(code) == "true true\ntrue true\ntrue true")
  }

  @Test("what layers remember goes on from part to part") func accumulatedStates() throws {
    let code = """
      model counting() {
        state seen: float[] = 0.0
        param k: float[n] = ones
        fn call(x: float[batch, n]) {
          if training { seen = seen + 1 }
          k * x
        }
      }
      fit(chain(counting(), dense(2)), data, ...{...cfg, batch: 10}, accumulate: 5, steps: 3).model.layers[0].seen
      """
    #expect(try shown(code) == "15.0")
  }

  @Test("frozen parts stay, with their moments", arguments: [true, false]) func freezing(_ isCompiled: Bool) throws {
    let code = """
      let a = fit(net, data, ...cfg, epochs: 1)
      let b = fit(net, data, ...cfg, from: a, freeze: ["layers[0]", "*.b"], epochs: 2, optimizer: adam(lr: 0.1), jit: \(isCompiled))
      print(same(b.model.layers[0].w, a.model.layers[0].w), same(b.model.layers[1].b, a.model.layers[1].b), same(b.model.layers[1].w, a.model.layers[1].w))
      """
    #expect(try shown(code) == "true true false")
  }

  @Test("a run starts from what another has learned, where the shapes are the same") func warmStart() throws {
    let code = """
      let a = fit(net, data, ...cfg, epochs: 5, optimizer: adam(lr: 0.05))
      let b = fit(net, data, ...cfg, from: a, epochs: 0)
      print(same(b.model.layers[0].w, a.model.layers[0].w), same(b.model.layers[1].b, a.model.layers[1].b))
      let wider = fit(chain(dense(8, act: tanh), dense(3)), data, ...cfg, from: a.model, epochs: 0)
      print(same(wider.model.layers[0].w, a.model.layers[0].w), shape(wider.model.layers[1].w))
      """
    #expect(try shown(code) == "true true\ntrue [8, 3]")
  }

  @Test("classes weigh the same when balanced, or as told") func classWeights() throws {
    let code = """
      let d = dataset({x: [1.0, 1.0, 1.0, 1.0], y: [0, 0, 0, 1]})
      fn share(weights) {
        let r = fit(dense(2), d, target: "y", loss: cross_entropy, batch: 4, optimizer: adam(lr: 0.1), epochs: 400, class_weights: weights)
        float(softmax(r.model(ones(1, 1)))[0, 1])
      }
      print(abs(share(none) - 0.25) < 0.02, abs(share("balanced") - 0.5) < 0.02, abs(share({"1": 9}) - 0.75) < 0.02, share({"1": 0}) < 0.02)
      """
    #expect(try shown(code) == "true true true true")
  }

  @Test("recent rows count more") func recency() throws {
    let code = """
      let day = time("2026-01-01")
      let d = dataset({x: [1.0, 1.0, 1.0], t: [day, day + 30d, day + 60d], y: [0.0, 0.0, 7.0], age: [60, 30, 0]})
      fn fitted(data, weights) { fit(dense(1), data, target: "y", loss: mse, weights: weights, optimizer: adam(lr: 0.1), epochs: 500, batch: 3) }
      let by_time = fitted(drop(d, "age"), recency(30d)).model(ones(1, 1))[0, 0]
      print(abs(by_time - 4) < 0.1)
      print(kind(fitted(d, [recency(30d, by: "t"), recency(1e9, by: "age")])))
      """
    #expect(try shown(code) == "true\nrun")
  }

  @Test("a metric may give a number a row, such as a profit") func rowMetric() throws {
    let code = """
      fn profit(scores, y) { where(argmax(scores, over: 1) == y, 2.0, -1.0) }
      let r = fit(net, data, ...cfg, metrics: [accuracy, profit], epochs: 1)
      let h = r.history[0]
      print(abs(h.profit - (3 * h.accuracy - 1)) < 1e-6, abs(evaluate(r, data, metrics: [profit]).profit - (3 * evaluate(r, data, metrics: [accuracy]).accuracy - 1)) < 1e-6)
      """
    #expect(try shown(code) == "true true")
  }

  @Test("parts that are not there are named", arguments: [
    ("freeze: \"layer[0]\"", ErrorCode.unknownKey, "`freeze` names \"layer[0]\", and nothing in the model has such a path"),
    ("from: dense(3)", .uninitialised, "the model to start from has no numbers yet"),
    ("from: init(dense(3), ones(1, 3))", .checkpointMismatch, "nothing in the model is called and shaped as in the one it is to start from"),
    ("class_weights: {a: 2}", .badLabels, "`class_weights` names \"a\", which is no class"),
    ("class_weights: \"even\"", .badArgument, "`fit` takes \"balanced\" or a record of classes as `class_weights`; this is a str"),
    ("weights: recency(30d)", .badArgument, "`recency` needs a column: the data has 0 columns of times"),
    ("weights: recency(30d, by: \"y\")", .columnType, "`y` is of int, and the half-life is a duration"),
    ("weights: 3", .badArgument, "`fit` takes the name of a column, or `recency(…)`, as `weights`; this is an int"),
  ] as [(String, ErrorCode, String)])
  func refusals(_ option: String, _ code: ErrorCode, _ message: String) throws {
    let fault = Script(TrainingPartTests.data + "fit(net, data, ...cfg, \(option))").fault
    #expect(fault?.code == code)
    #expect(fault?.message == message)
  }
}
