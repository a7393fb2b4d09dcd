package import TernSyntax

/// The outputs recorded in a cell: for each line of code that ends a top-level statement, what stands below it.
///
///     f(1); f(2)       statements 0 and 1 end on this line: their output is one
///     #> 3             recorded, compared
///     #~> 0.2 s        recorded, not compared
package struct Recording {
  /// The statements that end on one line, by their position in the cell.
  package let statements: ClosedRange<Int>
  /// Where the line after them starts.
  package let insertion: Int
  /// The recorded lines, each with its newline when it has one.
  package let lines: [Line]

  package struct Line {
    package let range: Range<Int>
    package let number: Int
    package let text: String
    package let isCompared: Bool
  }

  package var isCompared: Bool { lines.allSatisfy(\.isCompared) }
  package var text: [String] { lines.map(\.text) }

  /// The recordings of a cell, one for each line that ends a statement.
  package static func all(in cell: CellTree, of tree: SourceTree) -> [Recording] {
    let source = tree.source
    let outputs = tree.comments.compactMap { Line($0, of: source) }
    var recordings: [Recording] = []
    var first = 0
    for (position, statement) in cell.statements.enumerated() {
      let end = source.lastLine(of: statement.range)
      let next = position + 1 < cell.statements.count ? cell.statements[position + 1] : nil
      if let next, source.line(at: next.range.start) == end { continue }
      let insertion = end < source.lineStarts.count ? Int(source.lineStarts[end]) : source.bytes.count
      let limit = next.map { Int($0.range.start) } ?? Int(cell.range.end)
      let below = outputs.filter { $0.range.lowerBound >= insertion && $0.range.lowerBound < limit }
      recordings.append(Recording(statements: first...position, insertion: insertion, lines: below))
      first = position + 1
    }
    return recordings
  }
}

extension Recording.Line {
  /// A comment that is an output: it starts at the edge of its line and has it to itself.
  fileprivate init?(_ comment: Comment, of source: SourceText) {
    guard comment.kind == .output || comment.kind == .uncheckedOutput else { return nil }
    let number = source.line(at: comment.range.start)
    let end = number < source.lineStarts.count ? Int(source.lineStarts[number]) : source.bytes.count
    range = Int(comment.range.start)..<end
    self.number = number
    isCompared = comment.kind == .output
    let marked = source.text(comment.range).dropFirst(isCompared ? 2 : 3)
    text = (marked.first == " " ? marked.dropFirst() : marked).withoutTrailingBlanks
  }
}

/// What a statement printed and showed, as lines that a comment can hold.
package func recordable(_ output: String) -> [String] {
  guard !output.isEmpty else { return [] }
  // Of characters, "\r\n" is one.
  var lines = output.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines.map { withoutControls($0).withoutTrailingBlanks }
}

/// A line without the codes that colour it or move a cursor.
func withoutControls(_ line: Substring) -> Substring {
  guard line.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f }) else { return line }
  var plain = Substring()
  var rest = line.unicodeScalars[...]
  while let scalar = rest.popFirst() {
    if scalar == "\u{1B}", rest.first == "[" {
      rest.removeFirst()
      while let code = rest.popFirst(), !(0x40...0x7e).contains(code.value) {}
    } else if scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7f {
      plain.unicodeScalars.append(scalar)
    }
  }
  return plain
}

extension Substring {
  /// Editors take blanks at the ends of lines away, so they do not count.
  fileprivate var withoutTrailingBlanks: String {
    var text = self
    while let last = text.unicodeScalars.last, last == " " || last == "\t" || last == "\r" { text.unicodeScalars.removeLast() }
    return String(text)
  }
}

extension SourceText {
  /// The line that holds the last byte of a range.
  func lastLine(of range: SourceRange) -> Int { line(at: range.end > range.start ? range.end - 1 : range.start) }
}
