import TernSyntax

extension Programs {
  /// `tern FILE --help`: the prose at the head of the script, and the arguments it reads.
  static func describeArguments(of script: Script, _ console: Console) -> Int32 {
    var finder = ArgumentFinder(source: script.source)
    for cell in script.tree.cells { for statement in cell.statements { finder.visit(statement) } }
    var text = "usage: tern \(script.path)" + (finder.found.isEmpty ? "\n" : " [--NAME VALUE …]\n")
    let title = script.title
    if !title.isEmpty { text += "\n\(title)\n" }
    if !finder.found.isEmpty {
      let width = finder.found.map { $0.name.count }.max() ?? 0
      text += "\n"
      for argument in finder.found {
        let gap = String(repeating: " ", count: width - argument.name.count)
        text += "  --\(argument.name)\(gap)  \(argument.fallback.map { "default \($0)" } ?? "no default")\n"
      }
    }
    console.write(text)
    console.flush()
    return 0
  }
}

extension Script {
  /// The first paragraph of prose, without marks.
  var title: String {
    var lines: [String] = []
    for comment in tree.comments where comment.kind == .prose {
      let text = source.text(comment.range).dropFirst(2).drop { $0 == "#" || $0 == " " }
      if text.isEmpty { break }
      lines.append(String(text))
    }
    return lines.prefix(4).joined(separator: "\n")
  }
}

/// Finds `arg("name", default)` and `arg_path(…)`.
private struct ArgumentFinder {
  let source: SourceText
  private(set) var found: [(name: String, fallback: String?)] = []

  init(source: SourceText) { self.source = source }

  mutating func visit(_ statement: Statement) {
    TreeWalk.expressions(in: statement) { expression in
      guard case .call(let callee, let arguments) = expression.kind, case .name(let word) = callee.kind,
        word == "arg" || word == "arg_path", let first = arguments.first, case .string(let parts) = first.value.kind,
        parts.count == 1, case .text(let name)? = parts.first, !found.contains(where: { $0.name == name })
      else { return }
      found.append((name, arguments.count > 1 ? source.text(arguments[1].value.range) : nil))
    }
  }
}
