import TernData
import Testing

@Suite("Tables as text") struct TextTests {
  @Test("the penguins at 80 columns") func penguins() throws {
    #expect(TableText(try shipped("penguins.csv").table()).text == """
      dataset  344 rows × 8 columns
        species  island     bill_length_mm  bill_depth_mm  flipper_length_mm
        str      str                 float          float                int
                                 2 missing      2 missing          2 missing
        Adelie   Torgersen            39.1           18.7                181
        Adelie   Torgersen            39.5           17.4                186
        Adelie   Torgersen            40.3           18.0                195
        Adelie   Torgersen               ·              ·                  ·
        Adelie   Torgersen            36.7           19.3                193
        ⋮ 339 more rows
        + body_mass_g int (2 missing), sex str (11 missing), year int
      """)
  }

  @Test("in ASCII") func ascii() throws {
    let t = try table(("x", .float([1, nil])), ("é", .text(["ü\n", nil])))
    #expect(TableText(t, style: TextStyle(ascii: true)).text == """
      dataset  2 rows x 2 columns
                x  ?
            float  str
        1 missing  1 missing
              1.0  ?\\n
               NA  NA
      """)
  }

  @Test("many columns end in a count") func wide() throws {
    let lines = TableText(try shipped("digits.csv.gz", header: false).table()).lines
    #expect(lines.first == "dataset  1797 rows × 65 columns")
    #expect(lines.suffix(2) == [
      "    c24 int, c25 int, c26 int, c27 int, c28 int, c29 int, c30 int, c31 int,",
      "    c32 int, c33 int, c34 int, c35 int, c36 int, c37 int, c38 int, … 26 more",
    ])
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test("data cannot move the cursor or break the grid") func control() throws {
    let text = TableText(try table(("a\u{1b}[2J", .text(["\u{1b}]0;x\u{7}\r\n", String(repeating: "長", count: 40)])))).text
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(text.split(separator: "\n").count == 5)
  }

  @Test("numbers line up") func numbers() throws {
    let t = try table(("x", .float([0.5, 12.25, 1e-9, .infinity, -3])), ("y", .float([1e12, 0, .nan, 4_201.754385964912, 1.7976931348623157e308])))
    #expect(TableText(t, style: TextStyle(showsTypes: false)).lines.dropFirst() == [
      "      x             y",
      "   0.50         1e+12",
      "  12.25          0.00",
      "  1e-09           nan",
      "    inf       4201.75",
      "  -3.00  1.79769e+308",
    ])
  }

  @Test("empty tables") func empty() throws {
    #expect(TableText(try Table([])).text == "dataset  0 rows × 0 columns")
    #expect(TableText(try table(("a", .int([] as [Int])))).text == "dataset  0 rows × 1 column\n    a\n  int")
  }

  @Test("describe") func describe() throws {
    let text = TableText(try Describe.table(try shipped("penguins.csv").table()), title: "describe", style: TextStyle(width: 120, rows: 20, showsTypes: false)).text
    #expect(text == """
      describe  8 rows × 10 columns
        column             type   count  missing     mean      std     min   median     max  top
        species            str      344        0        ·        ·       ·        ·       ·  Adelie
        island             str      344        0        ·        ·       ·        ·       ·  Biscoe
        bill_length_mm     float    342        2    43.92    5.452    32.1    44.45    59.6  ·
        bill_depth_mm      float    342        2    17.15    1.972    13.1    17.30    21.5  ·
        flipper_length_mm  int      342        2   200.92   14.041   172.0   197.00   231.0  ·
        body_mass_g        int      342        2  4201.75  800.781  2700.0  4050.00  6300.0  ·
        sex                str      333       11        ·        ·       ·        ·       ·  male
        year               int      344        0  2008.03    0.817  2007.0  2008.00  2009.0  ·
      """)
  }

  @Test("a column alone") func column() throws {
    #expect(ColumnText(try shipped("penguins.csv").column("bill_length_mm")).text == """
      column of float  344 rows, 2 missing
      [39.1, 39.5, 40.3, ·, 36.7, 39.3, 38.9, 39.2, 34.1, 42.0, 37.8, 37.8, 41.1, …]
      """)
    #expect(ColumnText(.text(["a", nil])).lines == ["column of str  2 rows, 1 missing", "[a, ·]"])
    #expect(ColumnText(.int([] as [Int])).lines == ["column of int  0 rows", "[]"])
    #expect(ColumnText(.int(Array(0..<100)), style: TextStyle(width: 20)).lines.last == "[0, 1, 2, 3, 4, …]")
  }

  @Test("a recipe") func recipe() throws {
    let recipe = try Recipe([.init("species", [.label]), .init("bill_length_mm", [.impute(.mean), .standardize]), .init("body*", [.minMax])])
    #expect(recipe.lines() == [
      "recipe  3 steps, not fitted", "  species         label", "  bill_length_mm  impute(mean), standardize", "  body*           min_max",
    ])
    #expect(try recipe.fitted(on: shipped("penguins.csv").dropMissing().table()).lines() == [
      "recipe  3 columns, fitted", "  species         label (Adelie, Chinstrap, Gentoo)",
      "  bill_length_mm  impute (43.9928), standardize (mean 43.9928, std 5.4605)", "  body_mass_g     min_max (2700.0 to 6300.0)",
    ])
  }
}
