import TernData
import Testing

@Suite("JSON") struct JSONValueTests {
  @Test("is read and written back as it was", arguments: [
    "null", "true", "0", "-7", "1.5", "1e+300", "-0.0", "\"\"", "[]", "{}", "[1,[2,[3]]]",
    #"{"b":1,"a":[true,null,"x"],"odd key":{}}"#, #""tab\t quote\" slash\\ bell\u0007 é 🐦""#,
    "9223372036854775807", "-9223372036854775808",
  ])
  func roundTrip(_ text: String) throws { #expect(try JSONValue(parsing: text).text == text) }

  @Test("keeps whole numbers apart from the rest") func numbers() throws {
    #expect(try JSONValue(parsing: " 1 ") == .int(1))
    #expect(try JSONValue(parsing: "1.0") == .double(1))
    #expect(try JSONValue(parsing: "18446744073709551615") == .double(0x1p64))
    #expect(JSONValue.double(.nan).text == "null")
    guard case .double(let zero) = try JSONValue(parsing: "-0") else { throw JSONTestFailure() }
    #expect(zero.sign == .minus)
  }

  @Test("reads escapes and surrogate pairs") func escapes() throws {
    #expect(try JSONValue(parsing: #""\ud83d\udc26\u00e9\/\b\f\n\r\t""#) == .string("🐦é/\u{8}\u{C}\n\r\t"))
  }

  @Test("says what is wrong and where", arguments: [
    ("", .unexpectedEnd, 0), ("[1", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3), ("[1,]", .unexpectedByte(93), 3),
    ("{a:1}", .unexpectedByte(97), 1), ("01", .textAfterEnd, 1), ("1.", .badNumber, 0), ("-", .badNumber, 0),
    ("1e999", .numberTooLarge, 0), (#""\x""#, .badEscape, 2), (#""\ud83d""#, .loneSurrogate, 3),
    (#""\udc26\ud83d""#, .loneSurrogate, 3), ("\"a\nb\"", .controlCharacter, 2), (#"{"a":1,"a":2}"#, .duplicateName("a"), 7),
  ] as [(String, JSONError.Reason, Int)])
  func refusals(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test("refuses text that is not UTF-8") func notUTF8() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
  }

  @Test("refuses depth without using the stack up") func depth() {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    #expect(error?.reason == .tooDeep(limit: JSONValue.depthLimit))
    let deepest = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(throws: Never.self) { try JSONValue(parsing: deepest) }
  }

  @Test("finds a repeated name among many") func manyNames() {
    let members = (0..<40).map { "\"k\($0)\":\($0)" } + ["\"k3\":0"]
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members.joined(separator: ","))}") }
    #expect(error?.reason == .duplicateName("k3"))
  }

  @Test("answers any bytes, and writes what it read so that it reads the same") func fuzz() throws {
    let seeds = [
      #"{"a":[1,-2.5e3,true,false,null,"x\u00e9\ud83d\udc26\n"],"b":{"c":{}}}"#, #"[[[[0.1,1e10]]],"\\\"/"]"#,
    ].map { Array($0.utf8) }
    var generator = SplitMix(state: 1)
    var accepted = 0
    for round in 0..<20_000 {
      let bytes = mutated(seeds[round % seeds.count], &generator)
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      accepted += 1
      let again = try JSONValue(parsing: value.text)
      #expect(again == value)
    }
    #expect(accepted > 100)
  }
}

private struct JSONTestFailure: Error {}
