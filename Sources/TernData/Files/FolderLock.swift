internal import Glibc

/// A folder that one process at a time works in, as long as this is held. The system lets go of it when the process ends,
/// however it ends.
package final class FolderLock {
  private static let name = ".lock"

  private let descriptor: Int32

  /// nil when somebody else holds it.
  package init?(_ folder: String) throws(FileError) {
    let path = "\(folder)/\(FolderLock.name)"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard opened >= 0 else { throw .last(.create, path) }
    descriptor = opened
    if flock(opened, LOCK_EX | LOCK_NB) != 0 { return nil }
  }

  deinit { close(descriptor) }
}
