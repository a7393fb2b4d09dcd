internal import TernLibrary
import TernRuntime
import TernSyntax

/// What is known of a name: `name?`, `name??`, `?words`.
struct Help {
  let session: Session

  init(_ session: Session) { self.session = session }

  private var vocabulary: Vocabulary { session.machine.vocabulary }
  private var stdlib: Stdlib? { vocabulary.library as? Stdlib }

  // MARK: name?

  func about(_ name: String) -> String {
    if let value = session.file.value(of: name), name != "_" || !value.isNone { return about(value, name) }
    if let head = stdlib?.head(of: name) { return about(head) }
    if let builtin = vocabulary.builtins[name] { return about(builtin) }
    if let constant = vocabulary.constants[name] { return "\(name)\n\n\(constant.sentence)\n" }
    if let explanation = Programs.explanation(ofCode: name, width: session.machine.width) { return explanation }
    let near = didYouMean(name, among: session.file.definedNames + vocabulary.names)
    return "there is no name `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? "; `?words` searches") + "\n"
  }

  private func about(_ value: Value, _ name: String) -> String {
    switch value {
    case .function(let closure):
      let documentation = closure.prototype.function?.documentation ?? ""
      return sections([closure.prototype.heading, documentation])
    case .builtin(let builtin): return about(builtin)
    default: return "\(name): \(value.description)\n\(value.text(width: session.machine.width))\n"
    }
  }

  private func about(_ head: StdlibHead) -> String {
    let examples = head.examples.map { $0.code + $0.output.map { "#> " + $0 } }.joined()
    return sections([head.signature, head.documentation, examples.joined(separator: "\n").prefixed("  ")])
  }

  private func about(_ builtin: Builtin) -> String {
    let all = [builtin] + builtin.forms
    return all.map { sections([$0.signatureText, $0.sentence, $0.example.prefixed("  ")]) }.joined(separator: "\n")
  }

  private func sections(_ parts: [String]) -> String {
    parts.filter { !$0.isBlank }.joined(separator: "\n\n") + "\n"
  }

  // MARK: name??

  func source(of name: String) -> String {
    if let value = session.file.value(of: name) {
      switch value {
      case .function(let closure):
        if let function = closure.prototype.function { return closure.prototype.source.text(function.range) + "\n" }
      case .model(let model): return model.blueprint.source.text(model.blueprint.declaration.range) + "\n"
      default: break
      }
    }
    if let head = stdlib?.head(of: name), let text = text(of: head) { return "# stdlib/\(head.file):\(head.line)\n\(text)\n" }
    if vocabulary.builtins[name] != nil { return "`\(name)` is part of the machine\n\n" + about(name) }
    return about(name)
  }

  /// A declaration of the library as it is written.
  private func text(of head: StdlibHead) -> String? {
    guard let source = stdlib?.source(ofFile: head.file) else { return nil }
    for cell in parse(source).cells {
      for statement in cell.statements where source.line(at: statement.range.start) == head.line { return source.text(statement.range) }
    }
    return nil
  }

  // MARK: ?words

  /// Names whose own letters or whose sentence hold every word.
  func search(_ words: String) -> String {
    let wanted = words.lowercased().split(separator: " ").map(String.init)
    guard !wanted.isEmpty else { return "`?words` searches names and what is said of them: `?mean column`\n" }
    let found = everything.filter { entry in
      let text = (entry.name + " " + entry.sentence).lowercased()
      return wanted.allSatisfy { text.contains($0) }
    }
    guard !found.isEmpty else { return "nothing is known of \(words)\n" }
    let named = found.sorted { ($0.name.contains(words) ? 0 : 1, $0.name) < ($1.name.contains(words) ? 0 : 1, $1.name) }
    let width = min(named.map(\.name.count).max() ?? 0, 24)
    return named.prefix(40).map { entry in
      let line = "  \(entry.name)\(String(repeating: " ", count: max(width - entry.name.count, 0)))  \(entry.sentence)"
      return line.cut(to: session.machine.width) + "\n"
    }.joined()
  }

  private var everything: [(name: String, sentence: String)] {
    var entries = (stdlib?.names ?? []).map { name in
      (name, stdlib?.head(of: name)?.documentation.split(separator: "\n").first.map(String.init) ?? "")
    }
    // The library's own word comes before a builtin of the same name.
    let known = Set(entries.map(\.0))
    entries += vocabulary.builtins.values.filter { !known.contains($0.name) }.map { ($0.name, $0.sentence) }
    entries += vocabulary.constants.values.map { ($0.name, $0.sentence) }
    return entries
  }
}

extension Prototype {
  /// `fn area(w, h = 1)`: the head without its body.
  fileprivate var heading: String {
    guard let function else { return name }
    let start = function.range.start
    let end =
      switch function.body {
      case .block(let block): block.range.start
      case .expression(let value): value.range.start
      }
    return source.text(SourceRange(start, max(start, end))).trimmed
  }
}

extension String {
  fileprivate func cut(to width: Int) -> String { count <= width ? self : prefix(max(width - 1, 1)) + "…" }

  /// Each line behind a prefix; nothing stays nothing.
  fileprivate func prefixed(_ prefix: String) -> String {
    isBlank ? "" : split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }.joined(separator: "\n")
  }
}
