internal import Glibc

/// An open file, closed when it goes.
package final class DiskFile {
  package let path: String
  private let descriptor: Int32

  private init(path: String, flags: Int32, action: FileError.Action) throws(FileError) {
    // C ends a path at its first zero byte, and would open another file than the one named.
    guard !path.utf8.contains(0) else { throw FileError(action, path, code: EINVAL) }
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last(action, path) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

// MARK: Reading

extension DiskFile {
  /// Opens a regular file; a pipe, folder or device is refused without waiting for it.
  ///
  /// - Parameter followsLinks: False where a link could lead out of a folder that is not trusted.
  package static func reading(_ path: String, followsLinks: Bool = true) throws(FileError) -> DiskFile {
    let flags = O_RDONLY | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
    let file = try DiskFile(path: path, flags: flags, action: .open)
    guard try file.status().st_mode & S_IFMT == S_IFREG else { throw FileError(.open, path, code: EINVAL) }
    return file
  }

  /// Bytes in the file.
  package func size() throws(FileError) -> Int { Int(try status().st_size) }

  func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last(.read, path) }
    return status
  }

  /// Fills `buffer` with the bytes from `offset` on; gives how many there were before the file ended.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .last(.read, path) }
      if got == 0 { break }
      filled += got
    }
    return filled
  }

  /// Up to `count` bytes from `offset` on; fewer when the file ends.
  package func bytes(count: Int, at offset: Int = 0) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: FileError?
    let filled = bytes.withUnsafeMutableBytes { buffer in
      do throws(FileError) { return try read(into: buffer, at: offset) } catch { failure = error }
      return 0
    }
    if let failure { throw failure }
    bytes.removeLast(count - filled)
    return bytes
  }
}

// MARK: Writing

extension DiskFile {
  /// Makes a file that must not exist yet.
  package static func creating(_ path: String) throws(FileError) -> DiskFile {
    try DiskFile(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, action: .create)
  }

  /// Opens what is there and is no plain file, such as a pipe or a terminal.
  static func writing(_ path: String) throws(FileError) -> DiskFile {
    try DiskFile(path: path, flags: O_WRONLY, action: .open)
  }

  /// Opens a file, made if need be, whose every write goes to its end.
  package static func appending(_ path: String) throws(FileError) -> DiskFile {
    try DiskFile(path: path, flags: O_WRONLY | O_CREAT | O_APPEND, action: .open)
  }

  package func write(_ buffer: UnsafeRawBufferPointer) throws(FileError) {
    var written = 0
    while written < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .last(.write, path) }
      written += count
    }
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    var failure: FileError?
    bytes.withUnsafeBytes { buffer in
      do throws(FileError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Gives the file the permissions of another.
  func setMode(_ mode: mode_t) throws(FileError) {
    guard fchmod(descriptor, mode & 0o7777) == 0 else { throw .last(.write, path) }
  }

  /// Waits until the bytes are on the disk.
  package func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw .last(.sync, path) }
  }
}
