/// A plan as `explain plan` shows it: a line for each step with what it computes, into what, the bytes it reads and writes, its
/// threads, the time that the peaks of the machine and its memory suggest and, once it has run, the time it took; then the same for each layer.
package struct PlanText {
  /// What the machine does at best in a second, on all threads.
  package struct Peaks {
    let operations: Double, bytes: Double
    package init(operations: Double, bytes: Double) {
      self.operations = operations
      self.bytes = bytes
    }
  }

  private let plan: Plan
  private let layers: [String]
  private let peaks: Peaks?
  private let isTimed: Bool

  /// - Parameter layers: For whom values are made: the k-th is that of origin k + 1.
  package init(_ plan: Plan, layers: [String], peaks: Peaks?, isTimed: Bool) {
    self.plan = plan
    self.layers = layers
    self.peaks = peaks
    self.isTimed = isTimed && plan.timedRuns > 0
  }

  package var text: String {
    var lines: [String] = [], totals: [Int32: Total] = [:]
    for (number, unit) in plan.units.enumerated() {
      let last = unit[unit.count - 1]
      let names = unit.compactMap { plan.program.call($0)?.primitive.name }
      let what = names.count > 1 ? "fused: \(names.joined(separator: " "))" : names.joined()
      let total = Total(of: unit, in: plan, peaks), origin = plan.program.origins[last]
      let threads = plan.threads[unit[0]] ?? 1
      lines.append(
        "\(number)  \(what)  \(plan.program.types[last].text)  \(Int(total.bytes)) bytes  \(threads) thread\(threads == 1 ? "" : "s")\(times(total))\(layer(origin).map { "  \($0)" } ?? "")")
      totals[origin, default: Total()].add(total)
    }
    lines.append("arena \(plan.memory.arenaSize) bytes, \(plan.memory.outputs.count) outputs in memory of their own")
    if totals.count > 1 {
      lines.append("by layer")
      for (origin, total) in totals.sorted(by: { $0.key < $1.key }) {
        lines.append("  \(layer(origin) ?? "outside of layers")  \(total.steps) steps  \(Int(total.bytes)) bytes\(times(total))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func layer(_ origin: Int32) -> String? { origin > 0 && Int(origin) <= layers.count ? layers[Int(origin) - 1] : nil }

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
