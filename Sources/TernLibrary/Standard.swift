package import TernRuntime

extension Vocabulary {
  /// Every builtin. The library in Tern's own language stands behind them.
  package static func standard() -> Vocabulary {
    let vocabulary = Vocabulary()
    vocabulary.add(contentsOf: Core.builtins)
    vocabulary.add(contentsOf: Core.constants)
    vocabulary.add(contentsOf: TensorCreation.builtins + TensorElementwise.builtins + TensorReductions.builtins)
    vocabulary.add(contentsOf: TensorShapes.builtins + TensorSelection.builtins + LinearAlgebra.builtins + Windows.builtins)
    vocabulary.add(contentsOf: Gradients.builtins + Jit.builtins + VectorMap.builtins + ModelWords.builtins)
    vocabulary.add(contentsOf: Training.builtins, lookingAtElements: true)
    vocabulary.add(contentsOf: Plotting.builtins, lookingAtElements: true)
    vocabulary.add(contentsOf: DataWords.all, lookingAtElements: true)
    return vocabulary
  }
}
