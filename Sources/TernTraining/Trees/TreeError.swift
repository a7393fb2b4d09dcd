package import TernData

/// Why a saved tree cannot be read or written.
package enum TreeError: Error, Equatable, Sendable {
  case file(FileError)
  case tensors(SafetensorsError)
  /// There is no `tree.json` of ours in the folder.
  case notASavedTree(path: String)
  /// Written by a later Tern.
  case newerVersion(path: String, found: Int, supported: Int)
  case tooLarge(path: String, bytes: Int, limit: Int)
  case damaged(path: String, TreeDamage)
  // Writing.
  /// The tree itself is not one: a mistake of who built it.
  case malformed(TreeDamage)
  /// The folder to replace holds something that a save did not put there.
  case foreignContents(path: String, names: [String])
}

/// What is wrong inside a saved tree. A `node` is its place in the list, from 0.
package enum TreeDamage: Error, Equatable, Sendable {
  case badJSON(JSONError)
  case badField(name: String)
  // Nodes.
  case noNodes
  case badNode(node: Int)
  case partOutOfPlace(node: Int, part: Int)
  case partTwice(node: Int, part: Int)
  case looseNode(node: Int)
  case repeatedField(node: Int, name: String)
  // Tensors.
  case noSuchTensor(node: Int, name: String)
  case tensorTwice(node: Int, name: String)
  case unusedTensor(name: String)
  /// Its elements are not those that were saved.
  case changedTensor(name: String)
  case badAxisNames(node: Int, tensor: String)
}
