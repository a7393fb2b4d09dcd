package import Glibc

/// The bytes of a whole file, inflated if they were gzip.
///
/// Read, not memory-mapped: a map of a file that another program shortens ends the process with SIGBUS.
package struct FileBytes: Sendable {
  package let path: String
  package let bytes: [UInt8]

  /// Half of the machine's memory: what a file may take, since its columns need room beside it.
  package static var defaultLimit: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES)), size = sysconf(Int32(_SC_PAGESIZE))
    let (total, overflow) = pages.multipliedReportingOverflow(by: size)
    return overflow || total <= 0 ? 1 << 31 : total / 2
  }

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Reads the file; `limit` is in bytes, before and after inflating.
  /// - Throws: `noSuchFile`, `cannotRead`, `tooLarge`, `damagedFile`.
  package init(reading path: String, limit: Int = FileBytes.defaultLimit) throws(DataError) {
    let file = try OpenFile(path: path)
    let raw = try file.contents(limit: limit)
    self.init(path: path, bytes: Gzip.isGzip(raw) ? try Gzip.inflate(raw, path: path, limit: limit) : raw)
  }
}

extension FileBytes {
  private static let headSize = 1 << 16

  /// The whole lines among a long file's first bytes; nil for a short or packed file, or one without such lines.
  /// - Throws: `noSuchFile`, `cannotRead`.
  static func head(of path: String) throws(DataError) -> FileBytes? {
    let file = try OpenFile(path: path)
    guard Int(try file.status().st_size) > headSize else { return nil }
    let bytes = try file.read(count: headSize, at: 0)
    guard !Gzip.isGzip(bytes), let end = bytes.lastIndex(of: 10) else { return nil }
    return FileBytes(path: path, bytes: Array(bytes[...end]))
  }
}

/// A file open for reading, closed when it goes.
package struct OpenFile: ~Copyable {
  package let path: String
  private let descriptor: Int32

  package init(path: String) throws(DataError) {
    // Without waiting: opening a pipe that nobody writes to would otherwise hang before it can be refused.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .noSuchFile(path: path) : .cannotRead(path: path, reason: lastSystemError())
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// - Throws: `cannotRead` for a folder or a device.
  package func status() throws(DataError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: lastSystemError()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotRead(path: path, reason: "not a regular file") }
    return status
  }

  package func contents(limit: Int) throws(DataError) -> [UInt8] {
    let size = Int(try status().st_size)
    guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
    return try read(count: size, at: 0)
  }

  /// Up to `count` bytes from `offset`; fewer when the file ends.
  package func read(count: Int, at offset: Int) throws(DataError) -> [UInt8] {
    var failure: DataError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = .cannotRead(path: path, reason: lastSystemError()) }
        if got <= 0 { return }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

/// The system's words for the last failed call.
func lastSystemError() -> String { String(cString: strerror(errno)) }
