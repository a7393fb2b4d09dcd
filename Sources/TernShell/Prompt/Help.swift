internal import TernLibrary
import TernRuntime
import TernSyntax

/// What is known of a name: `name?`, `name??`, `?words`.
package struct Help {
  let session: Session

  package init(_ session: Session) { self.session = session }

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

  // MARK: In a line

  /// How a name is called, and the first line of what is said of it.
  func line(_ name: String) -> (signature: String, sentence: String)? {
    if case .function(let closure)? = session.file.value(of: name) {
      let documentation = closure.prototype.function?.documentation ?? ""
      return (closure.prototype.heading, documentation.firstLine)
    }
    if session.file.value(of: name) != nil { return nil }
    if let head = stdlib?.head(of: name) { return (head.signature, head.documentation.firstLine) }
    if let builtin = vocabulary.builtins[name] { return (builtin.signatureText, builtin.sentence.firstLine) }
    return vocabulary.constants[name].map { ("", $0.sentence.firstLine) }
  }

  /// The names of what a call can be given by name, of all the forms it has.
  func parameters(of name: String) -> [String] {
    if case .function(let closure)? = session.file.value(of: name) { return closure.prototype.parameters.compactMap(\.name) }
    if let head = stdlib?.head(of: name), let function = Help.function(of: head) { return function.parameters.compactMap(\.word) }
    guard let builtin = vocabulary.builtins[name] else { return [] }
    var names: [String] = []
    for parameter in ([builtin] + builtin.forms).flatMap(\.parameters) where !parameter.isRest && !parameter.isLabels && !names.contains(parameter.name) {
      names.append(parameter.name)
    }
    return names
  }

  /// The words of the library of which something is said: the others are its own affair.
  private var documented: [String] { (stdlib?.names ?? []).filter { stdlib?.head(of: $0)?.documentation.isEmpty == false } }

  /// The words of the library and the machine.
  var offered: [String] { documented + vocabulary.builtins.keys + vocabulary.constants.keys }

  /// Those that are functions.
  var callables: [String] { documented.filter { stdlib?.head(of: $0)?.signature.hasPrefix("let ") == false } + vocabulary.builtins.keys }

  /// Does the first parameter take this value, as far as its type says?
  func takes(_ name: String, _ value: Value) -> Bool {
    if let head = stdlib?.head(of: name) {
      guard let first = Help.function(of: head)?.parameters.first else { return false }
      return first.type.map { Help.fits($0.name.text, value) } ?? true
    }
    guard let builtin = vocabulary.builtins[name] else { return false }
    return ([builtin] + builtin.forms).contains { form in
      form.parameters.first.map { $0.type.map { Help.fits($0, value) } ?? true } ?? false
    }
  }

  private static func fits(_ type: String, _ value: Value) -> Bool {
    switch type {
    case "any": true
    case "number": ["int", "float", "bool"].contains(value.kind)
    case "float": ["int", "float", "tensor"].contains(value.kind)
    default: type == value.kind || value.kind == "tensor" && Contract.tensorType(meantBy: type) == type
    }
  }

  /// `fn dense(…)` or `model dense(…)` as a signature.
  private static func function(of head: StdlibHead) -> Function? {
    head.signature.firstIndex(of: " ").flatMap { parseSignature(String(head.signature[head.signature.index(after: $0)...])) }
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
  package func search(_ words: String) -> String {
    let wanted = words.lowercased().split(separator: " ").map(String.init)
    guard !wanted.isEmpty else { return "`?words` searches names and what is said of them: `?mean column`\n" }
    let found = entries(saying: wanted)
    guard !found.isEmpty else {
      // Words that are near to what is said somewhere, each for its own.
      let said = Set(everything.flatMap { ($0.name + " " + $0.sentence).lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init) })
      let near = wanted.map { word in said.contains(where: { $0.contains(word) }) ? word : didYouMean(word, among: said.sorted()) ?? word }
      guard near != wanted, !entries(saying: near).isEmpty else { return "nothing is known of \(words)\n" }
      return "nothing is known of \(words); of \(near.joined(separator: " ")):\n" + search(near.joined(separator: " "))
    }
    let named = found.sorted { ($0.name.contains(words) ? 0 : 1, $0.name) < ($1.name.contains(words) ? 0 : 1, $1.name) }
    let width = min(named.map(\.name.count).max() ?? 0, 24)
    return named.prefix(40).map { entry in
      let line = "  \(entry.name)\(String(repeating: " ", count: max(width - entry.name.count, 0)))  \(entry.sentence)"
      return line.cut(to: session.machine.width) + "\n"
    }.joined()
  }

  private func entries(saying words: [String]) -> [(name: String, sentence: String)] {
    everything.filter { entry in
      let text = (entry.name + " " + entry.sentence).lowercased()
      return words.allSatisfy { text.contains($0) }
    }
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

extension Parameter {
  fileprivate var word: String? {
    if case .name(let word) = pattern.kind, !isRest { word } else { nil }
  }
}

extension String {
  fileprivate var firstLine: String { split(separator: "\n").first.map(String.init) ?? "" }

  func cut(to width: Int) -> String { count <= width ? self : prefix(max(width - 1, 1)) + "…" }

  /// Each line behind a prefix; nothing stays nothing.
  fileprivate func prefixed(_ prefix: String) -> String {
    isBlank ? "" : split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }.joined(separator: "\n")
  }
}
