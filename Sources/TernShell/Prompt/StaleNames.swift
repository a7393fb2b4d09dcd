import TernRuntime
import TernSyntax

extension Statement {
  /// What it binds to a function, whose body reads names when it is called, as they are then.
  fileprivate var functionNames: [String] {
    switch kind {
    case .function, .model: boundNames
    case .binding(_, _, _, let value, _): if case .lambda = value.kind { boundNames } else { [] }
    default: []
    }
  }
}

/// Names of a session that were made with what has been bound anew since.
enum StaleNames {
  /// For each such name the one that changed.
  static func all(in text: String, _ machine: Machine) -> [String: String] {
    let script = Script(text: text, name: "session")
    guard script.tree.diagnostics.isEmpty else { return [:] }
    let graph = CellGraph(script, machine)
    var makers: [String: Int] = [:], stale: [String: String] = [:]
    for (position, node) in graph.nodes.enumerated() { for name in node.facts.binds { makers[name] = position } }
    for (position, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.flatMap { input in input.names.map { (name: $0, cell: input.cell) } }
      // A cell that binds a name it reads has used it up.
      guard let old = inputs.first(where: { makers[$0.name] != $0.cell && makers[$0.name] != position || stale[$0.name] != nil }) else { continue }
      let functions = Set(node.cell.statements.flatMap(\.functionNames))
      for name in node.facts.binds where makers[name] == position && !functions.contains(name) { stale[name] = stale[old.name] ?? old.name }
    }
    return stale
  }
}
