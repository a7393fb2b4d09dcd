internal import TernLibrary
import TernRuntime
internal import TernSyntax
internal import TernTensor

/// What a run is allowed, and how it speaks.
package struct Conditions: Sendable {
  /// Seconds.
  package var time: Double?
  package var memory: Int?
  package var steps: Int?
  /// Denies files, network, services and the environment.
  package var isSandboxed = false
  package var color = Console.ColorChoice.auto

  package init() {}

  /// A session under these conditions, which writes to a console.
  package func session(path: String? = nil, console: Console) -> Session {
    let vocabulary = Vocabulary.standard()
    if vocabulary.library == nil { vocabulary.library = Stdlib() }
    let machine = Machine(vocabulary: vocabulary)
    machine.limits.time = time
    machine.limits.steps = steps
    if let memory { MemoryBudget.limit = memory } else { MemoryBudget.useDefaultLimit() }
    if isSandboxed { machine.denied = [.reads, .writes, .serves] }
    machine.scriptPath = path
    machine.scriptFolder = path.map(FilePath.folder)
    machine.width = console.width
    machine.output = { [console] text in console.write(text) }
    machine.notes = { [console] text in console.note(text) }
    machine.limits.restart()
    let session = Session(machine: machine, path: path)
    session.showsColors = console.colorsOutput
    return session
  }
}

/// Amounts as the command line writes them.
package enum Amount {
  /// `5s`, `500ms`, `2min`, or a number of seconds.
  package static func seconds(_ text: String) -> Double? {
    if let plain = Double(text) { return plain > 0 && plain.isFinite ? plain : nil }
    guard case .duration(let nanoseconds)? = literal(text) else { return nil }
    return Double(nanoseconds) / 1e9
  }

  /// `1GB`, `64MB`, or a number of bytes.
  package static func bytes(_ text: String) -> Int? {
    if let plain = Int(text) { return plain > 0 ? plain : nil }
    guard case .size(let bytes)? = literal(text), bytes > 0 else { return nil }
    return bytes
  }
}

/// The expression that a whole text is, if it is one without errors.
private func literal(_ text: String) -> Expr.Kind? {
  let tree = parse(SourceText(name: "", text: text))
  guard tree.diagnostics.isEmpty, tree.cells.count == 1, let only = tree.cells[0].statements.first,
    tree.cells[0].statements.count == 1, case .expression(let value) = only.kind
  else { return nil }
  return value.kind
}
