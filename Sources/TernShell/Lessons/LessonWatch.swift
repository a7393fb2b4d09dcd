internal import CTernKernels
internal import Glibc
import TernRuntime

/// The course at a terminal: whenever the file of the current exercise is saved, it runs, and the screen shows what came of it.
/// Each run is a process of its own, so that nothing a text does can end the watch.
final class LessonWatch {
  private var workbook: Workbook
  private let course: String?
  private let console: Console
  private var place: Int
  private var isDone = false
  private var saved: termios

  /// nil without a terminal that can be drawn on.
  init?(_ workbook: Workbook, course: String?, _ console: Console) {
    var state = termios()
    guard isatty(STDOUT_FILENO) == 1, !Console.isDumb, tcgetattr(STDIN_FILENO, &state) == 0 else { return nil }
    saved = state
    self.workbook = workbook
    self.course = course
    self.console = console
    place = workbook.current
  }

  private var exercise: Exercise { workbook.course.exercises[place] }
  private var text: LessonText { LessonText(console: console, workbook: workbook) }

  func run() -> Int32 {
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    defer { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
    attempt()
    var seen = stamp
    while tern_interrupt_raised() == 0 {
      switch key(within: 0.05) {
      case "q", "\u{4}": return leave()
      case let key?: act(on: key, &seen)
      case nil: break
      }
      guard stamp != seen, settled() else { continue }
      seen = stamp
      attempt()
    }
    tern_interrupt(0)
    return leave()
  }

  private func leave() -> Int32 {
    console.write("\n\(workbook.doneCount) of \(workbook.course.exercises.count) done. `tern learn` goes on where you are.\n")
    console.flush()
    return 0
  }

  // MARK: Keys

  private func act(on key: Character, _ seen: inout Stamp?) {
    switch key {
    case "n":
      if isDone, workbook.doneCount == workbook.course.exercises.count { return notice("That was the last one; the course is done.") }
      go(to: isDone ? workbook.current : min(place + 1, workbook.course.exercises.count - 1), &seen)
    case "p": go(to: max(place - 1, 0), &seen)
    case "r", "\n", "\r": attempt()
    case "l": draw { text.list(current: place) }
    case "h":
      do throws(Fault) { if workbook.hintsTaken(exercise) < exercise.hints.count { try workbook.noteHint(exercise) } } catch { console.report([error.diagnostic]) }
      attempt()
    case "s": draw { text.solution(exercise, mine: (try? workbook.text(of: exercise)) ?? "") }
    case "x":
      notice("Set this exercise back to how it was? y: yes, any other key: no")
      guard self.key(within: 30) == "y" else { return attempt() }
      do throws(Fault) { try workbook.reset(exercise) } catch { console.report([error.diagnostic]) }
      seen = stamp
      attempt()
    default: break
    }
  }

  private func go(to other: Int, _ seen: inout Stamp?) {
    place = other
    seen = stamp
    attempt()
  }

  /// A key, if one is pressed in time; Ctrl-D where the terminal is gone.
  private func key(within seconds: Double) -> Character? {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let ready = Interrupts.whileReading { poll(&input, 1, Int32(seconds * 1000)) }
    guard ready > 0 else { return nil }
    var byte: UInt8 = 0
    guard read(STDIN_FILENO, &byte, 1) == 1 else { return "\u{4}" }
    return Character(UnicodeScalar(byte))
  }

  // MARK: The file

  private struct Stamp: Equatable {
    let seconds: Int, nanoseconds: Int, size: Int, node: UInt
  }

  private var stamp: Stamp? {
    var status = stat()
    guard stat(workbook.path(of: exercise), &status) == 0 else { return nil }
    return Stamp(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size), node: UInt(status.st_ino))
  }

  /// An editor may still be writing.
  private func settled() -> Bool {
    let before = stamp
    usleep(20_000)
    return stamp == before
  }

  // MARK: The screen

  private func draw(_ body: () -> Void) {
    console.write("\u{1B}[2J\u{1B}[3J\u{1B}[H")
    body()
    console.write("\n" + keys + "\n")
    console.flush()
  }

  private func notice(_ words: String) {
    console.write("\n\(words)\n")
    console.flush()
  }

  private var keys: String {
    (isDone ? "n next · " : "") + "h hint · l list · " + (workbook.isDone(exercise) ? "s solution · " : "") + "x reset · r run again · q quit"
  }

  /// Runs the exercise by a process of its own. Keys pressed meanwhile are of no account.
  private func attempt() {
    let (code, shown) = perform()
    isDone = code == 0
    if let again = try? Workbook(workbook.course, folder: workbook.folder) { workbook = again }
    tcflush(STDIN_FILENO, TCIFLUSH)
    draw {
      console.write(shown)
      text.hints(exercise, count: isDone ? 0 : workbook.hintsTaken(exercise))
      if !isDone { console.write("\nEdit the file in an editor of yours; saving it runs it.\n") }
    }
  }

  private func perform() -> (code: Int32, shown: String) {
    var words = ["learn", "run", exercise.name, "--in", workbook.folder, "--color", console.colorsOutput ? "always" : "never"]
    if let course { words += ["--course", course] }
    let (code, output) = ChildProcess.tern(words)
    return (code, output)
  }
}
