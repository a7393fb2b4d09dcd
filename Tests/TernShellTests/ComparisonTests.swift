import TernShell
import Testing

@Suite("Recorded outputs") struct ComparisonTests {
  @Test("agree within one unit of the last printed digit", arguments: [
    ("3.14", "3.15"), ("loss 0.21", "loss 0.20"), ("1e-05", "1e-05"), ("95.0%", "95.1%"), ("[0.32142857, 1.0]", "[0.3214286, 1.0]"),
    ("0.1", "0.10000001"), ("10.2", "10.199999999999999"), ("0.0", "5.9604645e-08"),
  ])
  func close(_ recorded: String, _ now: String) { #expect(Comparison().agree(recorded, now)) }

  @Test("differ when numbers are further apart, or something else is", arguments: [
    ("3.14", "3.16"), ("3", "4"), ("1.0", "1"), ("f32[2]", "f32[3]"), ("\"a1\"", "\"a2\""), ("0.0", "0.0317"), ("nan", "0.0"),
    ("x = 1.0", "y = 1.0"), ("1.0 2.0", "1.0"),
  ])
  func apart(_ recorded: String, _ now: String) { #expect(!Comparison().agree(recorded, now)) }

  @Test("are loosened by a tolerance") func tolerance() {
    #expect(Comparison(tolerance: 0.01).agree("0.500 km 347", "0.505 km 346"))
    #expect(!Comparison(tolerance: 0.01).agree("0.500", "0.520"))
    #expect(!Comparison(tolerance: 0.01).agree("0.500 a", "0.500 b"))
  }

  @Test("keep their columns apart from their numbers") func columns() {
    #expect(Comparison().agree("  1.0  -0.25", "  1.0  -0.2500001"))
    #expect(Comparison().agree("   0.5  2.0", "   0.49999997  2.0"))
  }

  @Test("are lines without codes for a terminal") func recordableLines() {
    #expect(recordable("a\n\nb  \n") == ["a", "", "b"])
    #expect(recordable("\u{1B}[31mred\u{1B}[0m\n") == ["red"])
    #expect(recordable("") == [])
    #expect(recordable("\n") == [""])
  }
}
