import Testing
import TernRuntime
import TernSyntax

@Suite("summary, inspect and compare", .serialized) struct TrainingLookTests {
  private func shown(_ code: String) -> String {
    let script = Script(code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  @Test("a summary lists layers, shapes, counts and memory") func summary() {
    #expect(shown("summary(chain(dense(32, act: relu), dropout(0.1), dense(10)), f32[64, 784])").split(separator: "\n").dropFirst().joined(separator: "\n") == """
        layers[0]  dense    f32[64, 32]  25,120
        layers[1]  dropout  f32[64, 32]       0
        layers[2]  dense    f32[64, 10]     330
        (all)      chain    f32[64, 10]       0
        25,450 parameters; gives f32[64, 10]
        training takes 428 kB: weights 101 kB, gradients 101 kB, moments 203 kB, activations 21.5 kB
      """)
  }

  @Test("its memory goes by the optimizer, and its numbers are fields") func memory() {
    let code = """
      let net = chain(dense(4), dense(2))
      let s = summary(net, f32[8, 3], optimizer: sgd(lr: 0.1))
      print(s.memory.moments, s.memory.weights, s.memory.total, s.memory.machine > 1MB, s.parameters, s.layers[0])
      print(summary(net, f32[8, 3], optimizer: sgd(lr: 0.1, momentum: 0.9)).memory.moments)
      """
    #expect(shown(code) == """
      0B 104B 464B true 26 {layer: "layers[0]", what: "dense", out: "f32[8, 4]", parameters: 16}
      104B
      """)
  }

  @Test("a layer called twice is told, and one that does not fit is an error") func layers() {
    let code = """
      model twice() {
        let inner = dense(3)
        fn call(x) { inner(inner(x)) }
      }
      map(summary(twice(), f32[2, 3]).layers, l => "{l.layer} {l.what}")
      """
    #expect(shown(code) == #"["inner dense ×2", "(all) twice"]"#)
    let fault = Script("let net = init(chain(dense(4), dense(2)), f32[_, 3], seed: 1)\nsummary(net, f32[8, 5])").fault
    #expect(fault?.message == "`dense` was made for inputs = 3; `x` has inputs = 5")
    #expect(fault?.notes.contains { $0.contains("layers[0]") } == true)
  }

  @Test("inspect tells values, params and gradients") func inspect() {
    let code = """
      let net = init(chain(dense(4, act: relu), dense(1)), f32[_, 2], seed: 1)
      let seen = inspect(net, ones(8, 2))
      print(len(seen), map(seen, r => "{r.name} {r.what}"))
      let g = where(seen, r => r.what == "gradient")
      print(g[3].name, g[3].mean, g[3].bad)
      let by_loss = inspect(net, ones(8, 2), target: zeros(8, 1), loss: (s, y) => (s - y) ** 2)
      let out = net(ones(1, 2))[0, 0]
      print(abs(where(by_loss, r => r.what == "gradient")[3].mean - 2 * out) < 1e-5)
      """
    #expect(shown(code) == """
      11 ["layers[0] values", "layers[1] values", "(all) values", "layers[0].w param", "layers[0].b param", "layers[1].w param", "layers[1].b param", "layers[0].w gradient", "layers[0].b gradient", "layers[1].w gradient", "layers[1].b gradient"]
      layers[1].b 1.0 0
      true
      """)
  }

  @Test("compare tells what runs took to get equally far") func compare() {
    let code = """
      let x = randn(200, 3, seed: 3)
      let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
      fn run(lr, ...more) { fit(dense(2), data, target: "y", loss: cross_entropy, optimizer: adam(lr: lr), epochs: 8, batch: 20, seed: 1, metrics: accuracy, validate: take(data, 50)) }
      let a = run(0.1)
      let b = run(1e-5)
      let t = compare({fast: a, slow: b}, to: {accuracy: 0.9}, price: 3600)
      let first = filter(enumerate(map(a.history, h => h.val_accuracy >= 0.9)), ([i, ok]) => ok)[0][0]
      print(t[0].run, t[0].epoch == first, t[0].steps == 10 * (first + 1), abs(t[0].cost - t[0].seconds) < 1e-9, t[0].best >= 0.9)
      print(t[1].run, t[1].epoch, t[1].steps, t[1].cost, t[1].best < 0.9)
      print(len(compare([a, b], to: {loss: 0.3, accuracy: 0.5})), len(compare(runs()[0..2], to: {loss: 0.3})))
      """
    #expect(shown(code) == "fast true true true true\nslow none none none true\n2 2")
  }

  @Test("refuse what they cannot look at", arguments: [
    ("inspect(3, ones(2))", ErrorCode.badArgument), ("inspect(dense(1), ones(2, 2))", .uninitialised),
    ("inspect(init(dense(1), ones(1, 2)), ones(2, 2), loss: mse)", .missingArgument), ("summary(dense(1), f32[2, 2], optimizer: 3)", .badArgument),
    ("compare([1], to: {loss: 1})", .badArgument), ("compare([], to: {loss: 1})", .badArgument), ("compare(runs(), to: 3)", .badArgument),
    ("compare([fit(dense(1), dataset({x: [1.0], y: [1.0]}), target: \"y\", loss: mse, epochs: 1)], to: {acuracy: 1})", .unknownField),
  ] as [(String, ErrorCode)])
  func refusals(_ code: String, _ error: ErrorCode) { #expect(Script(code).fault?.code == error, "\(code)") }
}

@Suite("Numbers with so many decimals") struct FixedDecimalsTests {
  @Test("of a report", arguments: [(0.12341, "0.1234"), (2.0, "2.0000"), (-1.5, "-1.5000"), (1e-9, "1e-09")])
  func decimals(_ number: Double, _ text: String) {
    let script = Script("fn m(s, y) { \(number) }\nlet d = dataset({x: [1.0], y: [1.0]})\nprint(evaluate(fit(dense(1), d, target: \"y\", loss: mse, epochs: 0), d, metrics: m))")
    #expect(script.output.contains("m  \(text)"), "\(script.output)")
  }
}
