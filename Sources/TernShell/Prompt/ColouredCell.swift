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
    Highlight.dressed(SourceText(name: "", text: shown)) { $1.ink + $0 + "\u{1B}[0m" }
  }
}

extension Highlight {
  fileprivate var ink: String {
    switch self {
    case .keyword: "\u{1B}[35m"
    case .number: "\u{1B}[34m"
    case .text: "\u{1B}[32m"
    case .comment: "\u{1B}[2m"
    }
  }
}
