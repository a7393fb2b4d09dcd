import Glibc
import TernRuntime
import TernSyntax

/// Points in time.
enum Clock {
  static var builtins: [Builtin] {
    [
      Builtin("now() -> time", "The time it is, in UTC.", example: "kind(now())  #> \"time\"", effect: .reads) {
        call throws(Fault) in .time(now())
      },
      Builtin(
        "time(text: str) -> time", "The time that a date, or a date and a clock time, names.",
        example: "time(\"2026-02-01\") - time(\"2026-01-31\")  #> 1d", body: time),
    ]
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let (nanoseconds, overflow) = time.tv_sec.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? Int.max : nanoseconds &+ time.tv_nsec
  }

  private static func time(_ call: borrowing Call) throws(Fault) -> Value {
    let text = try call.string(0, "a text such as \"2026-01-31\"").text
    guard let time = TimeText.parse(text.trimmed) else {
      throw Fault(
        .badText, "\(text.quoted) is no time",
        hint: "`time(\"2026-01-31\")` or `time(\"2026-01-31 12:30:05\")`, in UTC, from 1678 to 2261"
      ).marking(0, "no time")
    }
    return .time(time)
  }
}
