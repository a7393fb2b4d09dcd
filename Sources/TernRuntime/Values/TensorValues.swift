import Glibc
import TernTensor

/// What texts, equality and order ask of a tensor.
enum TensorValues {
  /// Rows to show before the middle is left out.
  private static let rowLimit = 60
  /// Wide enough that nothing is left out.
  private static let everything = 1 << 40

  static func cellText(_ tensor: Tensor, width: Int) -> String { tensor.text(width: width, maxRows: rowLimit) }
  static func printed(_ tensor: Tensor) -> String { tensor.text(width: everything, maxRows: everything) }
  static func inlineText(_ tensor: Tensor, isWhole: Bool) -> String { tensor.inlineText(limit: isWhole ? everything : 1000) }

  /// The number of a tensor without axes.
  static func number(of tensor: Tensor) -> Scalar? { tensor.rank == 0 ? tensor.scalar : nil }

  /// Equal element by element, whatever the dtypes and names.
  static func areEqual(_ a: Tensor, _ b: Tensor) -> Bool {
    guard a.shape == b.shape, !a.isUnknown, !b.isUnknown else { return false }
    if a.dtype == b.dtype && !a.dtype.isFloat { return memcmp(a.data, b.data, a.count * a.dtype.size) == 0 }
    for index in 0..<a.count where !areEqual(a.element(index), b.element(index)) { return false }
    return true
  }

  static func haveSameType(_ a: Tensor, _ b: Tensor) -> Bool { a.dtype == b.dtype && names(of: a) == names(of: b) }

  private static func names(of tensor: Tensor) -> [String?] {
    tensor.axisNames ?? Array(repeating: nil, count: tensor.rank)
  }

  private static func areEqual(_ a: Scalar, _ b: Scalar) -> Bool {
    if case .int(let x) = a, case .int(let y) = b { return x == y }
    return a.double == b.double
  }

  /// A few numbers that equal tensors have in common, for hashes.
  static func sample(_ tensor: Tensor) -> [Double] {
    (0..<min(tensor.count, 8)).map { tensor.element($0).double }
  }
}

extension Value {
  /// Is there a tensor in it that is known by its type alone?
  package var holdsUnknown: Bool {
    switch self {
    case .tensor(let tensor): tensor.isUnknown
    case .list(let list): list.values.contains { $0.holdsUnknown }
    case .record(let record): (0..<record.count).contains { record.items[$0].holdsUnknown }
    case .model(let model): (0..<model.count).contains { model.items[$0].holdsUnknown }
    default: false
    }
  }
}
