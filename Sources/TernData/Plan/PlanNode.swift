internal import Synchronization

/// A place in a plan: a step, the nodes it takes its tables from, and its table once somebody asked for it.
///
///     read("birds.csv") ← drop_missing() ← split(train 0.8, …)["train"]
///                                       ↖ split(train 0.8, …)["test"]
///
/// Nodes never change what they mean, so plans share them freely. A chain may be as long as a script likes: it is run
/// (`PlanExecutor`) and freed without recursion.
///
/// `@unchecked`: `inputs` changes only in `deinit`, when no one else holds the node.
package final class PlanNode: @unchecked Sendable {
  package let step: any PlanStep
  package private(set) var inputs: [PlanNode]
  /// Whether the table is kept even when only a later node was asked for: true of what is costly or has many users.
  let isKept: Bool
  private let memo = Mutex<Table?>(nil)
  private let knownNames = Mutex<[String]?>(nil)

  init(_ step: any PlanStep, inputs: [PlanNode] = [], isKept: Bool = false) {
    self.step = step
    self.inputs = inputs
    self.isKept = isKept
  }

  var table: Table? { memo.withLock { $0 } }
  func keep(_ table: Table) { memo.withLock { $0 = table } }

  var names: [String]? { knownNames.withLock { $0 } ?? table?.names }
  func keep(names: [String]) { knownNames.withLock { $0 = names } }

  deinit {
    var orphans = inputs
    inputs = []
    while var node = orphans.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      orphans += node.inputs
      node.inputs = []
    }
  }
}
