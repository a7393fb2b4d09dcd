/// Writes diagnostics as people read them:
///
///     error[E0213]: these shapes do not line up
///       ┌─ clicks.mlx:25:9  (cell 3, in `mse`)
///     25│   mean((X @ w + b - y) ** 2)
///       │         ─   ─
///       │         │   └ f32[128]
///       │         └──── f32[64, 126]
///       = `@` joins X's last axis with w's first; 126 ≠ 128
///       help: …
///       more: tern explain E0213
package struct DiagnosticRenderer: Sendable {
  let color: Bool
  let unicode: Bool
  /// Columns at most for a line of source; longer ones are cut around their marks.
  let width: Int

  package init(color: Bool, unicode: Bool, width: Int = 100) {
    self.color = color
    self.unicode = unicode
    self.width = max(width, 40)
  }

  package func render(_ diagnostic: Diagnostic, cell: Int? = nil) -> String {
    let groups = labelsBySource(diagnostic.labels)
    let gutter = gutterWidth(diagnostic.labels)
    var lines = [headline(diagnostic)]
    for (number, labels) in groups.enumerated() {
      lines.append(location(labels[0], gutter, number == 0 ? context(diagnostic, cell) : ""))
      lines += excerpts(labels, gutter, primary: number == 0)
    }
    let margin = String(repeating: " ", count: max(gutter, 2))
    lines += trace(diagnostic.trace, skipped: diagnostic.skippedFrames).map { margin + $0 }
    lines += diagnostic.notes.map { margin + "= " + continued(plain($0), margin + "  ") }
    if let hint = diagnostic.hint { lines.append(margin + paint("help:", .bold) + " " + continued(plain(hint), margin + "      ")) }
    lines.append(margin + "more: tern explain \(diagnostic.code.rawValue)")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Lines of words

  private func headline(_ diagnostic: Diagnostic) -> String {
    paint("error[\(diagnostic.code.rawValue)]", .error) + paint(": " + plain(diagnostic.message), .bold)
  }

  private func location(_ label: Diagnostic.Label, _ gutter: Int, _ context: String) -> String {
    let corner = unicode ? "┌─" : "-->"
    return String(repeating: " ", count: gutter) + paint(corner, .frame) + " " + place(label.source, label.range) + context
  }

  private func context(_ diagnostic: Diagnostic, _ cell: Int?) -> String {
    var parts: [String] = []
    if let cell { parts.append("cell \(cell)") }
    if let function = diagnostic.trace.first?.function, !function.isEmpty { parts.append("in `\(plain(function))`") }
    return parts.isEmpty ? "" : "  (\(parts.joined(separator: ", ")))"
  }

  private func place(_ source: SourceText, _ range: SourceRange) -> String {
    let line = source.line(at: min(range.start, UInt32(truncatingIfNeeded: source.bytes.count)))
    let start = source.lineStarts[line - 1]
    let column = source.text(SourceRange(start, max(start, range.start))).unicodeScalars.count + 1
    return "\(plain(source.name)):\(line):\(column)"
  }

  /// The calls that led here; of a long way only its two ends.
  private func trace(_ frames: [Diagnostic.Frame], skipped: Int) -> [String] {
    let callers = frames.dropFirst().map { frame in
      let function = frame.function.isEmpty ? "" : ", in `\(plain(frame.function))`"
      return "called from \(place(frame.source, frame.range))\(function)"
    }
    guard callers.count > 8 else { return callers }
    return callers.prefix(4) + ["\(unicode ? "…" : "...") \(callers.count - 7 + skipped) more calls"] + callers.suffix(3)
  }

  private func continued(_ text: String, _ margin: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n" + margin)
  }

  // MARK: Excerpts

  private func labelsBySource(_ labels: [Diagnostic.Label]) -> [[Diagnostic.Label]] {
    var groups: [[Diagnostic.Label]] = []
    for label in labels {
      if let place = groups.firstIndex(where: { $0[0].source === label.source }) {
        groups[place].append(label)
      } else {
        groups.append([label])
      }
    }
    return groups
  }

  private func gutterWidth(_ labels: [Diagnostic.Label]) -> Int {
    labels.map { String($0.source.line(at: $0.range.start)).utf8.count }.max() ?? 0
  }

  /// The labelled lines of one source, each with its marks and notes below.
  private func excerpts(_ labels: [Diagnostic.Label], _ gutter: Int, primary: Bool) -> [String] {
    let numbers = Set(labels.map { $0.source.line(at: $0.range.start) }).sorted()
    var lines: [String] = []
    for (place, number) in numbers.enumerated() {
      if place > 0, number > numbers[place - 1] + 1 { lines.append(gap(gutter)) }
      let here = labels.filter { $0.source.line(at: $0.range.start) == number }
      let excerpt = Excerpt(labels[0].source, line: number, labels: here, width: width, ellipsis: unicode ? "…" : "...")
      let digits = String(number)
      let margin = String(repeating: " ", count: gutter - digits.utf8.count) + digits
      lines.append(framed(margin, excerpt.text))
      lines += marks(excerpt).map { framed(String(repeating: " ", count: gutter), paint($0, primary ? .error : .frame)) }
    }
    return lines
  }

  /// Stands for the lines between two that are shown.
  private func gap(_ gutter: Int) -> String {
    String(repeating: " ", count: gutter) + paint(unicode ? "·" : ".", .frame)
  }

  private func framed(_ margin: String, _ text: String) -> String {
    let line = paint(margin + (unicode ? "│" : "|"), .frame)
    return text.isEmpty ? line : line + " " + text
  }

  /// The marks below a line. One note stands beside its mark; several on lines of their own, the last one first, so that
  /// no line of a note crosses another.
  private func marks(_ excerpt: Excerpt) -> [String] {
    var canvas = Canvas()
    for mark in excerpt.marks { canvas.fill(mark.columns, with: unicode ? "─" : "^") }
    let noted = excerpt.marks.filter { !$0.note.isEmpty }.sorted { $0.columns.lowerBound < $1.columns.lowerBound }
    guard let last = noted.last else { return [canvas.text] }
    if excerpt.marks.count == 1 { return [canvas.text + " " + plain(last.note)] }
    let noteColumn = last.columns.lowerBound + 2
    let rows = noted.indices.reversed().map { stem(of: $0, noted, noteColumn) }
    return [canvas.text] + rows
  }

  private func stem(of index: Int, _ noted: [Excerpt.Mark], _ noteColumn: Int) -> String {
    var row = Canvas()
    for mark in noted[..<index] { row.fill(mark.columns.lowerBound..<mark.columns.lowerBound + 1, with: unicode ? "│" : "|") }
    let start = noted[index].columns.lowerBound
    row.fill(start..<noteColumn - 1, with: unicode ? "─" : "-")
    row.fill(start..<start + 1, with: unicode ? "└" : "+")
    return row.text + " " + plain(noted[index].note)
  }

  // MARK: Ink

  private enum Ink: String { case error = "\u{1B}[1;31m", bold = "\u{1B}[1m", frame = "\u{1B}[36m" }

  private func paint(_ text: String, _ ink: Ink) -> String {
    color ? ink.rawValue + text + "\u{1B}[0m" : text
  }

  /// Words without what a terminal would obey; in ASCII as far as they are ours.
  private func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        plain += "\n"
      } else if isControl(scalar) {
        plain += unicode ? "·" : "?"
      } else if !unicode, let ascii = asciiSpelling(of: scalar) {
        plain += ascii
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }
}

