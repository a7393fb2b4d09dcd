internal import CTernStdlib
package import TernRuntime
import TernSyntax

/// Exercises in their order.
package struct Course {
  package let exercises: [Exercise]

  /// The course inside the binary: `scripts/exercises`.
  package static let shippedFiles: [(name: String, text: String)] = (0..<tern_exercises_count()).map { place in
    let file = tern_exercises_at(place)
    return (String(cString: file.name), String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.size), as: UTF8.self))
  }

  package static var shipped: Course { Course(files: shippedFiles) }

  private static let ending = ".checks.mlx"

  package init(files: [(name: String, text: String)]) {
    exercises = files.filter { $0.name.hasSuffix(".mlx") && !$0.name.hasSuffix(Course.ending) }.sorted { $0.name < $1.name }.map { file in
      let name = String(file.name.dropLast(4))
      return Exercise(name: name, text: file.text, companion: files.first { $0.name == name + Course.ending }?.text ?? "")
    }
  }

  /// A course of one's own: a folder of exercises and their companions.
  package init(folder: String) throws(Fault) {
    var files: [(name: String, text: String)] = []
    for name in FilePath.names(in: folder) where name.hasSuffix(".mlx") {
      files.append((name, String(decoding: try FilePath.read("\(folder)/\(name)", as: "\(folder)/\(name)"), as: UTF8.self)))
    }
    guard files.contains(where: { !$0.name.hasSuffix(Course.ending) }) else {
      throw Fault(.noSuchFile, "there is no exercise in \"\(folder)\"", hint: "an exercise is a file such as `01-first.mlx`, with `01-first.checks.mlx` beside it")
    }
    self.init(files: files)
  }

  /// An exercise by its number, its name, or a part of the name that no other has.
  package func place(of word: String) -> Int? {
    if let number = Int(word) { return exercises.indices.contains(number - 1) ? number - 1 : nil }
    let word = word.hasSuffix(".mlx") ? String(word.dropLast(4)) : word
    let name = word.split(separator: "/").last.map(String.init) ?? word
    if let place = exercises.firstIndex(where: { $0.name == name }) { return place }
    let near = exercises.indices.filter { exercises[$0].name.contains(name) }
    return near.count == 1 ? near[0] : nil
  }
}
