/// The brackets that are open, innermost last. It repairs what it can, so that one forgotten bracket is one error: a closer
/// passes over unclosed `(` and `[`, but never over a `{`.
struct OpenBrackets {
  private var open: [(kind: Token.Kind, token: Int)] = []

  var count: Int { open.count }

  mutating func open(_ kind: Token.Kind, token: Int) { open.append((kind, token)) }

  /// Removes and gives the token that this closer closes, if any; those below `floor` stay.
  mutating func close(_ closer: Token.Kind, floor: Int) -> Int? {
    var place = open.count - 1
    while place >= floor, place >= 0 {
      if open[place].kind.closer == closer {
        defer { open.removeSubrange(place...) }
        return open[place].token
      }
      if open[place].kind == .openBrace { return nil }
      place -= 1
    }
    return nil
  }

  /// Forgets unclosed `(` and `[` above the innermost `{`: a statement starts, so they will not be closed.
  mutating func abandonToBrace(floor: Int) {
    while open.count > floor, let last = open.last, !(last.kind == .openBrace) { open.removeLast() }
  }

  mutating func truncate(to count: Int) {
    if open.count > count { open.removeSubrange(count...) }
  }

  /// Forgets the brackets opened by tokens from this one on.
  mutating func forget(from token: Int) {
    while let last = open.last, last.token >= token { open.removeLast() }
  }

  mutating func removeAll() { open.removeAll() }
}
