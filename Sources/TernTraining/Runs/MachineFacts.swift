internal import Glibc
package import TernData

/// The machine a run was made on.
package struct MachineFacts: Equatable, Sendable {
  /// As `Linux 6.1.0`.
  package var system: String
  /// As `x86_64`.
  package var architecture: String
  package var cores: Int
  package var memoryBytes: Int

  package init(system: String, architecture: String, cores: Int, memoryBytes: Int) {
    self.system = system
    self.architecture = architecture
    self.cores = cores
    self.memoryBytes = memoryBytes
  }

  package static var current: MachineFacts {
    var name = utsname()
    uname(&name)
    return MachineFacts(
      system: "\(text(of: &name.sysname)) \(text(of: &name.release))", architecture: text(of: &name.machine),
      cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)), memoryBytes: memory)
  }

  /// Bytes of memory in the machine; 0 when the system does not say.
  static var memory: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES)), size = sysconf(Int32(_SC_PAGESIZE))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return overflow ? 0 : max(0, bytes)
  }

  /// C's text in a field of fixed size.
  private static func text<Field>(of field: inout Field) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension MachineFacts {
  package var json: JSONValue {
    [
      "system": .string(system), "architecture": .string(architecture), "cores": .int(cores),
      "memory_bytes": .int(memoryBytes),
    ]
  }

  init?(json: JSONValue) {
    guard let system = json["system"]?.string, let architecture = json["architecture"]?.string,
      let cores = json["cores"]?.int, let memory = json["memory_bytes"]?.int
    else { return nil }
    self.init(system: system, architecture: architecture, cores: cores, memoryBytes: memory)
  }
}
