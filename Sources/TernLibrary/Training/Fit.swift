import TernRuntime
import TernSyntax
import TernTraining

extension Training {
  static var fit: Builtin {
    Builtin(
      """
      fit(net, data, target: str, loss: fn = none, optimizer = none, prep = none, weights = none, class_weights = none,
          epochs: int = none, steps: int = none, budget = none, batch: int = 32, accumulate: int = 1, validate = none,
          metrics = none, stop = none, keep: str = "last", callback = none, from = none, freeze = none, checkpoint = none,
          resume = none, strategy = none, seed: int = 0, shuffle: bool = true, drop_last: bool = false, jit: bool = true,
          compute = none)
      """,
      """
      Trains a model on a dataset and gives the run: its model, its history, how it ended, the optimizer as the last step left it \
      (`run.opt`). The model given is not changed.

      How long: `epochs` (10 unless something else ends it), `steps`, `budget: {time: 10min}` or `{cost: 2.0, price: 0.5}` with the \
      price of an hour; `stop: {patience: 5, on: "val_loss", goal: "min", by: 0}` ends after 5 epochs without a better one, and \
      `keep: "best"` gives the model of the best epoch. `callback: epoch => …` is called after each epoch with its record \
      (`epoch step loss val_loss metrics model` and each metric); what gives `false` or `"stop"` ends the run.

      On what: `prep` is a recipe; `weights` a column, `recency(30d)` or a list of such; `class_weights` `"balanced"` or a record. \
      `validate` is judged after each epoch, as a whole and in the unit of the data; `metrics` are functions of scores and target that give a number, or one a row.

      How: `accumulate: 4` makes a step of the gradients of 4 batches. `from: run` starts from what that run (or a model) has \
      learned, where paths and shapes are the same; `freeze: ["layers[0]"]` keeps params by their paths. Steps are compiled; with \
      `jit: false` they run one operation after another. `compute: bf16` multiplies big matrices in bf16 and adds up in f32, up to twice as fast \
      where the processor can; what is learned stays f32.

      Where: `strategy: all_reduce(workers: 4)` shares each batch out to threads.

      Kept: `checkpoint: "ck"`, or `{path: "ck", every: 1, steps: 100, keep: 3, best: true}` (`every` counts epochs or is a duration), \
      keeps the run as it stands, each time whole or not at all. The same script run again goes on from there, whatever ended it, \
      and comes out as if nothing had; `resume: "ck"` does so without keeping more.
      """,
      example: """
        let data = dataset({x: arange(0, 4, step: 0.125), y: 3 * arange(0, 4, step: 0.125)})
        fit(dense(1), data, target: "y", loss: mse, optimizer: adam(lr: 0.1), epochs: 2, seed: 1).status
        #> "done"
        """,
      effect: .draws
    ) { call throws(Fault) in
      let fitting = try Fitting(FitOptions(call), call.machine)
      if call.machine.isRehearsing { throw Fault(.denied, "`fit` trains nothing in a rehearsal") }
      return try fitting.run()
    }
  }
}
