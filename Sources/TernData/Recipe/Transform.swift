/// What a recipe does to a column, before it has seen data.
package enum Transform: Equatable, Sendable {
  /// The number as it is.
  case keep
  /// Minus the mean, divided by the standard deviation.
  case standardize
  /// Stretched so that the least value fitted on is 0 and the greatest 1.
  case minMax
  /// A column of zeros and ones for each category.
  case oneHot(unknown: UnknownCategory = .refuse)
  /// The place of the category among the sorted classes.
  case label
  /// A value for missing cells.
  case impute(Imputation)

  package enum UnknownCategory: String, Sendable {
    /// An error that names the category.
    case refuse
    /// A row of zeros.
    case zero
  }

  package enum Imputation: Equatable, Sendable {
    case mean, median
    /// The smallest of them when several are as frequent.
    case mostFrequent
    case constant(Cell)
  }

  /// The name scripts use.
  package var name: String {
    switch self {
    case .keep: "keep"
    case .standardize: "standardize"
    case .minMax: "min_max"
    case .oneHot: "one_hot"
    case .label: "label"
    case .impute: "impute"
    }
  }

  /// Whether nothing may follow in a chain.
  var isLast: Bool { self == .label || name == "one_hot" }
}

/// The distinct cells a column was fitted on, sorted: what codes stand for.
package struct Categories: Equatable, Sendable {
  package let cells: [Cell]
  private let places: [Cell: Int]

  package init(_ cells: [Cell]) {
    self.cells = cells
    places = Dictionary(cells.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  package var count: Int { cells.count }

  /// nil for a cell that was not there.
  package func place(of cell: Cell) -> Int? { places[cell] }

  /// The place of each cell; nil where it is unknown. Each distinct text is looked up once.
  func places(of column: Column) -> [Int?] {
    guard case .text(let values) = column.cells else { return (0..<column.count).map { place(of: column[$0]) } }
    let known = values.categories.map { place(of: .text($0)) }
    return values.codes.map { $0 < 0 ? nil : known[Int($0)] }
  }
}
