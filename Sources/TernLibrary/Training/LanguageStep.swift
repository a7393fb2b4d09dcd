import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// One step of training as `stdlib/train.mlx` has it, called through the machine. The tree `{model, opt}` stays here
/// between steps; the trainer sees its leaves.
final class LanguageStep: TrainStep {
  /// What a step is made of besides the model and its optimizer.
  struct Parts {
    let loss: Value
    let metrics: [NamedMetric]
    /// Rows of one part, where a step takes the gradients of several.
    let partSize: Int?
    /// How a number of the model's scale reads in that of the data, which metrics are in.
    let scale: (slope: Double, start: Double)?
    /// Paths of what stays as it is; none where all is learned.
    let frozen: Value
    /// Who computes gradients; nil where it is the machine alone.
    let strategy: StrategyValue?
    /// Are big matrices multiplied in bf16?
    let isNarrow: Bool
  }

  private let machine: Machine
  private var words: StepWords
  private let parts: Parts
  private var leaves = TreeLeaves()
  private(set) var state: StepState
  /// Ctrl-C or a limit, when that ended the run.
  private(set) var stop: Fault?
  /// What was evaluated since metrics were asked for.
  private var evaluated: (scores: [Value], targets: [Value]) = ([], [])
  /// The step whose loss was no number, and the one before, whose update may be to blame.
  private var failed: Attempt?
  private var previous: Attempt?
  /// Is a second copy of the state small enough to be kept for that?
  private lazy var keepsPrevious = currentLeaves().reduce(0) { $0 + $1.tensor.byteCount } <= LanguageStep.mostKept

  /// What a step started from.
  private struct Attempt {
    let state: StepState
    let batch: Batch
    let moment: TrainMoment
  }

  private static let mostKept = 256 << 20

  init(_ machine: Machine, words: StepWords, state: StepState, parts: Parts) {
    self.machine = machine
    self.words = words
    self.state = state
    self.parts = parts
  }

  /// What one step does, where that is known.
  var work: PlanWork? { words.step.compiled?.work ?? words.gradient.compiled?.work }

  /// A fault of the outside that ends the run, met by what is called between steps.
  func noteStop(_ fault: Fault) { stop = fault }

  /// The leaves as they are now.
  func currentLeaves() -> [NamedTensor] { leaves.leaves(of: state.tree) }

  /// Goes on from a run as it stood. What the optimizer remembers comes with a first step, so one is made, for its form.
  func restore(_ kept: [NamedTensor], probe: () throws -> Batch) throws {
    var form = state
    if currentLeaves().count != kept.count {
      let batch = try probe()
      machine.chance.push(Key(seed: 0))
      defer { machine.chance.pop() }
      form = try made(of: batch).0
    }
    let own = TreeLeaves().named(form.tree)
    try check(kept, against: own)
    guard case .record(let fields) = try TreeLeaves.replacing(form.tree, with: kept) else { return }
    state = try StepState(fields)
  }

  private func check(_ kept: [NamedTensor], against own: [NamedTensor]) throws(Fault) {
    for (a, b) in zip(kept, own) where a.name != b.name || a.tensor.shape != b.tensor.shape || a.tensor.dtype != b.tensor.dtype {
      throw Fault(.checkpointMismatch, "the checkpoint has `\(a.name)`, \(a.tensor.typeText), where this run has `\(b.name)`, \(b.tensor.typeText)")
    }
    guard kept.count == own.count else {
      throw Fault(.checkpointMismatch, "the checkpoint has \(kept.count.counted("tensor")), this run \(own.count)")
    }
  }

  func step(_ leaves: inout [NamedTensor], batch: Batch, moment: TrainMoment) throws -> BatchOutcome {
    let (next, outcome) = try working { () throws(Fault) in
      // Each step has a stream of chance of its own, whatever was drawn before it.
      machine.chance.push(Key(bits: moment.key))
      defer { machine.chance.pop() }
      return try made(of: batch)
    }
    // A loss that is no number leaves the state as it was.
    guard outcome.loss.isFinite else {
      failed = Attempt(state: state, batch: batch, moment: moment)
      return outcome
    }
    if keepsPrevious { previous = Attempt(state: state, batch: batch, moment: moment) }
    state = next
    leaves = currentLeaves()
    return outcome
  }

  private func made(of batch: Batch) throws(Fault) -> (StepState, BatchOutcome) {
    guard parts.isNarrow else { return try computed(batch) }
    return try ProductPrecision.narrowing { () throws(Fault) in try computed(batch) }
  }

  private func computed(_ batch: Batch) throws(Fault) -> (StepState, BatchOutcome) {
    if let size = parts.partSize, batch.rows.count > size { return try accumulated(batch, size) }
    if let strategy = parts.strategy { return try combined(batch, strategy) }
    let fields = try record(machine.call(words.step, [state.tree] + batch.arguments(parts.loss) + [parts.frozen]), "training_step")
    return (try StepState(fields), try measured(fields, batch))
  }

