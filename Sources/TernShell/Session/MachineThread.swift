internal import CTernKernels
internal import Glibc

/// The one thread that does the machine's work. Its stack is large, so that calls inside each other end in an error and not
/// in a crash; it is reserved, not used, until they go that deep.
package enum MachineThread {
  private static let stackSizes = [2 << 30, 1 << 30, 256 << 20, 64 << 20]

  /// Runs `work` there and gives its exit code.
  package static func run(_ work: @escaping @Sendable () -> Int32) -> Int32 {
    let job = Job(work)
    for size in stackSizes {
      if let thread = start(job, stack: size) {
        pthread_join(thread, nil)
        return job.exitCode
      }
    }
    return work()
  }

  private static func start(_ job: Job, stack: Int) -> pthread_t? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, stack) == 0 else { return nil }
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(job)
    let status = pthread_create(&thread, &attributes, { argument in
      guard let argument else { return nil }
      let job = Unmanaged<Job>.fromOpaque(argument).takeRetainedValue()
      Interrupts.leaveToWaitingThread()
      _ = tern_compute_claim()
      job.exitCode = job.work()
      return nil
    }, handle.toOpaque())
    if status != 0 { handle.release() }
    return status == 0 ? thread : nil
  }

  /// Written by the thread, read after it has ended.
  private final class Job: @unchecked Sendable {
    let work: @Sendable () -> Int32
    var exitCode: Int32 = 0
    init(_ work: @escaping @Sendable () -> Int32) { self.work = work }
  }
}
