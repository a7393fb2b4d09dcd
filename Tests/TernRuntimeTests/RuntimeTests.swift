import Testing
import TernRuntime

/// All suites of the runtime: one after the other, as records share their layouts and a machine is on one thread.
@Suite("The runtime", .serialized) enum RuntimeTests {}

extension Value {
  static func record(_ fields: KeyValuePairs<String, Value>) -> Value { .record(RecordObject(fields)) }

  static func nested(_ depth: Int) -> Value {
    var value = Value.list([])
    for _ in 0..<depth { value = .list([value]) }
    return value
  }

  /// A list that holds the one before it twice, so that it has 2^depth items.
  static func doubled(_ depth: Int, around core: Value = .int(1)) -> Value {
    var value = Value.list([core])
    for _ in 0..<depth { value = .list([value, value]) }
    return value
  }
}
