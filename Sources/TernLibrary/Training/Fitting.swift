import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// One call of `fit`: the recipe learns, the model gets its numbers, what cannot train is refused, and the trainer runs.
struct Fitting {
  private let machine: Machine
  private let options: FitOptions
  private let preparation: Preparation
  private let rows: TrainingRows
  private let validation: TrainingRows?
  private let step: LanguageStep

  init(_ options: FitOptions, _ machine: Machine) throws(Fault) {
    self.options = options
    self.machine = machine
    do throws(TrainingError) { try options.plan.check(rows: options.data.rowCount) } catch { throw Fault(error) }
    let learned = try Fitting.preparation(options)
    rows = try TrainingRows(options.data, learned, weighing: options.weighing)
    if options.validation?.rowCount == 0 { throw Fault(.emptyInput, "there are no rows to validate on").atLabel("validate") }
    validation = if let table = options.validation { try TrainingRows(table, learned) } else { nil }
    let trial = try Trial(rows, validation, options, machine)
    preparation = learned.classes == nil ? learned.answering(trial.answer) : learned
    step = LanguageStep(
      machine, words: try StepWords(machine, areCompiled: options.isCompiled),
      state: StepState(model: trial.model, opt: options.optimizer), parts: try Fitting.parts(options, trial.model, preparation.scale))
  }

  private static func parts(_ options: FitOptions, _ model: Value, _ scale: (slope: Double, start: Double)?) throws(Fault) -> LanguageStep.Parts {
    if !options.frozen.isEmpty {
      do throws(Fault) { try PathChoice(options.frozen).check(try TreeParts.named(model).map(\.place.path), "freeze") } catch {
        throw error.atLabel("freeze")
      }
    }
    return LanguageStep.Parts(
      loss: options.loss, metrics: options.metrics, partSize: options.plan.accumulation > 1 ? options.plan.batchSize : nil, scale: scale,
      frozen: options.frozen.isEmpty ? .none : .list(options.frozen.map { .string($0) }), strategy: options.strategy,
      isNarrow: options.isNarrow)
  }

  /// A model that was trained before keeps its recipe, unless another is given.
  private static func preparation(_ options: FitOptions) throws(Fault) -> Preparation {
    for model in [options.net, options.start] {
      if options.recipe == nil, let known = model?.preparation, known.target == options.target { return known }
    }
    try checkTarget(options)
    let learned: Preparation
    do throws(DataError) {
      learned = try Preparation(fitting: options.recipe, on: options.data, target: options.target, weights: options.weighing.excluded)
    } catch {
      if case .badRecipe(let name, _) = error { try checkCells(name, options.data) }
      throw Fault(error)
    }
    for name in learned.inputs + [options.target] { try checkCells(name, options.data) }
    try checkSpread(learned, options.data)
    guard learned.inputs.isEmpty else { return learned }
    guard options.recipe == nil else {
      throw Fault(
        .badRecipe, "the recipe makes no features: it speaks of the target alone", hint: "`recipe(…, \"*\": keep)` takes the other columns as they are"
      ).atLabel("prep")
    }
    let other = options.data.names.first { $0 != options.target } ?? "name"
    throw Fault(
      .columnType, "the data has no column of numbers beside \(options.target.quoted) to learn from",
      hint: "a recipe makes features of other columns: `prep: recipe(\(other): one_hot)`"
    ).atArgument(1, "data")
  }

  /// A column without a single cell is no matter of filling gaps.
  private static func checkCells(_ name: String, _ data: Table) throws(Fault) {
    guard let column = try? data.column(name), column.missingCount == data.rowCount, data.rowCount > 0 else { return }
    throw Fault(.missingCells, "every cell of `\(name)` is missing", hint: "`drop(data, \"\(name)\")` leaves the column out").atArgument(1, "data")
  }

