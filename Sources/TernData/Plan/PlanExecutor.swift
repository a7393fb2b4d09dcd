/// Runs plans, from the nodes whose tables are known to the one that is wanted.
enum PlanExecutor {
  /// The table of a node, kept there for the next time.
  static func table(of node: PlanNode) throws -> Table {
    let table = try run(node)
    node.keep(table)
    return table
  }

  /// A node under way and the tables of its inputs so far.
  private struct Frame {
    let node: PlanNode
    var tables: [Table] = []
  }

  /// Depth first with a stack of its own, since a plan may be deeper than the thread's.
  private static func run(_ goal: PlanNode) throws -> Table {
    var stack = [Frame(node: goal)]
    while let frame = stack.last {
      if let table = try known(frame) {
        stack.removeLast()
        guard let parent = stack.indices.last else { return table }
        stack[parent].tables.append(table)
      } else {
        stack.append(Frame(node: frame.node.inputs[frame.tables.count]))
      }
    }
    throw DataError.noColumns(operation: "plan")
  }

  /// The node's table, if it is kept or can be made now; nil when an input is to be made first.
  private static func known(_ frame: Frame) throws -> Table? {
    let node = frame.node
    if let table = try node.table ?? narrowed(node) { return table }
    guard frame.tables.count == node.inputs.count else { return nil }
    let table = try node.step.run(frame.tables)
    if node.isKept { node.keep(table) }
    return table
  }

  /// A choice of columns straight from a source that nobody has read yet: only those are made.
  private static func narrowed(_ node: PlanNode) throws -> Table? {
    guard let select = node.step as? Select, let input = node.inputs.first, input.table == nil else { return nil }
    guard let source = input.step as? any Source else { return nil }
    return try source.load(columns: select.names)
  }
}
