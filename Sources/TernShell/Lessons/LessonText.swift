import TernRuntime
import TernSyntax

/// How lessons look on a terminal, and in a pipe.
struct LessonText {
  let console: Console
  let workbook: Workbook

  /// Of what a program shows.
  private static let mostLines = 30

  private func paint(_ text: String, _ ink: Console.Ink) -> String { console.paint(text, ink) }

  private func say(_ text: String = "") { console.write(text + "\n") }

  private func saying(_ prose: String, indent: String = "  ") {
    let width = max(min(console.width, 100) - indent.count, 20)
    for line in wrapped(prose, width: width).lines { say(indent + line) }
  }

  // MARK: The course

  func list(current: Int? = nil) {
    let exercises = workbook.course.exercises
    let width = exercises.map(\.title.count).max() ?? 0
    for (place, exercise) in exercises.enumerated() {
      let number = (place < 9 ? " " : "") + "\(place + 1)"
      let mark = workbook.isDone(exercise) ? paint("✓", .green) : place == (current ?? workbook.current) ? paint("▸", .bold) : " "
      let title = exercise.title + String(repeating: " ", count: width - exercise.title.count)
      say(" \(mark) \(number)  \(title)  \(paint(workbook.path(of: exercise), .faint))")
    }
    say()
    say(" " + bar)
  }

  private var bar: String {
    let (done, all) = (workbook.doneCount, max(workbook.course.exercises.count, 1))
    let length = 24, filled = done * length / all
    return paint(String(repeating: "█", count: filled), .green) + String(repeating: "░", count: length - filled) + "  \(done) of \(workbook.course.exercises.count) done"
  }

  // MARK: One exercise

  func heading(_ place: Int) {
    let exercise = workbook.course.exercises[place]
    say(paint("\(place + 1) of \(workbook.course.exercises.count) · \(exercise.title)", .bold) + "   " + paint(workbook.path(of: exercise), .faint))
    say()
  }

  func prose(_ exercise: Exercise) {
    for paragraph in exercise.parts.prose.lines.dropFirst().split(whereSeparator: { $0.dropFirst(2).trimmed.isEmpty }) {
      saying(paragraph.map { $0.dropFirst(2).trimmed }.joined(separator: " "), indent: "")
      say()
    }
  }

  func report(_ attempt: Attempt, _ exercise: Exercise, showsOutput: Bool = true) {
    if showsOutput, !attempt.output.isEmpty {
      let lines = recordable(attempt.output)
      for line in lines.prefix(LessonText.mostLines) { say(paint("│ ", .faint) + line) }
      let rest = lines.count - LessonText.mostLines
      if rest > 0 { say(paint("│ … \(rest) more line\(rest == 1 ? "" : "s")", .faint)) }
      say()
    }
    switch attempt.outcome {
    case .blanks(let blanks):
      say("\(blanks.count) blank\(blanks.count == 1 ? "" : "s") to fill:")
      for (number, line) in blanks.lines { say("\(number < 10 ? "   " : "  ")\(number)  \(line)") }
    case .failed(let diagnostics):
      console.flush()
      console.report(Array(diagnostics.prefix(1)))
    case .checked(let checks):
      for check in checks {
        guard let complaint = check.complaint else {
          say(paint("✓", .green) + " " + check.name)
          continue
        }
        say(paint("✗ ", .red) + paint(check.name, .bold))
        saying(complaint, indent: "    ")
      }
      if checks.isEmpty { say("this exercise has no checks") }
    }
    if let remark = attempt.remark {
      say()
      saying(remark, indent: "")
    }
    guard attempt.isDone else { return }
    say()
    saying("Done. " + exercise.closing, indent: "")
  }

  func hints(_ exercise: Exercise, count: Int) {
    guard count > 0 else { return }
    say()
    for (place, hint) in exercise.hints.prefix(count).enumerated() {
      say(paint("hint \(place + 1) of \(exercise.hints.count)", .bold))
      saying(hint)
    }
  }

  /// The solution, beside what the learner wrote.
  func solution(_ exercise: Exercise, mine: String) {
    guard workbook.isDone(exercise) else { return say("The solution is here once the checks pass; `h`, or `tern learn hint`, helps on the way.") }
    func code(_ text: String) -> [String] { text.lines.map(String.init).filter { !$0.isBlank && !$0.hasPrefix("#") } }
    for line in LineDifference.lines(code(mine), code(exercise.solution), agree: { $0 == $1 }) {
      switch line {
      case .same(let text): say("  \(text)")
      case .recorded(let text): say(paint("- \(text)", .red))
      case .now(let text): say(paint("+ \(text)", .green))
      }
    }
    say(paint("(- yours, + one that was thought of)", .faint))
  }
}
