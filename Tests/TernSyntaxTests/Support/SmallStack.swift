import Glibc

/// Runs work on a thread with that small a stack, and waits: what recurses too deep crashes the test.
func onStack(ofKilobytes size: Int, _ work: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, size * 1024)
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(work)).toOpaque()
  let status = pthread_create(&thread, &attributes, { box in
    if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().work() }
    return nil
  }, box)
  precondition(status == 0)
  pthread_join(thread, nil)
}
