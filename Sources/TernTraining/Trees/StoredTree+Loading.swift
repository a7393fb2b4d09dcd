internal import TernTensor
import TernData

extension StoredTree {
  /// Reads a saved tree. Whatever the files hold, the answer is a sound tree or an error that says which file is wrong.
  ///
  /// - Parameter limit: The largest file of tensors to read, in bytes.
  package init(loading path: String, limit: Int = SafetensorsFile.defaultLimit) throws(TreeError) {
    let documentPath = "\(path)/\(StoredTree.documentName)"
    let document = try TreeDocument(reading: documentPath, in: path)
    let tensorsPath = "\(path)/\(StoredTree.tensorsName)"
    let file: SafetensorsFile
    do {
      file = try SafetensorsFile(path: tensorsPath, limit: limit, followsLinks: false)
    } catch {
      throw .tensors(error)
    }
    var loader = TreeLoader(path: documentPath, file: file)
    self = try loader.tree(of: document)
  }
}

/// Puts a document and its tensors together.
private struct TreeLoader {
  /// Of the document, for errors.
  let path: String
  let file: SafetensorsFile
  private var used: Set<String> = []

  init(path: String, file: SafetensorsFile) {
    self.path = path
    self.file = file
  }

  mutating func tree(of document: TreeDocument) throws(TreeError) -> StoredTree {
    var tree = StoredTree()
    for (place, json) in document.nodes.enumerated() { tree.add(try node(json, at: place)) }
    do { try tree.check() } catch { throw .damaged(path: path, error) }
    if let unused = file.header.entries.first(where: { !used.contains($0.name) }) {
      throw damage(.unusedTensor(name: unused.name))
    }
    return tree
  }

  private mutating func node(_ json: JSONValue, at place: Int) throws(TreeError) -> TreeNode {
    switch DocumentNode(json) {
    case .plain(let node): return node
    case .tensor(let reference): return .tensor(try tensor(reference, at: place))
    case nil: throw damage(.badNode(node: place))
    }
  }

  private mutating func tensor(_ wanted: TensorReference, at place: Int) throws(TreeError) -> Tensor {
    let name = wanted.name
    guard let entry = file.entry(named: name) else { throw damage(.noSuchTensor(node: place, name: name)) }
    guard used.insert(name).inserted else { throw damage(.tensorTwice(node: place, name: name)) }
    guard wanted.axes.map({ $0.count == entry.shape.rank }) ?? true
    else { throw damage(.badAxisNames(node: place, tensor: name)) }
    let tensor: Tensor
    do { tensor = try file.tensor(named: name, axisNames: wanted.axes) } catch { throw .tensors(error) }
    if let checksum = wanted.checksum, checksum != tensor.checksum { throw damage(.changedTensor(name: name)) }
    return tensor
  }

  private func damage(_ damage: TreeDamage) -> TreeError { .damaged(path: path, damage) }
}

extension TreeDocument {
  /// - Parameter folder: The save it belongs to, for errors.
  fileprivate init(reading path: String, in folder: String) throws(TreeError) {
    let bytes = try TreeDocument.bytes(of: path, in: folder)
    let json: JSONValue
    do { json = try JSONValue(parsing: bytes) } catch { throw .damaged(path: path, .badJSON(error)) }
    guard json["format"] == .string(TreeDocument.format) else { throw .notASavedTree(path: folder) }
    guard let version = json["version"]?.int, version >= 1
    else { throw .damaged(path: path, .badField(name: "version")) }
    guard version <= TreeDocument.version
    else { throw .newerVersion(path: path, found: version, supported: TreeDocument.version) }
    guard let nodes = json["nodes"]?.array else { throw .damaged(path: path, .badField(name: "nodes")) }
    self.nodes = nodes
  }

  private static func bytes(of path: String, in folder: String) throws(TreeError) -> [UInt8] {
    let (file, size) = try open(path, in: folder)
    guard size <= StoredTree.documentLimit
    else { throw .tooLarge(path: path, bytes: size, limit: StoredTree.documentLimit) }
    do { return try file.bytes(count: size) } catch { throw .file(error) }
  }

  private static func open(_ path: String, in folder: String) throws(TreeError) -> (file: DiskFile, bytes: Int) {
    do {
      let file = try DiskFile.reading(path, followsLinks: false)
      return (file, try file.size())
    } catch {
      let isOtherFolder = error.isMissing && Folder.kind(of: folder) != .nothing
      throw isOtherFolder ? .notASavedTree(path: folder) : .file(error)
    }
  }
}
