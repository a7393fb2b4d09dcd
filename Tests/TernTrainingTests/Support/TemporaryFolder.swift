import Glibc

/// A folder for one test, removed with everything in it when the test is over.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/tern-training-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp/tern-training-unmade"
    }
  }

  deinit { TemporaryFolder.removeAll(path) }

  /// `unlink` first, which refuses a folder but takes a link without following it.
  private static func removeAll(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(in: path) { removeAll("\(path)/\(name)") }
    rmdir(path)
  }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// What is in it, hidden names too.
  var names: [String] { TemporaryFolder.names(in: path) }

  static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }
}

enum Disk {
  static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  static func write(_ text: String, to path: String) { write(Array(text.utf8), to: path) }

  static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  static func text(_ path: String) -> String { String(decoding: read(path), as: UTF8.self) }
}
