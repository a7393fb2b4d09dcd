import TernShell
import Testing

@Suite("Long lines") struct LongLineTests {
  @Test("break between items, and records have one each") func items() {
    #expect(LongLine.laidOut("[1, 2, 3]", width: 40) == "[1, 2, 3]")
    #expect(LongLine.laidOut("[10000, 20000, 30000, 40000]", width: 16) == "[10000, 20000,\n 30000, 40000]")
    #expect(LongLine.laidOut(#"[{a: 1, b: "x, {y"}, {a: 2, b: "]"}]"#, width: 24) == "[{a: 1, b: \"x, {y\"},\n {a: 2, b: \"]\"}]")
    #expect(LongLine.laidOut("f32[3]  [1.0, 2.0, 3.0]", width: 12) == "f32[3]  [1.0, 2.0, 3.0]")
  }

  @Test("say how much is left out") func elided() {
    let many = "[" + (0..<100).map(String.init).joined(separator: ", ") + "]"
    #expect(LongLine.laidOut(many, width: 20, rows: 2) == "[0, 1, 2, 3, 4, 5,\n 6, 7, 8, 9, 10,\n … 89 more]")
    #expect(LongLine.laidOut("[1111111111, 2222222222, … (9 items)]", width: 14, rows: 1) == "[1111111111,\n … (9 items)]")
    let text = "\"" + String(repeating: "a", count: 1000) + "\""
    #expect(LongLine.laidOut(text, width: 20, rows: 3) == "\"" + String(repeating: "a", count: 39) + "…\" (1002 bytes)")
    #expect(LongLine.laidOut("[1, \(text)]", width: 20).utf8.count < 80)
  }
}
