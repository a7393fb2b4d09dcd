import TernData
import TernLibrary
import TernRuntime
import TernSyntax

extension Programs {
  /// `tern status FILE…`: which cells are stale, and why.
  package static func status(_ paths: [String], _ conditions: Conditions, _ console: Console) -> Int32 {
    for path in paths {
      guard let script = read(path, console), let graph = graph(of: script, conditions, console) else { return 1 }
      var staleness = Staleness(graph, CellStore(script: path))
      let states = staleness.states()
      if paths.count > 1 { console.write("\(path)\n") }
      let width = graph.nodes.map(\.title.count).max() ?? 0
      for (node, state) in zip(graph.nodes, states) {
        let word = if case .stale(let reason) = state { "stale  \(reason)" } else { node.isSkipped ? "skipped" : "fresh" }
        console.write("  \(node.number)  \(node.title)\(String(repeating: " ", count: width - node.title.count))\(width > 0 ? "  " : "")\(word)\n")
      }
      let stale = states.count { $0 != .fresh }
      console.write(stale == 0 ? "nothing is stale\n" : "\(stale) of \(states.count) cell\(states.count == 1 ? "" : "s") stale; `tern run \(path) --stale` runs what is\n")
    }
    console.flush()
    return 0
  }

  /// `tern explain cells FILE`.
  package static func explainCells(_ script: Script, _ conditions: Conditions, _ console: Console) -> Int32 {
    guard let graph = graph(of: script, conditions, console) else { return 1 }
    let records = CellStore(script: script.path).records, folder = FilePath.resolve("", in: FilePath.folder(script.path))
    for line in graph.lines(files: { node in
      let seen = records[node.key]?.files.map { $0.path.hasPrefix(folder) ? String($0.path.dropFirst(folder.count)) : $0.path } ?? node.facts.files
      return seen.map { "\"\($0)\"" }
    }) { console.write(line + "\n") }
    console.flush()
    return 0
  }

  private static func graph(of script: Script, _ conditions: Conditions, _ console: Console) -> CellGraph? {
    guard script.tree.diagnostics.isEmpty else {
      console.report(script.tree.diagnostics)
      return nil
    }
    return CellGraph(script, conditions.session(path: script.path, console: console).machine)
  }

  /// `tern run FILE --stale`: runs the cells that are stale, with what the others have left; what cannot be kept is run again where
  /// it is needed.
  package static func run(stale path: String, _ arguments: [String], _ conditions: Conditions, _ console: Console) -> Int32 {
    guard let script = read(path, console), let graph = graph(of: script, conditions, console) else { return 1 }
    defer { console.flush() }
    var run = StaleRun(script, graph, arguments, conditions, console), code = run.perform(), ran = run.ran
    // A cell may have read a file that one above has now written anew. Two that read each other's would go on for ever.
    for _ in graph.nodes where code == 0 && run.leftStale {
      run = StaleRun(script, graph, arguments, conditions, console)
      code = run.perform()
      ran.formUnion(run.ran)
    }
    if code == nil {
      // A kept model computes the same, but is not made as it was, so some things only the real one can do; and what was kept
      // may be damaged.
      console.note("what was kept was not enough; everything runs\n")
      run = StaleRun(script, graph, arguments, conditions, console)
      run.runsAll = true
      code = run.perform()
      ran = run.ran
    }
    console.flush()
    let count = graph.nodes.count { !$0.isSkipped }
    if code == 0 { console.note(ran.isEmpty ? "nothing is stale\n" : "\(ran.count) of \(count) cell\(count == 1 ? "" : "s") ran\n") }
    return code ?? 1
  }
}

/// One run of the stale cells of a file.
struct StaleRun {
  private let script: Script
  private let session: Session
  private let console: Console
  private var staleness: Staleness
  private var hasRestoredModels = false
  var runsAll = false
  private(set) var ran: Set<Int> = []
  /// Cells that stood when the run began, and do not any more.
  private(set) var leftStale = false

  init(_ script: Script, _ graph: CellGraph, _ arguments: [String], _ conditions: Conditions, _ console: Console) {
    self.script = script
    self.console = console
    session = conditions.session(path: script.path, console: console)
    session.machine.take(arguments)
    staleness = Staleness(graph, CellStore(script: script.path), arguments: arguments)
  }

