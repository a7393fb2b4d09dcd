import Foundation
import Glibc
import TernShell

/// A loop over seeds: `TERN_FUZZ=1000000` makes each as long, `TERN_FUZZ_FROM` sets the first seed. What traps or hangs names
/// its seed and shows its input on standard error before the process ends.
enum Fuzz {
  static let environment = ProcessInfo.processInfo.environment
  static let first = UInt64(environment["TERN_FUZZ_FROM"] ?? "") ?? 0
  static func count(_ usual: Int) -> Int { Int(environment["TERN_FUZZ"] ?? "") ?? usual }

  static func run(_ name: String, _ usual: Int, _ work: (UInt64) -> Void) {
    Report.install()
    let (count, clock) = (count(usual), ContinuousClock())
    let time = clock.measure {
      for seed in first..<first + UInt64(count) {
        Report.begin(name, seed)
        work(seed)
      }
    }
    Report.end()
    guard environment["TERN_FUZZ"] != nil else { return }
    print("\(name): \(count) inputs, \(Int(Double(count) / (time / .seconds(1)))) a second")
  }
}

/// What a signal handler may say of the input at work: bytes in a fixed place.
enum Report {
  private static let room = 1 << 16
  private nonisolated(unsafe) static let text = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
  private nonisolated(unsafe) static var used = 0
  private nonisolated(unsafe) static var headLength = 0
  private static let secondsForOne: UInt32 = 60

  static func install() {
    _ = text
    var stack = stack_t(ss_sp: UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16), ss_flags: 0, ss_size: 1 << 16)
    sigaltstack(&stack, nil)
    var action = sigaction()
    action.sa_flags = Int32(bitPattern: UInt32(SA_ONSTACK))
    action.__sigaction_handler.sa_handler = { signal in
      _ = write(2, Report.text, Report.used)
      Glibc.signal(signal, SIG_DFL)
      raise(signal == SIGALRM ? SIGABRT : signal)
    }
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM] { sigaction(signal, &action, nil) }
  }

  static func begin(_ name: String, _ seed: UInt64) {
    used = 0
    append(Array("\n\(name), seed \(seed):\n".utf8))
    headLength = used
    alarm(secondsForOne)
  }

  static func input(_ bytes: [UInt8]) {
    used = headLength
    append(bytes + [10])
  }

  static func end() {
    alarm(0)
    used = 0
  }

  private static func append(_ bytes: [UInt8]) {
    for byte in bytes where used < room {
      text[used] = byte
      used += 1
    }
  }
}

extension SeededGenerator {
  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<max(count, 1), using: &self) }
  mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  /// A few bytes changed, taken out, doubled, or all from some place on.
  mutating func mutated(_ bytes: [UInt8], telling: String) -> [UInt8] {
    let telling = Array(telling.utf8) + [0, 0xFF, 0x80, 0x7F]
    var bytes = bytes
    for _ in 0..<below(5) + 1 where !bytes.isEmpty {
      let place = below(bytes.count)
      switch below(7) {
      case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &self)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[place], at: place)
      case 3 where chance(0.3): bytes.removeLast(bytes.count - place)
      case 4: bytes.insert(contentsOf: bytes[place..<min(place + below(12), bytes.count)], at: below(bytes.count))
      default: bytes[place] = pick(telling)
      }
    }
    return bytes
  }
}

/// The machine needs a large stack; what it makes is handed over when its thread has ended.
func onMachine<Result>(_ work: @escaping () -> Result) -> Result {
  nonisolated(unsafe) var result: Result?
  nonisolated(unsafe) let work = work
  _ = MachineThread.run {
    result = work()
    return 0
  }
  return result!
}
