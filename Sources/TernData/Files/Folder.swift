internal import Glibc

/// What is done to folders and the names in them.
package enum Folder {
  /// What stands at a path, a link not followed.
  package enum Kind { case nothing, file, folder, link }

  package static func kind(of path: String) -> Kind {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .file
    }
  }

  /// Kind and permissions of what stands at a path, a link followed; nil when nothing does.
  static func mode(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }

  /// Makes a folder that must not exist yet.
  package static func create(_ path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw FileError(.create, path, code: EINVAL) }
    guard mkdir(path, 0o777) == 0 else { throw .last(.create, path) }
  }

  /// Makes a folder and those above it, where they are missing.
  package static func createAll(_ path: String) throws(FileError) {
    var missing: [String] = []
    var current = path
    while kind(of: current) == .nothing {
      missing.append(current)
      let above = parent(of: current)
      if above == current { break }
      current = above
    }
    for path in missing.reversed() {
      do throws(FileError) { try create(path) } catch where error.code == EEXIST { continue }
    }
  }

  /// The names in a folder, sorted, without `.` and `..`.
  package static func names(in path: String) throws(FileError) -> [String] {
    guard let stream = opendir(path) else { throw .last(.list, path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a folder of plain files; leaves it be when it holds another folder.
  package static func removeFlat(_ path: String) throws(FileError) {
    for name in try names(in: path) {
      guard unlink("\(path)/\(name)") == 0 else { throw .last(.remove, "\(path)/\(name)") }
    }
    guard rmdir(path) == 0 else { throw .last(.remove, path) }
  }

  /// Removes a file, if it is there.
  package static func removeFile(_ path: String) { unlink(path) }

  /// Gives a folder another name in the same place; false when that cannot be.
  package static func move(_ path: String, to other: String) -> Bool { rename(path, other) == 0 }

  /// Waits until the names in a folder are on the disk. Some file systems refuse; their files are whole all the same.
  package static func sync(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The folder a path is in: `.` for a bare name, `/` above the root.
  package static func parent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return trimmed.isEmpty ? "/" : "." }
    return slash == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<slash]))
  }

  /// `a/b//` is `a/b`, `/` is empty.
  package static func withoutTrailingSlashes(_ path: String) -> String {
    String(path[..<(path.lastIndex { $0 != "/" }.map(path.index(after:)) ?? path.startIndex)])
  }
}
