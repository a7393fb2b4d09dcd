/// A transform that knows its numbers.
package enum FittedTransform: Equatable, Sendable {
  case keep
  /// `(x - mean) / std`; `std` is 1 for a constant column, which becomes 0.
  case standardize(mean: Double, std: Double)
  /// `(x - min) / (max - min)`; a constant column becomes 0.
  case minMax(min: Double, max: Double)
  case oneHot(Categories, unknown: Transform.UnknownCategory)
  case label(Categories)
  case impute(Cell)
}

extension FittedTransform {
  /// What was to be done, without what was learned; a filled-in value is then a constant.
  var transform: Transform {
    switch self {
    case .keep: .keep
    case .standardize: .standardize
    case .minMax: .minMax
    case .oneHot(_, let unknown): .oneHot(unknown: unknown)
    case .label: .label
    case .impute(let cell): .impute(.constant(cell))
    }
  }
}

extension Transform {
  /// Learns from a column of the training data.
  /// - Throws: `missingCells`, `columnType`, `notFinite`, `badRecipe` when there is nothing to learn from.
  func fitted(on column: Column, name: String) throws(DataError) -> FittedTransform {
    switch self {
    case .keep:
      try column.checkNumbers(name)
      return .keep
    case .standardize:
      let moments = try column.summary(name).moments
      guard let mean = moments.mean, let std = moments.std else { throw nothingToLearn(name) }
      guard mean.isFinite, std.isFinite else {
        throw .badRecipe(column: name, reason: "its numbers are too large to standardize")
      }
      return .standardize(mean: mean, std: isConstant(std, beside: mean) ? 1 : std)
    case .minMax:
      let summary = try column.summary(name)
      guard let min = summary.min, let max = summary.max else { throw nothingToLearn(name) }
      return .minMax(min: min, max: max)
    case .oneHot(let unknown): return .oneHot(try categories(column, name), unknown: unknown)
    case .label: return .label(try categories(column, name))
    case .impute(let imputation): return .impute(try imputation.value(from: column, name: name))
    }
  }

  /// Equal numbers whose mean was rounded have a deviation that is nothing but that rounding.
  private func isConstant(_ std: Double, beside mean: Double) -> Bool { std <= abs(mean) * 1e-15 }

  private func categories(_ column: Column, _ name: String) throws(DataError) -> Categories {
    if column.missingCount > 0 { throw .missingCells(column: name, count: column.missingCount) }
    if case .tensor = column.type { throw .columnType(column: name, needed: "categories", found: column.type.name) }
    let cells = try column.sortedDistinct().allCells
    guard !cells.isEmpty else { throw nothingToLearn(name) }
    if let row = cells.firstIndex(where: { $0.number?.isFinite == false }) { throw .notFinite(column: name, row: row) }
    return Categories(cells)
  }
}

private func nothingToLearn(_ name: String) -> DataError {
  .badRecipe(column: name, reason: "there are no cells to learn from")
}

extension Transform.Imputation {
  /// The cell to fill with: never missing, and finite if it is a number.
  /// - Throws: `columnType`, `badRecipe`.
  fileprivate func value(from column: Column, name: String) throws(DataError) -> Cell {
    let value = try candidate(column, name)
    if value == .missing { throw nothingToLearn(name) }
    if value.number?.isFinite == false { throw .badRecipe(column: name, reason: "it would be filled with \(value.text)") }
    return value
  }

  private func candidate(_ column: Column, _ name: String) throws(DataError) -> Cell {
    switch self {
    case .constant(let cell): return cell
    case .mean: return try number(.mean, column, name)
    case .median: return try number(.median, column, name)
    case .mostFrequent: return column.mostFrequent ?? .missing
    }
  }

  private func number(_ aggregation: Aggregation, _ column: Column, _ name: String) throws(DataError) -> Cell {
    guard column.type == .int || column.type == .float else {
      throw .columnType(column: name, needed: "numbers", found: column.type.name)
    }
    return try column.aggregate(aggregation).value
  }
}
