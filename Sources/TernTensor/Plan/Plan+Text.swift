extension Plan {
  /// The steps as `explain plan` shows them: what each computes, into what, and the bytes it reads and writes.
  package var text: String {
    var lines: [String] = []
    for (number, unit) in units.enumerated() {
      let last = unit[unit.count - 1]
      let names = unit.compactMap { program.call($0)?.primitive.name }
      let what = names.count > 1 ? "fused: \(names.joined(separator: " "))" : names.joined()
      lines.append("\(number)  \(what)  \(program.types[last].text)  \(bytes(of: unit)) bytes\(time(of: unit))")
    }
    lines.append("arena \(memory.arenaSize) bytes, \(memory.outputs.count) outputs in memory of their own")
    return lines.joined(separator: "\n")
  }

  /// What a run of the unit's steps took on average, where that was measured.
  private func time(of unit: [Int]) -> String {
    guard timedRuns > 0, let nanoseconds = times?[unit[0]] else { return "" }
    let tenths = Int(nanoseconds / Double(timedRuns) / 100)
    return "  \(tenths / 10).\(tenths % 10) µs"
  }

  /// What a unit reads from outside of itself and writes for others.
  private func bytes(of unit: [Int]) -> Int {
    let own = Set(unit)
    let read = Set(unit.flatMap { program.operands[$0] }).subtracting(own)
    let written = unit.filter { memory.places[$0] != nil }
    return (read + written).reduce(0) { $0 + program.types[$1].shape.count * program.types[$1].dtype.size }
  }
}
