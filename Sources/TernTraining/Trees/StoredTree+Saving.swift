import TernData

// A saved tree is a folder of two files with fixed names; no path is ever read from a file.
extension StoredTree {
  static let documentName = "tree.json"
  static let tensorsName = "tensors.safetensors"
  /// The largest `tree.json` read or written, in bytes.
  package static let documentLimit = 256 << 20
}

// MARK: Saving

extension StoredTree {
  /// Saves the tree as a folder that appears whole or not at all, in place of an older save.
  ///
  /// - Throws: `foreignContents` rather than replace a folder that is anything but a save.
  package func save(to path: String) throws(TreeError) {
    let (document, tensors) = try prepared(for: path)
    try StoredTree.checkReplaceable(path)
    do throws(FileError) {
      try Replacement.folder(at: path) { folder throws(FileError) in
        try Replacement.writeSynced("\(folder)/\(StoredTree.tensorsName)") { file throws(FileError) in
          try tensors.write(to: file)
        }
        try Replacement.writeSynced("\(folder)/\(StoredTree.documentName)") { file throws(FileError) in
          try file.write(document)
        }
      }
    } catch {
      throw .file(error)
    }
  }

  /// Everything that can be wrong with the tree is found before the disk is touched.
  private func prepared(for path: String) throws(TreeError) -> (document: [UInt8], tensors: SafetensorsImage) {
    do { try check() } catch { throw .malformed(error) }
    let names = TensorNames.names(in: self)
    let document = Array(TreeDocument(self, names: names).text.utf8)
    guard document.count <= StoredTree.documentLimit
    else { throw .tooLarge(path: path, bytes: document.count, limit: StoredTree.documentLimit) }
    do { return (document, try SafetensorsImage(namedTensors(names))) } catch { throw .tensors(error) }
  }

  private func namedTensors(_ names: [String?]) -> [NamedTensor] {
    zip(nodes, names).compactMap { node, name in
      if case .tensor(let tensor) = node, let name { NamedTensor(name, tensor) } else { nil }
    }
  }

  private static func checkReplaceable(_ path: String) throws(TreeError) {
    // With a slash at the end a link is followed, as the save will do.
    switch Folder.kind(of: path + "/") {
    case .nothing where Folder.kind(of: path) == .file: throw .foreignContents(path: path, names: [])
    case .folder: try checkHoldsOnlyASave(path)
    default: return
    }
  }

  private static func checkHoldsOnlyASave(_ path: String) throws(TreeError) {
    let names: [String]
    do { names = try Folder.names(in: path) } catch { throw .file(error) }
    let foreign = names.filter { $0 != documentName && $0 != tensorsName }
    guard foreign.isEmpty else { throw .foreignContents(path: path, names: foreign) }
  }
}