  /// A step from the gradients of several parts, one after another; states of layers go on from part to part.
  private func accumulated(_ batch: Batch, _ size: Int) throws(Fault) -> (StepState, BatchOutcome) {
    let pieces = batch.pieces(of: size)
    let whole = pieces.reduce(0) { $0 + $1.share }
    var model = state.model, gradient = Value.none, loss = 0.0, scores: [Value] = []
    for (index, piece) in pieces.enumerated() {
      try machine.limits.check(after: 1)
      machine.chance.enter(child: index)
      let part = try part(of: piece, model)
      let share = whole > 0 ? piece.share / whole : 0
      loss += share * part.loss
      (model, gradient) = (part.model, try added(part.gradient, share, to: gradient))
      if !parts.metrics.isEmpty { scores.append(part.scores) }
    }
    let next = try StepState(try record(machine.call(words.update, [state.tree, model, gradient, parts.frozen]), "update_step"))
    return (next, BatchOutcome(loss: loss, metrics: try metrics(try joined(scores), batch.value("y")), weight: batch.weight))
  }

  /// The gradient of a piece, by one or by several workers.
  private func part(of piece: Batch, _ model: Value) throws(Fault) -> GradientPart {
    guard let strategy = parts.strategy else {
      return try GradientPart(try record(machine.call(words.gradient, [model] + piece.arguments(parts.loss)), "gradient_step"), machine)
    }
    machine.chance.push(try machine.chance.key)
    defer { machine.chance.pop() }
    let found = try GradientParts(of: piece, model, words.gradient, parts.loss, strategy, machine)
    let gradient = try machine.call(words.sum, [found.gradients, found.shares])
    return GradientPart(model: try found.model(), gradient: gradient, loss: found.loss, scores: try joined(found.scores))
  }

  /// A step from the gradients of several workers.
  private func combined(_ batch: Batch, _ strategy: StrategyValue) throws(Fault) -> (StepState, BatchOutcome) {
    let found = try GradientParts(of: batch, state.model, words.gradient, parts.loss, strategy, machine)
    let next = try machine.call(words.combined, [state.tree, try found.model(), found.gradients, found.shares, parts.frozen])
    let scores = parts.metrics.isEmpty ? Value.none : try joined(found.scores)
    return (try StepState(try record(next, "combined_step")), BatchOutcome(loss: found.loss, metrics: try metrics(scores, batch.value("y")), weight: batch.weight))
  }

  private func added(_ gradient: Value, _ share: Double, to sum: Value) throws(Fault) -> Value {
    if sum.isNone { return try machine.call(words.sum, [.list([gradient]), .list([.float(share)])]) }
    return try machine.call(words.sum, [.list([sum, gradient]), .list([.float(1), .float(share)])])
  }

  func evaluate(_ leaves: [NamedTensor], batch: Batch) throws -> BatchOutcome {
    try working { () throws(Fault) in
      let fields = try record(machine.call(words.judge, [state.model] + batch.arguments(parts.loss)), "judge_batch")
      if !parts.metrics.isEmpty {
        evaluated.scores.append(fields["scores"] ?? .none)
        evaluated.targets.append(batch.value("y"))
      }
      return BatchOutcome(loss: try machine.double(fields["loss"] ?? .none, "the loss"), weight: batch.weight)
    }
  }

  func metricsOfEvaluated() throws -> [Metric] {
    defer { evaluated = ([], []) }
    return try working { () throws(Fault) in try metrics(try joined(evaluated.scores), try joined(evaluated.targets)) }
  }

  func firstNonFinite(among leaves: [NamedTensor]) -> Metric? {
    for leaf in leaves where leaf.name.hasPrefix("model.") {
      if let value = leaf.tensor.firstNonFinite { return Metric(leaf.name, value) }
    }
    return nil
  }
}

// MARK: What went wrong

extension LanguageStep {
  /// Makes the step whose loss was no number once more, one operation after another, and gives the fault of the first that
  /// made a number which is not finite; nil when none does.
  func firstNonFinite() -> Fault? { failed.flatMap(firstNonFinite) }

  /// The same of the step before.
  func firstNonFiniteBefore() -> Fault? { previous.flatMap(firstNonFinite) }

  private func firstNonFinite(in attempt: Attempt) -> Fault? {
    guard let plain = try? StepWords(machine, areCompiled: false) else { return nil }
    let (compiled, now) = (words, state)
    (words, state) = (plain, attempt.state)
    machine.chance.push(Key(bits: attempt.moment.key))
    defer {
      machine.chance.pop()
      (words, state) = (compiled, now)
    }
    do throws(Fault) {
      _ = try FiniteWatch.watching { () throws(Fault) in try made(of: attempt.batch) }
      return nil
    } catch {
      return error.code == .nonFinite ? error : nil
    }
  }
}

