internal import CTernKernels
internal import CTernStdlib

/// What this binary is.
package enum About {
  /// `tern 0.1.0 (1a2b3c4), AVX-512, 2 threads`
  package static var version: String {
    "tern \(number) (\(commit)), \(instructionSet), \(threads) thread\(threads == 1 ? "" : "s")"
  }

  package static let number = "0.1.0"
  package static var commit: String { String(cString: tern_commit()) }
  private static var threads: Int { Int(tern_thread_count()) }

  private static var instructionSet: String {
    switch tern_isa_active() {
    case TERN_ISA_AVX512: "AVX-512"
    case TERN_ISA_AVX2: "AVX2"
    default: "baseline"
    }
  }
}
