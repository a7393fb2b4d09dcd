import TernData
import TernLibrary
import TernRuntime
import TernSyntax

/// Which cells of a file an earlier run still speaks for.
package struct Staleness {
  package enum State: Equatable {
    case fresh
    case stale(String)
  }

  package let graph: CellGraph
  package internal(set) var store: CellStore
  /// The whole key of each cell, as far as it is known.
  var keys: [String?]
  private let arguments: String

  package init(_ graph: CellGraph, _ store: CellStore, arguments: [String] = []) {
    self.graph = graph
    self.store = store
    self.arguments = arguments.joined(separator: "\u{1F}")
    keys = graph.nodes.map { _ in nil }
  }

  /// Every cell, in order.
  package mutating func states() -> [State] {
    graph.nodes.indices.map { position in
      let state = state(of: position)
      keys[position] = state == .fresh ? store.records[graph.nodes[position].key]?.key : nil
      return state
    }
  }

  /// With the cells above known.
  func state(of position: Int) -> State {
    let node = graph.nodes[position]
    if node.isSkipped { return .fresh }
    for input in node.inputs where keys[input.cell] == nil && !graph.nodes[input.cell].isSkipped {
      return .stale("\(input.names.map { "`\($0)`" }.joined(separator: ", ")) of cell \(input.cell + 1) is stale")
    }
    guard let record = store.records[node.key] else {
      return .stale(store.records.values.contains { $0.name == node.name } ? "edited" : "never run")
    }
    if record.build != About.commit { return .stale("another build of Tern ran it") }
    if record.inputs != inputs(of: node) { return .stale("what it reads was made anew") }
    if let name = record.unseen.first { return .stale("`\(name)` may say something else now") }
    if let draws = record.draws, draws != node.name { return .stale("it draws, and is another cell now") }
    if let given = record.arguments, given != arguments { return .stale("other arguments were given") }
    if let file = record.files.first(where: { CellStore.print(of: $0.path) != $0.print }) {
      return .stale("\(file.path.split(separator: "/").last ?? "a file") changed")
    }
    return .fresh
  }

  private func inputs(of node: CellGraph.Node) -> [String] { node.inputs.map { keys[$0.cell] ?? "" } }

  /// Notes what a run of a cell went by.
  mutating func note(_ notes: CellNotes, _ before: [String: String], kept: [String]?, at position: Int) throws(Fault) {
    let node = graph.nodes[position]
    notes.settle()
    let files = notes.files.sorted { $0.key < $1.key }.map { path, isWritten in
      (path: path, print: isWritten ? CellStore.print(of: path) : before[path] ?? CellStore.print(of: path))
    }
    var record = CellStore.Record(
      build: About.commit, draws: notes.effects.contains(.draws) ? node.name : nil, inputs: inputs(of: node), files: files,
      arguments: notes.effects.contains(.asks) ? arguments : nil, unseen: notes.unseen.sorted(), key: "", kept: kept, name: node.name)
    let once = notes.unseen.isEmpty ? "" : "\(Limits.now())"
    let all = [CellStore.hex(node.key), About.commit, once, record.draws ?? "", record.arguments ?? ""] + record.inputs + files.flatMap { [$0.path, $0.print] }
    record.key = CellStore.hex(CellGraph.hash(all.joined(separator: "\u{1F}")))
    keys[position] = record.key
    do throws(FileError) { try store.keep(record, node.key) } catch { throw Fault(notWritten: error) }
  }
}
