internal import Glibc
internal import Synchronization
internal import TernTensor

/// Threads that compute beside the machine's own, inside one process.
///
/// Each runs kernels and plans alone: neither they nor the libraries they call open a team of threads. They are made when
/// first needed and wait for work until the process ends, so that what a library keeps for a thread is kept.
package final class WorkerPool: @unchecked Sendable {  // its workers change only in `turn`, and each has a lock of its own
  package static let shared = WorkerPool()

  private var workers: [Worker] = []
  /// Who hands out work: one at a time.
  private let turn = Mutex(())

  /// More than any machine this runs on has cores.
  package static let limit = 256

  /// Has the task done once with each number below `count`, each on a thread of its own, and waits for all of them.
  package func run(_ count: Int, _ task: any WorkerTask) {
    turn.withLock { _ in
      while workers.count < min(count, WorkerPool.limit) { workers.append(Worker()) }
      for (number, worker) in workers.prefix(count).enumerated() { worker.begin(task, number) }
      for worker in workers.prefix(count) { worker.wait() }
    }
  }
}

/// Something that several threads do parts of at once. An object rather than a closure, so that nobody minds if a thread lets
/// go of it a moment after its part is done.
package protocol WorkerTask: AnyObject, Sendable {
  func work(_ number: Int)
}

/// One thread and the job it is at.
private final class Worker: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var job: (task: any WorkerTask, number: Int)?
  /// Made when nothing else could be: then the caller's thread does the work.
  private var hasThread = false

  private static let stackBytes = 16 << 20

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
    hasThread = start()
  }

  /// With every signal blocked: Ctrl-C is for the thread that waits.
  private func start() -> Bool {
    let masks = UnsafeMutablePointer<sigset_t>.allocate(capacity: 2)
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    sigfillset(masks)
    pthread_sigmask(SIG_SETMASK, masks, masks + 1)
    pthread_attr_init(attributes)
    pthread_attr_setstacksize(attributes, Worker.stackBytes)
    defer {
      pthread_sigmask(SIG_SETMASK, masks + 1, nil)
      pthread_attr_destroy(attributes)
      masks.deallocate()
      attributes.deallocate()
    }
    var thread: pthread_t = 0
    let own = Unmanaged.passRetained(self)
    let status = pthread_create(&thread, attributes, { context in
      guard let context else { return nil }
      Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().work()
      return nil
    }, own.toOpaque())
    if status != 0 { own.release() }
    return status == 0
  }

  private func work() -> Never {
    Kernels.computeAlone()
    while true {
      pthread_mutex_lock(lock)
      while job == nil { pthread_cond_wait(changed, lock) }
      let next = job
      pthread_mutex_unlock(lock)
      next?.task.work(next?.number ?? 0)
      pthread_mutex_lock(lock)
      job = nil
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(lock)
    }
  }

  func begin(_ task: any WorkerTask, _ number: Int) {
    guard hasThread else { return task.work(number) }
    pthread_mutex_lock(lock)
    job = (task, number)
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }

  func wait() {
    guard hasThread else { return }
    pthread_mutex_lock(lock)
    while job != nil { pthread_cond_wait(changed, lock) }
    pthread_mutex_unlock(lock)
  }
}
