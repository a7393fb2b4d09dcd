import Testing
import TernSyntax

@Suite("Tokens") struct TokenTests {
  private func kinds(_ text: String) -> [Token.Kind] { tokens(of: SourceText(name: "t", text: text)).map(\.kind).dropLast() }

  @Test("the longest sign wins") func signs() {
    #expect(kinds("... ..= .. . **= ** * //= // / |> => -> == != <= >=") == [
      .ellipsis, .rangeInclusive, .range, .dot, .powerAssign, .starStar, .star, .floorDivideAssign, .slashSlash, .slash, .pipe, .arrow,
      .resultArrow, .equal, .notEqual, .lessEqual, .greaterEqual,
    ])
    #expect(kinds("1..2") == [.int, .range, .int])
    #expect(kinds("1...2") == [.int, .ellipsis, .int])
    #expect(kinds("1.5.a") == [.float, .dot, .name])
  }

  @Test("words are Unicode letters, and keywords only where no field stands") func words() {
    #expect(kinds("größe 数据 _x x1 π") == [.name, .name, .name, .name, .name])
    #expect(kinds("r.in in") == [.name, .dot, .name, .in])
    #expect(kinds("model param state use") == [.name, .name, .name, .name])
    #expect(kinds("r\"a{\" r") == [.stringOpen, .stringText, .stringClose, .name])
  }

  @Test("a string is its pieces") func strings() {
    #expect(kinds("\"a {x:.2}\"") == [.stringOpen, .stringText, .fillOpen, .name, .fillFormat, .fillClose, .stringClose])
    #expect(kinds("\"{\"{x}\"}\"") == [
      .stringOpen, .fillOpen, .stringOpen, .fillOpen, .name, .fillClose, .stringClose, .fillClose, .stringClose,
    ])
    #expect(kinds("\"{f(a: {b: 1})}\"").filter { $0 == .fillFormat }.isEmpty)
  }

  @Test("ranges cover the text in order", arguments: 0..<40) func ranges(_ seed: UInt64) {
    var generator = ProgramGenerator(seed: seed)
    let source = SourceText(name: "t", text: generator.program())
    var end: UInt32 = 0
    for token in tokens(of: source) where !(token.kind == .stringText) {
      #expect(token.range.start >= end || token.kind == .newline)
      #expect(token.range.end >= token.range.start && Int(token.range.end) <= source.bytes.count)
      end = token.range.end
    }
  }

  @Test("numbers", arguments: [
    ("42", "42"), ("48_211", "48211"), ("0xff", "255"), ("0xFF_FF", "65535"), ("1e-3", "0.001"), ("1.5", "1.5"), ("5ms", "5000000ns"),
    ("2s", "2000000000ns"), ("3min", "180000000000ns"), ("1h", "3600000000000ns"), ("30d", "2592000000000000ns"), ("1.5us", "1500ns"),
    ("7ns", "7ns"), ("64kB", "64000B"), ("2MB", "2000000B"), ("1GB", "1000000000B"), ("1TB", "1000000000000B"), ("0.5kB", "500B"), ("9B", "9B"),
    ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"), ("-9223372036854775808 ** 2", "!E0134"),
    ("9223372036854775808", "!E0134"), ("99999999999999999999999", "!E0134"), ("0xffffffffffffffff", "!E0134"), ("1e999", "!E0134"),
    ("200000000d", "!E0134"), ("1e300h", "!E0134"), ("10000000TB", "!E0134"), ("5m", "!E0105"), ("0x", "!E0104"), ("0b1", "!E0104"), ("0xfg", "!E0104"),
  ]) func numbers(_ text: String, _ expected: String) {
    #expect(shape(text) == expected)
  }

  @Test("strings say what they say", arguments: [
    (#""a\n\t\"\\\{x}""#, "\"a\n\t\"\\{x}\""), (#""\u{1F426}""#, "\"🐦\""), (#"r"a{b}\n""#, "\"a{b}\\n\""), ("\"\"", "\"\""),
    ("\"\"\"\n    a\n      b {x}\n    \"\"\"", "\"a\n  b {x}\n\""), ("\"\"\"a\n  b\"\"\"", "\"a\nb\""), ("\"\"\"\n  a\\n b\n  \\tc\"\"\"", "\"a\n b\n\tc\""),
    ("\"\"\"\n\ta\n  b\"\"\"", "\"\ta\n  b\""), ("\"{x:>8.3}{y:,}\"", "\"{x:>8.3}{y:,}\""), ("\"a {\"b {\"c\"}\"}\"", "\"a {\"b {\"c\"}\"}\""),
    ("\"{if a { 1 } else { 2 }}\"", "\"{(if a {1} (do {2}))}\""), ("\"{x:.2f}\"", "!E0106"), ("\"{x:99999}\"", "!E0106"), ("\"{x:}\"", "!E0106"),
    ("\"a", "!E0102"), ("\"\"\"a", "!E0102"), ("\"\\q\"", "!E0103"), ("\"\\u{D800}\"", "!E0103"), ("\"{}\"", "!E0120"), ("\"{a b}\"", "!E0120"),
  ]) func texts(_ text: String, _ expected: String) {
    #expect(shape(text) == expected)
  }

  @Test("comments keep their kinds") func comments() {
    let tree = parse(SourceText(name: "t", text: "#!/usr/bin/env tern\n#' prose\n## doc\nlet a = 1 ## plain\n#> out\n#~> free\n# %% c\n#%% d\n  #> plain\n"))
    #expect(tree.comments.map(\.kind) == [.plain, .prose, .documentation, .plain, .output, .uncheckedOutput, .cell, .cell, .plain])
  }

  @Test("text that is no UTF-8 has a place") func invalidText() {
    let tree = parse(SourceText(name: "t", bytes: [0x61, 0x0A, 0xE9, 0x61]))
    #expect(tree.diagnostics.map(\.code) == [.invalidText])
    #expect(tree.diagnostics.first?.labels.first?.range == SourceRange(2, 3))
    #expect(parse(SourceText(name: "t", bytes: [0x50, 0x4B, 3, 4])).diagnostics.map(\.code) == [.notATernFile])
    #expect(parse(SourceText(name: "t", text: "PK + 1")).diagnostics.isEmpty)
  }
}
