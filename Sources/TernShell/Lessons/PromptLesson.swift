import TernRuntime
import TernSyntax

/// An exercise at the prompt: its code waits one arrow up; a cell that defines what the exercise defines is an attempt.
struct PromptLesson {
  private(set) var workbook: Workbook
  private let place: Int
  private var exercise: Exercise { workbook.course.exercises[place] }

  /// Carries out `:learn …`, and gives the lesson that is on afterwards.
  static func perform(_ words: String, _ now: PromptLesson?, _ prompt: Prompt) -> PromptLesson? {
    let console = prompt.console
    do throws(Fault) {
      var lesson = now
      switch words {
      case "", "list":
        let workbook = try opened(now, console)
        LessonText(console: console, workbook: workbook).list(current: now?.place)
        console.write(" `:learn \(workbook.current + 1)` begins one\n")
      case "stop": lesson = nil
      case "hint", "solution", "reset":
        guard lesson != nil else { throw Fault(.badArgument, "no exercise is on", hint: "`:learn 1` begins one") }
        try lesson?.help(words, console)
      default:
        let workbook = try opened(now, console)
        lesson = PromptLesson(workbook: workbook, place: try Programs.place(words, workbook))
        try lesson?.begin(prompt)
      }
      return lesson
    } catch {
      console.report([error.diagnostic])
      return now
    }
  }

  private static func opened(_ now: PromptLesson?, _ console: Console) throws(Fault) -> Workbook {
    if let now { return now.workbook }
    var workbook = try Workbook(.shipped, folder: Programs.exerciseFolder)
    try Programs.recover(&workbook, Conditions(), console)
    return workbook
  }

  private func begin(_ prompt: Prompt) throws(Fault) {
    let text = LessonText(console: prompt.console, workbook: workbook)
    text.heading(place)
    text.prose(exercise)
    let code = Exercise.parts(of: try workbook.text(of: exercise)).code
    prompt.offer(code.trimmed)
    if !prompt.canEdit { prompt.console.write(code + "\n") }
    prompt.console.write((prompt.canEdit ? "The code is one ↑ away; " : "") + "`:learn hint` helps, `:learn stop` leaves.\n")
  }

  private mutating func help(_ word: String, _ console: Console) throws(Fault) {
    switch word {
    case "hint":
      if workbook.hintsTaken(exercise) < exercise.hints.count { try workbook.noteHint(exercise) }
      LessonText(console: console, workbook: workbook).hints(exercise, count: workbook.hintsTaken(exercise))
    case "solution": LessonText(console: console, workbook: workbook).solution(exercise, mine: try workbook.text(of: exercise))
    default: try workbook.reset(exercise)
    }
  }

  // MARK: Attempts

  /// A cell that binds a name the exercise binds.
  func isAttempt(_ text: String) -> Bool {
    !PromptLesson.names(in: exercise.text).isDisjoint(with: PromptLesson.names(in: text))
  }

  private static func names(in text: String) -> Set<String> {
    Set(parse(SourceText(name: "", text: text)).cells.flatMap(\.statements).flatMap(\.boundNames))
  }

  /// Keeps the cell as the exercise's code and asks the checks.
  mutating func take(_ text: String, hasFailed: Bool, _ conditions: Conditions, _ console: Console) {
    let whole = exercise.parts.prose + "\n" + text + "\n"
    let attempt = Attempt(exercise, text: whole, path: workbook.path(of: exercise), conditions, console)
    do throws(Fault) {
      try workbook.keep(whole, as: exercise)
      if attempt.isDone { try workbook.noteDone(exercise) }
    } catch {
      console.report([error.diagnostic])
    }
    let shown = LessonText(console: console, workbook: workbook)
    if case .failed = attempt.outcome, hasFailed {
      if let remark = attempt.remark { console.write(remark + "\n") }
      return
    }
    console.write("\n")
    shown.report(attempt, exercise, showsOutput: false)
    if attempt.isDone { console.write("`:learn \(workbook.current + 1)` goes on; `:learn solution` shows another way.\n") }
  }
}
