import TernData
package import TernRuntime
import TernSyntax
import TernTensor

// Operators where one side is a column: cell by cell beside a column or a cell; beside a tensor the column serves as one.

extension ColumnValue {
  package func operate(_ operation: ElementOperation, _ other: Value, isLeft: Bool) throws(Fault) -> Value? {
    switch operation {
    case .negate: return .column(try dataCall { try column.negated() })
    case .not: return .column(try dataCall { try column.not() })
    case .arithmetic(.matmul): return try operateAsTensor(operation, other, isLeft: isLeft)
    default: break
    }
    switch other {
    case .tensor(let tensor) where tensor.rank > 0 || isTensors || tensor.isTracked || tensor.isUnknown: return try operateAsTensor(operation, other, isLeft: isLeft)
    case .list(let list): return try operateBeside(list, operation, isLeft: isLeft)
    case .none:
      if case .compare(.equal) = operation { return .column(column.isMissing) }
      if case .compare(.notEqual) = operation { return .column(try dataCall { try column.isMissing.not() }) }
      return nil
    case .duration(let nanoseconds): return try shifted(operation, by: nanoseconds, isLeft: isLeft)
    default: break
    }
    if isTensors { return try operateAsTensor(operation, other, isLeft: isLeft) }
    guard let operand = Operand(other) else { return nil }
    return try combined(operation, isLeft ? .column(column) : operand, isLeft ? operand : .column(column)).map { .column($0) }
  }

  /// Its cells are tensors, which the tensor core calculates with.
  private var isTensors: Bool {
    if case .tensor = column.cells { true } else { false }
  }

  private func combined(_ operation: ElementOperation, _ a: TernData.Operand, _ b: TernData.Operand) throws(Fault) -> Column? {
    switch operation {
    case .arithmetic(let sign):
      guard let sign = ArithmeticOperator(rawValue: sign.rawValue) else { return nil }
      return try dataCall { try Column.arithmetic(sign, a, b) }
    case .compare(let sign):
      guard let sign = ComparisonOperator(rawValue: sign.rawValue) else { return nil }
      return try dataCall { try Column.comparison(sign, a, b) }
    case .and: return try dataCall { try Column.and(a, b) }
    case .or: return try dataCall { try Column.or(a, b) }
    case .not, .negate: return nil
    }
  }

  /// As tensors: the whole column on one side, `other` on the other.
  private func operateAsTensor(_ operation: ElementOperation, _ other: Value, isLeft: Bool) throws(Fault) -> Value? {
    guard let own = try tensor().map(Value.tensor) else { return nil }
    var other = other
    if case .foreign(let foreign) = other { other = try foreign.value.tensor().map(Value.tensor) ?? other }
    let (a, b) = isLeft ? (own, other) : (other, own)
    switch operation {
    case .arithmetic(let sign): return .tensor(try Tensors.arithmetic(sign, a, b))
    case .compare(let sign): return .tensor(try Tensors.comparison(sign, a, b))
    case .and: return .tensor(try Tensors.logic(.and, a, b))
    case .or: return .tensor(try Tensors.logic(.or, a, b))
    case .not, .negate: return nil
    }
  }

  /// A list beside a column is a column of its items.
  private func operateBeside(_ list: ListObject, _ operation: ElementOperation, isLeft: Bool) throws(Fault) -> Value? {
    let cells = try Column(.list(list), name: "the list", rows: nil)
    return try operate(operation, .column(cells), isLeft: isLeft)
  }

  /// Times and a duration: later or earlier times.
  private func shifted(_ operation: ElementOperation, by nanoseconds: Int, isLeft: Bool) throws(Fault) -> Value? {
    switch operation {
    case .arithmetic(.add): return .column(try dataCall { try column.shifted(by: nanoseconds) })
    case .arithmetic(.subtract) where isLeft && nanoseconds != Int.min:
      return .column(try dataCall { try column.shifted(by: -nanoseconds) })
    default: return nil
    }
  }
}
