/// What meets in column arithmetic: a whole column, or one scalar that stands for a column of it.
package enum Operand: Sendable {
  case column(Column)
  case scalar(Cell)

  var kindName: String {
    switch self {
    case .column(let column): column.type.name
    case .scalar(let cell): cell.kind
    }
  }

  var validity: Validity? {
    if case .column(let column) = self { column.validity } else { nil }
  }

  /// nil for a scalar.
  var count: Int? {
    if case .column(let column) = self { column.count } else { nil }
  }

  var isMissingScalar: Bool {
    if case .scalar(.missing) = self { true } else { false }
  }

  var lane: AnyLane {
    switch self {
    case .scalar(let cell): AnyLane(cell)
    case .column(let column): AnyLane(column)
    }
  }
}

/// The values of one side: an array, or one value for every row.
enum Lane<Value> {
  case cells([Value])
  case same(Value)

  @inline(__always)
  subscript(row: Int) -> Value {
    switch self {
    case .cells(let values): values[row]
    case .same(let value): value
    }
  }

  func map<Other>(_ transform: (Value) -> Other) -> Lane<Other> {
    switch self {
    case .cells(let values): .cells(values.map(transform))
    case .same(let value): .same(transform(value))
    }
  }
}

/// A lane whose type is known only now.
enum AnyLane {
  case int(Lane<Int>)
  case float(Lane<Double>)
  case bool(Lane<Bool>)
  case time(Lane<Int>)
  case text(TextLane)
  case other

  init(_ cell: Cell) {
    switch cell {
    case .int(let value): self = .int(.same(value))
    case .float(let value): self = .float(.same(value))
    case .bool(let value): self = .bool(.same(value))
    case .time(let value): self = .time(.same(value))
    case .text(let value): self = .text(TextLane(codes: .same(0), categories: [value]))
    case .missing, .tensor: self = .other
    }
  }

  init(_ column: Column) {
    switch column.cells {
    case .int(let values): self = .int(.cells(values))
    case .float(let values): self = .float(.cells(values))
    case .bool(let values): self = .bool(.cells(values))
    case .time(let values): self = .time(.cells(values))
    case .text(let values): self = .text(TextLane(codes: .cells(values.codes), categories: values.categories))
    case .tensor: self = .other
    }
  }

  /// Numbers as floats; nil for what is no number.
  var floats: Lane<Double>? {
    switch self {
    case .int(let lane): lane.map(Double.init)
    case .float(let lane): lane
    default: nil
    }
  }
}

/// Texts by code, so that two are compared once for each pair of categories met and not once a row.
struct TextLane {
  let codes: Lane<Int32>
  let categories: [String]

  /// The text of a row that is present.
  subscript(row: Int) -> String { categories[Int(codes[row])] }
}

/// The rows of two operands.
struct Rows {
  let count: Int
  let validity: Validity?

  /// - Throws: `lengthsDiffer`; `badOperands` when neither is a column.
  init(_ a: Operand, _ b: Operand, _ operation: String) throws(DataError) {
    if let left = a.count, let right = b.count, left != right {
      throw .lengthsDiffer(operation: operation, left: left, right: right)
    }
    guard let count = a.count ?? b.count else {
      throw .badOperands(operation: operation, left: a.kindName, right: b.kindName)
    }
    self.count = count
    validity = a.isMissingScalar || b.isMissingScalar
      ? Validity(count: count, allPresent: count == 0) : Validity.both(a.validity, b.validity)
  }

  /// A value for each row that is present; `blank` stands under the others.
  func map<Value>(_ blank: Value, _ value: (Int) throws(DataError) -> Value) throws(DataError) -> [Value] {
    var values = Array(repeating: blank, count: count)
    if let validity {
      for row in 0..<count where validity[row] { values[row] = try value(row) }
    } else {
      for row in 0..<count { values[row] = try value(row) }
    }
    return values
  }
}
