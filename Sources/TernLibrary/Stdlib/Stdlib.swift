internal import CTernStdlib
internal import Glibc
import TernRuntime
package import TernSyntax

/// Tern's library in its own language: the files of stdlib/, from inside the binary, or from the folder that
/// `$TERN_STDLIB` names. Their heads are read when the first name is asked for; a file is compiled at its first use.
package final class Stdlib: LibrarySource {
  private let files: any StdlibFiles
  private lazy var heads: [String: StdlibHead] = readHeads()
  private var sources: [String: SourceText] = [:]

  package init() {
    if let folder = getenv("TERN_STDLIB") {
      files = StdlibFolder(path: String(cString: folder))
    } else {
      files = EmbeddedStdlib()
    }
  }

  // MARK: Names

  package var names: [String] { Array(heads.keys) }
  package func defines(_ name: String) -> Bool { heads[name] != nil }
  package func source(defining name: String) -> SourceText? { heads[name].flatMap { source(ofFile: $0.file) } }

  /// What is known of a name without compiling its file.
  package func head(of name: String) -> StdlibHead? { heads[name] }

  // MARK: Files

  /// The names of the files in Tern: `nn.mlx` and its siblings.
  package var fileNames: [String] { files.names.filter { $0.hasSuffix(".mlx") }.sorted() }

  /// The same text each time, so that errors in one file share one source.
  package func source(ofFile name: String) -> SourceText? {
    if let known = sources[name] { return known }
    guard let bytes = files.bytes(of: name) else { return nil }
    let source = SourceText(name: "stdlib/" + name, bytes: bytes)
    sources[name] = source
    return source
  }

  private func readHeads() -> [String: StdlibHead] {
    var heads: [String: StdlibHead] = [:]
    for file in fileNames {
      guard let source = source(ofFile: file) else { continue }
      for head in StdlibHead.all(in: source, file: file) where heads[head.name] == nil { heads[head.name] = head }
    }
    return heads
  }

  // MARK: Data sets

  /// The shipped data sets, as `sample(name)` calls them.
  package var dataNames: [String] {
    files.names.filter { $0.hasPrefix("data/") }.compactMap(Stdlib.dataName).sorted()
  }

  /// A shipped data set: the name of its file, which says the format, and its bytes.
  package func data(named name: String) -> (file: String, bytes: [UInt8])? {
    guard let path = files.names.first(where: { Stdlib.dataName($0) == name }) else { return nil }
    return files.bytes(of: path).map { (String(path.dropFirst("data/".count)), $0) }
  }

  /// `data/digits.csv.gz` → `digits`; nil for what is no data set.
  private static func dataName(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    guard parts.count == 2, parts[0] == "data", parts[1].contains(".csv") else { return nil }
    return parts[1].split(separator: ".").first.map(String.init)
  }
}

/// Where the files lie.
private protocol StdlibFiles {
  /// `nn.mlx`, `data/iris.csv`.
  var names: [String] { get }
  func bytes(of name: String) -> [UInt8]?
}

private struct EmbeddedStdlib: StdlibFiles {
  private var files: [tern_stdlib_file] { (0..<tern_stdlib_count()).map(tern_stdlib_at) }

  var names: [String] { files.map { String(cString: $0.name) } }

  func bytes(of name: String) -> [UInt8]? {
    files.first { String(cString: $0.name) == name }.map { Array(UnsafeBufferPointer(start: $0.bytes, count: $0.size)) }
  }
}

private struct StdlibFolder: StdlibFiles {
  let path: String

  var names: [String] { entries(path) + entries(path + "/data").map { "data/" + $0 } }

  func bytes(of name: String) -> [UInt8]? { try? FilePath.read(path + "/" + name, as: name) }

  private func entries(_ folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.first != "." { names.append(name) }
    }
    return names
  }
}
