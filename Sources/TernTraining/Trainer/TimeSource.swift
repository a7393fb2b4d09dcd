internal import Glibc

/// Seconds since some fixed moment; never goes back.
package typealias TimeSource = () -> Double

/// The machine's own clocks.
package enum SystemClock {
  /// Seconds that only grow: for durations.
  package static func monotonic() -> Double { seconds(CLOCK_MONOTONIC) }

  /// Seconds since 1970: for dates.
  package static func wall() -> Double { seconds(CLOCK_REALTIME) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var now = timespec()
    clock_gettime(clock, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
