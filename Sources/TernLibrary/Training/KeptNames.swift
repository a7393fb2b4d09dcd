package import TernRuntime
import TernSyntax
import TernTraining

/// Names with their values, as `save` keeps them: what a cell has bound, for a later run that does without running it.
package enum KeptNames {
  /// - Throws: `badArgument` for a value that `save` does not write, or that would not be the same again.
  package static func save(_ names: [(name: String, value: Value)], to path: String, _ machine: Machine) throws(Fault) {
    let record = RecordObject()
    for (name, value) in names { record.set(name, value) }
    let tree = try StoredTree(.record(record), tracing: machine)
    do throws(TreeError) { try tree.save(to: path) } catch { throw Fault(error) }
    let kept = try load(path)
    for (name, value) in names where !holdsModels(value) {
      guard let back = kept.first(where: { $0.name == name })?.value, try sameValue(back, value) else {
        throw Fault(.badArgument, "`\(name)` is not the same once it was saved")
      }
    }
  }

  package static func load(_ path: String) throws(Fault) -> [(name: String, value: Value)] {
    let tree: StoredTree
    do throws(TreeError) { tree = try StoredTree(loading: path) } catch { throw Fault(error) }
    guard case .record(let record) = try TreeReader(tree, into: .absent).value() else { throw Fault(.damagedFile, "\"\(path)\" holds no names") }
    return record.layout.keys.indices.map { (record.layout.keys[$0].text, record.items[$0]) }
  }

  /// Models come back as what they compute, not as they were made: is there one in it?
  package static func holdsModels(_ value: Value) -> Bool {
    var pending = [value]
    while let next = pending.popLast() {
      switch next {
      case .model, .foreign: return true
      case .list(let list): pending += list.values
      case .record(let record): pending += (0..<record.count).map { record.items[$0] }
      default: continue
      }
    }
    return false
  }
}
