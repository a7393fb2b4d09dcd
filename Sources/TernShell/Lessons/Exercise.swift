import TernRuntime
package import TernSyntax

/// One exercise of a course: a file with blanks or a bug, and its hidden companion.
///
///     03-the-broadcasting-bug.mlx          prose and code, as the learner gets it
///     03-the-broadcasting-bug.checks.mlx   hints, a solution, checks, what to say of an error, and a last word
///
/// The companion is cells by their titles: three `hint`s of prose; a `solution`, a line for each blank, or the whole code where
/// there is none; a `check NAME` each, code that ends with an error where something is wrong; `when CODE`, prose for an error
/// that many run into; and `done`, prose.
package struct Exercise {
  package let name: String
  package let text: String
  package let hints: [String]
  package let closing: String
  let solutionLines: [String]
  let remarks: [String: String]
  /// The companion with everything but its checks blanked out, so that lines keep their numbers.
  let checks: SourceTree
  package let companion: String

  package static let blank = "____"

  package init(name: String, text: String, companion: String) {
    self.name = name
    self.text = text
    self.companion = companion
    var hints: [String] = [], solution: [String] = [], remarks: [String: String] = [:], closing = "", checks: [String] = []
    var title = ""
    for line in companion.lines {
      if line.hasPrefix("# %%") {
        title = line.dropFirst(4).trimmed
        if title == "hint" { hints.append("") }
      }
      let isCheck = title.hasPrefix("check ")
      checks.append(isCheck ? String(line) : "")
      guard !line.hasPrefix("# %%"), !isCheck else { continue }
      let prose = line.hasPrefix("#'") ? line.dropFirst(2).trimmed : ""
      func add(to text: inout String) { if !prose.isEmpty { text += (text.isEmpty ? "" : " ") + prose } }
      switch title {
      case "hint": add(to: &hints[hints.count - 1])
      case "solution": solution.append(String(line))
      case "done": add(to: &closing)
      default:
        let parts = title.split(separator: " ")
        if parts.count == 2, parts[0] == "when" { add(to: &remarks[String(parts[1]), default: ""]) }
      }
    }
    while solution.last?.isBlank == true { solution.removeLast() }
    self.hints = hints
    self.solutionLines = solution
    self.remarks = remarks
    self.closing = closing
    self.checks = parse(SourceText(name: "\(name).checks.mlx", text: checks.joined(separator: "\n")))
  }

  /// `Values and pipes`: the first heading.
  package var title: String {
    text.lines.first { $0.hasPrefix("#' # ") }.map { $0.dropFirst(5).trimmed } ?? name
  }

  /// The names of its checks, in order.
  package var checkNames: [String] { checkCells.map(\.name) }

  var checkCells: [(name: String, cell: CellTree)] {
    checks.cells.compactMap { cell in
      guard let title = cell.title, title.hasPrefix("check ") else { return nil }
      return (title.dropFirst(6).trimmed, cell)
    }
  }

  // MARK: Parts of the text

  /// The prose before the code, and the code.
  package var parts: (prose: String, code: String) { Exercise.parts(of: text) }

  static func parts(of text: String) -> (prose: String, code: String) {
    let lines = text.lines
    let start = lines.firstIndex { !$0.hasPrefix("#'") && !$0.isEmpty } ?? lines.endIndex
    return (lines[..<start].joined(separator: "\n"), lines[start...].joined(separator: "\n"))
  }

  /// The text solved.
  package var solution: String { filled(with: solutionLines) ?? parts.prose + "\n" + solutionLines.joined(separator: "\n") + "\n" }

  /// The text with a line for each blank, in order; nil when it has none. What is too few stays a blank.
  package func filled(with lines: [String]) -> String? {
    var pieces = blanks(in: text), filled = "", at = 0
    guard !pieces.isEmpty else { return nil }
    let bytes = Array(text.utf8)
    for line in lines where !pieces.isEmpty {
      let range = pieces.removeFirst()
      filled += String(decoding: bytes[at..<Int(range.start)], as: UTF8.self) + line
      at = Int(range.end)
    }
    return filled + String(decoding: bytes[at...], as: UTF8.self)
  }
}

/// The blanks in a text: `____` in its code, not in its comments.
package func blanks(in text: String) -> [SourceRange] {
  let source = SourceText(name: "", text: text)
  return tokens(of: source).filter { $0.kind == .name && source.text($0.range) == Exercise.blank }.map(\.range)
}
