package import TernData
import TernRuntime
import TernTraining

/// What earlier runs of a file have left, in `.tern/` beside it: for each cell a record of what went into it, and a folder with the
/// values it bound, where `save` can write them.
///
///     .tern/penguins.mlx/3f2a….json     files it read and wrote, keys of the cells it read
///     .tern/penguins.mlx/3f2a…          the values
package struct CellStore {
  package struct Record {
    /// The build of Tern that ran it.
    var build: String
    /// What its chance went by, where it drew.
    var draws: String?
    /// The whole key of each cell it read, in order.
    var inputs: [String]
    /// Full paths, and what stood there: before, where it read; after, where it wrote.
    var files: [(path: String, print: String)]
    /// Arguments of the command line, where it asked for them.
    var arguments: String?
    /// Builtins that read what nobody can look at again.
    var unseen: [String]
    /// All of it in one: what cells below keep of it.
    var key: String
    /// Names whose values are kept; nil where they are not.
    var kept: [String]?
    /// The cell's id or number, by which an edited one is known to have been here.
    var name: String
  }

  let folder: String
  private(set) var records: [UInt64: Record] = [:]

  package init(script path: String) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    folder = FilePath.resolve(".tern/\(name)", in: FilePath.folder(path))
    for file in FilePath.names(in: folder) where file.hasSuffix(".json") {
      guard let key = UInt64(file.dropLast(5), radix: 16), let bytes = try? FilePath.read("\(folder)/\(file)", as: file),
        let json = try? JSONValue(parsing: bytes), let record = Record(json)
      else { continue }
      records[key] = record
    }
  }

  func valuesPath(_ key: UInt64) -> String { "\(folder)/\(CellStore.hex(key))" }

  static func hex(_ key: UInt64) -> String { String(key, radix: 16) }

  mutating func keep(_ record: Record, _ key: UInt64) throws(FileError) {
    records[key] = record
    try prepare()
    try Replacement.file(at: "\(folder)/\(CellStore.hex(key)).json", bytes: Array(record.json.text.utf8))
  }

  /// The folder, with a word to version control that nothing of it is to be kept there.
  func prepare() throws(FileError) {
    try Folder.createAll(folder)
    let ignore = Folder.parent(of: folder) + "/.gitignore"
    if Folder.kind(of: ignore) == .nothing { try Replacement.file(at: ignore, bytes: Array("*\n".utf8)) }
  }

  /// Forgets all but these cells: those that were edited away.
  mutating func forget(besides keys: Set<UInt64>) {
    for key in records.keys where !keys.contains(key) {
      records[key] = nil
      _ = try? Folder.removeFlat(valuesPath(key))
      Folder.removeFile("\(folder)/\(CellStore.hex(key)).json")
    }
  }

  // MARK: What stands at a path

  /// Enough of a file, or of the files in a folder, to notice a change.
  static func print(of path: String) -> String {
    switch Folder.kind(of: path) {
    case .nothing: return "nothing"
    case .folder:
      let names = (try? Folder.names(in: path)) ?? []
      return "folder " + names.prefix(100).map { name in (try? Fingerprint(of: "\(path)/\(name)")).map { "\(name) \($0.size) \($0.hash)" } ?? name }.joined(separator: ", ")
    default:
      guard let file = try? Fingerprint(of: path) else { return "unreadable" }
      // All of a small file is in its hash; a large one counts as changed when it was written.
      return "\(file.size) \(file.hash)" + (file.size > 3 << 16 ? " \(file.changed)" : "")
    }
  }
}

extension CellStore.Record {
  fileprivate var json: JSONValue {
    func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
    return [
      "name": .string(name), "build": .string(build), "key": .string(key), "inputs": texts(inputs), "files": .array(files.map { texts([$0.path, $0.print]) }),
      "draws": draws.map { .string($0) } ?? .null, "arguments": arguments.map { .string($0) } ?? .null, "unseen": texts(unseen),
      "kept": kept.map(texts) ?? .null,
    ]
  }

  fileprivate init?(_ json: JSONValue) {
    func texts(_ value: JSONValue?) -> [String]? { value?.array?.compactMap(\.string) }
    guard let name = json["name"]?.string, let key = json["key"]?.string, let inputs = texts(json["inputs"]), let unseen = texts(json["unseen"]),
      let files = json["files"]?.array
    else { return nil }
    self.name = name
    build = json["build"]?.string ?? ""
    self.key = key
    self.inputs = inputs
    self.unseen = unseen
    self.files = files.compactMap { pair in texts(pair).flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil } }
    draws = json["draws"]?.string
    arguments = json["arguments"]?.string
    kept = texts(json["kept"])
  }
}
