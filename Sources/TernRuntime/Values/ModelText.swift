import TernTensor

/// A model with numbers as a cell shows it: the call that makes it, and a line for each layer that has some.
///
///     chain(dense(8, act: relu), dense(3))
///       layers[0]  dense  w [4, 8], b [8]  40
///       layers[1]  dense  w [8, 3], b [3]  27
///       67 parameters
enum ModelText {
  private static let mostRows = 40
  private static let mostLooked = 20_000
  private static let longestPath = 500

  private struct Row {
    let path: String
    let name: String
    let tensors: String
    let count: Int
  }

  /// The lines below the first; none where there are no numbers yet. Where they are too wide, names without sizes must do.
  static func lines(_ model: ModelObject, width: Int) -> [String] {
    let rows = rows(of: model)
    guard !rows.isEmpty else { return [] }
    let total = rows.reduce(0) { $0 &+ $1.count }
    let shown = rows.prefix(mostRows)
    let texts = shown.map { [$0.path, $0.name, $0.tensors, $0.count.grouped] }
    let widths = (0..<4).map { column in texts.map { $0[column].count }.max() ?? 0 }
    var lines = texts.map { row in
      let columns = (0..<3).compactMap { widths[$0] > 0 ? row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) : nil }
      return "  " + (columns + [String(repeating: " ", count: widths[3] - row[3].count) + row[3]]).joined(separator: "  ")
    }
    if lines.contains(where: { $0.count > width }) { lines = texts.map { "  " + [$0[0], $0[1], $0[3]].filter { !$0.isEmpty }.joined(separator: "  ") } }
    if rows.count > shown.count { lines.append("  ⋮ \(rows.count - shown.count) more layers") }
    if rows.count > 1 { lines.append("  \(total.grouped) parameters") }
    return lines
  }

  /// Layers nest as deep as they like, so they wait in a list.
  private static func rows(of model: ModelObject) -> [Row] {
    var rows: [Row] = []
    var pending: [(path: String, value: Value)] = [("", .model(model))]
    var looked = 0
    // A part may stand in many places; and paths longer than this nobody reads, which grow with the square of the depth.
    while let (path, value) = pending.popLast(), looked < mostLooked {
      looked += 1
      guard path.utf8.count <= longestPath else { continue }
      switch value {
      case .model(let model):
        var tensors: [String] = [], count = 0, parts: [(String, Value)] = []
        for (position, member) in model.blueprint.members.enumerated() {
          let key = model.blueprint.layout.keys[position].text, item = model.items[position]
          switch (member, item) {
          case (.param, .tensor(let tensor)), (.state, .tensor(let tensor)):
            tensors.append("\(key) [\(tensor.shape.array.map(String.init).joined(separator: ", "))]")
            if member == .param { count += tensor.count }
          case (.binding, _): parts.append((path.isEmpty ? key : "\(path).\(key)", item))
          default: continue
          }
        }
        if !tensors.isEmpty { rows.append(Row(path: path, name: path.isEmpty ? "" : model.blueprint.name, tensors: tensors.joined(separator: ", "), count: count)) }
        pending += parts.reversed()
      case .list(let list):
        pending += list.values.prefix(mostLooked).enumerated().reversed().map { ("\(path)[\($0.offset)]", $0.element) }
      case .record(let record): pending += (0..<record.count).reversed().map { ("\(path).\(record.layout.keys[$0].text)", record.items[$0]) }
      default: continue
      }
    }
    return rows
  }
}