  /// What is the same in every row has no spread to be scaled by: met again with another number, it would weigh as it comes.
  private static func checkSpread(_ learned: Preparation, _ data: Table) throws(Fault) {
    guard data.rowCount > 1 else { return }
    for fitted in learned.recipe?.columns ?? [] where fitted.transforms.contains(where: \.isScale) {
      guard let column = try? data.column(fitted.name) else { continue }
      let present = (0..<column.count).lazy.map { column[$0] }.filter { $0 != .missing }
      guard let first = present.first, present.allSatisfy({ $0 == first }) else { continue }
      throw Fault(
        .badRecipe, "`\(fitted.name)` is \(first.text) in every row: it has no spread to be scaled by",
        hint: "`drop(data, \"\(fitted.name)\")` leaves the column out; `keep` takes it as it is"
      ).atLabel("prep")
    }
  }

  /// Words become classes by a recipe only: which of them there are is learned from the training data.
  private static func checkTarget(_ options: FitOptions) throws(Fault) {
    let name = options.target
    guard let column = try? options.data.column(name), column.type == .text || column.type == .time else { return }
    guard options.recipe?.steps.contains(where: { $0.pattern == name }) != true else { return }
    throw Fault(
      .columnType, "`\(name)` is of \(column.type.name), and a model learns numbers",
      hint: "`prep: recipe(\(name): label, …)` makes classes of it")
  }

  func run() throws(Fault) -> Value {
    let recorder = recorder()
    let run: TrainRun
    do throws(Fault) { run = try train(recorder) } catch {
      recorder.finish(.failed, failure: error.message)
      throw error
    }
    if let odd = recorder.warnings.first {
      let words = odd.fields.compactMap(\.value.string)
      machine.notes("note: the run is not recorded: \(words.dropFirst().joined(separator: ": "))\n")
    }
    let value = try RunValue(recorder.record, run, model: learnedModel(run))
    value.optimizer = learnedOptimizer
    machine.runLog.add(value)
    switch run.outcome {
    case .done: return .foreign(Foreign(value))
    case .interrupted: throw stopped(value)
    case .failed(let error): throw failure(error)
    }
  }

  private func recorder() -> RunRecorder {
    let recorder = RunRecorder(
      store: machine.runStore, seed: options.plan.seed, parameters: options.members, versions: RunOrigin.versions,
      dataFingerprint: rows.fingerprint, inputs: RunOrigin.inputs(machine, options.datasets), cell: machine.cellName)
    recorder.describe = { Fault.of($0).message }
    recorder.model = options.net.blueprint.name
    recorder.version = RunOrigin.versions.first?.value.string
    recorder.conclude = { run in
      guard let bound = Bound(run.timing, work: step.work) else { return [] }
      machine.notes("note: \(bound.text)\n")
      return bound.members
    }
    return recorder
  }

  private func train(_ recorder: RunRecorder) throws(Fault) -> TrainRun {
    let meter = machine.progressMeter
    let identity = options.checkpointing.isUsed ? RunIdentity.members(options, rows, validation, start: step.currentLeaves()) : []
    let lock: FolderLock?
    do throws(CheckpointError) { lock = try options.checkpointing.store?.prepare() } catch { throw Fault(error).atLabel("checkpoint") }
    defer { withExtendedLifetime(lock) {} }
    let stand = try stand(of: identity)
    if let stand { recorder.append("resumed", step: stand.steps) }
    do throws(TrainingError) {
      var trainer = try Trainer(plan: options.plan, step: step, data: rows, resuming: stand ?? TrainRun(leaves: step.currentLeaves()))
      trainer.validation = validation
      trainer.goesOn = { row, run in try goesOn(after: row, run) }
      trainer.observe = { event in
        meter.observe(event)
        recorder.observe(event)
      }
      if let store = options.checkpointing.store { trainer.keep = { keep($0, identity, in: store) } }
      return trainer.train()
    } catch {
      throw Fault(error)
    }
  }

