internal import Glibc

/// What a file was when a dataset first saw it: enough to notice that it changed since.
///
/// Size and time of change catch nearly every change; the hash of the first, middle and last 64 kB catches a file that a
/// program wrote anew within the clock's grain.
package struct Fingerprint: Equatable, Sendable {
  package let size: Int
  /// Time of the last change, in nanoseconds since 1970.
  package let changed: Int
  package let hash: UInt64

  private static let sampleSize = 1 << 16

  /// - Throws: `noSuchFile`, `cannotRead`.
  package init(of path: String) throws(DataError) {
    self = try dataErrors { () throws(FileError) in try Fingerprint(reading: path) }
  }

  private init(reading path: String) throws(FileError) {
    let file = try DiskFile.reading(path)
    let status = try file.status()
    size = Int(status.st_size)
    changed = Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec)
    var hash = FNV()
    for offset in Set([0, size / 2, max(0, size - Fingerprint.sampleSize)]).sorted() {
      hash.add(try file.bytes(count: min(Fingerprint.sampleSize, size - offset), at: offset))
    }
    self.hash = hash.value
  }
}

/// The 64-bit FNV-1a hash.
private struct FNV {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}
