import Foundation
import TernShell
import Testing

/// The prompt at a real pseudo-terminal: keys go in as a terminal sends them, and what is checked is what came out.
@Suite("The prompt at a terminal", .serialized, .enabled(if: Terminal.exists)) struct TerminalTests {
  @Test("edits a cell of several lines and runs it whole") func cells() throws {
    let terminal = try Terminal()
    try terminal.type("fn f(x) {\rx * 2\r}\r", until: "In [2]: ")
    try terminal.type("f(21)\r", until: "Out[2]: 42")
    // Up twice to the function, one line down, its end, and a change there.
    try terminal.type("\u{1B}[A\u{1B}[A\u{1}\u{1B}[B\u{1B}[F + 1\r", until: "In [4]: ")
    try terminal.type("f(21)\r", until: "Out[4]: 43")
    try terminal.type("let a = 5\u{1F}\u{15}1 + 1\r", until: "Out[5]: 2")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("takes a paste as one cell, with its prompts and outputs stripped") func paste() throws {
    let terminal = try Terminal()
    try terminal.type("\u{1B}[200~In [1]: let a = 20\nIn [2]: let b = [\n   ...:   a,\n   ...: ]\nOut[2]: 5\nIn [3]: b[0] + 2\u{1B}[201~", until: "b[0] + 2")
    try terminal.type("\r", until: "Out[1]: 22")
    try terminal.type("\u{1B}[200~" + String(repeating: "let x = 1\n", count: 30_000) + "6 * 7\u{1B}[201~", until: "Out[2]: 42")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("lines that come in at once are cells of their own, what is open goes on") func typedAhead() throws {
    let terminal = try Terminal()
    try terminal.type("20 + 1\rfn f(x) {\r  if x > 0 {\r    x\r  } else { 0 }\r}\rf(2)\r", until: "Out[1]: 21")
    try terminal.type("", until: "Out[3]: 2")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("`:save` writes what each statement showed below it") func save() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tern-save-\(UUID().uuidString).mlx").path
    let terminal = try Terminal()
    try terminal.type("let gone = 1\r", until: "In [2]: ")
    try terminal.type("\u{1B}[200~let gone = 2\nprint(1)\n2 + 2\u{1B}[201~\r", until: "Out[2]: 4")
    try terminal.type(":save \(path)\r", until: "saved as")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "# %%\nlet gone = 2\nprint(1)\n#> 1\n2 + 2\n#> 4\n")
    try FileManager.default.removeItem(atPath: path)
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("a saved cell that drew draws the same in the file; `:undo N` goes back to before a cell") func saveDraws() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tern-save-\(UUID().uuidString).mlx").path
    let terminal = try Terminal()
    try terminal.type("nosuch\r", until: "In [2]: ")
    try terminal.type("let a = randn(2)\r", until: "In [3]: ")
    try terminal.type("a\r", until: "In [4]: ")
    try terminal.type("let b = 5\r", until: "In [5]: ")
    try terminal.type("let b = 6\r", until: "In [6]: ")
    try terminal.type(":undo 5\rb\r", until: "Out[6]: 5")
    try terminal.type(":undo 2\r:vars\r", until: "no names yet")
    try terminal.type(":undo 2\r", until: "is not kept")
    try terminal.type("nosuch\r", until: "In [8]: ")
    try terminal.type("let a = randn(2)\r", until: "In [9]: ")
    try terminal.type("a\r", until: "In [10]: ")
    try terminal.type(":save \(path)\r", until: "saved as")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("# %% {#8}\nlet a = randn(2)\n"))
    let script = try Script(reading: path)
    let run = onMachine { NotebookRun(script, in: Conditions().session(console: Console(color: .never))) }
    #expect(run.cells.allSatisfy(\.passes) && run.cells.count == 2)
    try FileManager.default.removeItem(atPath: path)
  }

  @Test("keys behind a paste are not lost") func behindPaste() throws {
    let terminal = try Terminal()
    try terminal.type("\u{1B}[200~3 * 7\u{1B}[201~\u{1B}[D\u{1B}[5~1\u{1B}[C\r", until: "Out[1]: 51")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("`:vars` of values as deep as they like") func deep() throws {
    let terminal = try Terminal()
    try terminal.type("var x = []\r", until: "In [2]: ")
    try terminal.type("for i in 0..1000000 { x = [x] }\r", until: "In [3]: ")
    try terminal.type(":vars\r", until: "a list of 1")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("Tab completes, and shows what there is") func tab() throws {
    let terminal = try Terminal()
    try terminal.type("let seven = 7\r", until: "In [2]: ")
    try terminal.type("sev\t * 6\r", until: "Out[2]: 42")
    try terminal.type("topk\t", until: "The k largest")
    try terminal.type("\u{15}\\alpha\t\u{15}1\r", until: "Out[3]: 1")
    #expect(terminal.output.contains("α"))
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("Ctrl-C clears a line and stops what runs, with the session intact") func interrupts() throws {
    let terminal = try Terminal()
    try terminal.type("let kept = 8\r", until: "In [2]: ")
    try terminal.type("nonsense (", until: "nonsense (")
    try terminal.type("\u{3}", until: "In [2]: ")
    try terminal.type("while true {}\r", until: "while true {}")
    Thread.sleep(forTimeInterval: 0.5)
    try terminal.type("\u{3}", until: "E0351")
    try terminal.type("kept + 1\r", until: "Out[3]: 9")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("unknown keys, wide letters and bytes that are no text do no harm") func odd() throws {
    let terminal = try Terminal()
    try terminal.type("\u{1B}[5~\u{1B}[99;5u\u{15}let é = \"日本👍🏽\u{7F}語\"\r", until: "In [2]: ")
    try terminal.type("é\r", until: "\"日本語\"")
    try terminal.send([0xFF, 0xFE, 0xC3])
    try terminal.type("\u{15}\u{15}2 + 2\r", until: "Out[3]: 4")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("`tern learn` runs what is saved, helps in steps, and remembers") func learn() throws {
    let terminal = try Terminal("learn", until: "q quit")
    #expect(terminal.output.contains("4 blanks to fill"))
    try terminal.type("h", until: "hint 1 of 3")
    try terminal.type("q", until: "0 of 12 done")
    #expect(terminal.end() == 0)
  }

  @Test("an exercise that is saved is checked, the next one comes at a key") func saving() throws {
    let terminal = try Terminal("learn", until: "q quit")
    let first = try #require(Course.shipped.exercises.first)
    let path = terminal.home + "/exercises/\(first.name).mlx"
    try first.solution.replacing("sum }", with: "max }").write(toFile: path, atomically: true, encoding: .utf8)
    try terminal.type("", until: "legs of 1 and 20 km: expected 21, got 20")
    try first.solution.write(toFile: path, atomically: true, encoding: .utf8)
    try terminal.type("", until: "n next")
    try terminal.type("n", until: "2 of 12 · Tensors and axes")
    try terminal.type("", until: "q quit")
    try terminal.type("x", until: "any other key: no")
    try terminal.type("y", until: "q quit")
    try terminal.type("q", until: "1 of 12 done")
    #expect(terminal.end() == 0)
  }

  @Test("`:learn` offers the code of an exercise, and takes what is made of it") func learning() throws {
    let terminal = try Terminal()
    try terminal.type(":learn 3\r", until: "one ↑ away")
    try terminal.type("\u{1B}[A\r", until: "rows of 1 2 3, 10 20 30 and 100 200 300: expected")
    try terminal.type("fn centre(x) { x - expand(mean(x, over: 1), 1) }\r", until: "Done.")
    try terminal.type(":learn\r", until: "1 of 12 done")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("what is bound anew makes stale what was made with it") func stale() throws {
    let terminal = try Terminal()
    try terminal.type("let rate = 2\r", until: "In [2]: ")
    try terminal.type("fn f(x) { x * rate }\r", until: "In [3]: ")
    try terminal.type("let y = f(1)\r", until: "In [4]: ")
    try terminal.type("let rate = 3\r", until: "note: `y` was made with the `rate` of before")
    try terminal.type(":vars\r", until: "stale: `rate` is another now")
    try terminal.type("let y = f(1)\r:vars\r", until: "an int")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
    #expect(terminal.output.components(separatedBy: "stale: ").count == 2)
  }

  @Test("`:replay` runs the session again, `:profile` says where time goes") func replay() throws {
    let terminal = try Terminal()
    try terminal.type("randn(2)\r", until: "In [2]: ")
    try terminal.type("nosuch\r", until: "In [3]: ")
    try terminal.type("randn(2)\r", until: "In [4]: ")
    try terminal.type(":replay\r", until: "the same again")
    try terminal.type("now()\r", until: "In [5]: ")
    try terminal.type(":replay\r", until: "shows something else")
    try terminal.type(":profile map([1, 2], x => sum(randn(10)))\r", until: "× 2")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("cuts to the end of the line, and yanks; a bracket shows where it opened") func cutting() throws {
    let terminal = try Terminal()
    try terminal.type("1 + max(2, [3, 4][1])\u{1}\u{0B}\u{19} + \u{19}\r", until: "Out[1]: 10")
    try terminal.type("f(1", until: "f(1")
    try terminal.type(")", until: ")")
    Thread.sleep(forTimeInterval: 0.4)
    try terminal.type("\u{15}3 * (4 + 5)", until: "5)")
    Thread.sleep(forTimeInterval: 0.4)
    try terminal.type(" - 1\r", until: "Out[2]: 26")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("a finished cell gets its colours") func colours() throws {
    let terminal = try Terminal()
    try terminal.type("let s = \"a\"  # why\r", until: "In [2]: ")
    #expect(terminal.output.contains("\u{1B}[35mlet\u{1B}[0m s = \u{1B}[32m\"\u{1B}[0m"))
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
  }

  @Test("a dumb terminal gets no escape byte") func dumb() throws {
    let terminal = try Terminal(kind: "dumb")
    try terminal.type("1 + 1\r", until: "Out[1]: 2")
    let code = try terminal.leave()
    #expect(code == 0, "\(terminal.output.suffix(300))")
    #expect(!terminal.output.contains("\u{1B}"))
  }
}

/// What a process has written, filled by another thread.
private final class Shown: @unchecked Sendable {
  private let lock = NSLock()
  private var data = Data()
  func append(_ more: Data) { lock.withLock { data.append(more) } }
  var all: Data { lock.withLock { data } }
}

/// Tern at a pseudo-terminal that `script` makes.
private final class Terminal {
  static var exists: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/script") }

  private let process = Process()
  private let keys = Pipe()
  private let shown = Shown()
  let home = FileManager.default.temporaryDirectory.appendingPathComponent("tern-home-\(UUID().uuidString)").path
  /// Where in the plain output the last wait ended.
  private var seen = 0

  init(_ words: String = "", kind: String = "xterm-256color", until mark: String = "In [1]: ") throws {
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let binary = URL(filePath: own).deletingLastPathComponent().appending(path: "tern").path
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.arguments = ["-qefc", "cd \(home) && exec \(binary) \(words)", "/dev/null"]
    process.environment = ["HOME": home, "TERM": kind, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"]
    process.standardInput = keys
    let out = Pipe()
    process.standardOutput = out
    process.standardError = out
    out.fileHandleForReading.readabilityHandler = { [shown] handle in
      let more = handle.availableData
      shown.append(more)
    }
    try process.run()
    try wait(for: mark)
  }

  deinit {
    if process.isRunning { process.terminate() }
    try? FileManager.default.removeItem(atPath: home)
  }

  var output: String { String(decoding: shown.all, as: UTF8.self) }

  func send(_ bytes: [UInt8]) throws { try keys.fileHandleForWriting.write(contentsOf: Data(bytes)) }

  /// Types, and waits until something is shown.
  func type(_ text: String, until mark: String) throws {
    try send(Array(text.utf8))
    try wait(for: mark)
  }

  private func wait(for mark: String) throws {
    for _ in 0..<1500 {
      let all = Array(output.replacing(/\e\[[0-9;?]*[A-Za-z]/, with: "").replacing("\r", with: ""))
      let rest = String(all[min(seen, all.count)...])
      if let found = rest.range(of: mark) {
        seen += rest.distance(from: rest.startIndex, to: found.upperBound)
        return
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    throw Missing(mark: mark, output: String(output.suffix(600)))
  }

  struct Missing: Error {
    let mark: String
    let output: String
  }

  /// The exit code, when it has ended by itself.
  func end() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Ctrl-D; the exit code.
  func leave() throws -> Int32 {
    Thread.sleep(forTimeInterval: 0.2)
    try send([4])
    process.waitUntilExit()
    return process.terminationStatus
  }
}
