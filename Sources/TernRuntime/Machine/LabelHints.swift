import TernSyntax

/// What to say of a label that a function does not have: Tern's word for it, the nearest of its labels, or all of them.
func labelHint(forUnknown label: String, among names: [String]) -> String {
  if let ours = foreignLabels[label], names.contains(ours) { return "Tern calls it `\(ours):`" }
  if names.isEmpty, label == "end" || label == "sep" { return "the text is made first: `print(join(words, \" \"))`, `print(\"{a} {b}\")`" }
  if let near = didYouMean(label, among: names) { return "did you mean `\(near)`?" }
  return names.isEmpty ? "it takes no labels" : "its labels are \(names.joined(separator: ", "))"
}

/// Labels of other libraries by Tern's.
private let foreignLabels = [
  "axis": "over", "axes": "over", "dim": "over", "dims": "over", "activation": "act", "key": "by", "batch_size": "batch",
  "learning_rate": "lr", "weight_decay": "decay", "validation_data": "validate", "random_state": "seed",
]
