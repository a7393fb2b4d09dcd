import Glibc
import TernData
import Testing

@Suite("CSV") struct CSVTests {
  @Test("types come from all cells of a column") func types() throws {
    let t = try csv("""
      i,f,b,d,s,none,mixed
      1,1,true,2013-01-01,x,,1
      -2,2.5,False,2013-01-01T06:00:00Z,NA,NA,2
      NA,1e3,,,"NA",,x
      """)
    #expect(t.columns.map(\.type) == [.int, .float, .bool, .time, .text, .float, .text])
    #expect(t.columns.map(\.missingCount) == [1, 0, 1, 1, 1, 3, 0])
    #expect(try t.column("f").allCells == [1, 2.5, 1000].map(Cell.float))
    #expect(try t.column("s").allCells == [.text("x"), .missing, .text("NA")])
    #expect(try t.column("mixed").allCells == ["1", "2", "x"].map(Cell.text))
  }

  @Test("identifiers keep their digits") func identifiers() throws {
    let t = try csv("zip,big,huge\n01234,9007199254740993,123456789012345678901\n99999,-9223372036854775808,1\n")
    #expect(t.columns.map(\.type) == [.text, .int, .text])
    #expect(try t.column("big").allCells == [.int(9_007_199_254_740_993), .int(.min)])
  }

  @Test("quotes, doubled quotes, newlines in cells, CRLF, blank lines, a byte order mark") func quoting() throws {
    let t = try csv("\u{feff}a,\"b \"\"c\"\"\"\r\n\"x,\r\ny\",1\r\n\r\n\"\"\"q\"\"\",2")
    #expect(t.names == ["a", "b \"c\""])
    #expect(try t.column("a").allCells == [.text("x,\r\ny"), .text("\"q\"")])
    #expect(try t.column("b \"c\"").allCells == [.int(1), .int(2)])
  }

  @Test("the separator is found", arguments: [("a;b\n1,5;2\n", 2), ("a\tb\n1\t2\n", 2), ("notes\na,b\n", 0), ("a,b;c\n1,2\n", 2)])
  func separator(_ text: String, _ columns: Int) {
    if columns == 0 {
      #expect(throws: DataError.raggedRow(path: "t.csv", line: 2, needed: 1, found: 2)) { try csv(text) }
    } else {
      #expect((try? csv(text).names.count) == columns)
    }
  }

  @Test("names are repaired") func names() throws {
    #expect(try csv("a,,a,a_2,c1\n1,2,3,4,5\n").names == ["a", "c1_2", "a_3", "a_2", "c1"])
    #expect(try csv("1,2\n3,4\n", header: false).names == ["c0", "c1"])
    #expect(try csv("1,2\n3,4\n", header: false).rowCount == 2)
    #expect(try csv("a,b\n").rowCount == 0)
  }

