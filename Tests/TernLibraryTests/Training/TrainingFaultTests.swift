import Testing
import TernRuntime
import TernSyntax

@Suite("A loss that is no number", .serialized) struct TrainingFaultTests {
  private static let data = """
    let x = randn(100, 3, seed: 3)
    let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
    let cfg = {target: "y", seed: 1, batch: 32}

    """

  private func fault(_ code: String) throws -> Fault { try #require(Script(TrainingFaultTests.data + code).fault) }

  @Test("is said with its batch, the operation, the layer and the line", arguments: [true, false]) func inLayer(_ isCompiled: Bool) throws {
    let fault = try fault("""
      model scaled() {
        param k: float[n] = ones
        fn call(x: float[batch, n]) {
          let z = x * k
          log(z)
        }
      }
      fit(chain(dense(4), chain(scaled(), dense(2))), data, ...cfg, loss: cross_entropy, jit: \(isCompiled))
      """)
    #expect(fault.code == .nonFinite && fault.message == "the loss became nan in epoch 0, at step 0")
    try #require(fault.notes.count == 3)
    #expect(fault.notes[0].hasPrefix("batch 0 of 4 in its epoch: rows 80, 62, 1, 50"))
    #expect(fault.notes[1] == "the first number that is not finite: `log` gave nan in f32[32, 4], in `layers[1].layers[0]`, a `scaled` (test:8)")
    #expect(fault.notes[2] == "the run until there, 0 steps, is `runs()[0]`")
  }

  @Test("is found in a loss of the script") func inLoss() throws {
    let fault = try fault("""
      fn steep(scores, y) { cross_entropy(exp(scores * 300), y) }
      fit(dense(2), data, ...cfg, loss: steep)
      """)
    try #require(fault.notes.count > 1)
    #expect(fault.notes[1] == "the first number that is not finite: `exp` gave inf in f32[32, 2] (test:4)")
  }

  @Test("is found in a gradient") func inGradient() throws {
    let fault = try fault("""
      fn rooted(scores, y) { sqrt((scores[.., 0] * 0) ** 2) }
      fit(dense(2), data, ...cfg, loss: rooted, optimizer: sgd(lr: 1.0))
      """)
    #expect(fault.message == "the loss became nan in epoch 0, at step 1")
    try #require(fault.notes.count > 1)
    #expect(fault.notes[1] == "`model.w` was nan already when the step began; the first number that is not finite, in the step before: `/` gave inf in f32[32], in the gradient of `sqrt`")
  }

  @Test("leaves the run as it was before") func kept() throws {
    let script = Script(TrainingFaultTests.data + """
      let net = chain(dense(9, act: relu), dense(2))
      try { fit(net, data, ...cfg, loss: cross_entropy, optimizer: sgd(lr: 1e30), strategy: none) } catch e { print(e.code) }
      let r = runs()[0]
      print(r.status, r.steps, same(r.model.layers[0].w, fit(net, data, ...cfg, loss: cross_entropy, optimizer: sgd(lr: 1e30), steps: r.steps).model.layers[0].w))
      """)
    #expect(script.fault?.message == nil)
    #expect(script.output == "E0409\nfailed 1 true")
  }
}
