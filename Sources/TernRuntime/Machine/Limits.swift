import CTernKernels
import Glibc
import TernSyntax
import TernTensor

/// What ends a run from outside: Ctrl-C, and limits of steps, time and memory.
package struct Limits {
  package var steps: Int?
  /// Seconds of wall time from `start`.
  package var time: Double?
  private var taken = 0
  private var started = Limits.now()
  private var deadlines: [Double] = []
  private var polls = 0

  package init() {}

  /// Starts counting anew: a script, or a cell of the prompt.
  package mutating func restart() {
    taken = 0
    started = Limits.now()
    deadlines = []
  }

  package var stepsTaken: Int { taken }

  /// `timeout(5s, f)`: one more deadline; the earliest counts.
  package mutating func push(deadlineIn seconds: Double) {
    deadlines.append(Limits.now() + seconds)
    arm()
  }
  package mutating func popDeadline() {
    _ = deadlines.popLast()
    arm()
  }

  /// Long kernels that this thread calls stop at the earliest deadline.
  func arm() { tern_set_deadline(min(time.map { started + $0 } ?? .infinity, deadlines.min() ?? .infinity).finiteOrZero) }
  func disarm() { tern_set_deadline(0) }

  /// Has work to stop? Cheap: asked by whatever may take long.
  @inline(__always) var isStopDue: Bool { tern_stopped() != 0 }

  /// After how many steps to ask next.
  var interval: Int { min(Limits.longestInterval, max(steps.map { $0 - taken } ?? Int.max, 1)) }
  private static let longestInterval = 4096

  /// Asked after so many steps. Long work of builtins asks with 1 an item or so.
  package mutating func check(after count: Int) throws(Fault) {
    if tern_interrupt_raised() != 0 {
      tern_interrupt(0)
      throw Fault(.interrupted, "interrupted")
    }
    taken &+= count
    if let steps, taken >= steps { throw Fault(.stepLimit, "the limit of \(steps) steps is reached") }
    if time != nil || !deadlines.isEmpty { try checkTime() }
    polls &+= 1
    if polls & 0xf == 0 { try checkMemory() }
  }

  private func checkTime() throws(Fault) {
    let now = Limits.now()
    if let time, now - started > time { throw Fault(.timeLimit, "the time limit of \(time.formattedSeconds) is reached") }
    if let last = deadlines.min(), now > last { throw Fault(.timeLimit, "the time given by `timeout` is over") }
  }

  /// Lists and strings are not charged one by one: the resident size speaks for them.
  private func checkMemory() throws(Fault) {
    let limit = MemoryBudget.limit
    guard limit > 0, let resident = Limits.residentBytes(), resident > limit else { return }
    throw Fault(
      .memoryLimit, "the memory limit of \(limit / 1_000_000) MB is reached", hint: "`--limit-memory` sets another one")
  }

  private static let residentPages = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)

  /// What the process holds in memory: the second number of a file that is kept open, as it is asked often.
  package static func residentBytes() -> Int? {
    let pages = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { line -> Int? in
      let count = pread(residentPages, line.baseAddress, line.count, 0)
      guard count > 0, let gap = line[..<count].firstIndex(of: UInt8(ascii: " ")) else { return nil }
      return line[(gap + 1)..<count].prefix { $0 >= 48 && $0 < 58 }.reduce(0) { $0 &* 10 &+ Int($1 - 48) }
    }
    return pages.map { $0 &* max(sysconf(Int32(_SC_PAGESIZE)), 1) }
  }

  /// Seconds of a clock that never goes back.
  package static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Double {
  fileprivate var finiteOrZero: Double { isFinite ? self : 0 }
  fileprivate var formattedSeconds: String { self < 1 ? "\(Int(self * 1000)) ms" : "\(floatText(self)) s" }
}
