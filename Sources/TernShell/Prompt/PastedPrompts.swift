import TernSyntax

/// What is pasted may bring the prompts it was shown with, and what was shown between them.
///
///     In [1]: for i in 0..2 {
///        ...:   print(i)
///        ...: }
///     0
package struct PastedPrompts {
  /// The first line brought a prompt, so a pasted line without one is output.
  private var isTranscript = false
  /// The code of the cell so far: as long as it is open, nothing was shown.
  private var cell = ""

  package init() {}

  /// The code of a line; nil when the line is what a program had shown.
  package mutating func code(of line: String, isFirst: Bool, isPasted: Bool) -> String? {
    if isFirst { isTranscript = false }
    if let code = PastedPrompts.code(after: line, isFirst || isTranscript) {
      isTranscript = true
      cell = code
      return code
    }
    guard isTranscript else { return line }
    if let code = PastedPrompts.code(continuing: line) ?? openLine(line, isPasted) {
      cell += "\n" + code
      return code
    }
    return isPasted ? nil : line
  }

  /// A further line of a cell as it stands here: under the code of the first.
  private func openLine(_ line: String, _ isPasted: Bool) -> String? {
    guard isPasted, case .incomplete = completeness(of: cell) else { return nil }
    return String(line.dropFirst(line.prefix(8).prefix { $0 == " " }.count))
  }

  /// `In [3]: `, `>>> `, `julia> `; none of them starts a line of Tern.
  private static func code(after line: String, _ isExpected: Bool) -> String? {
    guard isExpected else { return nil }
    for prompt in [">>>", "julia>"] {
      if let code = rest(of: line[...], after: prompt) { return code }
    }
    guard line.hasPrefix("In [") else { return nil }
    return rest(of: line.dropFirst(4).drop(while: \.isNumber), after: "]:")
  }

  /// `... ` of Python, and `   ...: ` as it stands here.
  private static func code(continuing line: String) -> String? {
    let dots = line.drop { $0 == " " }
    return rest(of: dots, after: "...:") ?? rest(of: line[...], after: "...")
  }

  /// A prompt ends in a blank, or the line with it.
  private static func rest(of line: Substring, after prompt: String) -> String? {
    guard line.hasPrefix(prompt) else { return nil }
    let code = line.dropFirst(prompt.count)
    return code.isEmpty || code.first == " " ? String(code.dropFirst()) : nil
  }
}
