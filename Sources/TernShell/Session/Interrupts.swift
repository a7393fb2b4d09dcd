internal import CTernKernels
internal import Glibc

/// Ctrl-C: the first asks the machine to stop, a second one within a second ends the process.
package enum Interrupts {
  package static let exitCode: Int32 = 130

  package static func install() {
    lastSecond.initialize(to: timespec())
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let before = lastSecond.pointee
      lastSecond.pointee = now
      let since = (now.tv_sec - before.tv_sec) * 1000 + (now.tv_nsec - before.tv_nsec) / 1_000_000
      if before.tv_sec != 0, since < 1000, tern_interrupt_raised() != 0 { _exit(Interrupts.exitCode) }
      tern_interrupt(1)
    }
    sigaction(SIGINT, &action, nil)
  }
}

/// When the last one came. Made before the handler is, which may only touch what is there.
private nonisolated(unsafe) let lastSecond = UnsafeMutablePointer<timespec>.allocate(capacity: 1)