  /// The stand that this run was left at, put in place.
  private func stand(of identity: [JSONMember]) throws(Fault) -> TrainRun? {
    let checkpointing = options.checkpointing
    var stand: TrainRun?
    if let source = checkpointing.source {
      stand = try source.stand(of: identity)
      if stand == nil { throw Fault(CheckpointError.nothing(path: source.path)).atLabel("resume") }
    }
    if let own = try checkpointing.store?.stand(of: identity), own.steps >= stand?.steps ?? 0 { stand = own }
    guard let stand else { return nil }
    do { try step.restore(stand.leaves) { try firstBatch() } } catch { throw Fault.of(error) }
    machine.notes("note: goes on from step \(stand.steps) of the run that was kept\n")
    return stand
  }

  private func firstBatch() throws -> Batch {
    try rows.batch(rows: Array(0..<min(rows.rowCount, options.plan.rowsPerStep)))
  }

  /// Training matters more than its copies: one that cannot be kept is said once and training goes on.
  private func keep(_ run: TrainRun, _ identity: [JSONMember], in store: CheckpointStore) {
    do throws(CheckpointError) { try store.save(Checkpoint(stand: run, identity: identity)) } catch {
      machine.notes("note: the run could not be kept at step \(run.steps): \(Fault(error).message)\n")
    }
  }

  /// Calls the callback of an epoch; `false` or `"stop"` ends the run.
  private func goesOn(after row: HistoryRow, _ run: TrainRun) throws -> Bool {
    guard let callback = options.callback else { return true }
    let record = row.record
    record.set("step", .int(run.steps))
    let metrics = RecordObject()
    for metric in row.named { metrics.set(metric.name, .float(metric.value)) }
    record.set("metrics", .record(metrics))
    record.set("model", fitted(step.state.model))
    do throws(Fault) {
      switch try machine.call(callback, .record(record)) {
      case .bool(false): return false
      case .string(let text): return text.text != "stop"
      default: return true
      }
    } catch {
      if error.isFatal { step.noteStop(error) }
      throw error.isFatal ? TrainingInterruption() as any Error : error
    }
  }

  /// The model of the best epoch or of the last step, with what `predict` needs to know.
  private func learnedModel(_ run: TrainRun) throws(Fault) -> Value? {
    guard options.keepsBest, let best = run.best, !best.leaves.isEmpty else { return fitted(step.state.model) }
    let tree = try TreeLeaves.replacing(step.state.tree, with: best.leaves)
    guard case .record(let state) = tree, let model = state["model"] else { return nil }
    return fitted(model)
  }

  /// A model that it keeps, such as an average of those before, knows its data, too.
  private var learnedOptimizer: Value {
    guard case .record(let fields) = step.state.opt else { return step.state.opt }
    let known = RecordObject()
    for (position, key) in fields.layout.keys.enumerated() { known.set(key.text, fitted(fields.items[position])) }
    return .record(known)
  }

  private func fitted(_ model: Value) -> Value {
    guard case .model(let learned) = model else { return model }
    let model = ModelObject(copying: learned)
    model.attachment = Foreign(preparation)
    return .model(model)
  }

  /// Says where the numbers went wrong, as far as that can be found.
  private func failure(_ error: any Error) -> Fault {
    let fault = Fault.of(error)
    if case TrainingError.learnedNotFinite = error, let first = step.firstNonFiniteBefore() {
      return fault.noting("the first number that is not finite: \(first.message)\(first.place)")
    }
    if case TrainingError.validationNotFinite = error, let odd = validation?.oddRow(among: 0..<(validation?.rowCount ?? 0), options.target) {
      return fault.noting("of the validation data, \(odd)")
    }
    guard case TrainingError.lossNotFinite(_, _, let step, let places) = error else { return fault }
    let steps = max(1, options.plan.stepsPerEpoch(rows: rows.rowCount))
    fault.notes.append("batch \(step % steps) of \(steps) in its epoch: rows \(places.prefix(8).map(String.init).joined(separator: ", "))\(places.count > 8 ? ", …" : "")")
    fault.notes += origin(places)
    fault.notes.append("the run until there, \(step.counted("step")), is `runs()[0]`")
    return fault
  }

