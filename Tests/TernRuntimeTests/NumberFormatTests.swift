import Testing
import TernRuntime

extension RuntimeTests {
  @Suite("A number format") struct NumberFormatTests {
    @Test("fills in as Python does") func fills() throws {
      let cases: [(Value, String, String)] = [
        (Value.int(7), ".2", "7.00"), (.float(0.256), ".1%", "25.6%"), (.float(12345.678), "e", "1.234568e+04"),
        (.float(1234567.5), ",", "1,234,567.5"), (.int(-1234567), ",", "-1,234,567"), (.float(2.5), ".0", "2"),
        (.float(3.5), ".0", "4"), (.float(2.675), ".2", "2.67"), (.int(3), "8", "       3"), (.int(3), "<4", "3   "),
        (.string("a"), "^4", " a  "), (.string("añ"), ">4", "  añ"), (.bool(true), "6", "true  "),
        (.float(.infinity), ".2", "inf"), (.float(-.nan), ".1%", "nan%"), (.float(1e20), ",", "1e+20"), (.float(-0.001), ".2", "-0.00"),
      ]
      for (value, format, text) in cases { #expect(try #require(NumberFormat(parsing: format)).apply(value) == text) }
    }

    @Test("is refused when it is none", arguments: ["x", ".", "8.", "99999", ".2f", "+3", "e%", "<<3", "12345678901234567890", "٣"])
    func refused(_ text: String) { #expect(NumberFormat(parsing: text) == nil) }

    @Test("of decimals on text is an error") func text() throws {
      let format = try #require(NumberFormat(parsing: ".2"))
      let fault = #expect(throws: Fault.self) { try format.apply(.string("a")) }
      #expect(fault?.code.rawValue == "E0304")
    }

    @Test("writes the largest float with the most decimals") func longest() throws {
      let format = try #require(NumberFormat(parsing: ",.1000"))
      #expect(try format.apply(.float(-.greatestFiniteMagnitude)).utf8.count == 1 + 309 + 102 + 1 + 1000)
    }
  }
}
