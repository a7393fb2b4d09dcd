import TernRuntime
import TernSyntax

/// For authors: every exercise fails as it is, and with blanks that say nothing; every solution passes, in time; names are unique, and
/// nothing is missing.
struct CourseCheck {
  private let course: Course
  private let conditions: Conditions
  private let console: Console

  init(_ course: Course, _ conditions: Conditions, _ console: Console) {
    self.course = course
    self.conditions = conditions
    self.console = console
  }

  func report() -> Int32 {
    var faults = 0
    for (place, exercise) in course.exercises.enumerated() {
      let (complaints, seconds) = complaints(about: exercise)
      faults += complaints.count
      let time = "\(Int((seconds * 1000).rounded())) ms"
      console.write("\(complaints.isEmpty ? "✓" : "✗") \(exercise.name)  \(exercise.checkNames.count) checks, \(time)\n")
      for complaint in complaints { console.write("    \(complaint)\n") }
      let same = course.exercises.prefix(place).first { $0.title == exercise.title }
      if let same {
        faults += 1
        console.write("    has the title of \(same.name)\n")
      }
      console.flush()
    }
    let count = course.exercises.count
    console.write(faults == 0 ? "\(count) exercises: each fails unsolved, each solution passes\n" : "\(faults) fault\(faults == 1 ? "" : "s") in \(count) exercises\n")
    return faults == 0 ? 0 : 1
  }

  private func complaints(about exercise: Exercise) -> ([String], Double) {
    var complaints: [String] = []
    func attempt(_ text: String) -> Attempt { Attempt(exercise, text: text, path: exercise.name + ".mlx", conditions, console) }
    if exercise.companion.isEmpty { return (["has no \(exercise.name).checks.mlx beside it"], 0) }
    if let fault = exercise.checks.diagnostics.first { return (["its checks cannot be read: \(Session.headline(of: fault))"], 0) }
    if exercise.checkNames.isEmpty { complaints.append("has no check") }
    let twice = Dictionary(grouping: exercise.checkNames) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    if !twice.isEmpty { complaints.append("has two checks named \(twice.map { "\"\($0)\"" }.joined(separator: ", "))") }
    if exercise.hints.count != 3 || exercise.hints.contains("") { complaints.append("has \(exercise.hints.filter { !$0.isEmpty }.count) hints, not three") }
    if exercise.closing.isEmpty { complaints.append("has no last word, a cell `done`") }
    if exercise.solutionLines.isEmpty { return (complaints + ["has no solution"], 0) }

    if attempt(exercise.text).isDone { complaints.append("passes unsolved") }
    let blanks = TernShell.blanks(in: exercise.text).count
    if blanks > 0 {
      if exercise.solutionLines.count != blanks { complaints.append("has \(blanks) blanks, and a solution of \(exercise.solutionLines.count) lines") }
      if let text = exercise.filled(with: Array(repeating: "none", count: blanks)), attempt(text).isDone { complaints.append("passes with `none` in every blank") }
    }
    let solved = attempt(exercise.solution)
    switch solved.outcome {
    case .blanks: complaints.append("has blanks left in its solution")
    case .failed(let diagnostics): complaints.append("its solution fails: " + (diagnostics.first.map(Session.headline) ?? ""))
    case .checked(let checks):
      for check in checks {
        if let complaint = check.complaint { complaints.append("its solution fails \"\(check.name)\": \(complaint)") }
        if check.seconds > Attempt.time / 2 { complaints.append("\"\(check.name)\" takes \(Int(check.seconds)) s") }
      }
    }
    return (complaints, solved.seconds)
  }
}
