import Foundation
import Testing

/// The built binary, as people start it.
@Suite("The command line") struct CommandLineTests {
  @Test("runs code, files and pipes") func runs() throws {
    #expect(try tern("-e", "1 + 1") == Ended(0, "2\n"))
    #expect(try tern(input: "1\n") == Ended(0, "1\n"))
    #expect(try tern(input: "let a = 2\na * 3\n") == Ended(0, "6\n"))
    #expect(try tern(input: "fn f(x) {\n  x + 1\n}\nf(1)") == Ended(0, "2\n"))
    #expect(try tern(script("print(args, arg(\"lr\", 0.1))"), "a", "--lr", "0.5", "b").output == "[\"a\", \"b\"] 0.5\n")
  }

  @Test("ends with 0, 1 or 2") func codes() throws {
    #expect(try tern("-e", "exit(7)").code == 7)
    #expect(try tern("-e", "[1][3]").code == 1)
    #expect(try tern("-e", "let = 3").code == 1)
    #expect(try tern(input: "1\nnosuch\n2\n") == Ended(1, "1\n"))
    #expect(try tern("nosuch.mlx").code == 1)
    #expect(try tern("--nonsense").code == 2)
    #expect(try tern("check").code == 2)
    #expect(try tern("-e").code == 2)
    #expect(try tern("--help").code == 0)
  }

  @Test("writes errors to standard error, plainly when piped") func errors() throws {
    let ended = try tern("-e", "[1][3]")
    #expect(ended.output == "")
    #expect(ended.errors.hasPrefix("error[E0323]: "))
    #expect(ended.errors.utf8.allSatisfy { $0 < 0x80 && $0 != 0x1B })
    #expect(try tern("--color", "always", "-e", "[1][3]").errors.contains("\u{1B}["))
  }

  @Test("refuses what is no script kindly") func refusals() throws {
    #expect(try tern(script(bytes: [0x50, 0x4B, 3, 4, 0, 0])).errors.contains("MATLAB live script"))
    #expect(try tern(script(bytes: [0xFF, 0xFE])).errors.contains("UTF-8"))
    #expect(try tern("/").errors.contains("folder"))
    #expect(try tern("chek").errors.contains("did you mean `tern check`"))
    let ended = try tern("deploy", "x.mlx")
    #expect(ended.code == 2 && ended.errors.contains("`deploy` is no command") && ended.errors.contains("run, status, check, fmt, test, weave, import, learn, explain"))
    let near = script("1")
    #expect(try tern(near + "x").errors.contains("did you mean"))
    #expect(try tern(String(near.dropLast(4))).code == 1)
    #expect(try tern("--limit-tim", "5s", near).errors.contains("--limit-time"))
  }

  @Test("takes standard input for a file") func standardInput() throws {
    #expect(try tern("-", "a", "--n", "2", input: "print(args, arg(\"n\", 1))\n1\n2\n") == Ended(0, "[\"a\"] 2\n2\n"))
    #expect(try tern("-", input: "[1][3]").errors.contains("stdin:1:"))
    #expect(try tern("check", "-", input: "nosuch").code == 1)
    #expect(try tern("weave", "-", input: "1 + 1\n") == Ended(0, "1 + 1\n#> 2\n"))
  }

  @Test("lays files out, and says which are not") func format() throws {
    let path = script("let  xs=[1,2]\nxs|>sum\n")
    #expect(try tern("fmt", "--check", path) == Ended(1, path + "\n"))
    #expect(try tern("fmt", path).code == 0)
    #expect(try tern("fmt", "-", input: "let  xs=[1,2]\nxs|>sum\n") == Ended(0, "let xs = [1, 2]\nxs |> sum\n"))
    #expect(try tern("fmt", "--check", path) == Ended(0, ""))
    #expect(try tern("fmt", script("let = 1")).code == 1)
  }

  @Test("keeps limits") func limits() throws {
    #expect(try tern("--limit-time", "50ms", "-e", "while true {}").errors.contains("E0353"))
    #expect(try tern("--limit-steps=10000", "-e", "while true {}").errors.contains("E0352"))
    #expect(try tern("--sandbox", "-e", "read_text(\"x\")").errors.contains("E0355"))
    #expect(try tern("--limit-time", "banana", "-e", "1").code == 2)
  }

  @Test("is interrupted by Ctrl-C") func interrupt() throws {
    let ended = try tern("-e", "print(1)\nwhile true {}", interruptAfter: 2)
    #expect(ended.code == 130)
    #expect(ended.output == "1\n")
    #expect(ended.errors.contains("E0351"))
  }

  @Test("says what it is") func version() throws {
    let text = try tern("--version").output
    #expect(text.hasPrefix("tern 0."))
    #expect(text.contains("thread"))
  }

  @Test("tests, weaves, checks and explains") func commands() throws {
    let good = script("1 + 1\n#> 2\n")
    let bad = script("1 + 1\n#> 3\n")
    #expect(try tern("test", good) == Ended(0, "1 cell passed in 1 file\n"))
    #expect(try tern("test", good, bad).code == 1)
    #expect(try tern("weave", bad).code == 0)
    #expect(try String(contentsOfFile: bad, encoding: .utf8) == "1 + 1\n#> 2\n")
    #expect(try tern("check", good).code == 0)
    #expect(try tern("check", script("fn f() { nosuch }")).errors.contains("E0201"))
    #expect(try tern("explain", "E0213").output.hasPrefix("E0213: "))
    let traced = script("fn f(x) {\n  let y = x @ x\n  sum(y * y)\n}\njit(f)(ones(40, 40))\n")
    let plan = try tern("explain", "plan", traced).output
    #expect(plan.contains("line 2\n") && plan.contains("line 3\n") && plan.contains("by line"), "\(plan)")
    for phase in ["tokens", "ast", "code"] { #expect(try tern("explain", phase, good).code == 0) }
  }

  @Test("lists the arguments of a script") func scriptHelp() throws {
    let help = try tern(script("#' # Trains a thing\nlet rate = arg(\"lr\", 1e-3)\n"), "--help").output
    #expect(help.contains("Trains a thing"))
    #expect(help.contains("--lr") && help.contains("1e-3"))
  }

  @Test("ends quietly when its reader leaves") func brokenPipe() throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "'\(Self.binary)' -e 'for i in 0..100000 { print(i) }' | head -n 1"]
    #expect(try run(shell).errors == "")
  }

  // MARK: Running it

  struct Ended: Equatable {
    var code: Int32
    var output: String
    var errors = ""
    init(_ code: Int32, _ output: String) { (self.code, self.output) = (code, output) }
    static func == (a: Ended, b: Ended) -> Bool { a.code == b.code && a.output == b.output }
  }

  /// Beside the tests' own binary.
  private static let binary: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "tern").path
  }()

  private func tern(_ arguments: String..., input: String = "", interruptAfter: Double? = nil) throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: Self.binary)
    process.arguments = arguments
    return try run(process, input: input, interruptAfter: interruptAfter)
  }

  private func run(_ process: Process, input: String = "", interruptAfter: Double? = nil) throws -> Ended {
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      process.interrupt()
    }
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    var ended = Ended(process.terminationStatus, String(decoding: output, as: UTF8.self))
    ended.errors = String(decoding: errors, as: UTF8.self)
    return ended
  }

  private func script(_ text: String) -> String { script(bytes: Array(text.utf8)) }

  private func script(bytes: [UInt8]) -> String {
    let path = NSTemporaryDirectory() + "tern-\(UUID().uuidString).mlx"
    FileManager.default.createFile(atPath: path, contents: Data(bytes))
    return path
  }
}
