/// A column of a fitted recipe: what it must hold, what is done to it, and the features that come out.
package struct FittedColumn: Equatable, Sendable {
  package let name: String
  package let type: ColumnType
  package let transforms: [FittedTransform]

  package init(name: String, type: ColumnType, transforms: [FittedTransform]) {
    self.name = name
    self.type = type
    self.transforms = transforms
  }

  /// Learns each transform from what those before it leave.
  /// - Throws: what `Transform.fitted` does; `columnType` when the chain ends in what is no number.
  init(fitting chain: [Transform], to column: Column, name: String) throws(DataError) {
    var current = column, fitted: [FittedTransform] = []
    for transform in chain {
      let next = try transform.fitted(on: current, name: name)
      fitted.append(next)
      if let changed = try next.columnwise(current, name) { current = changed }
    }
    self.init(name: name, type: column.type, transforms: fitted)
    if !hasCategories { try current.checkNumbers(name) }
  }

  /// The column as it was before fitting, changed as it is to be.
  /// - Throws: as `features`.
  func transformed(_ column: Column) throws(DataError) -> Column {
    var column = try checked(column)
    for transform in transforms {
      guard let changed = try transform.columnwise(column, name) else {
        return .int(try known(transform.categories, column))
      }
      column = changed
    }
    return column
  }

  /// The classes of a label.
  package var classes: Categories? {
    if case .label(let classes) = transforms.last { classes } else { nil }
  }

  /// A name for each feature: a category's is `island=Dream`.
  package var featureNames: [String] {
    guard case .oneHot(let categories, _) = transforms.last else { return [name] }
    return categories.cells.map { "\(name)=\($0.text)" }
  }

  /// The column's features.
  /// - Throws: `columnType`, `missingCells`, `unknownCategory`.
  func features(of column: Column) throws(DataError) -> FeatureBlock {
    var column = try checked(column)
    for transform in transforms {
      if let changed = try transform.columnwise(column, name) { column = changed } else { return try codes(transform, column) }
    }
    return try column.featureBlock(name)
  }

  /// The place of each row's class.
  /// - Throws: as `features`.
  func labels(of column: Column, _ classes: Categories) throws(DataError) -> [Int64] {
    var column = try checked(column)
    for transform in transforms { column = try transform.columnwise(column, name) ?? column }
    return try known(classes, column).map { Int64($0) }
  }

  /// What a feature's value stood for: a class for its place, a number for its standardized or stretched self.
  /// - Throws: `noSuchLabel`, `badOperand` for one-hot columns.
  package func inverse(_ value: Double) throws(DataError) -> Cell {
    if let classes {
      guard let place = Int(exactly: value.rounded()), classes.cells.indices.contains(place) else {
        throw .noSuchLabel(index: Int(exactly: value.rounded()) ?? -1, count: classes.count)
      }
      return classes.cells[place]
    }
    var number = value
    for transform in transforms.reversed() {
      guard let before = transform.inverse(number) else { throw .badOperand(operation: "inverse", found: "one_hot") }
      number = before
    }
    return .float(number)
  }

  private func codes(_ transform: FittedTransform, _ column: Column) throws(DataError) -> FeatureBlock {
    switch transform {
    case .label(let classes): return .values(try known(classes, column).map(Double.init))
    case .oneHot(let categories, let unknown):
      let places = unknown == .zero ? try tolerated(categories, column) : try known(categories, column)
      return .categories(places, count: categories.count)
    case .keep, .standardize, .minMax, .impute: return try column.featureBlock(name)
    }
  }

  /// - Throws: `missingCells`; `unknownCategory` for the first cell that was not fitted on.
  private func known(_ categories: Categories, _ column: Column) throws(DataError) -> [Int] {
    var places: [Int] = []
    places.reserveCapacity(column.count)
    for (row, place) in try tolerated(categories, column).enumerated() {
      guard place >= 0 else {
        throw .unknownCategory(column: name, value: column[row].text, known: categories.cells.map(\.text))
      }
      places.append(place)
    }
    return places
  }

  /// -1 stands for an unknown category.
  private func tolerated(_ categories: Categories, _ column: Column) throws(DataError) -> [Int] {
    if column.missingCount > 0 { throw .missingCells(column: name, count: column.missingCount) }
    return categories.places(of: column).map { $0 ?? -1 }
  }

  /// The column in the type fitted on: ints and floats stand for each other where no digit is lost.
  private func checked(_ column: Column) throws(DataError) -> Column {
    if column.type == type || (column.type.isNumeric && !hasCategories) { return column }
    let mismatch = DataError.columnType(column: name, needed: type.name, found: column.type.name)
    switch (type, column.cells) {
    case (.float, .int): return try column.floats()
    // A request's numbers come in another dtype than a file's.
    case (.tensor(_, let row), .tensor(let cells)) where row == cells.rowShape: return column
    case (.int, .float(let values)):
      guard values.indices.allSatisfy({ !column.isPresent($0) || values[$0] == values[$0].rounded() }) else { throw mismatch }
      return try column.ints()
    case _ where column.missingCount == column.count:
      return try Column.repeating(.missing, count: column.count, type: type)
    default: throw mismatch
    }
  }

  private var hasCategories: Bool {
    switch transforms.last {
    case .oneHot, .label: true
    default: false
    }
  }
}

extension FittedTransform {
  /// The column changed cell by cell; nil for what makes codes of categories.
  fileprivate func columnwise(_ column: Column, _ name: String) throws(DataError) -> Column? {
    switch self {
    case .keep: return column
    case .standardize(let mean, let std): return try column.mappingNumbers(name) { ($0 - mean) / std }
    case .minMax(let min, let max):
      let width = max - min
      return try column.mappingNumbers(name) { width == 0 ? 0 : ($0 - min) / width }
    case .impute(let cell): return try column.filled(with: cell, name: name)
    case .oneHot, .label: return nil
    }
  }

  fileprivate var categories: Categories {
    switch self {
    case .oneHot(let categories, _), .label(let categories): categories
    case .keep, .standardize, .minMax, .impute: Categories([])
    }
  }

  fileprivate func inverse(_ value: Double) -> Double? {
    switch self {
    case .keep, .impute: value
    case .standardize(let mean, let std): value * std + mean
    case .minMax(let min, let max): value * (max - min) + min
    case .oneHot, .label: nil
    }
  }
}

extension Column {
  /// What a transform fitted on this column makes of it: the places of categories, or numbers.
  /// - Throws: as `Transform.fitted`.
  package func transformed(by transform: Transform, name: String) throws(DataError) -> Column {
    try FittedColumn(fitting: [transform], to: self, name: name).transformed(self)
  }

  /// - Throws: `missingCells`; `columnType` for texts and times.
  fileprivate func featureBlock(_ name: String) throws(DataError) -> FeatureBlock {
    guard case .tensor(let cells) = cells else { return .values(try presentValues(name)) }
    return .tensor(cells)
  }

  /// - Throws: as `featureBlock`.
  func checkNumbers(_ name: String) throws(DataError) { _ = try featureBlock(name) }
}
