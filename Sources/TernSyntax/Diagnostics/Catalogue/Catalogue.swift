/// What is known of an error code beyond one occasion: `tern explain E0213` shows it.
package struct CatalogueEntry: Sendable {
  /// What went wrong, in at most sixty characters.
  package let title: String
  /// What it means, why it is so, and the ways out.
  package let explanation: String
  /// A short program that raises it, or a comment that says what does.
  package let example: String

  init(_ title: String, _ explanation: String, example: String) {
    self.title = title
    self.explanation = explanation
    self.example = example
  }
}

extension ErrorCode {
  /// The text of `tern explain E0213`.
  package var explanation: String {
    let entry = entry
    let example = entry.example.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
    return "\(rawValue): \(entry.title)\n\n\(entry.explanation)\n\nFor example:\n\n\(example)"
  }

  /// Each family of errors has a file of its own; a test asks every code for its words.
  package var entry: CatalogueEntry {
    textEntry ?? grammarEntry ?? namesEntry ?? tensorsEntry ?? valuesEntry
      ?? limitsEntry ?? modelsEntry ?? dataEntry ?? trainingEntry
      ?? CatalogueEntry("", "", example: "")
  }
}
