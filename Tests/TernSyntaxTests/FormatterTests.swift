import Foundation
import TernSyntax
import Testing

@Suite("The formatter") struct FormatterTests {
  private func formatted(_ text: String) -> String? {
    let source = SourceText(name: "t", text: text)
    switch Formatter.format(source) {
    case .same: return text
    case .changed(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .faulty, .refused: return nil
    }
  }

  @Test("lays out", arguments: [
    ("let  xs=[1,2 ,3]|>map( x=>x*2 )   ", "let xs = [1, 2, 3] |> map(x => x * 2)\n"),
    ("let r={a:1,b : -2,\"c d\":[ 1..3 ]}\n", "let r = {a: 1, b: -2, \"c d\": [1..3]}\n"),
    ("fn f(x:f32[n],k=-1,...rest)->f32[n]{\nif k>0{\n      x[..,0]\n}else{\n# note\nx+  k   # why\n   }\n}\n",
     "fn f(x: f32[n], k = -1, ...rest) -> f32[n] {\n  if k > 0 {\n    x[.., 0]\n  } else {\n    # note\n    x + k   # why\n  }\n}\n"),
    ("let z=xs\n|>map(x=>{\nlet q = x**-1\nq\n})\n  |> sum\n", "let z = xs\n  |> map(x => {\n    let q = x ** -1\n    q\n  })\n  |> sum\n"),
    ("match r{\n {a,b} if a>0=>a\n[1, ...rest]=>2\n  1..3=>5\n_=>0\n}\n", "match r {\n  {a, b} if a > 0 => a\n  [1, ...rest] => 2\n  1..3 => 5\n  _ => 0\n}\n"),
    ("-3 - -2\nxs [0]\nnot(a)and(b)\nf (1) (2)\n", "-3 - -2\nxs[0]\nnot (a) and (b)\nf(1)(2)\n"),
    ("let s = \"\"\"\n   hello {f( 1,2 )}\n     there\n   \"\"\"\n", "let s = \"\"\"\n   hello {f( 1,2 )}\n     there\n   \"\"\"\n"),
    ("for [i,x]in enumerate(xs){ print(\"{i}: {x:8.3}\")}\n", "for [i, x] in enumerate(xs) { print(\"{i}: {x:8.3}\") }\n"),
    ("#%% one   {#a}\n#' prose\t \n\n\n\n1\n#>   1\n#  a comment\n", "# %% one   {#a}\n#' prose\n\n1\n#>   1\n#  a comment\n"),
    ("x\n- 3\n-3\n", "x\n  - 3\n-3\n"), ("let a=fit(net,\ntrain,\n  epochs:3)\n", "let a = fit(net,\n            train,\n            epochs: 3)\n"),
    ("let a = [\n1,\n    2,\n]\n", "let a = [\n  1,\n  2,\n]\n"), ("let x = 1\r\nlet y=2\r\n", "let x = 1\r\nlet y = 2\r\n"), ("", ""), ("\n\n", ""),
    ("model m(n){\nparam w:float[inputs,n]=glorot\nfn call(x:float[...,inputs])->float[...,n]{x@w}\n}\n",
     "model m(n) {\n  param w: float[inputs, n] = glorot\n  fn call(x: float[..., inputs]) -> float[..., n] {x @ w}\n}\n"),
  ]) func layout(given: String, wanted: String) {
    #expect(formatted(given) == wanted)
    #expect(formatted(wanted) == wanted)
  }

  @Test("leaves alone what is wrong") func wrong() {
    #expect(formatted("let = 3") == nil)
    #expect(formatted("f(") == nil)
  }

  @Test("says the same of every file there is, and is done after one time") func files() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var count = 0
    for folder in ["scripts", "stdlib", "Tests/LanguageTests"] {
      guard let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil) else { continue }
      for case let url as URL in files where url.pathExtension == "mlx" {
        let source = SourceText(name: url.path, bytes: Array(try Data(contentsOf: url)))
        guard parse(source).diagnostics.isEmpty else { continue }
        count += 1
        for text in [source.bytes, FormatterTests.squeezed(source)] {
          switch Formatter.format(SourceText(name: url.path, bytes: text)) {
          case .same: break
          case .changed(let bytes): if case .same = Formatter.format(SourceText(name: url.path, bytes: bytes)) {} else { Issue.record("\(url.path) changes twice") }
          case .faulty: break
          case .refused: Issue.record("\(url.path) would not say the same")
          }
        }
      }
    }
    #expect(count > 200)
  }

  /// The file with its lines' indentation taken away, as far as that leaves strings alone.
  private static func squeezed(_ source: SourceText) -> [UInt8] {
    let text = String(decoding: source.bytes, as: UTF8.self)
    guard !text.contains("\"\"\"") else { return source.bytes }
    return Array(text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }.joined(separator: "\n").utf8)
  }
}
