import TernRuntime

/// What Tab knows: names, and the fields of what a name holds. It never runs code.
struct Completer {
  let session: Session

  init(_ session: Session) { self.session = session }

  private static let keywords = [
    "let", "var", "fn", "if", "else", "for", "in", "while", "match", "return", "break", "continue", "true", "false", "none",
    "and", "or", "not", "try", "catch", "model", "use",
  ]

  func complete(_ before: String) -> LineEditor.Completion {
    let word = before.trailingWord
    let head = before.dropLast(word.count)
    let candidates = candidates(after: String(head)).filter { $0.hasPrefix(word) && $0 != word }
    guard let first = candidates.first else { return LineEditor.Completion() }
    let common = candidates.reduce(first) { Completer.commonPrefix($0, $1) }
    return LineEditor.Completion(insertion: String(common.dropFirst(word.count)), candidates: candidates.sorted())
  }

  private func candidates(after head: String) -> [String] {
    if head.last == "." {
      let owner = String(head.dropLast()).trailingWord
      return session.file.value(of: owner).map(Completer.fields) ?? []
    }
    return Array(Set(session.file.definedNames + session.machine.vocabulary.names + Completer.keywords))
  }

  private static func fields(of value: Value) -> [String] {
    switch value {
    case .record(let record): record.layout.keys.map(\.text)
    case .model(let model): model.blueprint.fieldNames
    case .foreign(let foreign): foreign.value.fieldNames
    default: []
    }
  }

  private static func commonPrefix(_ a: String, _ b: String) -> String {
    var common = ""
    for (x, y) in zip(a, b) {
      guard x == y else { break }
      common.append(x)
    }
    return common
  }
}

extension String {
  /// The letters, digits and underscores at the end.
  fileprivate var trailingWord: String {
    String(reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
  }
}
