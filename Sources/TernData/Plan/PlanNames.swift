/// Finds the names of a plan's columns, from the steps that know theirs to the one that is asked for.
enum PlanNames {
  /// Depth first with a stack of its own, since a plan may be deeper than the thread's.
  static func names(of goal: PlanNode) throws -> [String] {
    var stack = [goal]
    while let node = stack.last {
      if node.names != nil {
        stack.removeLast()
      } else if let unknown = node.inputs.first(where: { $0.names == nil }) {
        stack.append(unknown)
      } else {
        node.keep(names: try node.step.names(of: node.inputs.map { $0.names ?? [] }))
      }
    }
    return goal.names ?? []
  }
}
