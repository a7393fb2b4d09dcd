package import TernTensor

/// One cell of a column, or a scalar that meets a column.
package enum Cell: Sendable, Equatable {
  case missing
  case int(Int)
  case float(Double)
  case bool(Bool)
  case text(String)
  /// Nanoseconds since 1970, UTC.
  case time(Int)
  case tensor(TensorCells)

  /// The language's name for this kind of cell.
  package var kind: String {
    switch self {
    case .missing: "none"
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .text: "str"
    case .time: "time"
    case .tensor(let cells): cells.tensor.dtype.name
    }
  }

  /// The cell as a plain word, as it stands in a CSV file; empty when missing.
  package var text: String {
    switch self {
    case .missing: ""
    case .int(let value): String(value)
    case .float(let value): value.description
    case .bool(let value): value ? "true" : "false"
    case .text(let value): value
    case .time(let value): Moment(nanoseconds: value).text
    case .tensor(let cells): cells.typeName
    }
  }

  /// The cell as a number, if it is an int, a float or a bool.
  package var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }
}

/// Ordered and hashed by kind, then value: what distinct cells, classes and groups are kept by. Text is compared by its
/// bytes, so that the order is that of code points and not of a locale.
extension Cell: Hashable, Comparable {
  package static func == (a: Cell, b: Cell) -> Bool {
    switch (a, b) {
    case (.missing, .missing): true
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a == b || (a.isNaN && b.isNaN)
    case (.bool(let a), .bool(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.time(let a), .time(let b)): a == b
    case (.tensor(let a), .tensor(let b)): a.tensor === b.tensor
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    switch self {
    case .missing: break
    case .int(let value), .time(let value): hasher.combine(value)
    case .float(let value): hasher.combine(value.isNaN ? .nan : value)
    case .bool(let value): hasher.combine(value)
    case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
    case .tensor(let cells): hasher.combine(ObjectIdentifier(cells.tensor))
    }
  }

  /// Missing comes last, and NaN last among the numbers.
  package static func < (a: Cell, b: Cell) -> Bool {
    switch (a, b) {
    case (.int(let a), .int(let b)), (.time(let a), .time(let b)): a < b
    case (.float(let a), .float(let b)): a < b || (b.isNaN && !a.isNaN)
    case (.bool(let a), .bool(let b)): !a && b
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    default: a.rank < b.rank
    }
  }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .int: 1
    case .float: 2
    case .time: 3
    case .text: 4
    case .tensor: 5
    case .missing: 6
    }
  }
}

/// A tensor held by a table.
///
/// `@unchecked` because `Tensor` is a class; a tensor is written in place only while one owner holds it, and a column
/// never writes into its own.
package struct TensorCells: @unchecked Sendable {
  package let tensor: Tensor

  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The shape of one row.
  package var rowShape: [Int] { Array(tensor.shape.array.dropFirst()) }
  package var rowCount: Int { tensor.rank > 0 ? tensor.shape[0] : 1 }

  /// As the language writes it: `u8[28, 28]`.
  package var typeName: String { "\(tensor.dtype.name)[\(tensor.shape.array.map(String.init).joined(separator: ", "))]" }
}
