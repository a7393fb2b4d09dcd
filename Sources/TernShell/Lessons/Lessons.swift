import TernRuntime
import TernSyntax

extension Programs {
  package static let exerciseFolder = "exercises"

  /// `tern learn`: what it can be asked for.
  package enum Lesson: Sendable {
    case watch
    case list
    case run(String?)
    case hint(String?)
    case solution(String?)
    case reset(String)
    /// For authors: is the course sound?
    case check(String?)
  }

  /// - Parameter course: A folder with a course of one's own; nil is the one inside.
  package static func learn(_ lesson: Lesson, folder: String, course: String?, _ conditions: Conditions, _ console: Console) -> Int32 {
    defer { console.flush() }
    do throws(Fault) {
      if case .check(let own) = lesson { return CourseCheck(try self.course(own ?? course), conditions, console).report() }
      var workbook = try Workbook(try self.course(course), folder: folder)
      try recover(&workbook, conditions, console)
      return try learn(lesson, &workbook, course, conditions, console)
    } catch {
      console.report([error.diagnostic])
      return 1
    }
  }

  /// Where the record is gone, what passes is done.
  static func recover(_ workbook: inout Workbook, _ conditions: Conditions, _ console: Console) throws(Fault) {
    guard workbook.hasLostProgress else { return }
    for exercise in workbook.course.exercises {
      let text = try workbook.text(of: exercise)
      guard text != exercise.text, Attempt(exercise, text: text, path: workbook.path(of: exercise), conditions, console).isDone else { continue }
      try workbook.noteDone(exercise)
    }
  }

  static func course(_ folder: String?) throws(Fault) -> Course { try folder.map { folder throws(Fault) in try Course(folder: folder) } ?? .shipped }

  private static func learn(
    _ lesson: Lesson, _ workbook: inout Workbook, _ course: String?, _ conditions: Conditions, _ console: Console
  ) throws(Fault) -> Int32 {
    switch lesson {
    case .check: return 0
    case .list: LessonText(console: console, workbook: workbook).list()
    case .watch:
      if let watch = LessonWatch(workbook, course: course, console) { return watch.run() }
      LessonText(console: console, workbook: workbook).list()
      console.write("\n")
      return try run(workbook.current, &workbook, conditions, console)
    case .run(let word): return try run(try place(word, workbook), &workbook, conditions, console)
    case .hint(let word):
      let exercise = workbook.course.exercises[try place(word, workbook)]
      if workbook.hintsTaken(exercise) < exercise.hints.count { try workbook.noteHint(exercise) }
      LessonText(console: console, workbook: workbook).hints(exercise, count: workbook.hintsTaken(exercise))
    case .solution(let word):
      let exercise = workbook.course.exercises[try place(word, workbook)]
      LessonText(console: console, workbook: workbook).solution(exercise, mine: try workbook.text(of: exercise))
      return workbook.isDone(exercise) ? 0 : 1
    case .reset(let word):
      let exercise = workbook.course.exercises[try place(word, workbook)]
      let aside = try workbook.reset(exercise)
      console.write("\(workbook.path(of: exercise)) is as it was\(aside.map { "; what you had is in \($0)" } ?? "")\n")
    }
    return 0
  }

  /// Runs an exercise once, and shows what came of it; 0 when it is done.
  private static func run(_ place: Int, _ workbook: inout Workbook, _ conditions: Conditions, _ console: Console) throws(Fault) -> Int32 {
    let exercise = workbook.course.exercises[place]
    let attempt = Attempt(exercise, text: try workbook.text(of: exercise), path: workbook.path(of: exercise), conditions, console)
    if attempt.isDone { try workbook.noteDone(exercise) }
    let text = LessonText(console: console, workbook: workbook)
    text.heading(place)
    text.report(attempt, exercise)
    return attempt.isDone ? 0 : 1
  }

  static func place(_ word: String?, _ workbook: Workbook) throws(Fault) -> Int {
    guard let word else { return workbook.current }
    if let place = workbook.course.place(of: word) { return place }
    let names = workbook.course.exercises.map(\.name)
    throw Fault(
      .badArgument, "there is no exercise \"\(word)\"",
      hint: didYouMean(word, among: names).map { "did you mean `\($0)`?" } ?? "`tern learn list` shows them; a number will do, 1 to \(names.count)")
  }
}
