/// Breaks the lines of a text that are too long, between words; lines that start with blanks are code and stay.
func wrapped(_ text: String, width: Int) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    line.count <= width || line.first == " " ? String(line) : brokenLine(line, width)
  }.joined(separator: "\n")
}

private func brokenLine(_ line: Substring, _ width: Int) -> String {
  var lines: [String] = []
  var current = ""
  for word in line.split(separator: " ") {
    if !current.isEmpty, current.count + 1 + word.count > width {
      lines.append(current)
      current = ""
    }
    current += (current.isEmpty ? "" : " ") + word
  }
  return (lines + [current]).joined(separator: "\n")
}
