/// The candidate that a word was most likely meant to be, or nil when none is near. Ties go to the first.
package func didYouMean(_ word: String, among candidates: some Sequence<String>) -> String? {
  let written = Array(word.unicodeScalars)
  guard !written.isEmpty, written.count <= 64 else { return nil }
  var best: (candidate: String, distance: Int)?
  let limit = min(3, max(1, written.count / 3))
  for candidate in candidates where !(candidate == word) {
    let spelled = Array(candidate.unicodeScalars)
    guard abs(spelled.count - written.count) <= limit else { continue }
    let distance = isSameButCase(word, candidate) ? 0 : editDistance(written, spelled)
    // Of one or two letters every other word is near; a slip changes fewer letters than it keeps.
    guard distance <= limit, distance < written.count, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.candidate
}

private func isSameButCase(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }

/// Insertions, deletions, changes and swaps of neighbours from one word to the other; three rows of memory.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
