/// The word that was probably meant: the nearest by insertions, removals, replacements and swaps of neighbours, when that is
/// near enough for the word's length. Of equally near ones, the first in the alphabet.
package func didYouMean(_ word: String, among names: some Sequence<String>) -> String? {
  let letters = Array(word.lowercased().unicodeScalars)
  guard letters.count <= 64 else { return nil }
  let limit = letters.count <= 4 ? 1 : letters.count <= 7 ? 2 : 3
  var best: (name: String, distance: Int)?
  for name in names where name != word {
    let other = Array(name.lowercased().unicodeScalars)
    guard abs(other.count - letters.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    guard distance <= limit, distance < max(letters.count, other.count) else { continue }
    if let best, (best.distance, best.name) < (distance, name) { continue }
    best = (name, distance)
  }
  return best?.name
}

private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var distance = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforeLast[j - 1] + 1) }
      row.append(distance)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
