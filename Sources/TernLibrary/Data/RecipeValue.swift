package import TernData
package import TernRuntime
import TernSyntax
package import TernTensor

/// How columns become features, as a value of the language: as it was written, and once fitted with what it learned.
package final class RecipeValue: ForeignValue {
  package let recipe: Recipe
  package let fitted: FittedRecipe?

  package init(_ recipe: Recipe) {
    self.recipe = recipe
    fitted = nil
  }

  private init(_ recipe: Recipe, fitted: FittedRecipe) {
    self.recipe = recipe
    self.fitted = fitted
  }

  package var kind: String { "recipe" }

  package func text(width: Int) -> String {
    let style = TextStyle(width: width)
    return (fitted?.lines(style: style) ?? recipe.lines(style: style)).joined(separator: "\n")
  }

  package func equals(_ other: any ForeignValue) -> Bool {
    guard let other = other as? RecipeValue else { return false }
    return recipe == other.recipe && fitted == other.fitted
  }
}

/// Fitting, features and targets, for what trains.
extension RecipeValue {
  /// The recipe fitted on training data. Patterns leave the target and the excluded columns alone.
  package func fitted(
    on data: DatasetValue, target: String? = nil, excluding excluded: [String] = []
  ) throws(Fault) -> RecipeValue {
    let table = try data.table()
    return RecipeValue(recipe, fitted: try dataCall { try recipe.fitted(on: table, target: target, excluding: excluded) })
  }

  /// The features of a dataset, `[batch, feature]`, the target left out.
  package func features(of data: DatasetValue, excluding target: String? = nil) throws(Fault) -> Tensor {
    let table = try data.table(), fitted = try known()
    return try dataCall { try fitted.features(of: table, excluding: target).tensor }
  }

  /// The features of requests, each a record; fields that are no inputs are passed over.
  package func features(of requests: [RecordObject], excluding target: String? = nil) throws(Fault) -> Tensor {
    let fitted = try known(), inputs = Set(fitted.inputNames(excluding: target))
    var rows: [Row] = []
    for request in requests {
      var row: Row = []
      for (position, key) in request.layout.keys.enumerated() where inputs.contains(key.text) {
        row.append((key.text, try Cell.of(request.items[position], in: key.text)))
      }
      rows.append(row)
    }
    let all = rows
    return try dataCall { try fitted.features(of: all, excluding: target).tensor }
  }

  /// The target of a dataset: i64 places of classes for a label, else numbers.
  package func target(_ name: String, of data: DatasetValue) throws(Fault) -> Tensor {
    let table = try data.table(), fitted = try known()
    return try dataCall { try fitted.target(name, of: table).tensor }
  }

  /// The classes of a target made by `label`, in the order of their places; nil for another target.
  package func classes(of target: String) -> [Value]? { fitted?.classes(of: target)?.cells.map { Value($0) } }

  /// What the place of a class, or a scaled number, stands for in the data's own words.
  package func inverse(_ number: Double, of target: String) throws(Fault) -> Value {
    guard let column = try known().column(target) else { return .float(number) }
    return Value(try dataCall { try column.inverse(number) })
  }

  private func known() throws(Fault) -> FittedRecipe {
    guard let fitted else { throw Fault(.notFitted, "this recipe is not fitted yet", hint: "`fit(net, data, prep: recipe)` fits it") }
    return fitted
  }
}

/// A fitted recipe as JSON, for checkpoints.
extension RecipeValue {
  package var json: JSONValue? { fitted?.json }

  package convenience init(json: JSONValue) throws(Fault) {
    let fitted = try dataCall { try FittedRecipe(json: json) }
    self.init(try dataCall { try fitted.recipe }, fitted: fitted)
  }
}

/// One step of a recipe that says more than its name: `impute(mean)`.
final class TransformValue: ForeignValue {
  let transform: Transform
  init(_ transform: Transform) { self.transform = transform }

  var kind: String { "transform" }
  func text(width: Int) -> String { transform.text }
  func equals(_ other: any ForeignValue) -> Bool { (other as? TransformValue)?.transform == transform }
}
