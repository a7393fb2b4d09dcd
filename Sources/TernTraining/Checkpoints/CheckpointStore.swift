package import TernData

/// A folder of checkpoints of one run, each a folder named by its step.
///
/// A checkpoint appears whole or not at all: it is written beside its place, synced, and moved there. A process that is
/// killed leaves at most a hidden folder behind, which the next one removes.
package struct CheckpointStore {
  package let path: String
  /// The newest that stay, besides the one of the best epoch.
  package let limit: Int

  private static let prefix = "step-"
  private static let digits = 10

  package init(path: String, limit: Int = 3) {
    self.path = path
    self.limit = max(1, limit)
  }
}

/// Why a run cannot go on from a checkpoint, or keep one.
package enum CheckpointError: Error, Equatable, Sendable {
  case tree(TreeError)
  case file(FileError)
  /// Another run keeps its checkpoints there just now.
  case busy(path: String)
  /// There is none.
  case nothing(path: String)
  /// A saved tree, but no checkpoint of ours.
  case notACheckpoint(path: String)
  /// It is of a run that differs from this one.
  case otherRun(path: String, name: String, kept: String, asked: String)
}

// MARK: Writing

extension CheckpointStore {
  /// Makes the folder, and clears what a killed process left half done.
  /// - Returns: what must be held while the run goes on: two runs that keep checkpoints in one place would end neither.
  @discardableResult
  package func prepare() throws(CheckpointError) -> FolderLock {
    let lock: FolderLock?
    do throws(FileError) {
      try Folder.createAll(path)
      lock = try FolderLock(path)
    } catch {
      throw .file(error)
    }
    guard let lock else { throw .busy(path: path) }
    for name in (try? Folder.names(in: path)) ?? [] where name.hasPrefix(".tern.") { try? Folder.removeFlat("\(path)/\(name)") }
    return lock
  }

  /// Keeps a checkpoint, and lets the oldest go.
  package func save(_ checkpoint: Checkpoint) throws(CheckpointError) {
    do throws(TreeError) { try checkpoint.tree.save(to: folder(of: checkpoint.stand.steps)) } catch { throw .tree(error) }
    let best = checkpoint.stand.best?.step
    for step in steps.dropLast(limit) where step != best { remove(step) }
  }

  /// Steps aside first: half a checkpoint never stands where a whole one is looked for.
  private func remove(_ step: Int) {
    let aside = "\(path)/.tern.old.\(step)"
    try? Folder.removeFlat(aside)
    guard Folder.move(folder(of: step), to: aside) else { return }
    try? Folder.removeFlat(aside)
  }
}

// MARK: Reading

extension CheckpointStore {
  /// The steps there are checkpoints of, in order.
  package var steps: [Int] {
    let names = (try? Folder.names(in: path)) ?? []
    return names.compactMap(CheckpointStore.step(of:)).sorted()
  }

  /// The newest checkpoint that can be read, with the leaves of its best epoch; nil when there is none at all.
  ///
  /// One that is damaged gives way to the one before: a run that goes on from there comes out the same.
  package func newest() throws(CheckpointError) -> Checkpoint? {
    var damage: CheckpointError?
    for step in steps.reversed() {
      do throws(CheckpointError) { return try whole(step) } catch { damage = damage ?? error }
    }
    if let damage { throw damage }
    return nil
  }

  private func whole(_ step: Int) throws(CheckpointError) -> Checkpoint {
    var checkpoint = try read(step)
    guard let best = checkpoint.stand.best else { return checkpoint }
    var leaves = checkpoint.stand.leaves
    // A run that keeps no best epoch remembers it for its patience alone.
    if best.step != step { leaves = steps.contains(best.step) ? try read(best.step).stand.leaves : [] }
    checkpoint.stand.best = BestEpoch(epoch: best.epoch, value: best.value, step: best.step, leaves: leaves)
    return checkpoint
  }

  private func read(_ step: Int) throws(CheckpointError) -> Checkpoint {
    let tree: StoredTree
    do throws(TreeError) { tree = try StoredTree(loading: folder(of: step)) } catch { throw .tree(error) }
    guard let checkpoint = Checkpoint(tree), checkpoint.stand.steps == step else { throw .notACheckpoint(path: folder(of: step)) }
    return checkpoint
  }

  package func folder(of step: Int) -> String {
    let digits = String(step)
    return "\(path)/\(CheckpointStore.prefix)\(String(repeating: "0", count: max(0, CheckpointStore.digits - digits.count)))\(digits)"
  }

  private static func step(of name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.utf8.dropFirst(prefix.utf8.count)
    guard digits.count >= CheckpointStore.digits, digits.allSatisfy({ $0 >= 48 && $0 < 58 }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

extension Checkpoint {
  /// Refuses to go on with another run than the one that was kept.
  package func check(_ asked: [JSONMember], path: String) throws(CheckpointError) {
    for member in asked {
      let kept = identity.first { $0.name == member.name }?.value
      guard kept == member.value else {
        throw .otherRun(path: path, name: member.name, kept: kept?.plainText ?? "none", asked: member.value.plainText)
      }
    }
  }
}

extension JSONValue {
  fileprivate var plainText: String { string ?? text }
}
