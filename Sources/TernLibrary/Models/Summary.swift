import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

extension ModelWords {
  static var summary: Builtin {
    Builtin(
      "summary(net: any, ...inputs, optimizer = none)",
      """
      The layers of a model, what each gives for an input or its type and how many params it has, and the memory that training \
      takes, with adam or the given `optimizer`, beside what the machine has. A layer that does not fit its input is an error.
      """,
      example: "summary(dense(3), f32[64, 2]).parameters  #> 9"
    ) { call throws(Fault) in
      // Of a model that looks at numbers they are made after all.
      if let summary = try shapesAlone(call) { return .foreign(Foreign(summary)) }
      return .foreign(Foreign(try summed(call, try examples(call))))
    }
  }

  private static func summed(_ call: borrowing Call, _ inputs: [Value]) throws(Fault) -> ModelSummary {
    let machine = call.machine
    let ready = machine.isUninitialised(call[0]) ? try machine.initialise(call[0], inputs, seed: Key(seed: 0)) : call[0]
    let optimizer = call.has(2) ? call[2] : try machine.call(try machine.libraryWord("adam"), [])
    let calls = try LayerCalls(of: ready, inputs, machine)
    return try ModelSummary(call[0], ready, calls, moments: try moments(optimizer, ready, machine))
  }

  /// Traced, so that no numbers are made, however large the model is; nil where it needs them.
  private static func shapesAlone(_ call: borrowing Call) throws(Fault) -> ModelSummary? {
    let machine = call.machine, graph = Graph(.stage), seed = TensorType(dtype: .i64, shape: Shape())
    let (standIn, prints) = (machine.standIn, machine.laterPrints)
    machine.tracings += 1
    machine.chance.push(.tensor(graph.input(seed)), from: graph.input(seed))
    machine.laterPrints = []
    machine.standIn = { graph.input($0) }
    defer {
      machine.tracings -= 1
      machine.chance.pop()
      (machine.standIn, machine.laterPrints) = (standIn, prints)
      graph.end()
    }
    do throws(Fault) { return try summed(call, try examples(call) { graph.input($0) }) } catch {
      if error.code == .unknownWhileTraced || error.code == .effectWhileTraced { return nil }
      throw error
    }
  }

  /// Bytes an optimizer remembers of a model, after one step along the model itself.
  private static func moments(_ optimizer: Value, _ net: Value, _ machine: Machine) throws(Fault) -> Int {
    guard case .record(let fields) = try machine.call(try machine.libraryWord("update"), [optimizer, net, net]), let opt = fields["opt"] else {
      throw Fault(.badArgument, "an optimizer's step gives `{model, opt}`", hint: "`adam(lr: 1e-3)` is an optimizer")
    }
    let leaves = TreeLeaves().named(opt)
    return leaves.reduce(0) { $0 + ($1.tensor.rank > 0 ? $1.tensor.byteCount : 0) }
  }
}

/// The layers of a model as a table, and the memory of training it.
private final class ModelSummary: ForeignValue {
  private struct Row {
    let path: String
    let name: String
    let out: String
    var parameters: Int
  }

  private let title: String
  private var rows: [Row]
  private let out: String
  private let weights: Int
  private let moments: Int
  private let activations: Int

  init(_ net: Value, _ ready: Value, _ calls: LayerCalls, moments: Int) throws(Fault) {
    title = net.printed
    out = calls.out.description
    self.moments = moments
    var bytes = 0, counts: [String: Int] = [:]
    for (path, leaf) in try Leaves.named(ready) {
      guard case .tensor(let tensor) = leaf else { continue }
      bytes += tensor.byteCount
      counts[ModelSummary.layer(of: path), default: 0] += tensor.count
    }
    weights = bytes
    activations = calls.layers.reduce(0) { sum, layer in
      if case .tensor(let tensor) = layer.out { sum + tensor.byteCount * layer.calls } else { sum }
    }
    rows = calls.layers.map { layer in
      Row(
        path: layer.path.isEmpty ? "(all)" : layer.path, name: layer.name + (layer.calls > 1 ? " ×\(layer.calls)" : ""),
        out: layer.out.description, parameters: counts[layer.path] ?? 0)
    }
    let called = Set(calls.layers.map(\.path))
    for path in counts.keys.sorted() where !called.contains(path) {
      rows.append(Row(path: path, name: "", out: "not called", parameters: counts[path] ?? 0))
    }
  }

  /// `layers[0].w` is of `layers[0]`.
  private static func layer(of path: String) -> String { path.lastIndex(of: ".").map { String(path[..<$0]) } ?? "" }

  private var parameters: Int { rows.reduce(0) { $0 &+ $1.parameters } }
  private var total: Int { 2 * weights + moments + activations }

  var kind: String { "summary" }
  var fieldNames: [String] { ["parameters", "out", "layers", "memory"] }

  func field(_ name: String) throws(Fault) -> Value? {
    switch name {
    case "parameters": .int(parameters)
    case "out": .string(out)
    case "layers":
      .list(rows.map { row in
        .record(RecordObject(["layer": .string(row.path), "what": .string(row.name), "out": .string(row.out), "parameters": .int(row.parameters)]))
      })
    case "memory":
      .record(RecordObject([
        "weights": .size(weights), "gradients": .size(weights), "moments": .size(moments), "activations": .size(activations),
        "total": .size(total), "machine": .size(MachineFacts.current.memoryBytes),
      ]))
    default: nil
    }
  }

  func text(width: Int) -> String {
    let counts = rows.map { $0.parameters.grouped }
    func wide(_ texts: [String]) -> Int { texts.map(\.count).max() ?? 0 }
    let (pathWide, nameWide, outWide, countWide) = (wide(rows.map(\.path)), wide(rows.map(\.name)), wide(rows.map(\.out)), wide(counts))
    var lines = [title]
    for (row, count) in zip(rows, counts) {
      let number = String(repeating: " ", count: countWide - count.count) + count
      lines.append("  \(row.path.padded(to: pathWide))  \(row.name.padded(to: nameWide))  \(row.out.padded(to: outWide))  \(number)")
    }
    lines.append("  \(parameters.grouped) parameters; gives \(out)")
    lines.append("  training takes \(ByteText.text(total)): weights \(ByteText.text(weights)), gradients \(ByteText.text(weights)), moments \(ByteText.text(moments)), activations \(ByteText.text(activations))\(share)")
    return lines.joined(separator: "\n")
  }

  /// Only where it may not fit: the machine's memory is no part of the model.
  private var share: String {
    let machine = MachineFacts.current.memoryBytes
    guard machine > 0, total > machine / 2 else { return "" }
    return total > machine ? "; this machine has only \(ByteText.text(machine))" : "; more than half of this machine's \(ByteText.text(machine))"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
