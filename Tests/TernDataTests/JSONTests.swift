import TernData
import Testing

@Suite("JSON") struct JSONTests {
  @Test("values", arguments: [
    ("null", JSONValue.null), ("true", .bool(true)), ("0", .int(0)), ("-9223372036854775808", .int(.min)), ("1.5e3", .number(1500)),
    ("9223372036854775808", .number(9223372036854775808)), (#""a\u00e9\n\ud83d\udc26""#, "aé\n🐦"), (" [1 , [ ] ] ", [.int(1), []]),
    (#"{"b": {}, "a": "x"}"#, ["b": [:], "a": "x"]),
  ] as [(String, JSONValue)])
  func values(_ text: String, _ value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: value.text()) == value)
    #expect(try JSONValue(parsing: value.text(indented: true)) == value)
  }

  @Test("faults", arguments: [
    "", "nul", "01", "1.", ".5", "+1", "-", "1e", "1e999", "\"a", "\"\u{1}\"", #""\x""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\u12g4""#,
    "[1,]", "[1 2]", "{1: 2}", #"{"a" 1}"#, #"{"a": 1,}"#, #"{"a": 1, "a": 2}"#, "[] []", "nan", "[", "{", "\u{0}",
  ])
  func faults(_ text: String) { #expect(throws: DataError.self) { try JSONValue(parsing: text) } }

  @Test("a fault has its place") func place() {
    #expect(throws: DataError.badJSON(line: 2, column: 8, reason: "this is no JSON value")) { try JSONValue(parsing: "{\n  \"é\": x}") }
  }

  @Test("depth and size have limits") func limits() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: DataError.badJSON(line: 1, column: 129, reason: "nested deeper than 128")) { try JSONValue(parsing: deep) }
    #expect(throws: DataError.self) { try JSONValue(parsing: "[1, 2]", limits: JSONLimits(bytes: 3)) }
  }

  @Test("text") func text() {
    let value: JSONValue = ["a": [.int(1), .number(0.1), .number(.nan)], "b\"\u{1}": [:]]
    #expect(value.text() == #"{"a":[1,0.1,null],"b\"\u0001":{}}"#)
    #expect(JSONValue.object([.init("a", [.int(1)])]).text(indented: true) == "{\n  \"a\": [\n    1\n  ]\n}")
  }

  @Test("no bytes trap") func hostile() {
    var random = SplitMix(state: 3)
    let seed = Array(#"{"columns": [{"name": "é\u00e9", "mean": -1.5e-3, "deep": [[], {}, null, true]}]}"#.utf8)
    for _ in 0..<10_000 {
      guard let value = try? JSONValue(parsing: mutated(seed, &random)) else { continue }
      #expect((try? JSONValue(parsing: value.text())) == value)
    }
  }
}
