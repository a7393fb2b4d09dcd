extension Tensor {
  /// One element as text.
  package func elementText(_ index: Int) -> String {
    if isUnknown { return "?" }
    if dtype == .f32 { return floatText(data.load(fromByteOffset: index &* 4, as: Float.self)) }
    if dtype == .f16 { return floatText(data.load(fromByteOffset: index &* 2, as: Float16.self)) }
    if dtype == .bf16 { return brainFloatText(data.load(fromByteOffset: index &* 2, as: UInt16.self)) }
    return element(index).text
  }

  /// As it stands inside a list or record: `f32[2]  [1.0, 2.0]`; without axes, its number.
  package func inlineText(limit: Int = 1000) -> String { rank == 0 ? elementText(0) : isUnknown ? "\(typeText)  ?" : "\(typeText)  \(nested(limit))" }

  /// As a cell shows it: a line up to one axis; else its type and aligned rows, shortened to the width and number of rows.
  /// What is left out is marked by `⋮` or `…` and counted.
  package func text(width: Int = 100, maxRows: Int = 60) -> String {
    if rank == 0 { return elementText(0) }
    if rank == 1 { return line(width) }
    if count == 0 { return "\(typeText)  \(nested(1000))" }
    return ([typeText] + rows(width, Swift.max(maxRows, 4))).joined(separator: "\n")
  }

  /// `[[1.0, 2.0], [3.0, 4.0]]`, cut off after a number of elements.
  private func nested(_ limit: Int) -> String {
    if count == 0 && shape.array.reduce(1, { $0 * Swift.max($1, 1) }) > limit { return "[]" }  // many lists of nothing
    var out = "", next = 0
    func write(_ axis: Int) {
      if axis == rank {
        out += elementText(next)
        next += 1
        return
      }
      out += "["
      for k in 0..<shape[axis] {
        if k > 0 { out += ", " }
        if next >= limit {
          out += "… \(count - next) more"
          next = count
          break
        }
        write(axis + 1)
      }
      out += "]"
    }
    write(0)
    return out
  }

  /// One axis: as many elements as the width holds, from both ends.
  private func line(_ width: Int) -> String {
    let head = "\(typeText)  [", room = Swift.max(width - head.count - 1, 20)
    let all = count <= room ? (0..<count).map(elementText) : []
    if count <= room, all.reduce(0, { $0 + $1.count + 2 }) <= room + 2 { return head + all.joined(separator: ", ") + "]" }
    var left: [String] = [], right: [String] = [], used = 11 + String(count).count
    for k in 0..<count / 2 {
      let pair = [elementText(k), elementText(count - 1 - k)]
      used += pair[0].count + pair[1].count + 4
      if used > room && k > 0 { break }
      left.append(pair[0])
      right.append(pair[1])
    }
    let hidden = count - left.count - right.count
    if hidden <= 0 { return head + (0..<count).map(elementText).joined(separator: ", ") + "]" }
    return head + (left + ["… \(hidden) more …"] + right.reversed()).joined(separator: ", ") + "]"
  }

  /// Rows of the last axis; blocks of further axes are apart by an empty line.
  private func rows(_ width: Int, _ maxRows: Int) -> [String] {
    let columns = shape[rank - 1], total = count / columns, block = shape[rank - 2]
    let shown = kept(total, maxRows), picked = keptColumns(columns, shown, width)
    let cells = shown.map { row in row.map { row in picked.map { $0.map { elementText(row * columns + $0) } ?? "…" } } }
    let wide = picked.indices.map { k in cells.map { $0?[k].count ?? 1 }.max() ?? 1 }
    var out: [String] = [], previous = -1
    for (row, cells) in zip(shown, cells) {
      guard let row, let cells else {
        let hidden = total - shown.count + 1
        out.append("  ⋮ \(hidden) more rows")
        previous = -1
        continue
      }
      if rank > 2, row > 0, row % block == 0, previous >= 0 { out.append("") }
      out.append("  " + zip(cells, wide).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  "))
      previous = row
    }
    if picked.contains(where: { $0 == nil }) { out.append("  … \(columns - picked.count + 1) more columns") }
    return out
  }

  /// The first and last of `total` positions, at most `most`, nil where some are left out.
  private func kept(_ total: Int, _ most: Int) -> [Int?] {
    if total <= most { return (0..<total).map { $0 } }
    let head = most / 2, tail = most - 1 - head
    return (0..<head).map { $0 } + [nil] + (total - tail..<total).map { $0 }
  }

  private func keptColumns(_ columns: Int, _ rows: [Int?], _ width: Int) -> [Int?] {
    for most in stride(from: Swift.min(columns, Swift.max(width / 3, 4)), through: 4, by: -1) {
      let picked = kept(columns, most)
      var needed = 0
      for column in picked {
        let cells = rows.compactMap { $0 }.map { row in column.map { elementText(row * columns + $0).count } ?? 1 }
        needed += 2 + (cells.max() ?? 1)
      }
      if needed <= width { return picked }
    }
    return kept(columns, Swift.min(columns, 4))
  }
}