  private func origin(_ places: [Int]) -> [String] {
    if let odd = rows.oddRow(among: places, options.target) { return [odd] }
    if let odd = step.firstNonFinite(among: step.currentLeaves()) {
      let note = "`\(odd.name)` was \(floatText(odd.value)) already when the step began"
      guard let first = step.firstNonFiniteBefore() else { return [note] }
      return ["\(note); the first number that is not finite, in the step before: \(first.message)\(first.place)"]
    }
    guard let first = step.firstNonFinite() else { return ["made again one operation after another, the step gives finite numbers"] }
    return ["the first number that is not finite: \(first.message)\(first.place)"]
  }

  /// The cell ends; the run so far goes with the fault and stays in `runs()`.
  private func stopped(_ run: RunValue) -> Fault {
    let fault = step.stop ?? Fault(.interrupted, "interrupted")
    if fault.exitCode == nil {
      fault.partial = .foreign(Foreign(run))
      fault.notes.append("the run so far, \(run.extent), is `runs()[0]`")
    }
    return fault
  }
}

extension Fault {
  /// The layer and the line of a fault that happened inside of a step.
  fileprivate var place: String {
    var words = ""
    if let layer { words += layer.path.isEmpty ? ", in the model itself, a `\(layer.name)`" : ", in `\(layer.path)`, a `\(layer.name)`" }
    let own = labels.first.map { "\($0.source.name):\($0.source.line(at: $0.range.start))" }
    // A layer of the library is known by its own line; the script's is that of the `fit`, unless a function of it failed.
    if let own, trace.count > 1 || layer == nil && isPlaced { words += " (\(own))" } else if let layer { words += " (\(layer.place))" }
    return words
  }
}

extension TrainingRows {
  /// Numbers that were wrong from the start are pointed out in the data.
  fileprivate func oddRow(among places: some Sequence<Int>, _ name: String) -> String? {
    for (what, tensor) in [("features", features), (name.quoted, target)] where tensor.dtype.isFloat {
      if let row = places.first(where: { !tensor.isFinite(inRow: $0) }) { return "row \(row) has a number in its \(what) that is not finite" }
    }
    return nil
  }
}

extension Tensor {
  fileprivate func isFinite(inRow row: Int) -> Bool {
    let width = shape[0] > 0 ? count / shape[0] : 0
    return (row * width..<(row + 1) * width).allSatisfy { element($0).double.isFinite }
  }
}

extension FittedTransform {
  fileprivate var isScale: Bool {
    switch self {
    case .standardize, .minMax: true
    default: false
    }
  }
}

extension ModelObject {
  var preparation: Preparation? { attachment?.value as? Preparation }
}

extension FitOptions {
  /// What a run record keeps of the request.
  fileprivate var members: [JSONMember] {
    var members = [
      JSONMember("model", .string(net.blueprint.name)), JSONMember("target", .string(target)),
      JSONMember("rows", .int(data.rowCount)), JSONMember("batch", .int(plan.batchSize)),
    ]
    if let epochs = plan.epochs { members.append(JSONMember("epochs", .int(epochs))) }
    if let steps = plan.steps { members.append(JSONMember("steps", .int(steps))) }
    if let budget = plan.budget { members.append(JSONMember("seconds", .double(budget.seconds))) }
    if let strategy { members.append(JSONMember("strategy", .string(strategy.text(width: 80)))) }
    if plan.accumulation > 1 { members.append(JSONMember("accumulate", .int(plan.accumulation))) }
    if let patience = plan.patience { members.append(JSONMember("patience", .int(patience))) }
    if !frozen.isEmpty { members.append(JSONMember("freeze", .array(frozen.map { .string($0) }))) }
    if case .function(let closure) = loss { members.append(JSONMember("loss", .string(closure.prototype.name))) }
    if case .record(let optimizer) = optimizer {
      if case .string(let kind)? = optimizer["kind"] { members.append(JSONMember("optimizer", .string(kind.text))) }
      if case .float(let rate)? = optimizer["lr"] { members.append(JSONMember("lr", .double(rate))) }
    }
    return members
  }
}
