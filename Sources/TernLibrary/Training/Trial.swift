import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// The first batch, tried before anything trains: it gives the model its numbers, and what would fail at every step or
/// mean nothing is refused here, in the words of the data.
struct Trial {
  let model: Value
  /// How a target without classes is to be read.
  let answer: Preparation.Answer

  init(_ rows: TrainingRows, _ validation: TrainingRows?, _ options: FitOptions, _ machine: Machine) throws(Fault) {
    let count = min(rows.rowCount, max(1, options.plan.batchSize))
    let x = Value.tensor(rows.features.rows(from: 0, count: count))
    let net = Value.model(options.net)
    // Its numbers come from the seed alone, and the draws of a trial from none that the run will use.
    machine.chance.push(Key(seed: options.plan.seed))
    defer { machine.chance.pop() }
    let ready = machine.isUninitialised(net) ? try machine.initialise(net, [x], seed: Key(seed: options.plan.seed)) : net
    model = if let start = options.start { try Trial.started(ready, from: start, machine) } else { ready }
    let out = try machine.call(model, [x])
    guard case .tensor(let scores) = out else {
      throw Fault(.badLoss, "the model gives a tensor to train on; this gave \(out.description)").atArgument(0, "net")
    }
    let check = TrialCheck(rows: rows, count: count, scores: scores, options: options, machine: machine)
    try check.checkRows()
    try check.checkLabels(of: rows)
    if let validation { try check.checkLabels(of: validation, "validate") }
    try check.checkLoss()
    answer = check.answer
  }

  private static func started(_ model: Value, from start: ModelObject, _ machine: Machine) throws(Fault) -> Value {
    do throws(Fault) { return try Starting(start).applied(to: model, note: machine.notes) } catch { throw error.atLabel("from") }
  }
}

private struct TrialCheck {
  let rows: TrainingRows
  let count: Int
  let scores: Tensor
  let options: FitOptions
  let machine: Machine

  var answer: Preparation.Answer {
    rows.target.dtype.isInteger && rows.target.rank == 1 && scores.rank == 2 && scores.shape[1] > 1 ? .place : .number
  }

  func checkRows() throws(Fault) {
    guard scores.rank > 0, scores.shape[0] == count else {
      throw Fault(
        .badLoss, "the model gives one answer a row; for \(count.counted("row")) this gave \(scores.typeText)",
        hint: "`flattened` keeps the rows, which `flatten` does not"
      ).atArgument(0, "net")
    }
  }

  /// Labels beyond the scores would fail somewhere in the middle of an epoch, or mean nothing.
  func checkLabels(of rows: TrainingRows, _ argument: String = "target") throws(Fault) {
    let isOfClasses = scores.rank == 2 ? try isLoss("cross_entropy") : false
    let hasClasses = isOfClasses ? true : scores.rank == 2 && scores.shape[1] > 1 ? try isLoss("focal") : false
    guard hasClasses else { return try checkTwo(rows, argument) }
    guard rows.target.rank == 1 else { return }
    guard rows.target.dtype.isInteger else {
      throw Fault(
        .badLabels, "`cross_entropy` takes a class a row; \"\(options.target)\" is \(rows.target.dtype.name)",
        hint: rows.target.dtype.isFloat ? "`mse` is for numbers; `cast(y, i64)` makes classes of them" : nil
      ).atArgument(2, "target")
    }
    let classes = scores.rank == 2 ? scores.shape[1] : 1
    let labels = (0..<rows.target.count).compactMap { if case .int(let label) = rows.target.element($0) { label } else { nil } }
    guard let least = labels.min(), let greatest = labels.max(), least < 0 || greatest >= classes else { return }
    throw Fault(
      .badLabels,
      "\"\(options.target)\" has labels from \(least) to \(greatest); the model gives \(classes.counted("score")), for \(classes == 1 ? "0 alone" : "0 to \(classes - 1)")",
      hint: least < 0 ? "classes count from 0; a recipe's `label` counts them" : "the last layer has a unit for each class"
    ).atLabel(argument)
  }

  /// The losses of two classes and one score take a 0, a 1, or what lies between.
  private func checkTwo(_ rows: TrainingRows, _ argument: String) throws(Fault) {
    guard try isLoss("binary_cross_entropy", "focal", "hinge") else { return }
    for place in 0..<rows.target.count {
      let number = rows.target.element(place).double
      guard !(number >= 0 && number <= 1) else { continue }
      throw Fault(
        .badLabels, "\"\(options.target)\" is \(floatText(number)) in row \(place); two classes are 0 and 1",
        hint: number == -1 ? "`where(y > 0, 1, 0)` makes 0 of -1" : "`cross_entropy` is for more classes, with a score for each"
      ).atLabel(argument)
    }
  }

  func checkLoss() throws(Fault) {
    guard !options.loss.isNone, !options.loss.isUnset else { throw missingLoss }
    let target = Value.tensor(rows.target.rows(from: 0, count: count))
    let result = try loss(of: target)
    switch result {
    case .tensor(let loss) where loss.dtype.isFloat && loss.rank == 0 && rows.weights != nil && count > 1:
      throw Fault(
        .badLoss, "rows that are weighed each need a loss of their own; this gave one number for all", hint: "without `mean` around it"
      ).atLoss
    case .tensor(let loss) where loss.dtype.isFloat && (loss.rank == 0 || loss.rank == 1 && loss.shape[0] == count): return
    default:
      throw Fault(
        .badLoss, "a loss gives one number a row; for \(count.counted("row")) this gave \(result.description)",
        hint: "its mean over the axes after the first is one"
      ).atLoss
    }
  }

  /// A loss of the library that fails does so inside of the library: the two that do not fit are said here.
  private func loss(of target: Value) throws(Fault) -> Value {
    do throws(Fault) { return try machine.call(options.loss, .tensor(scores), target) } catch {
      if !error.isPlaced, error.code == .tooManyArguments || error.code == .missingArgument { throw wrongCount(error) }
      guard case .function(let closure) = options.loss, closure.prototype.file.role == .library, !error.isFatal else { throw error }
      let fault = Fault(
        .badLoss,
        "`\(closure.prototype.name)` does not compare what the model gives, \(scores.typeText), with \(target.description) of \(options.target.quoted)",
        hint: rows.target.dtype.isInteger && scores.rank == 2 ? "`cross_entropy` is for classes" : error.hint)
      throw fault.noting("\(error.code.rawValue): \(error.message)").atLoss
    }
  }

  private func wrongCount(_ fault: Fault) -> Fault {
    Fault(fault.code, "a loss is called with the scores and the target; \(fault.message)", hint: "`(scores, target) => …`").atLoss
  }

  private var missingLoss: Fault {
    let isClasses = rows.target.dtype.isInteger && rows.target.rank == 1
    let words = isClasses ? "`loss: cross_entropy` is for classes" : "`loss: mse` is for numbers"
    return Fault(.badLoss, "`fit` needs a loss to make small", hint: "\(words), as in \"\(options.target)\"")
  }

  /// Is the loss one of these of the library?
  private func isLoss(_ names: String...) throws(Fault) -> Bool {
    guard case .function(let given) = options.loss else { return false }
    for name in names where given.prototype.name == name {
      if case .function(let known) = try machine.libraryWord(name), given.prototype === known.prototype { return true }
    }
    return false
  }
}

extension Fault {
  /// The loss that `fit` was given is at fault.
  fileprivate var atLoss: Fault { atArgument(3, "loss") }
}
