internal import TernTensor

/// A recipe that has learned its means, ranges and categories: part of a model, used alike on batches and on one request.
package struct FittedRecipe: Equatable, Sendable {
  package let columns: [FittedColumn]

  package init(columns: [FittedColumn]) { self.columns = columns }

  package func column(_ name: String) -> FittedColumn? { columns.first { $0.name == name } }

  /// The classes of a target made by `label`.
  package func classes(of target: String) -> Categories? { column(target)?.classes }

  package func featureNames(excluding target: String? = nil) -> [String] {
    columns.filter { $0.name != target }.flatMap(\.featureNames)
  }

  /// Columns a request must have.
  package func inputNames(excluding target: String? = nil) -> [String] { columns.map(\.name).filter { $0 != target } }

  /// What was to be done, without what was learned.
  package var recipe: Recipe {
    get throws(DataError) { try Recipe(columns.map { Recipe.Step($0.name, $0.transforms.map(\.transform)) }) }
  }

  /// The features of a table, `[batch, feature]` in f32 with the second axis named `feature`; those of a lone tensor column
  /// in its shape. The target is not among them.
  /// - Throws: `unknownColumn`, `columnType`, `missingCells`, `unknownCategory`, `noColumns`.
  package func features(of table: Table, excluding target: String? = nil) throws(DataError) -> Features {
    var matrix = FeatureMatrix(rowCount: table.rowCount)
    for column in columns where column.name != target {
      let block = try column.features(of: try table.column(column.name))
      matrix.append(block, of: column.name, names: column.featureNames)
    }
    return try matrix.features()
  }

  /// The features of requests, each a record of scalars. Fields that are no inputs are passed over.
  /// - Throws: `missingField`, `mixedCells`, and what `features(of:)` does.
  package func features(of rows: [Row], excluding target: String? = nil) throws(DataError) -> Features {
    var entries: [(name: String, column: Column)] = []
    for column in columns where column.name != target {
      var builder = ColumnBuilder(name: column.name, type: column.type)
      for row in rows {
        guard let field = row.first(where: { $0.name == column.name }) else {
          throw .missingField(column: column.name, given: row.map(\.name))
        }
        try builder.append(field.cell)
      }
      entries.append((column.name, try builder.finished()))
    }
    return try features(of: Table(entries), excluding: target)
  }

  /// The target of a table: i64 class places for a label, f32 for a scaled number, else as `Column.target` has it.
  /// - Throws: `unknownColumn`, `missingCells`, `columnType`, `unknownCategory`.
  package func target(_ name: String, of table: Table) throws(DataError) -> TensorCells {
    let values = try table.column(name)
    guard let column = column(name) else { return try values.target(name) }
    if let classes = column.classes {
      return TensorCells(try Column.filled(.i64, name, try column.labels(of: values, classes)))
    }
    switch try column.features(of: values) {
    case .values(let numbers): return TensorCells(try Column.float(numbers).tensor(.f32, name: name))
    case .tensor(let cells): return cells
    case .categories: throw .badRecipe(column: name, reason: "a target is made by `label`, not `one_hot`")
    }
  }
}

extension Column {
  /// The column as a target without a recipe: ints stay whole (i64), as class numbers must, and bools become 0 and 1; floats are f32.
  /// - Throws: `missingCells`, `columnType`.
  package func target(_ name: String) throws(DataError) -> TensorCells {
    TensorCells(try tensor(targetDType, name: name))
  }

  private var targetDType: DType? {
    switch type {
    case .int, .bool: .i64
    case .float: .f32
    default: naturalDType
    }
  }
}
