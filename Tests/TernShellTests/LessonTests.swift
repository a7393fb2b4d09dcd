import Foundation
import TernRuntime
import TernShell
import Testing

/// Exercises, the folder a learner has of them, and what tries come to.
@Suite("Lessons") struct LessonTests {
  private static let exercise = Exercise(
    name: "01-double",
    text: "#' # Double\n#' Write `____`.\n\nfn double(x) { ____ }\ndouble(____)\n",
    companion: """
      # %% hint
      #' First.
      #' Goes on.
      # %% hint
      #' Second.
      # %% hint
      #' Third.
      # %% solution
      2 * x
      4
      # %% when E0201
      #' A name is missing.
      # %% check doubles
      expect(double(3), 6, given: "3")
      # %% check doubles tensors
      let x = tensor([1, 2])
      expect(double(x), tensor([2, 4]), given: "[1, 2]")
      # %% check names of other checks are gone
      expect_error(() => x)
      # %% done
      #' Well done.
      """)

  private func attempt(_ text: String, _ conditions: Conditions = Conditions()) -> Attempt {
    Attempt(LessonTests.exercise, text: text, path: "double.mlx", conditions, Console())
  }

  private func complaints(_ attempt: Attempt) -> [String?]? {
    guard case .checked(let checks) = attempt.outcome else { return nil }
    return checks.map(\.complaint)
  }

  @Test("an exercise and its companion are read") func reading() {
    let exercise = LessonTests.exercise
    #expect(exercise.title == "Double")
    #expect(exercise.hints == ["First. Goes on.", "Second.", "Third."])
    #expect(exercise.checkNames == ["doubles", "doubles tensors", "names of other checks are gone"])
    #expect(exercise.closing == "Well done.")
    #expect(exercise.solution == "#' # Double\n#' Write `____`.\n\nfn double(x) { 2 * x }\ndouble(4)\n")
    #expect(exercise.parts.code == "fn double(x) { ____ }\ndouble(____)\n")
  }

  @Test("blanks are named, not run") func blanksLeft() {
    guard case .blanks(let blanks) = attempt(LessonTests.exercise.text).outcome else { Issue.record("it ran"); return }
    #expect(blanks.count == 2 && blanks.lines.map(\.number) == [4, 5] && blanks.lines.first?.text == "fn double(x) { ____ }")
  }

  @Test("what is wrong is told by check and counter-example") func wrong() {
    let tried = attempt("fn double(x) { x + 3 }")
    #expect(!tried.isDone)
    #expect(complaints(tried) == [nil, "[1, 2]: expected f32[2]  [2.0, 4.0], got f32[2]  [4.0, 5.0]", nil])
  }

  @Test("right is right, and shows what it shows") func right() {
    let tried = attempt(LessonTests.exercise.solution)
    #expect(tried.isDone && tried.output == "8\n")
  }

  @Test("an error has a remark where the author has one") func remark() {
    let tried = attempt("fn double(x) { 2 * x }\nduoble(1)")
    guard case .failed(let diagnostics) = tried.outcome else { Issue.record("it ran"); return }
    #expect(diagnostics.first?.code.rawValue == "E0201" && tried.remark == "A name is missing.")
  }

  @Test("nothing a text does is more than a failed try", arguments: [
    ("while true {}", "E0352"), ("read_text(\"/etc/passwd\")", "E0505"), ("let x = zeros(1000, 1000, 1000)", "E0353"), ("exit(0)", nil),
    ("fn double(x) { exit(0) }", nil), ("fn double(x) { double(x) }", nil), ("fn double(x) { while true {} }", nil), ("(", nil),
    ("let f = 5\nf.a.b", nil), ("", nil), ("\u{0}\u{FFFD}", nil),
  ]) func hostile(text: String, code: String?) {
    var conditions = Conditions()
    conditions.time = 0.3
    let tried = attempt(text, conditions)
    #expect(!tried.isDone)
    guard code != nil else { return }
    guard case .failed = tried.outcome else { Issue.record("\(tried.outcome)"); return }
  }

  // MARK: The folder

  private func folder() -> String { FileManager.default.temporaryDirectory.appendingPathComponent("tern-lessons-\(UUID().uuidString)").path }