  @Test("faults have their line", arguments: [
    ("a,b\n1,2\n3\n", DataError.raggedRow(path: "t.csv", line: 3, needed: 2, found: 1)),
    ("a,b\n\"1\n\n\",2\n3,4,5\n", .raggedRow(path: "t.csv", line: 5, needed: 2, found: 3)),
    ("a\n\"x", .unclosedQuote(path: "t.csv", line: 2)),
    ("a\n\"x\"y\n", .textAfterQuote(path: "t.csv", line: 2)),
    ("", .emptyFile(path: "t.csv")), ("\n\n", .emptyFile(path: "t.csv")), ("a\nx\u{0}y", .notUTF8(path: "t.csv", line: 2)),
  ])
  func faults(_ text: String, _ error: DataError) { #expect(throws: error) { try csv(text) } }

  @Test("a separator that a cell may hold", arguments: [34, 10, 13, 0, 200] as [UInt8]) func badSeparator(_ byte: UInt8) {
    #expect(throws: DataError.badArgument(name: "separator", reason: "a cell may hold it")) { try csv("a\n1\n", separator: byte) }
  }

  @Test("bytes that are not UTF-8 are refused with their line", arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]] as [[UInt8]])
  func utf8(_ bytes: [UInt8]) {
    let file = FileBytes(path: "t.csv", bytes: Array("a\nb\n".utf8) + bytes)
    #expect(throws: DataError.notUTF8(path: "t.csv", line: 3)) { try CSVReader.table(file) }
  }

  @Test("numbers are read to the last bit") func numbers() throws {
    let texts = ["0.1", "-0.0", "4.9406564584124654e-324", "1.7976931348623157e308", "123456789.123456789", "9007199254740993.0", "1e400", "-inf", ".5", "5.", "3.14159265358979323846"]
    let t = try csv("x\n" + texts.joined(separator: "\n"))
    let expected = [0.1, -0.0, .leastNonzeroMagnitude, 1.7976931348623157e308, 123456789.123456789, 9007199254740992, .infinity, -.infinity, 0.5, 5, .pi]
    guard case .float(let values) = try t.column("x").cells else { return #expect(Bool(false)) }
    #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test("what is written reads back") func roundTrip() throws {
    let t = try table(
      ("i", .int([1, nil, -3])), ("f", .float([0.1, 1e300, nil])), ("b", .bool([true, nil, false])),
      ("s", .text(["", "NA", nil])), ("q", .text(["a \"b\"", "x,y\nz", " é "])), ("d", .time([0, 1, 1_357_020_000_000_000_000])))
    let back = try CSVReader.table(FileBytes(path: "t", bytes: try CSVWriter.bytes(of: t)))
    #expect(back.names == t.names)
    for name in t.names { #expect(try back.column(name).allCells == t.column(name).allCells, "\(name)") }
    let lone = try table(("x", .int([1, nil])))
    #expect(try CSVReader.table(FileBytes(path: "t", bytes: try CSVWriter.bytes(of: lone))).column("x").allCells == [.int(1), .missing])
  }

  @Test("only the wanted columns are made") func columns() throws {
    let t = try CSVReader.table(file("a,b,c\n1,2,3\n"), columns: ["c", "a"])
    #expect(t.names == ["c", "a"])
    #expect(throws: DataError.unknownColumn(name: "x", known: ["a", "b", "c"])) { try CSVReader.table(file("a,b,c\n"), columns: ["x"]) }
  }

  @Test("the penguins") func penguins() throws {
    let t = try shipped("penguins.csv").table()
    #expect(t.rowCount == 344)
    #expect(t.columns.map(\.type.name) == ["str", "str", "float", "float", "int", "int", "str", "int"])
    #expect(t.columns.map(\.missingCount) == [0, 0, 2, 2, 2, 2, 11, 0])
    let bill = try t.column("bill_length_mm")
    #expect(try bill.aggregate(.mean) == Aggregate(value: .float(43.9219298245614), skipped: 2))
    #expect(try bill.aggregate(.std).value.number.map { abs($0 - 5.4515960231618195) < 1e-12 } == true)
    #expect(try bill.aggregate(.median).value == .float(44.45))
  }

  @Test("the digits, from gzip") func digits() throws {
    let t = try shipped("digits.csv.gz", header: false).table()
    #expect(t.rowCount == 1797 && t.names.count == 65 && t.names.last == "c64")
    #expect(t.columns.allSatisfy { $0.type == .int })
  }

  @Test("a file with quotes and commas") func raw() throws {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let t = try CSVReader.table(FileBytes(reading: "/\(tests)/Data/penguins-raw.csv"))
    #expect(t.rowCount == 344 && t.names.count == 17)
    #expect(try t.column("Stage")[0] == .text("Adult, 1 Egg Stage"))
    #expect(try t.column("Date Egg").type == .time)
    #expect(t.columns.map(\.missingCount) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 11, 14, 13, 290])
  }

  /// Prints how fast a large file is read. For release builds: `TERN_BENCH=1 swift test -c release --filter CSVTests`.
  @Test("speed", .enabled(if: getenv("TERN_BENCH") != nil)) func speed() throws {
    let lines = (0..<1_000_000).map { "\($0),\(Double($0) / 7),\(Double($0 % 1000) / 10),row \($0 % 5000),true,2013-01-\(10 + $0 % 20)T06:00:00Z" }
    let file = file("id,third,tenth,word,flag,time\n" + lines.joined(separator: "\n"))
    for _ in 0..<3 {
      let clock = ContinuousClock()
      var table: Table?
      let time = try clock.measure { table = try CSVReader.table(file) }
      let writing = try clock.measure { _ = try table.map { try CSVWriter.bytes(of: $0) } }
      print("CSV written: \(Double(file.bytes.count) / 1e6 / (writing / .seconds(1))) MB/s")
      print("CSV: \(file.bytes.count / 1_000_000) MB in \(time), \(Double(file.bytes.count) / 1e6 / (time / .seconds(1))) MB/s, \(table?.rowCount ?? 0) rows")
    }
  }

  @Test("lines of nothing but commas end soon") func commas() throws {
    let many = String(repeating: ",", count: 2_000_000)
    #expect(throws: DataError.self) { try csv(many) }
    #expect(throws: DataError.raggedRow(path: "t.csv", line: 2, needed: 2, found: 2_000_001)) { try csv("a,b\n\(many)\n") }
    let names = try csv(String(repeating: "a,", count: 50_000) + "a\n").names
    #expect(names.count == 50_001 && names.last == "a_50001")
  }

  @Test("no bytes trap", arguments: 0..<8 as Range<UInt64>) func hostile(_ seed: UInt64) {
    var random = SplitMix(state: seed)
    let seeds = ["a,b,c\n1,2.5,x\n\"q\"\"\",NA,2013-01-01\n", "x;y\r\n-9223372036854775808;1e5\r\n", "t\n2013-01-01T06:00:00Z\ntrue\n"]
    for _ in 0..<1500 {
      let bytes = mutated(Array(seeds.randomElement(using: &random)?.utf8 ?? "".utf8), &random)
      guard let table = try? CSVReader.table(FileBytes(path: "t", bytes: bytes)) else { continue }
      _ = TableText(table).text
      _ = try? Describe.table(table)
      _ = try? CSVWriter.bytes(of: table)
    }
  }
}
