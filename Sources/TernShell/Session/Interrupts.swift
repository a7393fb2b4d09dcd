internal import CTernKernels
internal import Glibc

/// Ctrl-C: the first asks the machine to stop, a second one within a second ends the process.
///
/// The signal goes to the thread that waits for the machine's, never to one that computes: the generated code of a library's
/// matrix product does not survive a handler on its stack. While the machine's thread waits for input, the signal is passed on
/// to it, to end the read.
package enum Interrupts {
  package static let exitCode: Int32 = 130

  package static func install() {
    lastSecond.initialize(to: timespec())
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      if reader.pointee.isReading, pthread_equal(pthread_self(), reader.pointee.thread) == 0 {
        pthread_kill(reader.pointee.thread, SIGINT)
        return
      }
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let before = lastSecond.pointee
      lastSecond.pointee = now
      let since = (now.tv_sec - before.tv_sec) * 1000 + (now.tv_nsec - before.tv_nsec) / 1_000_000
      if before.tv_sec != 0, since < 1000, tern_interrupt_raised() != 0 { _exit(Interrupts.exitCode) }
      tern_interrupt(1)
    }
    reader.initialize(to: (pthread_self(), false))
    sigaction(SIGINT, &action, nil)
    // Whoever started this process may have blocked it.
    setBlocked(false)
  }

  /// Asked on the machine's thread, and by it for the threads it starts.
  static func leaveToWaitingThread() {
    setBlocked(true)
    reader.pointee.thread = pthread_self()
  }

  /// Waits for input in a way that Ctrl-C ends.
  static func whileReading<T>(_ body: () -> T) -> T {
    reader.pointee.isReading = true
    setBlocked(false)
    defer {
      setBlocked(true)
      reader.pointee.isReading = false
    }
    return body()
  }

  private static func setBlocked(_ isBlocked: Bool) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(isBlocked ? SIG_BLOCK : SIG_UNBLOCK, &signals, nil)
  }
}

/// When the last one came. Made before the handler is, which may only touch what is there.
private nonisolated(unsafe) let lastSecond = UnsafeMutablePointer<timespec>.allocate(capacity: 1)

/// The machine's thread, and whether it waits for input.
private nonisolated(unsafe) let reader = UnsafeMutablePointer<(thread: pthread_t, isReading: Bool)>.allocate(capacity: 1)
