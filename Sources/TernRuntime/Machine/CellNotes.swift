/// What a cell did outside of the script while it ran: kinds of effects, the files it asked for, and what it read that nobody can
/// look at again.
package final class CellNotes {
  package private(set) var effects: Set<Effect> = []
  /// Full paths, with whether they were written.
  package private(set) var files: [String: Bool] = [:]
  /// Builtins that read what has no fingerprint: the clock, the environment.
  package private(set) var unseen: Set<String> = []
  private var pending: (name: String, effect: Effect)?

  package init() {}

  func begin(_ builtin: Builtin) {
    effects.insert(builtin.effect)
    settle()
    pending = (builtin.name, builtin.effect)
    if builtin.effect == .serves { unseen.insert(builtin.name) }
  }

  package func add(path: String) {
    files[path] = files[path] == true || pending?.effect == .writes
    if pending?.effect == .reads { pending = nil }
  }

  /// A builtin that reads and asked for no file has read something else.
  package func settle() {
    if let pending, pending.effect == .reads { unseen.insert(pending.name) }
    pending = nil
  }
}
