import CTernKernels
import Glibc

/// The one counter that tensors, strings, lists and graph buffers are charged to before they are made.
///
/// Small charges gather in a counter of their thread and cost a few instructions; the limit is then kept to within 256 KiB
/// a thread.
package enum MemoryBudget {
  package static func charge(_ bytes: Int) throws(TensorError) {
    if tern_charge(Int64(bytes)) != 0 { throw refusal(of: bytes) }
  }

  package static func refund(_ bytes: Int) { tern_refund(Int64(bytes)) }

  package static var used: Int { Int(tern_memory_used()) }

  package static var limit: Int {
    get { Int(tern_memory_limit()) }
    set { tern_memory_set_limit(Int64(newValue)) }
  }

  /// Sets the limit to 80 % of what this machine or its control group has.
  package static func useDefaultLimit() { limit = available / 5 * 4 }

  static func refusal(of bytes: Int) -> TensorError { .memoryLimit(asked: bytes, used: used, limit: limit) }

  private static var available: Int {
    let machine = max(sysconf(Int32(_SC_PHYS_PAGES)), 1) * max(sysconf(Int32(_SC_PAGESIZE)), 1)
    guard let group = controlGroupLimit, group > 0 else { return machine }
    return min(machine, group)
  }

  private static var controlGroupLimit: Int? {
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      guard let file = fopen(path, "r") else { continue }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 64)
      guard fgets(&line, 64, file) != nil else { continue }
      let digits = line.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8(bitPattern: $0) }
      if let limit = Int(String(decoding: digits, as: UTF8.self)) { return limit }
    }
    return nil
  }
}
