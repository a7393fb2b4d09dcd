package import TernTensor

/// What a column holds.
package enum ColumnType: Equatable, Sendable {
  case int, float, bool, text, time
  /// Rows that are tensors of one shape.
  case tensor(DType, [Int])

  /// The language's name: `int`, `str`, `u8[28, 28]`.
  package var name: String {
    switch self {
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .text: "str"
    case .time: "time"
    case .tensor(let dtype, []): dtype.name
    case .tensor(let dtype, let row): "\(dtype.name)[\(row.map(String.init).joined(separator: ", "))]"
    }
  }

  /// Whether arithmetic and means make sense of it.
  package var isNumeric: Bool { self == .int || self == .float || self == .bool }
}

/// A typed column of cells, some of which may be missing.
///
///     cells     [39.1, 39.5, 0.0, 36.7]      one dense array of the column's type
///     validity  [   1,    1,   0,    1]      absent when nothing is missing
///
/// What stands in the array under a missing cell means nothing and is never read. A column is a value: its arrays are
/// shared until one of two holders changes.
package struct Column: Sendable {
  package enum Cells: Sendable {
    case int([Int])
    case float([Double])
    case bool([Bool])
    case text(TextCells)
    /// Nanoseconds since 1970, UTC.
    case time([Int])
    case tensor(TensorCells)
  }

  package let cells: Cells
  package let validity: Validity?
  /// The dtype of the tensor the cells were made of, which `tensor` goes back to; nil for cells read or calculated.
  package let dtype: DType?

  package init(_ cells: Cells, validity: Validity? = nil, dtype: DType? = nil) {
    self.cells = cells
    self.validity = validity
    self.dtype = dtype
  }

  package var count: Int {
    switch cells {
    case .int(let values), .time(let values): values.count
    case .float(let values): values.count
    case .bool(let values): values.count
    case .text(let values): values.codes.count
    case .tensor(let values): values.rowCount
    }
  }

  package var type: ColumnType {
    switch cells {
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .text: .text
    case .time: .time
    case .tensor(let values): .tensor(values.tensor.dtype, values.rowShape)
    }
  }

  package var missingCount: Int { validity.map { $0.count - $0.presentCount } ?? 0 }

  package func isPresent(_ row: Int) -> Bool { validity?[row] ?? true }

  /// The cell of a row that exists.
  package subscript(row: Int) -> Cell {
    guard isPresent(row) else { return .missing }
    return switch cells {
    case .int(let values): .int(values[row])
    case .float(let values): .float(values[row])
    case .bool(let values): .bool(values[row])
    case .text(let values): .text(values[row])
    case .time(let values): .time(values[row])
    case .tensor(let values): .tensor(TensorCells(values.tensor.rowCopy(row)))
    }
  }

  /// The cell of a row; negative rows count from the end.
  package func cell(at index: Int) throws(DataError) -> Cell {
    let row = index < 0 ? index + count : index
    guard row >= 0, row < count else { throw .rowOutOfRange(index: index, count: count) }
    return self[row]
  }

  package var allCells: [Cell] { (0..<count).map { self[$0] } }
}

/// Texts, each distinct one kept once: a row holds its place in `categories`, or -1 when missing.
///
/// Categories are distinct; some may be in no row, since filtering a column leaves them as they are.
package struct TextCells: Sendable {
  package let codes: [Int32]
  package let categories: [String]

  package init(codes: [Int32], categories: [String]) {
    self.codes = codes
    self.categories = categories
  }

  /// The text of a row that is present.
  package subscript(row: Int) -> String {
    let code = Int(codes[row])
    return categories.indices.contains(code) ? categories[code] : ""
  }

  /// The code of each category that rows use, in order of text.
  package var usedCodes: [Int] {
    var used = Array(repeating: false, count: categories.count)
    for code in codes where code >= 0 { used[Int(code)] = true }
    return used.indices.filter { used[$0] }.sorted { Cell.text(categories[$0]) < .text(categories[$1]) }
  }
}

extension Column {
  package static func int(_ values: [Int], validity: Validity? = nil) -> Column {
    Column(.int(values), validity: validity)
  }

  package static func float(_ values: [Double], validity: Validity? = nil) -> Column {
    Column(.float(values), validity: validity)
  }

  package static func bool(_ values: [Bool], validity: Validity? = nil) -> Column {
    Column(.bool(values), validity: validity)
  }

  /// Nanoseconds since 1970.
  package static func time(_ values: [Int], validity: Validity? = nil) -> Column {
    Column(.time(values), validity: validity)
  }

  package static func text(_ values: [String?]) -> Column {
    var encoder = TextEncoder()
    let codes = values.map { $0.map { encoder.code($0) } ?? -1 }
    return Column(.text(TextCells(codes: codes, categories: encoder.categories)), validity: validity(of: values))
  }

  package static func int(_ values: [Int?]) -> Column { .int(values.map { $0 ?? 0 }, validity: validity(of: values)) }
  package static func float(_ values: [Double?]) -> Column { .float(values.map { $0 ?? 0 }, validity: validity(of: values)) }
  package static func bool(_ values: [Bool?]) -> Column { .bool(values.map { $0 ?? false }, validity: validity(of: values)) }

  /// A column of one cell over and over; missing cells take the column's `type`.
  package static func repeating(_ cell: Cell, count: Int, type: ColumnType = .float) throws(DataError) -> Column {
    var builder = ColumnBuilder(name: "", type: type)
    try builder.append(cell)
    return try builder.finished().gathered(Array(repeating: 0, count: count))
  }

  private static func validity<T>(of values: [T?]) -> Validity? {
    Validity(count: values.count) { values[$0] != nil }.reduced
  }
}
