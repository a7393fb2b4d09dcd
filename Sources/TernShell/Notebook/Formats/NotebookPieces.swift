package import TernSyntax
package import TernPlots

/// A file as a reader sees it: titles of cells, prose, code and what the code has shown, in the order of the text.
package struct NotebookPieces: Equatable {
  package enum Piece: Equatable {
    /// A cell begins: what its line says behind `# %%`; nil for what stands before the first one.
    case cell(String?)
    /// Markdown.
    case prose(String)
    case code(String)
    /// `isCompared`: recorded with `#>`, not `#~>`.
    case output(String, isCompared: Bool)
    /// What was recorded of a plot, and its image.
    case picture(Picture)
  }

  package struct Picture: Equatable {
    /// What stands above the plot, and the plot in characters.
    package var before: String
    package let text: String
    package let svg: String
    package let isCompared: Bool

    var recorded: String { before.isEmpty ? text : before + "\n" + text }
  }

  package private(set) var pieces: [Piece] = []

  package init(_ pieces: [Piece]) { self.pieces = pieces }

  package init(_ tree: SourceTree) {
    let source = tree.source
    var marks: [Int: Comment] = [:]
    for comment in tree.comments where comment.kind != .plain && comment.kind != .documentation {
      let line = source.line(at: comment.range.start)
      if comment.range.start == source.lineStarts[line - 1] { marks[line] = comment }
    }
    for number in 1...max(source.lineStarts.count, 1) {
      let end = number < source.lineStarts.count ? source.lineStarts[number] : UInt32(source.bytes.count)
      let line = source.text(SourceRange(source.lineStarts[number - 1], end)).withoutLineEnd
      guard let mark = marks[number] else {
        add(line, to: .code(""))
        continue
      }
      switch mark.kind {
      case .cell: pieces.append(.cell(line.dropFirst(4).trimmed))
      case .prose: add(line.unmarked(2), to: .prose(""))
      case .output: add(line.unmarked(2), to: .output("", isCompared: true))
      case .uncheckedOutput: add(line.unmarked(3), to: .output("", isCompared: false))
      default: add(line, to: .code(""))
      }
    }
    pieces = pieces.compactMap(NotebookPieces.trimmed)
  }

  /// The same with images: each belongs to the next output that ends with its characters.
  package func with(_ plots: [Plot], width: Int) -> NotebookPieces {
    var rest = plots.map { (text: recordable($0.text(width: width)).joined(separator: "\n"), plot: $0) }[...]
    return NotebookPieces(pieces.map { piece in
      guard case .output(let output, let isCompared) = piece, let next = rest.first, output.hasSuffix(next.text) else { return piece }
      rest.removeFirst()
      var before = String(output.dropLast(next.text.count))
      if before.last == "\n" { before.removeLast() }
      return .picture(Picture(before: before, text: next.text, svg: next.plot.svg, isCompared: isCompared))
    })
  }

  /// One more line of the last piece, when that is of the same kind.
  private mutating func add(_ line: String, to kind: Piece) {
    switch (pieces.last, kind) {
    case (.code(let text)?, .code): pieces[pieces.count - 1] = .code(text + "\n" + line)
    case (.prose(let text)?, .prose): pieces[pieces.count - 1] = .prose(text + "\n" + line)
    case (.output(let text, let isCompared)?, .output(_, let same)) where isCompared == same:
      pieces[pieces.count - 1] = .output(text + "\n" + line, isCompared: isCompared)
    case (_, .code): pieces.append(.code(line))
    case (_, .prose): pieces.append(.prose(line))
    case (_, .output(_, let isCompared)): pieces.append(.output(line, isCompared: isCompared))
    default: pieces.append(kind)
    }
  }

  /// Code without blank lines around it; nil when nothing is left.
  private static func trimmed(_ piece: Piece) -> Piece? {
    guard case .code(let text) = piece else { return piece }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while lines.first?.isBlank == true { lines.removeFirst() }
    while lines.last?.isBlank == true { lines.removeLast() }
    return lines.isEmpty ? nil : .code(lines.joined(separator: "\n"))
  }

  /// The same as a file: what reads as these pieces again.
  package var text: String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .cell(let title):
        if !text.isEmpty { text += "\n" }
        text += "# %%" + (title.map { $0.isEmpty ? "" : " " + $0 } ?? "") + "\n"
      case .prose(let markdown): text += markdown.lines.map { "#'" + ($0.isEmpty ? "" : " " + $0) + "\n" }.joined()
      case .code(let code): text += code + "\n"
      case .output, .picture:
        guard let (output, isCompared) = piece.recorded else { continue }
        text += output.lines.map { (isCompared ? "#>" : "#~>") + ($0.isEmpty ? "" : " " + $0) + "\n" }.joined()
      }
    }
    return text
  }
}

extension NotebookPieces.Piece {
  /// The characters of an output, with or without an image.
  var recorded: (text: String, isCompared: Bool)? {
    switch self {
    case .output(let text, let isCompared): (text, isCompared)
    case .picture(let picture): (picture.recorded, picture.isCompared)
    default: nil
    }
  }
}

extension String {
  var lines: [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }

  fileprivate var withoutLineEnd: String { hasSuffix("\r\n") || hasSuffix("\n") || hasSuffix("\r") ? String(dropLast()) : self }

  /// Without a mark of so many letters and the blank behind it.
  fileprivate func unmarked(_ count: Int) -> String {
    let rest = dropFirst(count)
    return String(rest.first == " " ? rest.dropFirst() : rest)
  }
}

extension Substring {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
