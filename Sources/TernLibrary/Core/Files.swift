import Glibc
import TernRuntime
import TernSyntax

/// Text in files.
enum Files {
  static var builtins: [Builtin] {
    [
      Builtin("read_text(path: str) -> str", "The text of a UTF-8 file.", effect: .reads, body: read),
      Builtin(
        "write_text(text: str, path: str)", "Writes a text to a file, whole or not at all.", effect: .writes, body: write),
    ]
  }

  private static func read(_ call: borrowing Call) throws(Fault) -> Value {
    let written = try call.string(0, "a path").text
    let bytes = try FilePath.read(call.machine.path(written), as: written)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(.damagedFile, "\(written.quoted) is no UTF-8 text", hint: "`read(path)` reads tables")
    }
    return .string(text)
  }

  private static func write(_ call: borrowing Call) throws(Fault) -> Value {
    let text = try call.string(0, "a text, then a path").text
    let written = try call.string(1, "a text, then a path").text
    do throws(FileFailure) {
      try AtomicFile(path: call.machine.path(written)).write(text)
    } catch {
      throw Fault(.cannotWrite, "\(written.quoted) cannot be written: \(error.reason)", hint: error.hint)
    }
    return .none
  }
}

/// What the system refused.
private struct FileFailure: Error {
  let number = errno

  var reason: String { String(cString: strerror(number)) }
  var hint: String? { number == ENOENT ? "is there such a folder?" : nil }
}

/// A file that is replaced in one step: a reader, or a crash, sees the old text or the new one. What is no plain file, such as
/// a pipe or a terminal, is written where it is.
private struct AtomicFile {
  private let path: String
  private let isReplaceable: Bool
  private let mode: mode_t

  /// Follows links, so that the file they point to is replaced, not the link.
  init(path: String) {
    self.path = AtomicFile.resolved(path)
    var status = stat()
    let exists = stat(self.path, &status) == 0
    isReplaceable = !exists || status.st_mode & S_IFMT == S_IFREG
    mode = exists ? status.st_mode & 0o7777 : AtomicFile.modeOfNewFiles
  }

  func write(_ text: String) throws(FileFailure) {
    guard isReplaceable else {
      let file = open(path, O_WRONLY)
      guard file >= 0 else { throw FileFailure() }
      defer { close(file) }
      return try AtomicFile.write(text, to: file)
    }
    var template = Array("\(path).XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw FileFailure() }
    do throws(FileFailure) {
      defer { close(file) }
      try AtomicFile.write(text, to: file)
      guard fchmod(file, mode) == 0, fsync(file) == 0 else { throw FileFailure() }
    } catch {
      unlink(template)
      throw error
    }
    guard rename(template, path) == 0 else {
      let failure = FileFailure()
      unlink(template)
      throw failure
    }
    syncFolder()
  }

  private static func write(_ text: String, to file: Int32) throws(FileFailure) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileFailure() }
      bytes = bytes.dropFirst(count)
    }
  }

  /// So that the new name outlives a crash too.
  private func syncFolder() {
    let folder = open(FilePath.folder(path), O_RDONLY | O_DIRECTORY)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static var modeOfNewFiles: mode_t {
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }
}
