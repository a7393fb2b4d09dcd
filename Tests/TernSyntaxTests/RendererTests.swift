import Testing
import TernSyntax

@Suite("Rendered diagnostics") struct RendererTests {
  private let page = SourceText(name: "clicks.mlx", text: String(repeating: "\n", count: 24) + "  mean((X @ w + b - y) ** 2)\n\n\n\n\n\nlet d = mse(w, b, X, y)\n")

  private var shapes: Diagnostic {
    let start = page.lineStarts[24]
    return Diagnostic(
      .shapeMismatch, "these shapes do not line up",
      labels: [
        .init(source: page, range: SourceRange(start + 8, start + 9), note: "f32[64, 126]"),
        .init(source: page, range: SourceRange(start + 12, start + 13), note: "f32[128]"),
      ],
      notes: ["`@` joins X's last axis with w's first; 126 ≠ 128"], hint: "X has 126 columns after `prep`; was `prep` fitted on other data?",
      trace: [.init(function: "mse", source: page, range: SourceRange(start + 8, start + 13))])
  }

  @Test("the page's example, to the letter") func example() {
    #expect(DiagnosticRenderer(color: false, unicode: true).render(shapes, cell: 3) == """
      error[E0213]: these shapes do not line up
        ┌─ clicks.mlx:25:9  (cell 3, in `mse`)
      25│   mean((X @ w + b - y) ** 2)
        │         ─   ─
        │         │   └ f32[128]
        │         └──── f32[64, 126]
        = `@` joins X's last axis with w's first; 126 ≠ 128
        help: X has 126 columns after `prep`; was `prep` fitted on other data?
        more: tern explain E0213

      """)
  }

  @Test("in ASCII") func ascii() {
    #expect(DiagnosticRenderer(color: false, unicode: false).render(shapes) == """
      error[E0213]: these shapes do not line up
        --> clicks.mlx:25:9  (in `mse`)
      25|   mean((X @ w + b - y) ** 2)
        |         ^   ^
        |         |   + f32[128]
        |         +---- f32[64, 126]
        = `@` joins X's last axis with w's first; 126 != 128
        help: X has 126 columns after `prep`; was `prep` fitted on other data?
        more: tern explain E0213

      """)
  }

  @Test("callers, other lines and other files") func places() {
    var diagnostic = shapes
    let other = SourceText(name: "lib.mlx", text: "fn f(w) { w }\n")
    diagnostic.labels[1].note = ""
    diagnostic.labels.append(.init(source: page, range: SourceRange(page.lineStarts[30], page.lineStarts[30] + 3), note: "bound here"))
    diagnostic.labels.append(.init(source: other, range: SourceRange(5, 6), note: "asked for here"))
    diagnostic.trace.append(.init(function: "", source: page, range: SourceRange(page.lineStarts[30] + 8, page.lineStarts[30] + 11)))
    diagnostic.notes = []
    diagnostic.hint = nil
    #expect(DiagnosticRenderer(color: false, unicode: true).render(diagnostic) == """
      error[E0213]: these shapes do not line up
        ┌─ clicks.mlx:25:9  (in `mse`)
      25│   mean((X @ w + b - y) ** 2)
        │         ─   ─
        │         └ f32[64, 126]
        ·
      31│ let d = mse(w, b, X, y)
        │ ─── bound here
        ┌─ lib.mlx:1:6
       1│ fn f(w) { w }
        │      ─ asked for here
        called from clicks.mlx:31:9
        more: tern explain E0213

      """)
  }

  private func marks(_ text: String, _ range: Range<UInt32>, width: Int = 100) -> String {
    let source = SourceText(name: "t", text: text)
    let diagnostic = Diagnostic(.raised, "m", labels: [.init(source: source, range: SourceRange(range.lowerBound, range.upperBound), note: "n")])
    return DiagnosticRenderer(color: false, unicode: true, width: width).render(diagnostic).split(separator: "\n")[2...3].joined(separator: "\n")
  }

  @Test("wide characters, tabs and long lines keep their marks") func columns() {
    #expect(marks("数据 x", 7..<8) == "1│ 数据 x\n │      ─ n")
    #expect(marks("\ta\tb", 3..<4) == "1│     a    b\n │          ─ n")
    #expect(marks("a\u{1B}[31mb", 6..<7) == "1│ a·[31mb\n │       ─ n")
    let long = String(repeating: "x", count: 500)
    let cut = marks(long, 250..<253, width: 60).split(separator: "\n")
    #expect(cut[0] == "1│ …" + String(repeating: "x", count: 60) + "…")
    #expect(cut[1] == " │ " + String(repeating: " ", count: 21) + "─── n")
    #expect(marks("ab", 2..<9) == "1│ ab\n │   ─ n")
  }

  @Test("colour only when asked, and nothing a terminal obeys") func ink() {
    #expect(DiagnosticRenderer(color: true, unicode: true).render(shapes).contains("\u{1B}[1;31m"))
    let odd = Diagnostic(.raised, "a\u{1B}[2Jb\nc")
    #expect(DiagnosticRenderer(color: false, unicode: true).render(odd) == "error[E0000]: a·[2Jb\nc\n  more: tern explain E0000\n")
  }

  @Test("any place of any text renders", arguments: 0..<60) func anything(_ seed: UInt64) {
    var generator = ProgramGenerator(seed: seed)
    let source = SourceText(name: "t", bytes: generator.spoiled(generator.program()) + [0xE4, 0xB8])
    for _ in 0..<20 {
      let start = UInt32.random(in: 0...UInt32(source.bytes.count + 3), using: &generator.random)
      let end = start + UInt32.random(in: 0...300, using: &generator.random)
      let label = Diagnostic.Label(source: source, range: SourceRange(start, end), note: "n")
      _ = DiagnosticRenderer(color: true, unicode: seed % 2 == 0, width: 40).render(Diagnostic(.raised, "m", labels: [label, label]))
    }
  }
}
