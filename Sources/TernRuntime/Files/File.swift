import Glibc
import TernSyntax

/// What the machine reads of a file in its loop.
struct FileState {
  /// The table in force: the live one, or the one installed while something made earlier runs.
  var slots: Registers
}

/// A source file (or the session of a prompt) and its top-level names. Each has slots of its own; names it does not define
/// are found in the library, then among the builtins, when their slot is first read.
package final class File {
  /// The most top-level names a file may use.
  static let capacity = 60_000

  package enum Role { case user, library }

  package let path: String?
  package let role: Role
  let state: UnsafeMutablePointer<FileState>
  /// The live table; memory is reserved, not used, until names are.
  package let slots: Registers
  private(set) var positions: [String: Int] = [:]
  package private(set) var names: [String] = []
  /// Facts about each slot, in step with `names`.
  package var facts: [SlotFacts] = []

  /// What the statements that bind or change a name mention.
  var mentions: [String: NameCollector] = [:]

  package struct SlotFacts {
    /// A statement of the file binds it: not merely a mention of a library or builtin name.
    package var isDefined = false
    package var isVar = false
    /// The contract a typed `var` keeps.
    var contract: Contract?
    package var documentation = ""
  }

  package init(path: String?, role: Role = .user) {
    self.path = path
    self.role = role
    slots = Registers.allocate(capacity: File.capacity)
    state = .allocate(capacity: 1)
    state.initialize(to: FileState(slots: slots))
  }

  deinit {
    slots.deinitialize(count: names.count)
    slots.deallocate()
    state.deallocate()
  }

  /// The slot of a name, made at its first mention; nil when the file has too many.
  func slot(of name: String) -> Int? {
    if let known = positions[name] { return known }
    guard names.count < File.capacity else { return nil }
    let slot = names.count
    positions[name] = slot
    names.append(name)
    facts.append(SlotFacts())
    (slots + slot).initialize(to: .absent)
    return slot
  }

  package func position(of name: String) -> Int? { positions[name] }

  package func isDefined(_ name: String) -> Bool { positions[name].map { facts[$0].isDefined } ?? false }

  /// The names the file itself binds, in the order they were first met.
  package var definedNames: [String] { names.indices.filter { facts[$0].isDefined }.map { names[$0] } }

  /// A top-level value by name, if it has one.
  package func value(of name: String) -> Value? {
    guard let slot = positions[name], facts[slot].isDefined, !slots[slot].isUnset else { return nil }
    return slots[slot]
  }

  /// Binds a top-level name from outside: `args`, `_`, what a test prepares.
  package func define(_ name: String, _ value: Value, isVar: Bool = false) {
    guard let slot = slot(of: name) else { return }
    slots[slot] = value
    facts[slot].isDefined = true
    facts[slot].isVar = isVar
  }

  /// The table as it stands, to go back to when a cell fails.
  package func saved() -> SavedTable {
    SavedTable(values: (0..<names.count).map { slots[$0] }, facts: facts)
  }

  package func restore(_ saved: SavedTable) {
    for slot in names.indices {
      let isOld = slot < saved.values.count
      slots[slot] = isOld ? saved.values[slot] : .absent
      facts[slot] = isOld ? saved.facts[slot] : SlotFacts()
    }
  }

  package struct SavedTable {
    let values: [Value]
    let facts: [SlotFacts]
  }
}

/// The top-level values that something made earlier can reach, as they were when it was made. Calling it installs them.
package final class Snapshot {
  let file: File
  private(set) var slots: Registers
  private var count: Int

  /// Takes `reachable` slots of the table in force and leaves the others unset, which reads the live table.
  init(of file: File, reachable: some Sequence<Int>) {
    self.file = file
    count = file.names.count
    slots = .allocate(capacity: max(count, 1))
    slots.initialize(repeating: .absent, count: count)
    for slot in reachable where slot < count { slots[slot] = file.state.pointee.slots[slot] }
  }

  deinit {
    slots.deinitialize(count: count)
    slots.deallocate()
  }

  /// Makes room for names first met since; asked before the table is installed.
  func cover() {
    let needed = file.names.count
    guard needed > count else { return }
    let larger = Registers.allocate(capacity: needed)
    larger.moveInitialize(from: slots, count: count)
    (larger + count).initialize(repeating: .absent, count: needed - count)
    slots.deallocate()
    slots = larger
    count = needed
  }
}
