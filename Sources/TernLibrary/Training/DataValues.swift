import TernData
import TernRuntime

extension Value {
  /// The dataset this value is; nil for anything else.
  var dataset: Dataset? { if case .foreign(let foreign) = self { (foreign.value as? DatasetValue)?.dataset } else { nil } }

  /// The recipe this value is; nil for anything else.
  var recipe: Recipe? { nil }

  static func dataset(_ table: Table) -> Value { .foreign(Foreign(DatasetValue(Dataset(table)))) }
}
