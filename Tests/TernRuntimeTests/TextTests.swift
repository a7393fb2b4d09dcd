import Testing
import TernRuntime

extension RuntimeTests {
  @Suite("A value's text") struct TextTests {
    @Test("is how it would be written") func written() {
      let cases: [(Value, String)] = [
        (Value.none, "none"), (.bool(true), "true"), (.int(-7), "-7"), (.float(1), "1.0"), (.float(1e16), "1e+16"),
        (.string("a \"b\" {c}\n"), #""a \"b\" \{c}\n""#), (.string("\u{7}"), #""\u{7}""#),
        (.list([.int(1), .string("a"), .list([])]), #"[1, "a", []]"#),
        (.record(["a": .int(1), "odd key": .none, "": .int(2)]), #"{a: 1, "odd key": none, "": 2}"#),
        (.range(RangeObject(low: 0, high: 3)), "0..3"),
        (.range(RangeObject(low: 0, high: 3, isInclusive: true)), "0..=3"),
        (.range(RangeObject(low: 0, high: 10, step: 2)), "range(0, 10, step: 2)"),
        (.type(TypeObject(name: "f32", axes: [("row", 2), (nil, nil)])), "f32[row: 2, _]"),
      ]
      for (value, text) in cases { #expect(value.text() == text) }
    }

    @Test("of a quantity takes the largest unit that says it exactly") func quantity() {
      let cases: [(Value, String)] = [
        (Value.duration(5_000_000), "5ms"), (.duration(5_400_000_000_000), "1.5h"), (.duration(100_000_000_000), "100s"),
        (.duration(0), "0ms"), (.duration(-90_000_000_000), "-1.5min"), (.duration(1_234_567_891), "1.234567891s"),
        (.duration(7), "7ns"), (.size(64_000), "64kB"), (.size(1_234_567), "1.234567MB"), (.size(12), "12B"),
        (.duration(.min), "-9223372036.854775808s"),
      ]
      for (value, text) in cases { #expect(value.text() == text) }
    }

    @Test("of a string is raw when printed, quoted in a cell and inside a list") func strings() {
      #expect(Value.string("a\tb").printed == "a\tb")
      #expect(Value.string("a\tb").text() == #""a\tb""#)
      #expect(Value.list([.string("a")]).printed == #"["a"]"#)
    }

    @Test("leaves out what is long, but not in print") func long() {
      let list = Value.list((0..<1500).map(Value.int))
      #expect(list.text().hasSuffix("998, 999, … (1500 items)]"))
      #expect(list.printed.hasSuffix("1498, 1499]"))
    }

    @Test("of a list a million deep needs no deep stack") func deep() {
      #expect(Value.nested(1_000_000).printed == String(repeating: "[", count: 101) + "…" + String(repeating: "]", count: 101))
    }

    @Test("of a list with more items than atoms ends") func wide() {
      #expect(Value.doubled(60).text().utf8.count < 1 << 20)
    }
  }
}