// MARK: What comes out

extension LanguageStep {
  private func record(_ value: Value, _ word: String) throws(Fault) -> RecordObject {
    guard case .record(let record) = value else { throw Fault(.internalFault, "`\(word)` gave no record") }
    return record
  }

  private func measured(_ fields: RecordObject, _ batch: Batch) throws(Fault) -> BatchOutcome {
    let loss = try machine.double(fields["loss"] ?? .none, "the loss")
    return BatchOutcome(loss: loss, metrics: try metrics(fields["scores"] ?? .none, batch.value("y")), weight: batch.weight)
  }

  private func metrics(_ scores: Value, _ target: Value) throws(Fault) -> [Metric] {
    if parts.metrics.isEmpty { return [] }
    let (scores, target) = (try scaled(scores), try scaled(target))
    var measured: [Metric] = []
    for metric in parts.metrics { measured.append(Metric(metric.name, try metric.number(machine, scores: scores, target: target))) }
    return measured
  }

  private func scaled(_ value: Value) throws(Fault) -> Value {
    guard case .tensor(let tensor) = value else { return value }
    return .tensor(try tensor.scaled(parts.scale))
  }

  private func joined(_ scores: [Value]) throws(Fault) -> Value {
    var tensors: [Tensor] = []
    for value in scores { if case .tensor(let tensor) = value { tensors.append(tensor) } }
    guard !tensors.isEmpty else { return .none }
    let all = tensors
    return .tensor(try tensorCall { () throws(TensorError) in try Tensor.concat(all) })
  }

  /// Ctrl-C and limits end a run in order; other faults end it as failed.
  private func working<T>(_ body: () throws(Fault) -> T) throws -> T {
    do {
      try machine.limits.check(after: 1)
      return try body()
    } catch let fault where fault.isFatal {
      stop = fault
      throw TrainingInterruption()
    }
  }
}

/// What a step goes on from: the model and its optimizer, with what that remembers.
struct StepState {
  let model: Value
  let opt: Value

  var tree: Value { .record(RecordObject(["model": model, "opt": opt])) }

  init(model: Value, opt: Value) {
    self.model = model
    self.opt = opt
  }

  /// What a step gave, which a script's own optimizer may have had a hand in.
  init(_ fields: RecordObject) throws(Fault) {
    guard let model = fields["model"], let opt = fields["opt"] else {
      throw Fault(.badArgument, "an optimizer's step gives `{model, opt}`; this one lacks \(fields["model"] == nil ? "`model`" : "`opt`")")
    }
    guard case .model = model else {
      throw Fault(.badArgument, "an optimizer's step gives `{model, opt}`; this model is \(model.description)")
    }
    self.init(model: model, opt: opt)
  }
}

extension Value {
  /// What `jit` has made.
  var compiled: Jitted? { if case .foreign(let foreign) = self { foreign.value as? Jitted } else { nil } }
}

/// The functions of the library that training goes through.
struct StepWords {
  let step: Value
  let judge: Value
  let gradient: Value
  let update: Value
  let sum: Value
  let combined: Value

  init(_ machine: Machine, areCompiled: Bool) throws(Fault) {
    func word(_ name: String) throws(Fault) -> Value {
      let word = try machine.libraryWord(name)
      return areCompiled ? .foreign(Foreign(Jitted(word, machine))) : word
    }
    step = try word("training_step")
    judge = try word("judge_batch")
    gradient = try word("gradient_step")
    update = try word("update_step")
    sum = try word("sum_of_parts")
    combined = try word("combined_step")
  }
}

extension Batch {
  func value(_ name: String) -> Value { tensors.first { $0.name == name }.map { .tensor($0.tensor) } ?? .none }

  /// What the library's steps take after the model: `x, y, loss, weights`.
  func arguments(_ loss: Value) -> [Value] { [value("x"), value("y"), loss, value("weights")] }

  /// The sum of its rows' weights.
  var weight: Double? {
    guard let weights = tensors.first(where: { $0.name == "weights" }) else { return nil }
    return (0..<weights.tensor.count).reduce(0) { $0 + weights.tensor.element($1).double }
  }

  /// How much it counts in a mean over batches.
  var share: Double { weight ?? Double(rows.count) }

  /// Parts of so many rows, the last one perhaps smaller.
  func pieces(of size: Int) -> [Batch] {
    stride(from: 0, to: rows.count, by: max(1, size)).map { piece($0..<min($0 + max(1, size), rows.count)) }
  }

  func piece(_ range: Range<Int>) -> Batch {
    Batch(
      tensors: tensors.map { NamedTensor($0.name, $0.tensor.rows(from: range.lowerBound, count: range.count)) },
      rows: Array(rows[range]))
  }
}
