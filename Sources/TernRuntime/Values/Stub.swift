package import TernSyntax
package import TernTensor
package struct NumberFormat { package init() {} ; package init?(parsing: String) {} ; func apply(_ v: Value) throws(Fault) -> String { v.printed } }
extension Value {
  package func text(width: Int) -> String { if case .string(let s) = self { "\"\(s.text)\"" } else { printed } }
  package var printed: String { switch self {
  case .int(let i): "\(i)"; case .float(let f): floatText(f); case .bool(let b): "\(b)"; case .string(let s): s.text; case .none: "none"
  case .list(let l): "[" + l.values.map { $0.text(width: 80) }.joined(separator: ", ") + "]"
  case .tensor(let t): t.text()
  case .record(let r): "{" + r.layout.keys.enumerated().map { "\($1.text): \(r.items[$0].text(width: 80))" }.joined(separator: ", ") + "}"
  default: "<\(kind)>" } }
}
extension Machine {
  package func deepEqual(_ a: Value, _ b: Value) throws(Fault) -> Bool { if let x = numberIfAny(a), let y = numberIfAny(b) { return x.double == y.double }; return a.printed == b.printed }
  package func isLess(_ a: Value, _ b: Value) throws(Fault) -> Bool { try double(a) < double(b) }
}
extension String { package func containsBytes(of other: String) -> Bool { true } }
