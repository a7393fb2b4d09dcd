/// How often builtins were called, and how long they took with all that they called in turn. The shortest ones, which need no call
/// of their own, are not counted.
package final class CallProfile {
  package private(set) var calls: [String: (count: Int, seconds: Double)] = [:]

  package init() {}

  func add(_ name: String, _ seconds: Double) {
    let old = calls[name] ?? (0, 0)
    calls[name] = (old.count + 1, old.seconds + seconds)
  }
}
