import Testing
import TernRuntime

extension RuntimeTests {
  @Suite("A time's text") struct TimeTextTests {
    @Test("reads back", arguments: [
      "1970-01-01", "2026-01-31", "2024-02-29", "1700-03-01 00:00:01", "2026-01-31 12:30:05.25", "2262-04-11 23:47:16.854775807",
      "1677-09-21 00:12:43.145224192",
    ])
    func back(_ text: String) throws { #expect(TimeText.text(try #require(TimeText.parse(text))) == text) }

    @Test("may have a zone, or no seconds") func zones() {
      #expect(TimeText.parse("2026-01-31T12:30Z") == TimeText.parse("2026-01-31 12:30:00"))
      #expect(TimeText.parse("2026-01-31T01:30+02:00") == TimeText.parse("2026-01-30 23:30"))
      #expect(TimeText.parse("2026-01-31T12:30-0130") == TimeText.parse("2026-01-31 14:00"))
    }

    @Test("is refused when it is none", arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "2026-01-31T", "2026-01-31T24:00", "2026-01-31T12:60", "2026-01-31 12:30:05.",
      "2026-01-31x", "2263-01-01", "1677-09-20", "0001-01-01", "2026-1-31", "2262-04-11 23:47:16.854775808",
    ])
    func refused(_ text: String) { #expect(TimeText.parse(text) == nil) }
  }

  @Suite("Bytes of texts") struct BytesTests {
    @Test("are found where a part stands", arguments: [
      ("aaab", "aab", 1), ("abababac", "ababac", 2), ("añb", "b", 3), ("abc", "", 0), ("", "a", nil), ("ab", "abc", nil),
    ] as [(String, String, Int?)])
    func found(_ whole: String, _ part: String, _ offset: Int?) { #expect(whole.firstOffset(of: part) == offset) }

    @Test("are found in linear time") func linear() {
      let whole = String(repeating: "a", count: 1_000_000)
      #expect(whole.firstOffset(of: String(repeating: "a", count: 100_000) + "b") == nil)
    }

    @Test("are cut at separators") func pieces() {
      #expect("a,,b,".pieces(around: ",") == ["a", "", "b", ""])
      #expect("".pieces(around: ",") == [""])
    }
  }
}
