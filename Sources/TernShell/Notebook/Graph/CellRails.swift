/// The edges of a graph of cells drawn beside its lines: each cell whose names are used further down has a rail from its own row
/// to that of its last user. `╭` begins a rail, `├` and `┼` use it, `╰` and `┴` end it; `│` goes by.
struct CellRails {
  /// One for each cell, all equally long, the cell itself at the end.
  private(set) var rows: [String] = []

  private struct Rail {
    let source: Int
    let last: Int
    let users: Set<Int>
  }

  init(_ nodes: [CellGraph.Node]) {
    var users = Array(repeating: Set<Int>(), count: nodes.count)
    for (position, node) in nodes.enumerated() { for input in node.inputs { users[input.cell].insert(position) } }
    var rails: [Rail?] = [], pictures: [[Rail?]] = []
    for position in nodes.indices {
      if let last = users[position].max() {
        let rail = Rail(source: position, last: last, users: users[position])
        if let free = rails.firstIndex(where: { $0 == nil }) { rails[free] = rail } else { rails.append(rail) }
      }
      pictures.append(rails)
      for index in rails.indices where rails[index]?.last == position { rails[index] = nil }
    }
    rows = pictures.enumerated().map { CellRails.row($0.element, at: $0.offset, width: rails.count) }
  }

  /// The first rail lies nearest to the cells: short edges stay short.
  private static func row(_ rails: [Rail?], at position: Int, width: Int) -> String {
    var text = "●"
    let farthest = rails.lastIndex { $0.map { touches($0, position) } ?? false } ?? -1
    for index in 0..<width {
      let rail = index < rails.count ? rails[index] : nil
      let gap = index <= farthest ? "─" : " "
      text = (rail.map { sign($0, position, isFarthest: index == farthest) } ?? gap) + gap + text
    }
    return text
  }

  private static func touches(_ rail: Rail, _ position: Int) -> Bool { rail.source == position || rail.users.contains(position) }

  private static func sign(_ rail: Rail, _ position: Int, isFarthest: Bool) -> String {
    guard touches(rail, position) else { return "│" }
    if rail.source == position { return isFarthest ? "╭" : "┬" }
    if rail.last == position { return isFarthest ? "╰" : "┴" }
    return isFarthest ? "├" : "┼"
  }
}
