package import TernSyntax

/// All builtins by name, and the library in Tern's own language behind them. A free name is looked up in its file, then
/// here: first the library, then the builtins.
package final class Vocabulary {
  package private(set) var builtins: [String: Builtin] = [:]
  /// The library's files by the names they define; read once, when the first name needs it.
  package var library: (any LibrarySource)?

  package init() {}

  /// Adds a word, or a form of it for another kind of first argument.
  package func add(_ builtin: Builtin) {
    if let word = builtins[builtin.name] { word.add(form: builtin) } else { builtins[builtin.name] = builtin }
  }
  package func add(contentsOf list: [Builtin], lookingAtElements: Bool = false) {
    for builtin in list {
      if lookingAtElements { builtin.noteLooks() }
      add(builtin)
    }
  }

  package private(set) var constants: [String: Constant] = [:]
  package func add(contentsOf list: [Constant]) { for constant in list { constants[constant.name] = constant } }

  package func contains(_ name: String) -> Bool { builtins[name] != nil || constants[name] != nil || library?.defines(name) == true }

  package var names: [String] { Array(builtins.keys) + Array(constants.keys) + (library?.names ?? []) }
}

/// Where the library's text comes from.
package protocol LibrarySource: AnyObject {
  var names: [String] { get }
  func defines(_ name: String) -> Bool
  /// The file that defines a name: compiled and run at its first use.
  func source(defining name: String) -> SourceText?
}
