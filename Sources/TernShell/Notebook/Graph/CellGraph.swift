package import TernRuntime
package import TernSyntax
import TernTraining

/// The cells of a file as a graph: an edge from the cell that last bound a name to one below that reads it. Nothing runs for it.
package struct CellGraph {
  package struct Node {
    package let number: Int
    package let cell: CellTree
    package let facts: CellFacts
    /// Cells above, by position, with the names read of each.
    package let inputs: [(cell: Int, names: [String])]
    /// Of the cell's words, and of everything that leads to it: spacing, comments and outputs do not count.
    package let key: UInt64

    package var title: String { cell.title ?? "" }
    /// What its chance goes by.
    package var name: String { cell.chanceName(number) }
    package var isSkipped: Bool { cell.flags.contains("skip") }
  }

  package let nodes: [Node]

  package init(_ script: Script, _ machine: Machine) {
    let facts = machine.cellFacts(of: script.tree, in: File(path: script.path))
    let words = tokens(of: script.source)
    var makers: [String: Int] = [:], nodes: [Node] = [], next = 0
    for (position, cell) in script.tree.cells.enumerated() {
      var inputs: [Int: [String]] = [:]
      for name in facts[position].reads { if let maker = makers[name] { inputs[maker, default: []].append(name) } }
      var text = cell.flags.sorted().joined(separator: ",")
      while next < words.count, words[next].range.start < cell.range.end {
        text += "\u{1F}" + script.source.text(words[next].range)
        next += 1
      }
      let sorted = inputs.sorted { $0.key < $1.key }
      for (maker, names) in sorted { text += "\u{1E}\(names.joined(separator: ",")):\(nodes[maker].key)" }
      nodes.append(
        Node(number: position + 1, cell: cell, facts: facts[position], inputs: sorted.map { ($0.key, $0.value) }, key: CellGraph.hash(text)))
      for name in facts[position].binds { makers[name] = position }
    }
    self.nodes = nodes
  }

  /// A line a cell, with the edges drawn beside: what it makes, what it takes from which cell, and what it does outside.
  package func lines(files: (Node) -> [String]) -> [String] {
    let rows = nodes.map { node -> [String] in
      let from = node.inputs.map { "\($0.cell + 1) (\($0.names.joined(separator: ", ")))" }.joined(separator: ", ")
      let effects = node.facts.effects.sorted { $0.key < $1.key }.map { "\($0.value.rawValue) (\($0.key))" }
      let does = (effects + files(node)).joined(separator: ", ")
      return ["\(node.number)", node.title, node.facts.binds.isEmpty ? "" : "→ " + node.facts.binds.joined(separator: ", "), from.isEmpty ? "" : "← " + from, does]
    }
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let rails = CellRails(nodes).rows
    return zip(rails, rows).map { rail, row in
      var line = rail + " " + String(repeating: " ", count: widths[0] - row[0].count) + row[0]
      for column in 1..<5 where widths[column] > 0 { line += "  " + row[column] + String(repeating: " ", count: widths[column] - row[column].count) }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  static func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { XXH64.hash(UnsafeRawBufferPointer($0)) }
  }
}
