import Glibc

/// Products of f32 computed in bf16, twice as many at a time where the processor can: what they are made of is rounded to
/// eight bits, what they add up to is f32. Everything else stays as it is.
///
/// It is a choice of the code that runs, so that eager work, gradients and traces see the same products.
package enum ProductPrecision {
  /// Only the thread that asked for it.
  nonisolated(unsafe) private static var owner: pthread_t?
  nonisolated(unsafe) private static var isOn = false

  static var isNarrowing: Bool { isOn && owner.map { pthread_equal($0, pthread_self()) != 0 } == true }

  package static func narrowing<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
    guard !isOn else { return try body() }
    owner = pthread_self()
    isOn = true
    defer {
      isOn = false
      owner = nil
    }
    return try body()
  }

  /// Is a product so big in each direction that it saves more than rounding the operands costs, its own and its gradients'?
  static func narrows(_ a: Tensor, _ b: Tensor, _ turnLeft: Bool) -> Bool {
    guard a.dtype == .f32, b.dtype == .f32, a.rank >= 2, b.rank >= 2 else { return false }
    let left = (a.shape[a.rank - 2], a.shape[a.rank - 1]), size = b.shape[b.rank - 2] * b.shape[b.rank - 1]
    let m = Double(turnLeft ? left.1 : left.0), inner = turnLeft ? left.0 : left.1
    let k = Double(inner), n = Double(size / max(inner, 1))
    return m * n * k >= 0x1p21 && m * n * k >= 32 * (m * k + k * n + m * n)
  }
}
