internal import Glibc

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
    let raw = try FileBytes.contents(of: path, limit: limit)
    self.init(path: path, bytes: Gzip.isGzip(raw) ? try Gzip.inflate(raw, path: path, limit: limit) : raw)
  }
}

extension FileBytes {
  private static let headSize = 1 << 16

  /// The whole lines among a long file's first bytes; nil for a short or packed file, or one without such lines.
  /// - Throws: `noSuchFile`, `cannotRead`.
  static func head(of path: String) throws(DataError) -> FileBytes? {
    let bytes = try dataErrors { () throws(FileError) -> [UInt8] in
      let file = try DiskFile.reading(path)
      return try file.size() > headSize ? file.bytes(count: headSize) : []
    }
    guard !Gzip.isGzip(bytes), let end = bytes.lastIndex(of: 10) else { return nil }
    return FileBytes(path: path, bytes: Array(bytes[...end]))
  }
}

extension FileBytes {
  private static func contents(of path: String, limit: Int) throws(DataError) -> [UInt8] {
    let size = try dataErrors { () throws(FileError) in try DiskFile.reading(path).size() }
    guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
    return try dataErrors { () throws(FileError) in try DiskFile.reading(path).bytes(count: size) }
  }
}

/// Runs what reads a file; what the system refused becomes an error of data.
func dataErrors<T>(_ body: () throws(FileError) -> T) throws(DataError) -> T {
  do throws(FileError) { return try body() } catch {
    throw error.isMissing ? .noSuchFile(path: error.path) : .cannotRead(path: error.path, reason: error.reason)
  }
}
