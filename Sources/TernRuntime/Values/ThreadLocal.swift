import Glibc

/// A value each thread has its own of, made when first asked for.
/// `@unchecked Sendable`: the key is immutable and the stored object never leaves its thread.
package final class ThreadLocal<T: AnyObject>: @unchecked Sendable {
  private var key = pthread_key_t()
  private let make: @Sendable () -> T

  package init(_ make: @escaping @Sendable () -> T) {
    self.make = make
    pthread_key_create(&key) { pointer in
      if let pointer { Unmanaged<AnyObject>.fromOpaque(pointer).release() }
    }
  }

  package var value: T {
    if let pointer = pthread_getspecific(key) { return Unmanaged<T>.fromOpaque(pointer).takeUnretainedValue() }
    let new = make()
    pthread_setspecific(key, Unmanaged.passRetained(new as AnyObject).toOpaque())
    return new
  }
}
