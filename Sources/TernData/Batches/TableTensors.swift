internal import TernTensor

/// Tables as tensors: what a batch is for a script, and what a model is given without a recipe.
extension Table {
  package enum Field: Sendable {
    case tensor(TensorCells)
    case column(Column)
  }

  /// Each column: a tensor where it can be one (ints i64, floats f32, bools bool), else itself.
  package func fields() throws(DataError) -> [(name: String, field: Field)] {
    var fields: [(name: String, field: Field)] = []
    for (name, column) in entries {
      guard column.missingCount == 0, let dtype = column.naturalDType else {
        fields.append((name, .column(column)))
        continue
      }
      fields.append((name, .tensor(TensorCells(try column.tensor(dtype, name: name)))))
    }
    return fields
  }

  /// The numeric columns side by side, `[batch, feature]` in f32; a lone tensor column as it is.
  /// - Parameter excluded: columns that are no features, such as the target.
  /// - Throws: `noColumns` when no column is numeric; `missingCells`; `columnType` for tensor columns beside others.
  package func numericFeatures(excluding excluded: [String] = []) throws(DataError) -> Features {
    let chosen = entries.filter { !excluded.contains($0.name) }
    let tensors = chosen.filter { if case .tensor = $0.column.cells { true } else { false } }
    let numeric = chosen.filter { $0.column.type.isNumeric }
    if let lone = tensors.first {
      guard tensors.count == 1, numeric.isEmpty else {
        throw .columnType(column: lone.name, needed: "numbers beside other columns", found: lone.column.type.name)
      }
      return Features(tensor: try lone.column.tensor(name: lone.name), names: [lone.name])
    }
    guard !numeric.isEmpty else { throw .noColumns(operation: "features") }
    var matrix = FeatureMatrix(rowCount: rowCount)
    for (name, column) in numeric { matrix.append(.values(try column.presentValues(name)), names: [name]) }
    return try matrix.features()
  }
}

extension Column {
  /// Numbers without missing cells.
  /// - Throws: `missingCells`, `columnType`.
  func presentValues(_ name: String) throws(DataError) -> [Double] {
    if missingCount > 0 { throw .missingCells(column: name, count: missingCount) }
    guard type.isNumeric, case .float(let values) = try floats().cells else {
      throw .columnType(column: name, needed: "numbers", found: type.name)
    }
    return values
  }
}
