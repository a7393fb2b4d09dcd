import CTernKernels

/// The machine below: instruction sets, threads, interrupts.
package enum Kernels {
  package enum InstructionSet: CaseIterable, Sendable {
    case base, avx2, avx512

    fileprivate var code: tern_isa {
      switch self {
      case .base: TERN_ISA_BASE
      case .avx2: TERN_ISA_AVX2
      case .avx512: TERN_ISA_AVX512
      }
    }
    package var isSupported: Bool { tern_isa_supported(code) != 0 }
  }

  /// The table in use. Setting one that this machine cannot run changes nothing.
  package static var instructionSet: InstructionSet {
    get { InstructionSet.allCases.first { $0.code == tern_isa_active() } ?? .base }
    set { tern_isa_force(newValue.code) }
  }

  /// Makes this thread the one whose kernels may use several threads. False when another thread has claimed it.
  @discardableResult
  package static func claimComputing() -> Bool { tern_compute_claim() != 0 }
  /// Makes this thread one that computes by itself: its kernels, and libraries they call, use no other.
  package static func computeAlone() { tern_compute_alone() }
  package static func releaseComputing() { tern_compute_release() }
  /// Threads a kernel called from here may use.
  package static var threadCount: Int { Int(tern_thread_count()) }

  /// Raised by a signal handler to stop long kernels, which then throw `interrupted`; whoever answers it lowers it.
  package static var isInterrupted: Bool {
    get { tern_interrupt_raised() != 0 }
    set { tern_interrupt(newValue ? 1 : 0) }
  }

  /// Who multiplies big matrices here: `oneDNN`, `OpenBLAS` or `own`.
  package static var matrixLibrary: String { String(cString: tern_matmul_library()) }
  /// Keeps matrix products away from libraries (for tests and measurements).
  package static func useOwnMatrixProduct(_ own: Bool) { tern_matmul_own(own ? 1 : 0) }

  /// Gives the memory this thread keeps for new tensors back to the system.
  package static func trimMemory() { tern_memory_trim() }
}
