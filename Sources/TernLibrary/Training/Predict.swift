import Glibc
import TernData
import TernRuntime
import TernSyntax
import TernTensor

extension Training {
  static var predict: Builtin {
    Builtin(
      "predict(model, x)",
      """
      What a model that `fit` made says of a record, a dataset or a tensor: the label and its probability where the target is a \
      label, else numbers. A dataset gives a dataset; a tensor gives the scores, as `model(x)` does.
      """,
      example: """
        let data = dataset({x: [1, 2, 3, 4], size: ["small", "small", "large", "large"]})
        let prep = recipe(size: label, x: standardize)
        let run = fit(dense(2), data, prep: prep, target: "size", loss: cross_entropy, optimizer: adam(lr: 0.1), epochs: 50, seed: 1)
        predict(run.model, {x: 4}).size
        #> "large"
        """
    ) { call throws(Fault) in
      if case .tensor(let x) = call[1] {
        return try call.machine.call(call[0].run?.keptModel() ?? call[0], [.tensor(try dataCall { try x.asInput })])
      }
      let trained = try Trained(call[0], for: "predict")
      if case .record(let record) = call[1] { return try trained.answer(to: record, call.machine) }
      guard let dataset = call[1].dataset else {
        throw Fault(
          .badArgument, "`predict` takes a record, a dataset or a tensor; this is \(call[1].description)",
          hint: "`map(rows, r => predict(model, r))` goes through a list"
        ).marking(1, call[1].description)
      }
      return try trained.answers(to: try dataCall { try dataset.table() }, call.machine)
    }
  }
}

extension Trained {
  fileprivate func answer(to record: RecordObject, _ machine: Machine) throws(Fault) -> Value {
    var row: Row = []
    for (position, key) in record.layout.keys.enumerated() {
      row.append((key.text, try Cell.of(record.items[position], in: key.text)))
    }
    let features: Tensor
    do throws(Fault) { features = try dataCall { try preparation.features(of: row) } } catch {
      throw error.code == .missingFields ? lacking(error, record) : error
    }
    let answers = try Answers(scores(of: features, machine), preparation)
    return try dataCall { try answers.value(0) }
  }

  private func lacking(_ fault: Fault, _ record: RecordObject) -> Fault {
    let given = record.layout.keys.map(\.text)
    let has = given.isEmpty ? "the record is empty" : "the record has \(given.joined(separator: ", "))"
    let needed = fault.message.replacing("there is no field", with: "the model needs the field")
    return Fault(.missingFields, "\(needed); \(has)", hint: fault.hint.flatMap { $0.hasPrefix("did") ? $0 : nil }).atArgument(1, "x")
  }

  fileprivate func answers(to table: Table, _ machine: Machine) throws(Fault) -> Value {
    guard table.rowCount > 0 else { throw Fault(.emptyInput, "there are no rows to predict") }
    let features = try dataCall { try preparation.features(of: table) }
    let answers = try Answers(scores(of: features, machine), preparation)
    return try dataCall { .dataset(try answers.table()) }
  }
}

/// Scores read as answers: a class and how likely it is, or numbers in the scale of the data.
private struct Answers {
  private let scores: Tensor
  private let preparation: Preparation
  private var count: Int { scores.shape[0] }
  private var width: Int { count == 0 ? 0 : scores.count / count }

  init(_ scores: Tensor, _ preparation: Preparation) {
    self.scores = scores
    self.preparation = preparation
  }

  /// `{species: "Adelie", probability: 0.98}`, a float, or a tensor where a row has several numbers.
  func value(_ row: Int) throws(DataError) -> Value {
    if let choice = choice(row) {
      return .record(RecordObject([preparation.target: Value(try cell(choice.place)), "probability": .float(choice.probability)]))
    }
    return width == 1 ? .float(scaled(scores.element(row).double)) : .tensor(scores.gathered([row]).flat)
  }

  func table() throws(DataError) -> Table {
    let choices = (0..<count).compactMap(choice)
    guard choices.count == count else {
      let numbers = width == 1 ? Column.float((0..<count).map { scaled(scores.element($0).double) }) : try .tensor(scores)
      return try Table([(preparation.target, numbers)])
    }
    var cells: [Cell] = []
    for choice in choices { cells.append(try cell(choice.place)) }
    let name = preparation.target == "probability" ? "probability_of_it" : "probability"
    return try Table([
      (preparation.target, try Column(cells, name: preparation.target)), (name, .float(choices.map(\.probability))),
    ])
  }

  /// The likeliest class; nil for a target that is a number.
  private func choice(_ row: Int) -> (place: Int, probability: Double)? {
    guard preparation.answer != .number, width > 0 else { return nil }
    let raw = (0..<width).map { scores.element(row * width + $0).double }
    // One score a row tells two classes apart: it is that of the second.
    let all = width == 1 ? [0, raw[0]] : raw
    guard let best = all.max(), let place = all.firstIndex(of: best) else { return (0, .nan) }
    return (place, 1 / all.reduce(0) { $0 + exp($1 - best) })
  }

  private func cell(_ place: Int) throws(DataError) -> Cell {
    guard let classes = preparation.classes else { return .int(place) }
    guard classes.indices.contains(place) else { throw .noSuchLabel(index: place, count: classes.count) }
    return classes[place]
  }

  private func scaled(_ number: Double) -> Double { preparation.scale.map { $0.slope * number + $0.start } ?? number }
}

extension Tensor {
  /// A row of a batch without its batch axis.
  fileprivate var flat: Tensor { (try? reshaped(Array(shape.array.dropFirst()))) ?? self }
}
