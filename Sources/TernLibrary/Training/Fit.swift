import TernRuntime
import TernSyntax
import TernTraining

extension Training {
  static var fit: Builtin {
    Builtin(
      """
      fit(net, data, target: str, loss: fn = none, optimizer = none, prep = none, weights = none, epochs: int = 10,
          batch: int = 32, validate = none, metrics = none, seed: int = 0, shuffle: bool = true, drop_last: bool = false, jit: bool = true)
      """,
      "Trains a model on a dataset and gives the run: its model, its history, how it ended. The model given is not changed. Its steps are compiled; with `jit: false` they run one operation after another.",
      example: """
        let data = dataset({x: arange(0, 4, step: 0.125), y: 3 * arange(0, 4, step: 0.125)})
        fit(dense(1), data, target: "y", loss: mse, optimizer: adam(lr: 0.1), epochs: 2, seed: 1).status
        #> "done"
        """,
      effect: .draws
    ) { call throws(Fault) in
      try Fitting(FitOptions(call), call.machine).run()
    }
  }
}
