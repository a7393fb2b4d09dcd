package import TernSyntax

/// What `tern check` knows of a whole file beside what the compiler finds cell by cell: who can be called how.
///
/// Only what is certain counts: a name that is bound once at top level, or that the library or a builtin without further
/// forms defines. Anything else is left to the run.
package final class Checker {
  private var declared: [String: KnownCallable] = [:]
  private let vocabulary: Vocabulary
  private var libraryTrees: [String: SourceTree] = [:]
  /// Names the file binds itself, some of them more than once.
  private var bound: Set<String> = []

  package init(_ tree: SourceTree, vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    for cell in tree.cells where !cell.flags.contains("skip") {
      for statement in cell.statements { note(statement) }
    }
  }

  /// A second binding of a name makes it uncertain.
  private func note(_ statement: Statement) {
    for name in Set(statement.boundNames + statement.changedNames) {
      declared[name] = bound.insert(name).inserted ? KnownCallable(declaredBy: statement) : nil
    }
  }

  /// How a top-level name is called, where that is certain.
  func callable(_ name: String) -> KnownCallable? {
    if bound.contains(name) { return declared[name] }
    if let source = vocabulary.library?.source(defining: name) { return library(source, name) }
    guard let builtin = vocabulary.builtins[name], builtin.forms.isEmpty else { return nil }
    return KnownCallable(builtin)
  }

  private func library(_ source: SourceText, _ name: String) -> KnownCallable? {
    let tree = libraryTrees[source.name] ?? parse(source)
    libraryTrees[source.name] = tree
    for cell in tree.cells {
      for statement in cell.statements {
        if let callable = KnownCallable(declaredBy: statement), callable.name == name { return callable }
      }
    }
    return nil
  }
}

/// A function, model or builtin as a call sees it.
struct KnownCallable {
  struct Parameter {
    let name: String?
    let isRequired: Bool
    let isRest: Bool
    let type: TypeExpr?
  }

  let name: String
  let parameters: [Parameter]
  /// Takes any label, as `recipe(…)` does.
  let takesAnyLabel: Bool

  init?(declaredBy statement: Statement) {
    switch statement.kind {
    case .function(let function):
      guard let word = function.name else { return nil }
      self.init(word.text, function.parameters)
    case .model(let declaration): self.init(declaration.name.text, declaration.parameters)
    default: return nil
    }
  }

  init?(_ builtin: Builtin) {
    guard let function = parseSignature(builtin.signatureText) else { return nil }
    self.init(builtin.name, function.parameters)
  }

  private init(_ name: String, _ parameters: [TernSyntax.Parameter]) {
    self.name = name
    self.parameters = parameters.map { parameter in
      var word: String?
      if case .name(let text) = parameter.pattern.kind { word = text }
      return Parameter(
        name: word, isRequired: parameter.defaultValue == nil && !parameter.isRest, isRest: parameter.isRest, type: parameter.type)
    }
    takesAnyLabel = self.parameters.contains { $0.name == "labels" && $0.type?.name.text == "record" }
  }
}
