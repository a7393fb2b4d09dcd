import TernData
import TernLibrary
package import TernRuntime
import TernSyntax

/// A learner's folder: the exercises as far as they are edited, and how far it went.
///
///     exercises/01-values-and-pipes.mlx    the learner's
///     exercises/.checks/…                  the hidden companions, put back whenever something runs
///     exercises/.progress                  a line an event; a line that makes no sense is passed over
package struct Workbook {
  package let folder: String
  package let course: Course
  private var done: Set<String> = []
  private var hints: [String: Int] = [:]

  /// Makes what is missing.
  package init(_ course: Course, folder: String) throws(Fault) {
    self.course = course
    self.folder = folder.hasSuffix("/") && folder.count > 1 ? String(folder.dropLast()) : folder
    do throws(FileError) {
      try Folder.createAll(self.folder)
      for exercise in course.exercises where Folder.kind(of: path(of: exercise)) == .nothing { try put(exercise.text, at: path(of: exercise)) }
    } catch {
      throw Fault(notWritten: error)
    }
    restoreChecks()
    readProgress()
  }

  package func path(of exercise: Exercise) -> String { "\(folder)/\(exercise.name).mlx" }

  package func text(of exercise: Exercise) throws(Fault) -> String {
    let path = path(of: exercise)
    if Folder.kind(of: path) == .nothing { try reset(exercise) }
    return String(decoding: try FilePath.read(path, as: path), as: UTF8.self)
  }

  /// Writes the exercise as it was; what the learner had goes to a file beside it, whose path is given.
  @discardableResult
  package func reset(_ exercise: Exercise) throws(Fault) -> String? {
    let path = path(of: exercise)
    do throws(FileError) {
      var aside: String?
      if Folder.kind(of: path) == .file, let old = try? FilePath.read(path, as: path), old != Array(exercise.text.utf8) {
        // Every reset has a place of its own.
        let taken = (2...).lazy.map { path + ".mine\($0)" }
        let place = Programs.exists(path + ".mine") ? taken.first { !Programs.exists($0) } ?? path + ".mine" : path + ".mine"
        aside = place
        try Replacement.file(at: place, bytes: old)
      }
      try put(exercise.text, at: path)
      return aside
    } catch {
      throw Fault(notWritten: error)
    }
  }

  package func keep(_ text: String, as exercise: Exercise) throws(Fault) {
    do throws(FileError) { try put(text, at: path(of: exercise)) } catch { throw Fault(notWritten: error) }
  }

  private func put(_ text: String, at path: String) throws(FileError) { try Replacement.file(at: path, bytes: Array(text.utf8)) }

  /// The companions are there to be looked at by who wants to; what runs is the course's own.
  private func restoreChecks() {
    let hidden = folder + "/.checks"
    do throws(FileError) {
      try Folder.createAll(hidden)
      for exercise in course.exercises {
        let path = "\(hidden)/\(exercise.name).checks.mlx"
        if (try? FilePath.read(path, as: path)) != Array(exercise.companion.utf8) { try put(exercise.companion, at: path) }
      }
    } catch {
      // Without them everything runs all the same.
    }
  }

  // MARK: Progress

  package func isDone(_ exercise: Exercise) -> Bool { done.contains(exercise.name) }
  package func hintsTaken(_ exercise: Exercise) -> Int { hints[exercise.name] ?? 0 }
  package var doneCount: Int { course.exercises.count { isDone($0) } }

  /// The first that is not done; the last when all are.
  package var current: Int { course.exercises.firstIndex { !isDone($0) } ?? max(course.exercises.count - 1, 0) }

  private var progressPath: String { folder + "/.progress" }

  /// Whether nothing says how far the learner is: then the exercises themselves do.
  package private(set) var hasLostProgress = false

  private mutating func readProgress() {
    guard let bytes = try? FilePath.read(progressPath, as: progressPath) else {
      hasLostProgress = true
      return
    }
    for line in String(decoding: bytes, as: UTF8.self).lines {
      let words = line.split(separator: " ")
      guard words.count >= 2 else { continue }
      switch words[0] {
      case "done": done.insert(String(words[1]))
      case "hint": hints[String(words[1]), default: 0] += 1
      default: continue
      }
    }
  }

  package mutating func noteDone(_ exercise: Exercise) throws(Fault) {
    guard done.insert(exercise.name).inserted else { return }
    try note("done \(exercise.name)")
  }

  package mutating func noteHint(_ exercise: Exercise) throws(Fault) {
    hints[exercise.name, default: 0] += 1
    try note("hint \(exercise.name)")
  }

  /// One write to the end, so that two windows do not cut each other's lines; a line that a crash cut short ends here.
  private func note(_ event: String) throws(Fault) {
    do throws(FileError) {
      let cut = (try? FilePath.read(progressPath, as: progressPath)).map { !$0.isEmpty && $0.last != UInt8(ascii: "\n") } ?? false
      let file = try DiskFile.appending(progressPath)
      try file.write(Array(((cut ? "\n" : "") + event + "\n").utf8))
      try file.sync()
    } catch {
      throw Fault(notWritten: error)
    }
  }
}