  private var nodes: [CellGraph.Node] { staleness.graph.nodes }

  /// The exit code; nil when what was kept could not be used, or a restored model may be why a cell failed.
  mutating func perform() -> Int32? {
    let states = staleness.states()
    var runs = Set(nodes.indices.filter { runsAll || states[$0] != .fresh }), needed: Set<Int> = []
    for position in nodes.indices.reversed() where runs.contains(position) {
      for input in nodes[position].inputs { if keptNames(input.cell) == nil { runs.insert(input.cell) } else { needed.insert(input.cell) } }
    }
    for (position, node) in nodes.enumerated() where !node.isSkipped {
      if runs.contains(position), runsAll || !becameFresh(position) {
        if let code = run(position) { return code == 1 && hasRestoredModels && !runsAll ? nil : code }
        ran.insert(position)
      } else {
        staleness.keys[position] = staleness.store.records[node.key]?.key
        if needed.contains(position), !restore(position) { return nil }
      }
    }
    leftStale = nodes.indices.contains { !ran.contains($0) && staleness.state(of: $0) != .fresh }
    staleness.store.forget(besides: Set(nodes.map(\.key)))
    return 0
  }

  private func keptNames(_ position: Int) -> [String]? {
    let node = nodes[position]
    return staleness.store.records[node.key]?.kept
  }

  /// A cell above was run again and came to the same: then this one may stand.
  private func becameFresh(_ position: Int) -> Bool {
    staleness.state(of: position) == .fresh && (nodes[position].facts.binds.isEmpty || keptNames(position) != nil)
  }

  /// Runs a cell; an exit code where it ends the run.
  private mutating func run(_ position: Int) -> Int32? {
    let node = nodes[position], notes = CellNotes()
    var before: [String: String] = [:]
    session.machine.cellNotes = notes
    for file in staleness.store.records[node.key]?.files ?? [] { before[file.path] = CellStore.print(of: file.path) }
    let outcome = session.run(node.cell, of: script.source, number: node.number, keepsTable: false) { [console] _ in console.flush() }
    session.machine.cellNotes = nil
    if let code = outcome.exitCode { return Int32(truncatingIfNeeded: code) }
    guard outcome.isSuccess else {
      console.report(outcome.diagnostics, cell: nodes.count > 1 ? node.number : nil)
      return outcome.isInterrupted ? Interrupts.exitCode : 1
    }
    do throws(Fault) {
      try staleness.note(notes, before, kept: keep(node), at: position)
    } catch {
      console.report([error.diagnostic])
      return 1
    }
    return nil
  }

  /// Keeps what the cell has bound; nil when not all of it can be.
  private func keep(_ node: CellGraph.Node) -> [String]? {
    let names = node.facts.binds
    guard node.facts.bindsPlainly else { return nil }
    if names.isEmpty { return [] }
    var values: [(name: String, value: Value)] = []
    for name in names {
      guard let value = session.file.value(of: name) else { return nil }
      values.append((name, value))
    }
    do throws(FileError) { try staleness.store.prepare() } catch { return nil }
    do throws(Fault) { try KeptNames.save(values, to: staleness.store.valuesPath(node.key), session.machine) } catch { return nil }
    return names
  }

  private mutating func restore(_ position: Int) -> Bool {
    let node = nodes[position]
    guard let names = keptNames(position) else { return false }
    if names.isEmpty { return true }
    guard let values = try? KeptNames.load(staleness.store.valuesPath(node.key)), values.map(\.name) == names else { return false }
    for (name, value) in values {
      session.file.define(name, value, isVar: node.cell.statements.contains { $0.makesVar(name) })
      hasRestoredModels = hasRestoredModels || KeptNames.holdsModels(value)
    }
    return true
  }
}

extension Statement {
  /// Is the name a `var` after it?
  fileprivate func makesVar(_ name: String) -> Bool {
    if case .binding(let isVar, _, _, _, _) = kind, boundNames.contains(name) { return isVar }
    return changedNames.contains(name)
  }
}
