internal import CEditline
internal import Glibc
import TernSyntax

/// A finished cell once more, in colours, over the plain one: libedit draws none.
enum ColouredCell {
  /// - Parameter shown: The text as it stands on the screen, the cursor in the line below it.
  static func redraw(_ shown: String, prompt: String) {
    guard let first = shown.first, !":?!".contains(first) else { return }
    let plainPrompt = prompt.replacing(/\u{1}[^\u{1}]*\u{1}/, with: "")
    guard let rows = rows(of: plainPrompt + shown, columns: Console.columns(STDOUT_FILENO)), rows < Console.rows(STDOUT_FILENO) else { return }
    print("\u{1B}[\(rows)A\r\(prompt.filter { $0 != "\u{1}" })\(coloured(shown))\u{1B}[J")
    fflush(nil)
  }

  /// How many rows of the screen a text takes; nil where a line ends in the last column, or a width is not known, so that it
  /// cannot be said where the cursor is.
  static func rows(of text: String, columns: Int) -> Int? {
    var rows = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var width = 0
      for scalar in line.unicodeScalars {
        let columnsOfScalar = Int(tern_columns_of(scalar.value))
        // A wide one that does not fit leaves a column empty.
        guard columnsOfScalar >= 0, columnsOfScalar < 2 || width % columns < columns - 1 else { return nil }
        width += columnsOfScalar
      }
      guard width == 0 || width % columns != 0 else { return nil }
      rows += width / columns + 1
    }
    return rows
  }

  static func coloured(_ shown: String) -> String {
    let source = SourceText(name: "", text: shown)
    var spans: [(range: SourceRange, ink: String)] = tokens(of: source).compactMap { token in token.kind.ink.map { (token.range, $0) } }
    spans += parse(source).comments.map { ($0.range, "\u{1B}[2m") }
    var text = "", at: UInt32 = 0
    for span in spans.sorted(by: { $0.range.start < $1.range.start }) where span.range.start >= at && span.range.end > span.range.start {
      text += source.text(SourceRange(at, span.range.start)) + span.ink + source.text(span.range) + "\u{1B}[0m"
      at = span.range.end
    }
    return text + source.text(SourceRange(at, UInt32(source.bytes.count)))
  }
}

extension Token.Kind {
  fileprivate var ink: String? {
    switch self {
    case .int, .float, .duration, .size: "\u{1B}[34m"
    case .stringOpen, .stringText, .stringClose: "\u{1B}[32m"
    default: isKeyword ? "\u{1B}[35m" : nil
    }
  }
}
