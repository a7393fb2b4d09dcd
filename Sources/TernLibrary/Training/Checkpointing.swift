import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// Where a run is kept while it goes on, and what it goes on from.
struct Checkpointing {
  /// `checkpoint:`: kept here, and gone on from here.
  var store: CheckpointStore?
  /// `resume:`: only gone on from.
  var source: CheckpointStore?
  var pace: CheckpointPace?

  var isUsed: Bool { store != nil || source != nil }
}

extension FitArguments {
  /// `checkpoint: "ck"`, or `{path: "ck", every: 1, steps: 100, keep: 3, best: true}`; `resume: "ck"`.
  func checkpointing(keepsBest: Bool) throws(Fault) -> Checkpointing {
    var checkpointing = Checkpointing()
    if let path = try path("resume") { checkpointing.source = CheckpointStore(path: path) }
    guard isGiven("checkpoint") else { return checkpointing }
    var pace = CheckpointPace(epochs: 1, best: keepsBest)
    var path: String?, limit = 3
    if case .string = self["checkpoint"] {
      path = try self.path("checkpoint")
    } else if let options = try options("checkpoint", keys: ["path", "every", "steps", "keep", "best"]) {
      try at("checkpoint") { () throws(Fault) in
        path = try options.text("path").map(machine.path)
        limit = try options.count("keep") ?? limit
        pace = try readPace(options, keepsBest: keepsBest)
      }
    }
    guard let path else { throw Fault(.badArgument, "`checkpoint` has no `path`", hint: "`checkpoint: {path: \"ck\"}`").atArgument(position("checkpoint"), "checkpoint") }
    guard !machine.denied.contains(.writes) else {
      throw Fault(.denied, "`checkpoint` writes outside of the script, which this sandbox denies").atArgument(position("checkpoint"), "checkpoint")
    }
    checkpointing.store = CheckpointStore(path: path, limit: limit)
    checkpointing.pace = pace
    return checkpointing
  }

  private func readPace(_ options: OptionRecord, keepsBest: Bool) throws(Fault) -> CheckpointPace {
    var pace = CheckpointPace(steps: try options.count("steps"), best: try options.flag("best") ?? keepsBest || keepsBest)
    switch options["every"] {
    case .duration?: pace.seconds = try options.seconds("every")
    case nil: pace.epochs = pace.steps == nil ? 1 : nil
    default: pace.epochs = try options.count("every")
    }
    return pace
  }
}

extension CheckpointStore {
  /// The stand a run goes on from: of this very run, or none.
  func stand(of identity: [JSONMember]) throws(Fault) -> TrainRun? {
    do throws(CheckpointError) {
      guard let checkpoint = try newest() else { return nil }
      try checkpoint.check(identity, path: path)
      return checkpoint.stand
    } catch {
      throw Fault(error)
    }
  }
}

extension Fault {
  convenience init(_ error: CheckpointError) {
    switch error {
    case .tree(let error): self.init(error)
    case .file(let error): self.init(error)
    case .busy(let path):
      self.init(.cannotWrite, "another run keeps its checkpoints at \(path.quoted) just now", hint: "another path, or wait until it is done")
    case .nothing(let path): self.init(.noSuchFile, "there is no checkpoint at \(path.quoted)", hint: "`checkpoint: \"…\"` of an earlier `fit` makes one")
    case .notACheckpoint(let path): self.init(.unknownFormat, "\(path.quoted) is no checkpoint of this Tern")
    case .otherRun(let path, let name, let kept, let asked):
      self.init(
        .checkpointMismatch, "the run kept at \(path.quoted) is another one: its \(name) is \(kept), here it is \(asked)",
        hint: "another path for another run, or remove that folder to begin anew")
    }
  }
}

// MARK: What a run is