  @Test("a folder keeps what is done, whatever happens to it") func progress() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let course = Course(files: [("01-double.mlx", LessonTests.exercise.text), ("01-double.checks.mlx", LessonTests.exercise.companion), ("02-b.mlx", "1\n")])
    var workbook = try Workbook(course, folder: folder)
    #expect(workbook.current == 0)
    try workbook.noteHint(course.exercises[0])
    try workbook.noteDone(course.exercises[0])
    // A crash in the middle of a line, and an editor that has been here.
    let state = folder + "/.progress"
    let kept = try String(contentsOfFile: state, encoding: .utf8)
    try ("nonsense\n\u{0}\n" + kept + "don").write(toFile: state, atomically: true, encoding: .utf8)
    var again = try Workbook(course, folder: folder)
    #expect(again.isDone(course.exercises[0]) && again.hintsTaken(course.exercises[0]) == 1 && again.current == 1)
    try again.noteDone(course.exercises[1])
    #expect(try Workbook(course, folder: folder).doneCount == 2)
    // What is gone comes back, edited checks are put back, and edits of the learner stay.
    let path = again.path(of: course.exercises[0]), checks = folder + "/.checks/01-double.checks.mlx"
    try FileManager.default.removeItem(atPath: path)
    try "".write(toFile: checks, atomically: true, encoding: .utf8)
    try "2 + 2\n".write(toFile: again.path(of: course.exercises[1]), atomically: true, encoding: .utf8)
    let third = try Workbook(course, folder: folder)
    #expect(try third.text(of: course.exercises[0]) == LessonTests.exercise.text)
    #expect(try String(contentsOfFile: checks, encoding: .utf8) == LessonTests.exercise.companion)
    #expect(try third.text(of: course.exercises[1]) == "2 + 2\n")
    try third.reset(course.exercises[1])
    #expect(try third.text(of: course.exercises[1]) == "1\n")
    #expect(try String(contentsOfFile: third.path(of: course.exercises[1]) + ".mine", encoding: .utf8) == "2 + 2\n")
  }

  @Test("without a record, what passes is done") func recovery() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let workbook = try Workbook(.shipped, folder: folder)
    let exercise = workbook.course.exercises[2]
    try workbook.keep(exercise.solution, as: exercise)
    #expect(Programs.learn(.run("1"), folder: folder, course: nil, Conditions(), Console()) == 1)
    #expect(try Workbook(.shipped, folder: folder).isDone(exercise))
    try FileManager.default.removeItem(atPath: folder + "/.progress")
    #expect(Programs.learn(.list, folder: folder, course: nil, Conditions(), Console()) == 0)
    let again = try Workbook(.shipped, folder: folder)
    #expect(again.doneCount == 1 && again.isDone(exercise))
  }

  @Test("a folder that cannot be made is an error") func unwritable() {
    #expect(throws: Fault.self) { try Workbook(.shipped, folder: "/proc/none/exercises") }
    #expect(throws: Fault.self) { try Course(folder: "/proc/none") }
  }

  @Test("exercises go by number, name and part of a name") func names() {
    let course = Course.shipped
    #expect(course.place(of: "3") == 2 && course.place(of: "leak") == 7 && course.place(of: "exercises/04-contracts.mlx") == 3)
    #expect(course.place(of: "0") == nil && course.place(of: "13") == nil && course.place(of: "the") == nil)
  }

  // MARK: The course

  @Test("the course is the folder, whole") func shipped() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/exercises").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mlx") }.sorted()
    #expect(Course.shippedFiles.map(\.name).sorted() == names)
    for file in Course.shippedFiles { #expect(try String(contentsOfFile: folder + "/" + file.name, encoding: .utf8) == file.text) }
    #expect(Course.shipped.exercises.count == 12)
  }

  @Test("every exercise fails unsolved, every solution passes") func sound() {
    #expect(Programs.learn(.check(nil), folder: "", course: nil, Conditions(), Console()) == 0)
  }

  @Test("an unsound course is told so") func unsound() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "#' # A\nfn f() { ____ }\n".write(toFile: folder + "/01-a.mlx", atomically: true, encoding: .utf8)
    try "# %% solution\n1\n# %% check nothing\nexpect(1, 1)\n".write(toFile: folder + "/01-a.checks.mlx", atomically: true, encoding: .utf8)
    #expect(Programs.learn(.check(folder), folder: "", course: nil, Conditions(), Console()) == 1)
  }
}
