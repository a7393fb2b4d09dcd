import Foundation
import TernRuntime
import TernShell
import Testing

/// Which cell reads what of which, and what that makes of an earlier run.
@Suite("The graph of cells") struct CellGraphTests {
  private func graph(_ text: String) -> CellGraph {
    onMachine { CellGraph(Script(text: text, name: "t"), Conditions().session(console: Console(color: .never)).machine) }
  }

  /// `2 ← 1 a b` for each cell that reads another.
  private func edges(_ text: String) -> [String] {
    graph(text).nodes.flatMap { node in node.inputs.map { "\(node.number) ← \($0.cell + 1) \($0.names.joined(separator: " "))" } }
  }

  @Test("an edge goes to the last cell that bound or changed a name", arguments: [
    ("let a = 1\n# %%\na\n", ["2 ← 1 a"]), ("let a = 1\n# %%\nlet a = 2\n# %%\na\n", ["3 ← 2 a"]),
    ("var a = 1\n# %%\na += 1\n# %%\na\n", ["2 ← 1 a", "3 ← 2 a"]), ("var a = [1]\n# %%\na[0] = 2\n# %%\na\n", ["2 ← 1 a", "3 ← 2 a"]),
    ("let a = 1\n# %%\nlet a = a + 1\na\n", ["2 ← 1 a"]), ("let a = 1\n# %%\nlet a = 5\na\n", []),
    ("let x = 1\n# %%\nmap([1], x => x + 1)\n", []), ("let x = 1\n# %%\nfor x in 0..3 { x }\n", []),
    ("var n = 0\n# %%\nfor i in 0..3 { n += i }\n# %%\nn\n", ["2 ← 1 n", "3 ← 2 n"]),
    ("let x = 1\n# %%\nfor x in 0..3 { x }\n# %%\nx\n", ["3 ← 1 x"]),
    ("let t = 1\n# %%\nif true { var t = 2; t += 1 }\n# %%\nt\n", ["3 ← 1 t"]), ("var t = 1\n# %%\nif true { t += 1; var t = 2; t += 1 }\n# %%\nt\n", ["2 ← 1 t", "3 ← 2 t"]),
    ("let a = 1\n# %% {raises}\nlet a = nosuch + a\n# %%\na\n", ["2 ← 1 a", "3 ← 1 a"]),
    ("let {a, b} = {a: 1, b: 2}\n# %%\nb\n# %%\na\n", ["2 ← 1 b", "3 ← 1 a"]),
  ]) func plain(text: String, wanted: [String]) { #expect(edges(text) == wanted) }

  @Test("a function reads when it is called, not where it is written", arguments: [
    ("let r = 1\n# %%\nfn f() { r }\n# %%\nf()\n", ["3 ← 1 r", "3 ← 2 f"]), ("fn f() { r }\n# %%\nlet r = 1\n# %%\nf()\n", ["3 ← 1 f", "3 ← 2 r"]),
    ("let r = 1\n# %%\nfn f() { g() }\n# %%\nfn g() { r }\n# %%\nf()\n", ["4 ← 1 r", "4 ← 2 f", "4 ← 3 g"]),
    ("let r = 1\n# %%\nlet fs = [x => x + r]\n# %%\nfs[0](1)\n", ["2 ← 1 r", "3 ← 1 r", "3 ← 2 fs"]),
    ("let r = 1\n# %%\nfn make(k) { x => k * r }\n# %%\nlet f = make(2)\n# %%\nf(1)\n", ["3 ← 1 r", "3 ← 2 make", "4 ← 1 r", "4 ← 2 make", "4 ← 3 f"]),
    ("let r = 2.0\n# %%\nfn loss(w) { w * r }\n# %%\nlet g = grad(loss)\n# %%\ng(1.0)\n", ["3 ← 1 r", "3 ← 2 loss", "4 ← 1 r", "4 ← 2 loss", "4 ← 3 g"]),
    ("let r = 1\n# %%\nfn f(x) { x * r }\n# %%\nlet y = f(2)\n# %%\ny\n", ["3 ← 1 r", "3 ← 2 f", "4 ← 3 y"]),
    ("let r = 1\n# %%\nlet ys = map([1], x => x * r)\n# %%\nys\n", ["2 ← 1 r", "3 ← 2 ys"]),
    ("let n = 4\n# %%\nmodel m() { let d = dense(n)\n fn call(x) { d(x) } }\n# %%\nlet net = m()\n# %%\nnet\n", ["3 ← 1 n", "3 ← 2 m", "4 ← 3 net"]),
  ]) func functions(text: String, wanted: [String]) { #expect(edges(text) == wanted) }

  @Test("what a cell does outside is named, also through functions, with its files") func effects() {
    let nodes = graph("fn noise() { randn(3) }\n# %%\nnoise()\nread(\"a.csv\")\n# %%\nwrite_text(\"x\", \"out.txt\")\n# %%\n1\n").nodes
    #expect(nodes[0].facts.effects.isEmpty)
    #expect(nodes[1].facts.effects == ["randn": .draws, "read": .reads] && nodes[1].facts.files == ["a.csv"])
    #expect(nodes[2].facts.effects == ["write_text": .writes] && nodes[2].facts.files == ["out.txt"])
    #expect(nodes[3].facts.effects.isEmpty && nodes[3].facts.files.isEmpty)
  }

  @Test("the drawing has a rail from each cell to the last that uses it") func drawing() {
    let cells = ["let a = 1", "let b = a", "let c = 3", "b + c", "let d = c", "1", "a + d"]
    let lines = graph(cells.joined(separator: "\n# %%\n") + "\n").lines { _ in [] }
    #expect(lines.map { String($0.prefix(9)) } == ["    ╭─● 1", "  ╭─┼─● 2", "╭─│─│─● 3", "├─┴─│─● 4", "╰─┬─│─● 5", "  │ │ ● 6", "  ╰─┴─● 7"])
  }

  // MARK: Runs

  private final class Place {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tern-cells-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }
    var script: String { folder + "/s.mlx" }
    func write(_ text: String, _ name: String = "s.mlx") throws { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    /// Runs what is stale; the numbers of the cells that ran, which each cell writes down, and the exit code.
    func run(_ arguments: String...) throws -> (cells: String, code: Int32) {
      try? FileManager.default.removeItem(atPath: folder + "/log")
      let code = onMachine { [script] in Programs.run(stale: script, arguments, Conditions(), Console(color: .never)) }
      return (log, code)
    }

    var states: [String] {
      get throws {
        try onMachine { [script] in
          Result {
            let read = try Script(reading: script)
            var staleness = Staleness(CellGraph(read, Conditions().session(console: Console()).machine), CellStore(script: script))
            return staleness.states().map { if case .stale(let reason) = $0 { reason } else { "fresh" } }
          }
        }.get()
      }
    }
  }

  @Test("only what is stale runs, with the values of the others") func stale() throws {
    let place = try Place()
    let text = """
      # %% one
      let a = {x: tensor([1, 2], axes: ["n"]), k: [1, "b", none, 2.5]}
      # %% two
      fn twice(t) { 2 * t }
      # %% three
      let b = twice(a.x)
      # %% four
      expect(b, tensor([2, 4]))
      expect(a.k[1], "b")
      # %% five
      let c = randn(2)
      # %% six
      expect(len(c), 2)
      """
    try place.write(text)
    #expect(try place.states.allSatisfy { $0 != "fresh" })
    #expect(try place.run().code == 0)
    #expect(try place.states == Array(repeating: "fresh", count: 6))
    // Comments, blanks and outputs change nothing.
    try place.write(text.replacing("let b = twice(a.x)", with: "let b = twice( a.x )  # why\n#> x"))
    #expect(try place.states == Array(repeating: "fresh", count: 6))
    try place.write(text.replacing("2 * t", with: "3 * t").replacing("[2, 4]", with: "[3, 6]"))
    #expect(try place.states.map { $0 == "fresh" } == [true, false, false, false, true, true])
    #expect(try place.run().code == 0)
    #expect(try place.states == Array(repeating: "fresh", count: 6))
    // A cell put between gives those below other numbers: only what draws cares.
    try place.write("# %% zero\n0\n" + text.replacing("2 * t", with: "3 * t").replacing("[2, 4]", with: "[3, 6]"))
    #expect(try place.states.map { $0 == "fresh" } == [false, true, true, true, true, false, false])
  }

  @Test("a file that changed makes stale who read it, and who reads from it") func files() throws {
    let place = try Place()
    try place.write("1", "in.txt")
    try place.write("# %%\nlet a = int(read_text(\"in.txt\"))\n# %%\nlet b = a + 1\n# %%\nwrite_text(\"{b}\", \"out.txt\")\n# %%\n7\n")
    #expect(try place.run().code == 0)
    #expect(try place.states == ["fresh", "fresh", "fresh", "fresh"])
    try place.write("5", "in.txt")
    #expect(try place.states.map { $0 == "fresh" } == [false, false, false, true])
    #expect(try place.run().code == 0)
    #expect(try String(contentsOfFile: place.folder + "/out.txt", encoding: .utf8) == "6")
    try FileManager.default.removeItem(atPath: place.folder + "/out.txt")
    #expect(try place.states == ["fresh", "fresh", "out.txt changed", "fresh"])
    #expect(try place.run().code == 0)
    #expect(try String(contentsOfFile: place.folder + "/out.txt", encoding: .utf8) == "6")
  }

  @Test("who reads what a cell above has just written anew runs, too") func chains() throws {
    let place = try Place()
    try place.write("1", "in.txt")
    try place.write("# %%\nwrite_text(read_text(\"in.txt\"), \"f.txt\")\n# %%\nlet a = read_text(\"f.txt\")\n# %%\nwrite_text(a, \"out.txt\")\n")
    #expect(try place.run().code == 0)
    try place.write("2", "in.txt")
    #expect(try place.run().code == 0)
    #expect(try String(contentsOfFile: place.folder + "/out.txt", encoding: .utf8) == "2")
    #expect(try place.states == ["fresh", "fresh", "fresh"])
  }

  @Test("cells that must fail are fresh as others are, one that fails ends the run") func failing() throws {
    let place = try Place()
    try place.write("# %%\nlet a = 1\n# %% {raises}\nnosuch\n# %%\nexpect(a, 1)\n")
    #expect(try place.run().code == 0)
    #expect(try place.states == ["fresh", "fresh", "fresh"])
    try place.write("# %%\nlet a = 1\n# %%\nnosuch\n# %%\nexpect(a, 1)\n")
    #expect(try place.run().code == 1)
    #expect(try place.states.map { $0 == "fresh" } == [true, false, true])
  }

  @Test("the clock is never fresh, arguments count where they are asked for") func unseen() throws {
    let place = try Place()
    try place.write("# %%\nlet t = now()\n# %%\nlet n = arg(\"n\", 1)\n# %%\nlet m = n + 1\n")
    #expect(try place.run("--n", "3").code == 0)
    #expect(try place.states == ["`now` may say something else now", "other arguments were given", "`n` of cell 2 is stale"])
  }

  @Test("models are kept as what they compute; where that is not enough everything runs") func models() throws {
    let place = try Place()
    let text = "# %%\nlet net = init(dense(1), f32[_, 2], seed: 1)\n# %%\nexpect(shape(net(zeros(3, 2))), [3, 1])\n# %%\n1\n"
    try place.write(text)
    #expect(try place.run().code == 0)
    try place.write(text.replacing("zeros(3, 2)", with: "zeros(4, 2)").replacing("[3, 1]", with: "[4, 1]"))
    #expect(try place.run().code == 0)
    try place.write(text.replacing("expect(shape(net(zeros(3, 2))), [3, 1])", with: "summary(net, f32[5, 2])"))
    #expect(try place.run().code == 0)
  }

  @Test("damage in what was kept is as if it were not there") func damage() throws {
    let place = try Place()
    try place.write("# %%\nlet a = 1\n# %%\nexpect(a, 1)\n")
    #expect(try place.run().code == 0)
    let kept = place.folder + "/.tern/s.mlx"
    for name in try FileManager.default.contentsOfDirectory(atPath: kept) where name.hasSuffix(".json") {
      try "{\"name\": 3".write(toFile: kept + "/" + name, atomically: true, encoding: .utf8)
    }
    #expect(try place.run().code == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: kept) where !name.hasSuffix(".json") {
      try FileManager.default.removeItem(atPath: kept + "/" + name)
    }
    try place.write("# %%\nlet a = 1\n# %%\nexpect(a + 0, 1)\n")
    #expect(try place.run().code == 0)
    try place.write("# %%\nlet a = 1\n# %%\n[1][5]\n")
    #expect(try place.run().code == 1)
  }
}
