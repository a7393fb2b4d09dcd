import TernSyntax

/// The first line of a top-level `fn`, `model` or `let` of the library, and the `##` lines above it.
package struct StdlibHead {
  package let name: String
  /// Where it stands, such as `nn.mlx`.
  package let file: String
  package let line: Int
  /// `fn relu(x)`: the head without its body.
  package let signature: String
  /// The `##` lines above, without `##` and without the example.
  package let documentation: String
  package let examples: [Example]

  /// The lines after `##>`, one cell, and those after `##=` that follow: what it shows.
  package struct Example {
    package fileprivate(set) var code: [String] = []
    package fileprivate(set) var output: [String] = []
  }

  /// The heads of a file, found line by line at column 0: nothing is parsed.
  static func all(in source: SourceText, file: String) -> [StdlibHead] {
    var heads: [StdlibHead] = []
    var comments = StdlibComments()
    for number in source.lineStarts.indices {
      let line = source.bytes(ofLine: number)
      if line.starts(with: documentationMark) {
        comments.add(String(decoding: line.dropFirst(2), as: UTF8.self))
      } else {
        if let head = StdlibHead(line, file: file, number: number + 1, comments) { heads.append(head) }
        comments = StdlibComments()
      }
    }
    return heads
  }

  private static let documentationMark = Array("##".utf8)
  private static let keywords = ["fn ", "model ", "let "].map { Array($0.utf8) }

  private init?(_ line: ArraySlice<UInt8>, file: String, number: Int, _ comments: StdlibComments) {
    guard let keyword = StdlibHead.keywords.first(where: { line.starts(with: $0) }) else { return nil }
    let word = line.dropFirst(keyword.count).prefix { isWordByte($0) }
    guard !word.isEmpty else { return nil }
    name = String(decoding: word, as: UTF8.self)
    signature = StdlibHead.signature(String(decoding: line, as: UTF8.self), endsAtBrace: keyword.first != UInt8(ascii: "l"))
    self.file = file
    self.line = number
    documentation = comments.text.joined(separator: "\n")
    examples = comments.examples
  }

  /// A function's line up to the `{` of its body.
  private static func signature(_ line: String, endsAtBrace: Bool) -> String {
    guard endsAtBrace, let brace = line.bodyBrace else { return line }
    var head = line[..<brace]
    while head.last == " " { head.removeLast() }
    return String(head)
  }
}

/// `##` lines in a row, sorted by what follows the mark.
private struct StdlibComments {
  var text: [String] = []
  var examples: [StdlibHead.Example] = []

  mutating func add(_ line: String) {
    switch line.first {
    case ">":
      if examples.last?.output.isEmpty != true { examples.append(StdlibHead.Example()) }
      examples[examples.count - 1].code.append(StdlibComments.unindented(line.dropFirst()))
    case "=":
      guard !examples.isEmpty else { return }
      examples[examples.count - 1].output.append(StdlibComments.unindented(line.dropFirst()))
    default: text.append(StdlibComments.unindented(line[...]))
    }
  }

  private static func unindented(_ line: Substring) -> String { String(line.first == " " ? line.dropFirst() : line) }
}

private func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
    UInt8(ascii: "_"):
    true
  default: byte >= 0x80
  }
}

extension String {
  /// The first `{` outside of parentheses: a function's body begins there.
  fileprivate var bodyBrace: Index? {
    var depth = 0
    for index in indices {
      switch self[index] {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return index
      default: break
      }
    }
    return nil
  }
}

extension SourceText {
  /// A line without its newline, counted from 0.
  fileprivate func bytes(ofLine number: Int) -> ArraySlice<UInt8> {
    let start = Int(lineStarts[number])
    let end = number + 1 < lineStarts.count ? Int(lineStarts[number + 1]) - 1 : bytes.count
    return bytes[start..<max(start, end)]
  }
}
