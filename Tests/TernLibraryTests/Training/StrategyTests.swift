import Testing
import TernRuntime
import TernSyntax

@Suite("all_reduce", .serialized) struct StrategyTests {
  private static let data = """
    let x = randn(203, 30, seed: 3)
    let data = dataset({x, y: cast(x[.., 0] > 0, i64), w: abs(randn(203, seed: 5))})
    let net = chain(dense(40, act: tanh), dense(2))
    let cfg = {target: "y", weights: "w", loss: cross_entropy, batch: 25, seed: 1, optimizer: adam(lr: 0.01), epochs: 3, metrics: accuracy}

    """

  private func shown(_ code: String) throws -> String {
    let script = Script(StrategyTests.data + code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  @Test("gives what one worker gives, and the same bytes each time", arguments: [1, 2, 3, 7, 30]) func same(_ workers: Int) throws {
    // 203 rows are eight batches of 25 and one of 3, which few workers have a share of.
    let code = """
      let one = fit(net, data, ...cfg)
      let many = fit(net, data, ...cfg, strategy: all_reduce(workers: \(workers)))
      let again = fit(net, data, ...cfg, strategy: all_reduce(workers: \(workers)))
      let eager = fit(net, data, ...cfg, strategy: all_reduce(workers: \(workers)), jit: false)
      fn far(a, b) { max(abs(a.model.layers[0].w - b.model.layers[0].w)) }
      print(far(one, many) < 1e-5, far(one, eager) < 1e-5, same(parameters(many.model), parameters(again.model)))
      print(map(many.history, h => h.loss) == map(again.history, h => h.loss), abs(many.loss - one.loss) < 1e-5, abs(many.history[2].accuracy - one.history[2].accuracy) < 1e-9)
      """
    #expect(try shown(code) == "true true true\ntrue true true")
  }

  @Test("goes together with accumulation, and with chance") func accumulation() throws {
    let code = """
      let deep = chain(dense(40, act: tanh), dropout(0.3), dense(2))
      let a = fit(net, data, ...{...cfg, batch: 24})
      let b = fit(net, data, ...{...cfg, batch: 8}, accumulate: 3, strategy: all_reduce(workers: 3))
      print(max(abs(a.model.layers[0].w - b.model.layers[0].w)) < 1e-5)
      let c = fit(deep, data, ...cfg, strategy: all_reduce(workers: 3))
      let d = fit(deep, data, ...cfg, strategy: all_reduce(workers: 3))
      let e = fit(deep, data, ...cfg, strategy: all_reduce(workers: 3), jit: false)
      print(same(parameters(c.model), parameters(d.model)), max(abs(c.model.layers[0].w - e.model.layers[0].w)) < 1e-5)
      """
    #expect(try shown(code) == "true\ntrue true")
  }

  @Test("averages what layers remember by rows") func states() throws {
    let code = """
      model centered() {
        state center: float[n] = zeros
        param k: float[n] = ones
        fn call(x: float[batch, n]) {
          if training { center = mean(x, over: 0) }
          k * (x - center)
        }
      }
      let even = dataset({x, y: cast(x[.., 0] > 0, i64)})
      let r = fit(chain(centered(), dense(2)), even, target: "y", loss: cross_entropy, batch: 203, steps: 1, strategy: all_reduce(workers: 4))
      max(abs(r.model.layers[0].center - mean(x, over: 0))) < 1e-6
      """
    #expect(try shown(code) == "true")
  }

  @Test("raises what goes wrong where it belongs") func errors() throws {
    let code = """
      fit(net, data, ...{...cfg, loss: (s, y) => cross_entropy(s, y) + 0 * s[.., 0]}, strategy: all_reduce(workers: 2)).status
      """
    #expect(try shown(code) == "\"done\"")
    let fault = Script(StrategyTests.data + "fit(chain(dense(9, act: relu), dense(2)), data, ...{...cfg, optimizer: sgd(lr: 1e30)}, strategy: all_reduce(workers: 2))").fault
    #expect(fault?.code == .nonFinite)
    #expect(fault?.notes.contains { $0.hasPrefix("the first number that is not finite: ") } == true)
  }

  @Test("is a value that prints its plan") func plan() throws {
    let code = """
      print(all_reduce(workers: 2), all_reduce(workers: 2) == all_reduce(workers: 2), all_reduce(workers: 3).workers)
      print(placement(all_reduce(workers: 3), init(dense(10), f32[_, 100], seed: 1), batch: 32))
      """
    #expect(try shown(code) == """
      all_reduce(workers: 2) true 3
      all_reduce(workers: 3)  1,010 parameters, 4 kB, in memory that all share
        worker 0  rows 0..10 of each 32; its gradient, 4 kB
        worker 1  rows 10..21 of each 32; its gradient, 4 kB
        worker 2  rows 21..32 of each 32; its gradient, 4 kB
        a step moves 8 kB of gradients and makes one update
      """)
  }

  @Test("refuses what cannot be", arguments: [
    ("all_reduce(workers: 0)", ErrorCode.badArgument), ("all_reduce(workers: 1000)", .badArgument), ("all_reduce(workers: \"x\")", .needsNumber),
    ("fit(net, data, ...cfg, strategy: 2)", .badArgument), ("placement(all_reduce(), net)", .uninitialised), ("placement(2, net)", .badArgument),
  ] as [(String, ErrorCode)])
  func refusals(_ code: String, _ error: ErrorCode) { #expect(Script(StrategyTests.data + code).fault?.code == error, "\(code)") }
}
