import TernRuntime
import TernSyntax

/// An argument that is a record of settings, such as `stop: {patience: 5}`: each is asked by its name, and one that nothing
/// asks for is an error.
struct OptionRecord {
  let name: String
  private let record: RecordObject
  private let machine: Machine

  init(_ record: RecordObject, _ name: String, keys: [String], _ machine: Machine) throws(Fault) {
    (self.record, self.name, self.machine) = (record, name, machine)
    guard let odd = record.layout.keys.first(where: { !keys.contains($0.text) })?.text else { return }
    let near = didYouMean(odd, among: keys).map { "did you mean `\($0)`?" }
    throw Fault(.unknownKey, "`\(name)` has no setting `\(odd)`", hint: near ?? "it has \(keys.joined(separator: ", "))")
  }

  subscript(key: String) -> Value? {
    guard let value = record[key], !value.isNone else { return nil }
    return value
  }

  func has(_ key: String) -> Bool { self[key] != nil }

  /// An int of at least so much.
  func count(_ key: String, least: Int = 1) throws(Fault) -> Int? {
    guard let value = self[key] else { return nil }
    guard case .int(let count) = value, count >= least else { throw refusal(key, "an int from \(least) on", value) }
    return count
  }

  /// A number that is above 0, or at least 0.
  func amount(_ key: String, admitsZero: Bool = false) throws(Fault) -> Double? {
    guard let value = self[key] else { return nil }
    let number: Double
    switch value {
    case .int(let whole): number = Double(whole)
    case .float(let real): number = real
    default: throw refusal(key, "a number", value)
    }
    guard number.isFinite, number > 0 || admitsZero && number == 0 else { throw refusal(key, admitsZero ? "a number from 0 on" : "a number above 0", value) }
    return number
  }

  /// A length of time, in seconds.
  func seconds(_ key: String) throws(Fault) -> Double? {
    guard let value = self[key] else { return nil }
    guard case .duration(let nanoseconds) = value, nanoseconds >= 0 else { throw refusal(key, "a duration such as `10min`", value) }
    return Double(nanoseconds) / 1e9
  }

  func text(_ key: String) throws(Fault) -> String? {
    guard let value = self[key] else { return nil }
    guard case .string(let text) = value else { throw refusal(key, "a text", value) }
    return text.text
  }

  func flag(_ key: String) throws(Fault) -> Bool? {
    guard let value = self[key] else { return nil }
    guard case .bool(let flag) = value else { throw refusal(key, "a bool", value) }
    return flag
  }

  func refusal(_ key: String, _ needed: String, _ value: Value) -> Fault {
    Fault(.badArgument, "`\(name).\(key)` is \(needed); this is \(value.inline)")
  }
}
