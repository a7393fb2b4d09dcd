package import TernRuntime

extension Vocabulary {
  /// Every builtin, and the library in Tern's own language.
  package static func standard() -> Vocabulary {
    let vocabulary = Vocabulary()
    vocabulary.add(contentsOf: Core.builtins)
    vocabulary.add(contentsOf: DataWords.all)
    return vocabulary
  }
}
