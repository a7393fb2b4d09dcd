/// The lines that two texts share, and those that only one of them has.
package enum LineDifference {
  package enum Line { case same(String), recorded(String), now(String) }

  /// The longest common part by dynamic programming; texts too long for that are shown one after the other.
  package static func lines(_ recorded: [String], _ now: [String], agree: (String, String) -> Bool) -> [Line] {
    guard recorded.count * now.count <= 250_000 else { return recorded.map(Line.recorded) + now.map(Line.now) }
    var common = [[Int]](repeating: [Int](repeating: 0, count: now.count + 1), count: recorded.count + 1)
    for i in recorded.indices.reversed() {
      for j in now.indices.reversed() {
        common[i][j] = agree(recorded[i], now[j]) ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < recorded.count || j < now.count {
      if i < recorded.count, j < now.count, agree(recorded[i], now[j]) {
        lines.append(.same(recorded[i]))
        (i, j) = (i + 1, j + 1)
      } else if i < recorded.count, j == now.count || common[i + 1][j] >= common[i][j + 1] {
        lines.append(.recorded(recorded[i]))
        i += 1
      } else {
        lines.append(.now(now[j]))
        j += 1
      }
    }
    return lines
  }
}
