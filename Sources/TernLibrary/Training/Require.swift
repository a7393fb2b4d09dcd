import TernRuntime
import TernSyntax
import TernTensor

extension Training {
  static var atLeast: Builtin {
    Builtin(
      "at_least(x: number)", "A rule for `require`: not below `x`.", example: "at_least(0.95)\n#> {at_least: 0.95}"
    ) { call throws(Fault) in
      .record(RecordObject(["at_least": .float(try call.machine.double(call[0]))]))
    }
  }

  static var atMost: Builtin {
    Builtin(
      "at_most(x: number)", "A rule for `require`: not above `x`.", example: "at_most(0.1)\n#> {at_most: 0.1}"
    ) { call throws(Fault) in
      .record(RecordObject(["at_most": .float(try call.machine.double(call[0]))]))
    }
  }

  static var require: Builtin {
    Builtin(
      "require(report, labels: record = none)", "Raises an error unless the report's numbers keep the rules; else gives the report.",
      example: "require({accuracy: 0.97}, accuracy: at_least(0.95))\n#> {accuracy: 0.97}"
    ) { call throws(Fault) in
      guard case .record(let rules) = call[1] else { return call[0] }
      for (position, name) in rules.layout.keys.enumerated() {
        try Requirement(rules.items[position], name.text, call.machine).check(call[0], call.machine)
      }
      return call[0]
    }
  }
}

/// A bound on one number of a report.
private struct Requirement {
  private let name: String
  private let least: Double?
  private let most: Double?

  init(_ rule: Value, _ name: String, _ machine: Machine) throws(Fault) {
    self.name = name
    guard case .record(let bounds) = rule else {
      throw Fault(
        .badArgument, "`require` takes a rule as `\(name)`; this is \(rule.description)", hint: "`\(name): at_least(0.95)` is one")
    }
    least = if let bound = bounds["at_least"] { try machine.double(bound) } else { nil }
    most = if let bound = bounds["at_most"] { try machine.double(bound) } else { nil }
  }

  func check(_ report: Value, _ machine: Machine) throws(Fault) {
    let number = try machine.double(try field(of: report), "a number as `\(name)`")
    if let least, !(number >= least) { throw broken("\(name) is \(number.fixed(decimals: 4)); at least \(floatText(least)) is required") }
    if let most, !(number <= most) { throw broken("\(name) is \(number.fixed(decimals: 4)); at most \(floatText(most)) is required") }
  }

  private func broken(_ message: String) -> Fault { Fault(.requirement, message).atLabel(name) }

  private func field(of report: Value) throws(Fault) -> Value {
    switch report {
    case .record(let record): if let value = record[name] { return value }
    case .foreign(let foreign): if let value = try foreign.value.field(name) { return value }
    default: break
    }
    let near = didYouMean(name, among: names(of: report)).map { "did you mean `\($0)`?" }
    let all = names(of: report).isEmpty ? nil : "it has \(names(of: report).joined(separator: ", "))"
    throw Fault(.unknownField, "the report has no `\(name)`", hint: near ?? all).atLabel(name)
  }

  private func names(of report: Value) -> [String] {
    switch report {
    case .record(let record): record.layout.keys.map(\.text)
    case .foreign(let foreign): foreign.value.fieldNames
    default: []
    }
  }
}
