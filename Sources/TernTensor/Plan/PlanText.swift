/// A plan as `explain plan` shows it: a line for each step with what it computes, into what, the bytes it reads and writes, its
/// threads, the time that the peaks of the machine and its memory suggest and, once it has run, the time it took; then the same for each
/// layer and for each line.
package struct PlanText {
  /// What the machine does at best in a second, on all threads.
  package struct Peaks {
    let operations: Double, bytes: Double
    package init(operations: Double, bytes: Double) {
      self.operations = operations
      self.bytes = bytes
    }
  }

  /// For whom a value is made: the layer by its path and name, and the line of the file.
  package struct Origin: Hashable, Sendable {
    package var layer: String?
    package var line: Int?
    package init() {}
    package var isNobody: Bool { layer == nil && line == nil }
  }

  private let plan: Plan
  private let origins: [Origin]
  private let peaks: Peaks?
  private let isTimed: Bool

  /// - Parameter origins: The k-th is that of the values whose origin is k + 1.
  package init(_ plan: Plan, origins: [Origin], peaks: Peaks?, isTimed: Bool) {
    self.plan = plan
    self.origins = origins
    self.peaks = peaks
    self.isTimed = isTimed && plan.timedRuns > 0
  }

  package var text: String {
    var lines: [String] = [], layers: [String?: Total] = [:], places: [Int?: Total] = [:]
    for (number, unit) in plan.units.enumerated() {
      let last = unit[unit.count - 1]
      let names = unit.compactMap { plan.program.call($0)?.primitive.name }
      let what = names.count > 1 ? "fused: \(names.joined(separator: " "))" : names.joined()
      let total = Total(of: unit, in: plan, peaks), origin = origin(plan.program.origins[last])
      let threads = plan.threads[unit[0]] ?? 1
      let whose = (origin.layer.map { "  \($0)" } ?? "") + (origin.line.map { "  line \($0)" } ?? "")
      lines.append(
        "\(number)  \(what)  \(plan.program.types[last].text)  \(Int(total.bytes)) bytes  \(threads) thread\(threads == 1 ? "" : "s")\(times(total))\(whose)")
      layers[origin.layer, default: Total()].add(total)
      places[origin.line, default: Total()].add(total)
    }
    lines.append("arena \(plan.memory.arenaSize) bytes, \(plan.memory.outputs.count) outputs in memory of their own")
    lines += sums("layer", layers.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { ($0 ?? "outside of layers", $1) })
    lines += sums("line", places.sorted { ($0.key ?? 0) < ($1.key ?? 0) }.map { ($0.map { "line \($0)" } ?? "elsewhere", $1) })
    return lines.joined(separator: "\n")
  }

  private func sums(_ what: String, _ totals: [(name: String, total: Total)]) -> [String] {
    if totals.count < 2 { return [] }
    return ["by \(what)"] + totals.map { "  \($0)  \($1.steps) step\($1.steps == 1 ? "" : "s")  \(Int($1.bytes)) bytes\(times($1))" }
  }

  private func origin(_ number: Int32) -> Origin {
    number > 0 && Int(number) <= origins.count ? origins[Int(number) - 1] : Origin()
  }

  private func times(_ total: Total) -> String {
    let estimate = peaks == nil ? "" : "  estimated \(PlanText.microseconds(total.estimate))"
    return isTimed ? "\(estimate)  took \(PlanText.microseconds(total.took / Double(plan.timedRuns)))" : estimate
  }

  private static func microseconds(_ nanoseconds: Double) -> String {
    let tenths = Int((nanoseconds / 100).rounded())
    return "\(tenths / 10).\(tenths % 10) µs"
  }

  private struct Total {
    var steps = 0, bytes = 0.0
    /// Nanoseconds: of one run as the peaks allow, and measured of all runs.
    var estimate = 0.0, took = 0.0

    init() {}

    init(of unit: [Int], in plan: Plan, _ peaks: Peaks?) {
      let work = plan.work(of: unit)
      steps = 1
      bytes = work.bytes
      if let peaks { estimate = max(work.operations / peaks.operations, work.bytes / peaks.bytes) * 1e9 }
      took = plan.times?[unit[0]] ?? 0
    }

    mutating func add(_ other: Total) {
      steps += other.steps
      bytes += other.bytes
      estimate += other.estimate
      took += other.took
    }
  }
}
