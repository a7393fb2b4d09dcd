import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// Recipes and their steps. A step is given to `recipe` by its word alone; called on a column, the word does there and then
/// what it would do if fitted on that column.
enum RecipeWords {
  static var builtins: [Builtin] {
    [
      Builtin(
        "recipe(labels: record = none) -> recipe",
        "How columns become features: a step or a list of steps for each column, or for each that fits a pattern with `*`.",
        example: "recipe(species: label, \"petal*\": standardize)  #> recipe  2 steps, not fitted\n  species  label\n  petal*   standardize",
        body: recipe),
      Builtin(
        "standardize(column: column) -> column", "The column with mean 0 and deviation 1.",
        example: "standardize(dataset({x: [1, 3]}).x)[1]  #> 1.0"
      ) { call throws(Fault) in try transformed(call, .standardize) },
      Builtin(
        "min_max(column: column) -> column", "The column stretched to 0 to 1.",
        example: "min_max(dataset({x: [1, 2, 3]}).x)[1]  #> 0.5"
      ) { call throws(Fault) in try transformed(call, .minMax) },
      Builtin(
        "label(column: column) -> column", "The place of each cell among the sorted distinct ones.",
        example: "label(dataset({x: [\"b\", \"a\"]}).x)[0]  #> 1"
      ) { call throws(Fault) in try transformed(call, .label) },
      Builtin("keep(column: column) -> column", "The column as it is.", example: "keep(dataset({x: [1, 2]}).x)[0]  #> 1") {
        call throws(Fault) in call[0]
      },
      Builtin(
        "one_hot(column: column) -> tensor", "A row for each cell: 1 at its place among the sorted distinct ones, 0 elsewhere.",
        example: "shape(one_hot(dataset({x: [\"b\", \"a\"]}).x))  #> [2, 2]", body: oneHot),
      Builtin(
        "one_hot(unknown: str)", "A step of a recipe that makes a row of zeros of a category it was not fitted on: `unknown: \"zero\"`.",
        example: "one_hot(unknown: \"zero\")  #> one_hot", body: tolerantOneHot),
      Builtin(
        "impute(by: any)", "A step of a recipe that fills missing cells: by `mean`, `median` or `most_frequent`, or with a value.",
        example: "impute(mean)  #> impute(mean)", body: impute),
    ]
  }

  private static func recipe(_ call: borrowing Call) throws(Fault) -> Value {
    var steps: [Recipe.Step] = []
    for (pattern, value) in call.labels(0) { steps.append(Recipe.Step(pattern, try chain(value, of: pattern))) }
    let all = steps
    return .foreign(Foreign(RecipeValue(try dataCall { try Recipe(all) })))
  }

  // MARK: Steps

  private static func chain(_ value: Value, of column: String) throws(Fault) -> [Transform] {
    guard case .list(let list) = value else { return [try transform(value, of: column)] }
    var chain: [Transform] = []
    for item in list.values { chain.append(try transform(item, of: column)) }
    return chain
  }

  private static func transform(_ value: Value, of column: String) throws(Fault) -> Transform {
    if case .foreign(let foreign) = value, let step = foreign.value as? TransformValue { return step.transform }
    switch value.functionName {
    case "keep"?: return .keep
    case "standardize"?: return .standardize
    case "min_max"?: return .minMax
    case "one_hot"?: return .oneHot()
    case "label"?: return .label
    case "impute"?: throw Fault(.badRecipe, "`\(column)`: `impute` needs to know by what", hint: "`impute(mean)`")
    default:
      throw Fault(
        .badRecipe, "`\(column)`: a step of a recipe is a word such as `standardize`; this is \(value.description)",
        hint: "label, one_hot, standardize, min_max, impute(…), keep, or a list of them")
    }
  }

  private static func impute(_ call: borrowing Call) throws(Fault) -> Value {
    let imputation: Transform.Imputation
    switch call[0].functionName {
    case "mean"?: imputation = .mean
    case "median"?: imputation = .median
    case "most_frequent"?: imputation = .mostFrequent
    default:
      guard let cell = try Cell(call[0]), cell != .missing else {
        throw call.refusal(0, takes: "`mean`, `median`, `most_frequent` or a value")
      }
      imputation = .constant(cell)
    }
    return .foreign(Foreign(TransformValue(.impute(imputation))))
  }

  private static func tolerantOneHot(_ call: borrowing Call) throws(Fault) -> Value {
    let word = try call.string(0).text
    guard let unknown = Transform.UnknownCategory(rawValue: word) else {
      throw Fault(.badArgument, "an unknown category is \"refuse\" or \"zero\"; this is \(word.quoted)")
    }
    return .foreign(Foreign(TransformValue(.oneHot(unknown: unknown))))
  }

  // MARK: On a column

  private static func transformed(_ call: borrowing Call, _ transform: Transform) throws(Fault) -> Value {
    let column = try call.column(0), name = column.name
    return .column(try dataCall { try column.column.transformed(by: transform, name: name) }, name: name)
  }

  private static func oneHot(_ call: borrowing Call) throws(Fault) -> Value {
    let column = try call.column(0), name = column.name
    return .tensor(
      try dataCall {
        let table = try Table([(name, column.column)])
        return try Recipe([Recipe.Step(name, [.oneHot()])]).fitted(on: table).features(of: table).tensor
      })
  }
}

extension Value {
  /// The name of a function, by which a recipe knows its steps.
  fileprivate var functionName: String? {
    switch self {
    case .builtin(let word): word.name
    case .function(let closure): closure.prototype.name
    default: nil
    }
  }
}
