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
    var matrix = FeatureMatrix(rowCount: rowCount)
    for (name, column) in entries where !excluded.contains(name) {
      if case .tensor(let cells) = column.cells {
        matrix.append(.tensor(cells), of: name, names: [name])
      } else if column.type.isNumeric {
        matrix.append(.values(try column.presentValues(name)), of: name, names: [name])
      }
    }
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
