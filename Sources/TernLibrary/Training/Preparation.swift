import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// What goes into a trained model and what comes out of it: the fitted recipe, the columns that are features, and how the
/// target is read. `fit` attaches it to the model it gives, so that `predict`, `evaluate` and `save` need no more.
final class Preparation: ForeignValue {
  /// What a row of scores stands for.
  enum Answer: String {
    /// A class of a recipe's `label`.
    case label
    /// The place of the highest score.
    case place
    /// The scores themselves.
    case number
  }

  let recipe: FittedRecipe?
  /// The columns a model is given, in order.
  let inputs: [String]
  let target: String
  let answer: Answer

  init(recipe: FittedRecipe?, inputs: [String], target: String, answer: Answer) {
    self.recipe = recipe
    self.inputs = inputs
    self.target = target
    self.answer = answer
  }

  var kind: String { "preparation" }

  /// The classes in the order of the scores; nil for a target that is no label.
  var classes: [Cell]? { recipe?.classes(of: target)?.cells }

  func answering(_ answer: Answer) -> Preparation {
    Preparation(recipe: recipe, inputs: inputs, target: target, answer: answer)
  }
}

extension Preparation {
  /// Learns from training data alone.
  /// - Parameter weights: columns that weigh rows, which are no features.
  convenience init(fitting recipe: Recipe?, on table: Table, target: String, weights: [String]) throws(DataError) {
    let excluded = [target] + weights
    guard let recipe else {
      let inputs = table.entries.filter { !excluded.contains($0.name) && $0.column.isFeature }.map(\.name)
      self.init(recipe: nil, inputs: inputs, target: target, answer: .number)
      return
    }
    let fitted = try recipe.fitted(on: table, target: target, excluding: excluded)
    let inputs = fitted.inputNames(excluding: target)
    self.init(recipe: fitted, inputs: inputs, target: target, answer: fitted.classes(of: target) == nil ? .number : .label)
  }

  /// What the model is called with for the rows of a table.
  func features(of table: Table) throws(DataError) -> Tensor {
    let features =
      if let recipe { try recipe.features(of: table, excluding: target) } else { try numbers(of: table.selecting(inputs)) }
    return try features.tensor.asInput
  }

  /// What the model is called with for one request.
  func features(of row: Row) throws(DataError) -> Tensor {
    if let recipe { return try recipe.features(of: [row], excluding: target).tensor.asInput }
    var entries: [(name: String, column: Column)] = []
    for name in inputs {
      guard let field = row.first(where: { $0.name == name }) else {
        throw .missingField(column: name, given: row.map(\.name))
      }
      entries.append((name, try Column([field.cell], name: name)))
    }
    return try numbers(of: Table(entries)).tensor.asInput
  }

  /// Without a recipe every input was a column of numbers, and must be again.
  private func numbers(of table: Table) throws(DataError) -> Features {
    if let odd = table.entries.first(where: { !$0.column.isFeature }) {
      throw .columnType(column: odd.name, needed: "numbers", found: odd.column.type.name)
    }
    return try table.numericFeatures()
  }

  /// What the model's answers are compared with.
  func target(of table: Table) throws(DataError) -> Tensor {
    if let recipe { return try recipe.target(target, of: table).tensor }
    return try table.column(target).target(target).tensor
  }

  /// How a number of the model's scale reads in that of the data: `slope * x + start`; nil where both are the same.
  var scale: (slope: Double, start: Double)? {
    guard answer == .number, let column = recipe?.column(target), let start = try? column.inverse(0).number,
      let end = try? column.inverse(1).number, (start, end) != (0, 1)
    else { return nil }
    return (end - start, start)
  }
}

extension Column {
  fileprivate var isFeature: Bool {
    if case .tensor = type { true } else { type.isNumeric }
  }
}

extension Tensor {
  /// Bytes and bools, as pictures are made of, become f32; i32 and i64, as texts are, stay whole.
  var asInput: Tensor {
    get throws(DataError) {
      guard [.u8, .i8, .bool].contains(dtype) else { return self }
      do { return try cast(.f32) } catch { throw .badOperand(operation: "cast", found: typeText) }
    }
  }
}
