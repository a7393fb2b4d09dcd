/// A length of time as people read it: `350 ms`, `3.2 s`, `1 min 05 s`, `2 h 07 min`, `3 d 04 h`.
package enum DurationText {
  package static func text(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e11 else { return "ages" }
    // Each border is where rounding would reach the next unit: 59.95 s is a minute.
    if seconds < 0.9995 { return "\(Int((max(0, seconds) * 1000).rounded())) ms" }
    if seconds < 9.95 { return "\(NumberText.fixed(seconds, decimals: 1)) s" }
    if seconds < 59.5 { return "\(Int(seconds.rounded())) s" }
    return long(Int(seconds.rounded()))
  }

  private static func long(_ seconds: Int) -> String {
    let minutes = (seconds + 30) / 60, hours = (seconds + 1800) / 3600
    if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if minutes < 24 * 60 { return pair(minutes / 60, "h", minutes % 60, "min") }
    return pair(hours / 24, "d", hours % 24, "h")
  }

  private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
    "\(large) \(largeUnit) \(small < 10 ? "0" : "")\(small) \(smallUnit)"
  }
}
