extension SourceText {
  /// Where the operator between two operands stands: what is left between their ranges without blanks and comments.
  package func operatorRange(between left: Expr, and right: Expr) -> SourceRange {
    let limit = min(Int(right.range.start), bytes.count)
    let start = afterBlanks(Int(left.range.end), limit)
    var end = endOfWord(start, limit)
    // `not in` is one operator of two words.
    if text(SourceRange(UInt32(start), UInt32(end))) == "not" { end = endOfWord(afterBlanks(end, limit), limit) }
    return SourceRange(UInt32(start), UInt32(end))
  }

  private func afterBlanks(_ place: Int, _ limit: Int) -> Int {
    var place = min(place, limit)
    while place < limit {
      if bytes[place] == UInt8(ascii: "#") {
        while place < limit, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      } else if isBlank(bytes[place]) {
        place += 1
      } else {
        break
      }
    }
    return place
  }

  private func endOfWord(_ place: Int, _ limit: Int) -> Int {
    var place = place
    while place < limit, !isBlank(bytes[place]), bytes[place] != UInt8(ascii: "#") { place += 1 }
    return place
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13) ~= byte }
}
