package import TernRuntime
import TernSyntax

/// The words of training: `fit` and what is done with what it gives.
package enum Training {
  package static var builtins: [Builtin] {
    [fit, recency, allReduce, placement, evaluate, require, atLeast, atMost, predict, runs, compare, save, load, export, quantize]
  }
}
