internal import Glibc

/// A file that appears whole or not at all: written beside its place, synced, then renamed.
package enum AtomicFile {
  /// - Throws: `cannotWrite`; the old file then stands untouched.
  package static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
    do throws(DataError) {
      try writeSynced(bytes, to: temporary)
      guard rename(temporary, path) == 0 else { throw DataError.cannotWrite(path: path, reason: lastSystemError()) }
    } catch {
      unlink(temporary)
      throw relabelled(error, path)
    }
    syncFolder(of: path)
  }

  private static func writeSynced(_ bytes: [UInt8], to path: String) throws(DataError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastSystemError()) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBufferPointer {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .cannotWrite(path: path, reason: lastSystemError()) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: lastSystemError()) }
  }

  /// The name too must survive a power cut. Some file systems refuse to sync a folder; the file is whole all the same.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Names the file the caller asked for, not the temporary one.
  private static func relabelled(_ error: DataError, _ path: String) -> DataError {
    if case .cannotWrite(_, let reason) = error { .cannotWrite(path: path, reason: reason) } else { error }
  }
}
