package import TernTensor

/// A value a script can hold: sixteen bytes, one payload word and a tag. Scalars are inline, everything else is one
/// reference. Library code sees this enum under ARC; the machine's loop also looks at a register as raw bits and a tag
/// (see `Registers`), which relies on the order of the cases: numbers first, then the heap kinds, then `none`.
package enum Value {
  case int(Int)
  case float(Double)
  case bool(Bool)
  /// Nanoseconds.
  case duration(Int)
  /// Bytes.
  case size(Int)
  /// Nanoseconds since 1970-01-01 UTC.
  case time(Int)
  /// No value yet: an absent argument, a top-level name before its line has run, a parameter before `init`.
  case unset(Int)
  case string(StringObject)
  case list(ListObject)
  case record(RecordObject)
  case range(RangeObject)
  case function(Closure)
  case builtin(Builtin)
  case type(TypeObject)
  case model(ModelObject)
  case tensor(Tensor)
  case foreign(Foreign)
  case none
}

/// The tags behind `Value`'s cases, in their order.
enum Tag {
  static let int: UInt8 = 0
  static let float: UInt8 = 1
  static let bool: UInt8 = 2
  static let unset: UInt8 = 6
  static let string: UInt8 = 7
  static let list: UInt8 = 8
  static let record: UInt8 = 9
  static let function: UInt8 = 11
  static let builtin: UInt8 = 12
  static let model: UInt8 = 14
  static let tensor: UInt8 = 15
  static let foreign: UInt8 = 16
  static let none: UInt8 = 17
  /// Heap kinds are the `heapCount` tags from `heapStart` on.
  static let heapStart: UInt8 = 7
  static let heapCount: UInt8 = 10
}

extension Value {
  package static var absent: Value { .unset(0) }

  package static func string(_ text: String) -> Value { .string(StringObject(text)) }
  package static func list(_ items: some Collection<Value>) -> Value { .list(ListObject(items)) }

  package var isUnset: Bool {
    if case .unset = self { true } else { false }
  }

  package var isNone: Bool {
    if case .none = self { true } else { false }
  }

  /// The kind's name, as `kind(x)` gives it.
  package var kind: String {
    switch self {
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .duration: "duration"
    case .size: "size"
    case .time: "time"
    case .unset: "nothing yet"
    case .string: "str"
    case .list: "list"
    case .record: "record"
    case .range: "range"
    case .function, .builtin: "fn"
    case .type: "type"
    case .model: "model"
    case .tensor: "tensor"
    case .foreign(let foreign): foreign.value.kind
    case .none: "none"
    }
  }

  /// The kind with what tells it apart, for messages: `f32[2, 3]`, `list of 4`.
  package var description: String {
    switch self {
    case .tensor(let tensor): tensor.typeText
    case .list(let list): list.count == 0 ? "an empty list" : "a list of \(list.count)"
    case .record(let record): "a record of \(record.count)"
    case .none: "none"
    case .unset: "nothing yet"
    case .int: "an int"
    case .foreign(let foreign): foreign.value.described
    default: "a \(kind)"
    }
  }
}
