import TernData
import TernSyntax
import TernTraining
import Testing

/// Texts and files of any bytes: read, or refused.
@Suite("No bytes trap", .serialized) struct BytesFuzz {
  @Test("in the lexer") func lexer() {
    Fuzz.run("lexer", 5000) { seed in
      let source = SourceText(name: "t", bytes: Self.text(seed))
      _ = describe(tokens: tokens(of: source), of: source)
    }
  }

  @Test("in the parser") func parser() {
    Fuzz.run("parser", 5000) { seed in
      let source = SourceText(name: "t", bytes: Self.text(seed))
      let tree = parse(source)
      _ = describe(tree)
      for diagnostic in tree.diagnostics { _ = DiagnosticRenderer(color: false, unicode: false).render(diagnostic) }
    }
  }

  /// A program, a spoiled one, or bytes that look like nothing.
  private static func text(_ seed: UInt64) -> [UInt8] {
    var generator = ProgramGenerator(seed: seed)
    var bytes: [UInt8]
    switch seed % 4 {
    case 0: bytes = Array(generator.program(statements: 3).utf8)
    case 1, 2: bytes = generator.spoiled(generator.program(statements: 3))
    default: bytes = (0..<generator.random.below(40)).map { _ in UInt8.random(in: 0 ... .max, using: &generator.random) }
    }
    if seed % 8 > 5 { bytes = generator.random.mutated(bytes, telling: "\"'{}[]()#%.:;\n\\=<>|") }
    Report.input(bytes)
    return bytes
  }

  @Test("of a CSV file") func csv() {
    let seeds = ["a,b,c\n1,2.5,x\n\"q\"\"\",NA,2013-01-01\n", "x;y\r\n-9223372036854775808;1e5\r\n", "t\n2013-01-01T06:00:00Z\ntrue\n", "a\tb\n1\t\n\t2\n"]
    fuzz("CSV", 3000, seeds.map { Array($0.utf8) }, telling: ",;\t\"\n\r-.eE0123456789NA:TZ") { bytes in
      guard let table = try? CSVReader.table(FileBytes(path: "t", bytes: bytes)) else { return }
      _ = TableText(table).text
      _ = try? Describe.table(table)
      _ = try? CSVWriter.bytes(of: table)
    }
  }

  @Test("of an IDX file") func idx() {
    let seeds: [[UInt8]] = [
      [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3], [0, 0, 0x0D, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0x80, 0x3F], [0, 0, 0x0B, 1, 0, 0, 0, 1, 0, 7], [0, 0, 0x0E, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    fuzz("IDX", 3000, seeds, telling: "\u{1}\u{2}\u{8}\u{9}\u{B}\u{C}\u{D}\u{E}") { bytes in _ = try? IDXReader.tensor(FileBytes(path: "t", bytes: bytes)) }
  }

  @Test("of a JSON text") func json() {
    let seeds = [#"{"a": [1, -2.5e3, true, null], "b": {"c": "d\u00e9\n"}}"#, "[[[]], {}, 1e400, 9223372036854775808]", #""\ud83d\ude00""#]
    fuzz("JSON", 3000, seeds.map { Array($0.utf8) }, telling: "[]{}\",:0-9.eE\\u dD8") { bytes in
      if let value = try? JSONValue(parsing: bytes) { _ = try? JSONValue(parsing: value.text) }
    }
  }

  @Test("of a safetensors header") func safetensors() {
    let header = #"{"__metadata__":{"k":"v"},"n":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"F64","shape":[],"data_offsets":[16,24]}}"#
    fuzz("safetensors", 3000, [Array(header.utf8)], telling: "[]{}\",:0123456789-.eE\\u ") { bytes in _ = try? SafetensorsHeader(parsing: bytes, dataBytes: 24) }
  }

  private func fuzz(_ name: String, _ count: Int, _ seeds: [[UInt8]], telling: String, _ read: ([UInt8]) -> Void) {
    Fuzz.run(name, count) { seed in
      var random = SeededGenerator(seed: seed)
      let bytes = random.mutated(random.pick(seeds), telling: telling)
      Report.input(bytes)
      read(bytes)
    }
  }
}
