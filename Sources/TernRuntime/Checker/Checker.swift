package import TernSyntax

/// What `tern check` knows of a whole file beside what the compiler finds cell by cell: who can be called how.
///
/// Only what is certain counts: a name that is bound once at top level, or that the library or a builtin without further
/// forms defines. Anything else is left to the run.
package final class Checker {
  private var declared: [String: KnownCallable] = [:]
  /// What `let`s bind, when a name is bound just once.
  private var values: [String: Expr] = [:]
  /// Names that stand for a name of a used file.
  private var aliases: [String: (path: String, name: String)] = [:]
  private let vocabulary: Vocabulary
  private var libraryTrees: [String: SourceTree] = [:]
  /// Where the paths of `use` start.
  private let folder: String
  private var modules: [String: KnownModule?] = [:]
  /// Names the file binds itself, some of them more than once.
  private var bound: Set<String> = []

  package init(_ tree: SourceTree, vocabulary: Vocabulary, folder: String = ".") {
    self.vocabulary = vocabulary
    self.folder = folder
    for cell in tree.cells where !cell.flags.contains("skip") && !cell.flags.contains("raises") {
      for statement in cell.statements { note(statement) }
    }
  }

  /// A second binding of a name makes it uncertain.
  private func note(_ statement: Statement) {
    for name in Set(statement.boundNames + statement.changedNames) {
      let isFirst = bound.insert(name).inserted
      declared[name] = isFirst ? KnownCallable(declaredBy: statement) : nil
      values[name] = nil
      aliases[name] = nil
      if isFirst { note(name, statement) }
    }
  }

  private func note(_ name: String, _ statement: Statement) {
    guard case .binding(false, let pattern, let type, let value, _) = statement.kind else { return }
    switch pattern.kind {
    // A type gives the axes names.
    case .name where type == nil: values[name] = value
    case .record(let fields, _):
      guard case .use(let path) = value.kind else { return }
      for field in fields {
        if case .name(name) = field.pattern.kind { aliases[name] = (path, field.key.text) }
      }
    default: break
    }
  }

  /// What a top-level name is bound to, where that is certain.
  func binding(_ name: String) -> Expr? { values[name] }

  /// How a top-level name is called, where that is certain; a builtin has a form for each kind of first argument.
  func callable(_ name: String) -> [KnownCallable]? {
    if let alias = aliases[name] { return module(alias.path)?.callables[alias.name].map { [$0] } }
    if bound.contains(name) { return declared[name].map { [$0] } }
    if let source = vocabulary.library?.source(defining: name) { return library(source, name).map { [$0] } }
    guard let builtin = vocabulary.builtins[name] else { return nil }
    let forms = ([builtin] + builtin.forms).map(KnownCallable.init)
    return forms.contains { $0 == nil } ? nil : forms.compactMap { $0 }
  }

  private func library(_ source: SourceText, _ name: String) -> KnownCallable? {
    KnownModule(libraryTree(source), path: source.name).callables[name]
  }

  private func libraryTree(_ source: SourceText) -> SourceTree {
    let tree = libraryTrees[source.name] ?? parse(source)
    libraryTrees[source.name] = tree
    return tree
  }

  /// Does calling this word draw by chance, whatever it is given?
  package func draws(_ name: String) -> Bool {
    guard !bound.contains(name), let builtin = vocabulary.builtins[name] else { return false }
    return ([builtin] + builtin.forms).allSatisfy { $0.effect == .draws }
  }

  /// A model of the library, such as `dropout`.
  package func libraryModel(_ name: String) -> ModelDeclaration? {
    guard !bound.contains(name), let source = vocabulary.library?.source(defining: name) else { return nil }
    for cell in libraryTree(source).cells {
      for statement in cell.statements {
        if case .model(let declaration) = statement.kind, declaration.name.text == name { return declaration }
      }
    }
    return nil
  }

  /// What a used file defines; nil when it cannot be read or is no program, which the run will say.
  func module(_ path: String) -> KnownModule? {
    if let known = modules[path] { return known }
    let bytes = try? FilePath.read(FilePath.resolve(path, in: folder), as: path)
    let tree = bytes.map { parse(SourceText(name: path, bytes: $0)) }
    let module = tree.flatMap { $0.diagnostics.isEmpty ? KnownModule($0, path: path) : nil }
    modules[path] = .some(module)
    return module
  }
}

/// A file as those that use it see it.
struct KnownModule {
  let path: String
  private(set) var names: [String] = []
  private(set) var callables: [String: KnownCallable] = [:]

  init(_ tree: SourceTree, path: String) {
    self.path = path
    for cell in tree.cells where !cell.flags.contains("skip") {
      for statement in cell.statements {
        for name in Set(statement.boundNames + statement.changedNames) {
          let isFirst = !names.contains(name)
          if isFirst { names.append(name) }
          callables[name] = isFirst ? KnownCallable(declaredBy: statement) : nil
        }
      }
    }
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
  /// Types of a builtin's parameters choose its form, and say less than a contract.
  private(set) var isBuiltin = false

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
    isBuiltin = true
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
