/// A piece of a string: text as written, text from an escape, or a place to fill.
enum StringPiece: Equatable {
  case written(String)
  case escaped(String)
  case filled

  var text: String {
    switch self {
    case .written(let text), .escaped(let text): text
    case .filled: ""
    }
  }
}

/// Takes from a `"""` string what is only layout: a first newline, the indentation common to the lines that hold
/// something, and the blanks of lines that hold nothing. Text on the opening line has no indentation and does not count;
/// an escape is text, never indentation or a line's end. The pieces keep their number and order.
func dedent(_ pieces: [StringPiece]) -> [StringPiece] {
  var layout = StringLayout(pieces)
  layout.removeIndentation()
  return layout.pieces
}

/// A string's written text, cut at newlines, as lines of fragments.
private struct StringLayout {
  /// Bytes of one piece on one line; nil bytes stand for an escape or a fill.
  private struct Fragment {
    let piece: Int
    var bytes: ArraySlice<UInt8>?

    var isBlank: Bool { bytes.map { $0.allSatisfy(isBlankByte) } ?? false }
  }

  private let original: [StringPiece]
  private var lines: [[Fragment]] = [[]]
  /// The piece in which each line but the first begins.
  private var newlines: [Int] = []
  private var dropsFirstNewline = false

  init(_ pieces: [StringPiece]) {
    original = pieces
    for (index, piece) in pieces.enumerated() { add(piece, index) }
  }

  private mutating func add(_ piece: StringPiece, _ index: Int) {
    guard case .written(let text) = piece else {
      return lines[lines.count - 1].append(Fragment(piece: index, bytes: nil))
    }
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, part) in parts.enumerated() {
      if number > 0 {
        lines.append([])
        newlines.append(index)
      }
      if !part.isEmpty { lines[lines.count - 1].append(Fragment(piece: index, bytes: part)) }
    }
  }

  mutating func removeIndentation() {
    dropsFirstNewline = lines.count > 1 && lines[0].allSatisfy { $0.bytes == [UInt8(ascii: "\r")] }
    if dropsFirstNewline { lines[0] = [] }
    let common = commonIndentation
    for index in lines.indices.dropFirst() {
      if lines[index].allSatisfy(\.isBlank) {
        lines[index] = []
      } else if !common.isEmpty, let first = lines[index][0].bytes {
        lines[index][0].bytes = first.dropFirst(common.count)
      }
    }
  }

  private var commonIndentation: ArraySlice<UInt8> {
    var common: ArraySlice<UInt8>?
    for line in lines.dropFirst() where !line.allSatisfy(\.isBlank) {
      let indentation: ArraySlice<UInt8> = line[0].bytes?.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } ?? []
      guard let known = common else {
        common = indentation
        continue
      }
      let shared = zip(known, indentation).prefix { $0 == $1 }.count
      common = ArraySlice(known.prefix(shared))
    }
    return common ?? []
  }

  /// The pieces put together again.
  var pieces: [StringPiece] {
    var texts = [[UInt8]](repeating: [], count: original.count)
    for (number, line) in lines.enumerated() {
      if number > 1 || (number == 1 && !dropsFirstNewline) { texts[newlines[number - 1]].append(UInt8(ascii: "\n")) }
      for fragment in line { texts[fragment.piece].append(contentsOf: fragment.bytes ?? []) }
    }
    return original.enumerated().map { index, piece in
      if case .written = piece { .written(String(decoding: texts[index], as: UTF8.self)) } else { piece }
    }
  }
}

private func isBlankByte(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}
