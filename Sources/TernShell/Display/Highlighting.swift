import TernSyntax

/// What parts of a code are told apart by colours, at a terminal and in pages.
enum Highlight {
  case keyword, number, text, comment

  /// The parts in order; what lies between them has no colour of its own.
  static func spans(of source: SourceText) -> [(range: SourceRange, look: Highlight)] {
    let words = tokens(of: source).compactMap { token in token.kind.look.map { (range: token.range, look: $0) } }
    let comments = parse(source).comments.map { (range: $0.range, look: Highlight.comment) }
    return (words + comments).sorted { $0.range.start < $1.range.start }.filter { $0.range.end > $0.range.start }
  }

  /// The code with each of its parts as `dress` has it, and the rest as `plain` has it.
  static func dressed(_ source: SourceText, plain: (String) -> String = { $0 }, _ dress: (String, Highlight) -> String) -> String {
    var text = "", at: UInt32 = 0
    for span in spans(of: source) where span.range.start >= at {
      text += plain(source.text(SourceRange(at, span.range.start))) + dress(source.text(span.range), span.look)
      at = span.range.end
    }
    return text + plain(source.text(SourceRange(at, UInt32(source.bytes.count))))
  }
}

extension Token.Kind {
  fileprivate var look: Highlight? {
    switch self {
    case .int, .float, .duration, .size: .number
    case .stringOpen, .stringText, .stringClose: .text
    default: isKeyword ? .keyword : nil
    }
  }
}