/// What makes a run the run it is: with all of it the same, it can go on where it stopped.
enum RunIdentity {
  static func members(_ options: FitOptions, _ rows: TrainingRows, _ validation: TrainingRows?, start: [NamedTensor]) -> [JSONMember] {
    var members = [
      JSONMember("model", .string("\(options.net.blueprint.name) \(Spelling.hash(.model(options.net)))")), JSONMember("target", .string(options.target)),
      JSONMember("seed", .int(options.plan.seed)), JSONMember("batch", .int(options.plan.batchSize)),
      JSONMember("accumulate", .int(options.plan.accumulation)), JSONMember("shuffle", .bool(options.plan.shuffles)),
      JSONMember("drop_last", .bool(options.plan.dropsLast)), JSONMember("optimizer", .string("\(options.optimizer.inline) \(Spelling.hash(options.optimizer))")),
      JSONMember("loss", .string("\(options.loss.name) \(Spelling.hash(options.loss))")), JSONMember("metrics", .array(options.metrics.map { .string($0.name) })),
      JSONMember("strategy", .string(options.strategy?.text(width: 80) ?? "none")), JSONMember("keep", .string(options.keepsBest ? "best" : "last")), JSONMember("freeze", .array(options.frozen.map { .string($0) })),
      JSONMember("data", .string(rows.fingerprint)), JSONMember("start", .string(Digest.text(start.map(\.tensor)))),
    ]
    if let validation { members.append(JSONMember("validation data", .string(validation.fingerprint))) }
    if let watch = options.plan.watch { members.append(JSONMember("watch", .string("\(watch.goal.rawValue) \(watch.name)"))) }
    return members
  }
}

/// What a value is made of, spelled out: of functions their text, with what it captured and the names of the script it uses. Two
/// that are spelled alike compute alike.
private struct Spelling {
  private var text = ""
  private var met: Set<ObjectIdentifier> = []

  static func hash(_ value: Value) -> String {
    var spelling = Spelling()
    spelling.add(value, depth: 0)
    return Digest.hex(Array(spelling.text.utf8).withUnsafeBytes { XXH64.hash($0) })
  }

  private mutating func add(_ value: Value, depth: Int) {
    guard depth < 60 else { return }
    switch value {
    case .function(let closure): add(closure, depth)
    case .list(let list):
      text += "["
      for item in list.values { add(item, depth: depth + 1) }
    case .record(let record):
      text += "{"
      for (position, key) in record.layout.keys.enumerated() {
        text += key.text + ":"
        add(record.items[position], depth: depth + 1)
      }
    case .model(let model):
      // What is learned is the run's start, which is told of by itself.
      text += model.blueprint.name + "("
      for (position, member) in model.blueprint.members.enumerated() where member == .argument || member == .binding {
        add(model.items[position], depth: depth + 1)
      }
      for (_, method) in model.blueprint.methods.sorted(by: { $0.key < $1.key }) where method.file.role == .user {
        if let range = method.function?.range { text += method.source.text(range) }
      }
    case .foreign(let foreign):
      // What else it is may tell of a time or a place, which say nothing of what it computes.
      if let wrapped = (foreign.value as? any CallableValue)?.wrapped { add(wrapped, depth: depth + 1) } else { text += value.kind + "," }
    case .time: text += value.kind + ","
    default: text += value.inline + ","
    }
  }

  private mutating func add(_ closure: Closure, _ depth: Int) {
    let prototype = closure.prototype
    guard met.insert(ObjectIdentifier(closure)).inserted else { return }
    guard let range = prototype.function?.range else {
      text += prototype.name
      return
    }
    text += prototype.source.text(range)
    for value in closure.captured { add(value, depth: depth + 1) }
    guard prototype.file.role == .user else { return }
    for slot in prototype.globals.sorted() where prototype.file.names.indices.contains(slot) {
      if let value = prototype.file.value(of: prototype.file.names[slot]) { add(value, depth: depth + 1) }
    }
  }
}

extension Value {
  fileprivate var name: String {
    switch self {
    case .function(let closure): closure.prototype.name.isEmpty ? "a function" : closure.prototype.name
    case .builtin(let word): word.name
    default: kind
    }
  }
}

extension TrainingRows {
  /// Tells whether another run saw the same numbers.
  var fingerprint: String { Digest.text([features, target] + (weights.map { [$0] } ?? [])) }
}

/// A hash of tensors, their types and shapes.
enum Digest {
  static func text(_ tensors: [Tensor]) -> String {
    var bytes: [UInt8] = []
    for tensor in tensors {
      bytes += Array(tensor.typeText.utf8)
      let hash = withExtendedLifetime(tensor) { XXH64.hash(UnsafeRawBufferPointer(start: tensor.data, count: tensor.byteCount)) }
      withUnsafeBytes(of: hash) { bytes += $0 }
    }
    return hex(bytes.withUnsafeBytes { XXH64.hash($0) })
  }

  static func hex(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
