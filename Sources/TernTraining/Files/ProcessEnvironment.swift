internal import Glibc

/// The variables this process was started with.
package enum ProcessEnvironment {
  package static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