/// One row of a terminal, written by columns.
private struct Canvas {
  private var cells: [Character] = []

  mutating func fill(_ columns: Range<Int>, with character: Character) {
    while cells.count < columns.upperBound { cells.append(" ") }
    for column in columns { cells[column] = character }
  }

  var text: String { String(cells) }
}

/// A line of source as it is shown, and the columns of its marks.
private struct Excerpt {
  struct Mark {
    let columns: Range<Int>
    let note: String
  }

  private(set) var text = ""
  private(set) var marks: [Mark] = []

  init(_ source: SourceText, line: Int, labels: [Diagnostic.Label], width: Int, ellipsis: String) {
    let start = source.lineStarts[line - 1]
    let end = line < source.lineStarts.count ? source.lineStarts[line] - 1 : UInt32(truncatingIfNeeded: source.bytes.count)
    let window = Excerpt.window(start, end, labels[0].range, width)
    let shown = Excerpt.display(source.text(window), from: window.start)
    let cutBefore = window.start > start ? ellipsis : ""
    text = cutBefore + shown.text + (window.end < end ? ellipsis : "")
    let shift = cutBefore.count
    marks = labels.compactMap { label in
      guard label.range.start <= window.end, label.range.end >= window.start else { return nil }
      let first = shown.column(of: max(label.range.start, window.start))
      let last = max(shown.column(of: min(label.range.end, window.end)), first + 1)
      return Mark(columns: first + shift..<last + shift, note: label.note)
    }
  }

  /// The bytes of a line that are shown: all of them, or those around the first mark.
  private static func window(_ start: UInt32, _ end: UInt32, _ mark: SourceRange, _ width: Int) -> SourceRange {
    let limit = UInt32(width)
    guard end - start > limit else { return SourceRange(start, end) }
    let before = limit / 3
    let first = mark.start > start &+ before ? min(mark.start - before, end) : start
    return SourceRange(first, min(first + min(limit, end - first), end))
  }

  private struct Display {
    var text = ""
    /// The column at which each byte stands.
    var columns: [Int] = []
    let start: UInt32

    func column(of offset: UInt32) -> Int {
      let place = Int(offset) - Int(start)
      return place < columns.count ? columns[max(place, 0)] : (columns.last ?? 0)
    }
  }

  private static func display(_ text: String, from start: UInt32) -> Display {
    var display = Display(start: start)
    var column = 0
    for scalar in text.unicodeScalars {
      for _ in 0..<UTF8.width(scalar) { display.columns.append(column) }
      if scalar == "\t" {
        display.text += "    "
        column += 4
      } else if scalar == "\r" {
        continue
      } else if isControl(scalar) {
        display.text += "·"
        column += 1
      } else {
        display.text.unicodeScalars.append(scalar)
        column += columnCount(of: scalar)
      }
    }
    display.columns.append(column)
    return display
  }
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// How many columns a terminal gives a character.
package func columnCount(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

private func asciiSpelling(of scalar: Unicode.Scalar) -> String? {
  switch scalar {
  case "…": "..."
  case "≠": "!="
  case "≤": "<="
  case "≥": ">="
  case "×": "x"
  case "·": "*"
  case "→": "->"
  case "–", "—", "−": "-"
  case "“", "”": "\""
  case "‘", "’": "'"
  default: nil
  }
}
