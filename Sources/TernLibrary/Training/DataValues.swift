import TernData
import TernRuntime

extension Value {
  /// The dataset this value is; nil for anything else.
  var dataset: Dataset? { if case .foreign(let foreign) = self { (foreign.value as? DatasetValue)?.dataset } else { nil } }

  /// The recipe this value is; nil for anything else.
  var recipe: Recipe? { if case .foreign(let foreign) = self { (foreign.value as? RecipeValue)?.recipe } else { nil } }
}
