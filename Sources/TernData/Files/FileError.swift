internal import Glibc

/// What the system refused to do with a file or folder.
package struct FileError: Error, Equatable, Sendable {
  package enum Action: String, Sendable {
    case open, read, write, sync, rename, create, list, remove
  }

  package let action: Action
  package let path: String
  /// The system's number for the reason, as `ENOSPC`.
  package let code: Int32

  package init(_ action: Action, _ path: String, code: Int32) {
    self.action = action
    self.path = path
    self.code = code
  }

  /// The system's words for the reason.
  package var reason: String {
    // What opening for reading says of a folder, a pipe or a device.
    if action == .open, code == EINVAL { return "it is no plain file" }
    guard let words = strerror(code) else { return "error \(code)" }
    return String(cString: words)
  }

  package var isMissing: Bool { code == ENOENT }

  /// The failure of the call just made.
  package static func last(_ action: Action, _ path: String) -> FileError { FileError(action, path, code: errno) }
}
