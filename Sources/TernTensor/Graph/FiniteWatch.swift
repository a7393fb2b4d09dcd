import Glibc

/// Finds the first operation that makes a number which is not finite of numbers that are. Off, it costs an operation one
/// branch; it is on while a step of training that went wrong is made again, one operation after another.
package enum FiniteWatch {
  /// Only the thread that turned it on is watched.
  nonisolated(unsafe) private static var owner: pthread_t?
  nonisolated(unsafe) static var isOn = false
  /// The primitive whose gradient is being computed.
  nonisolated(unsafe) static var pulling: String?

  /// Runs with every operation watched: the first one that goes wrong throws `notFinite`.
  package static func watching<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
    guard !isOn else { return try body() }
    owner = pthread_self()
    isOn = true
    defer {
      isOn = false
      owner = nil
      pulling = nil
    }
    return try body()
  }

  /// - Parameter number: a script number among the operands.
  @inline(never)
  static func check(_ op: String, _ operands: [Tensor], number: Double? = nil, _ out: Tensor) throws(TensorError) {
    guard let owner, pthread_equal(owner, pthread_self()) != 0, out.dtype.isFloat else { return }
    guard let bad = out.firstNonFinite, number?.isFinite ?? true, operands.allSatisfy({ $0.firstNonFinite == nil }) else { return }
    throw .notFinite(op: op, value: bad, type: out.typeText, gradientOf: pulling)
  }
}

extension Tensor {
  /// The first element that is infinite or no number; nil when there is none, or elements are not known.
  package var firstNonFinite: Double? {
    guard dtype.isFloat, !isUnknown else { return nil }
    switch dtype {
    case .f32:
      let values = UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count)
      return values.first { !$0.isFinite }.map(Double.init)
    case .f64: return UnsafeBufferPointer(start: data.assumingMemoryBound(to: Double.self), count: count).first { !$0.isFinite }
    default: return (0..<count).lazy.map { self.element($0).double }.first { !$0.isFinite }
    }
  }
}
