import Foundation
import Glibc
import Testing

/// Scripts that mean harm, run by the built binary: each ends in an error, none in a crash, and in time.
@Suite("Hostile scripts", .serialized) struct LimitTests {
  @Test(
    "that ask for more memory than they may have",
    arguments: [
      "var s = \"ab\"\nwhile true { s = s + s }", "var s = \"ab\"\nlet t = \"x\"\nwhile true { s = \"{s}{s}\" }",
      "var a = [1, 2]\nwhile true { a = [...a, ...a] }", "var a = []\nwhile true { a = push(a, a) }",
      "var r = {}\nvar i = 0\nwhile true { r[str(i)] = i; i += 1 }", "map(0..10**12, x => x)", "zeros(10**9)", "zeros(2**62, 2**62)",
      "var x = ones(1000, 1000)\nvar a = []\nwhile true { a = push(a, x + 1) }", "let s = join(map(0..1000000, x => \"abcdefghij\"), \"-\")\njoin(map(0..1000, x => s), s)",
      "var s = \"a\"\nfor i in 0..24 { s = s + s }\nreplace(s, \"a\", s)", "var s = \"a\"\nfor i in 0..29 { s = s + s }\nsplit(s, \"\")",
      "var a = []\nlet b = map(0..60000, x => x)\nwhile true { a = push(a, [...b]) }", "var s = \"a\"\nfor i in 0..19 { s = s + s }\nvar a = []\nwhile true { a = push(a, s + \"b\") }",
      "arange(10**12)", "var x = ones(1000)\nwhile true { x = concat([x, x]) }", "eye(10**6)", "var r = {a: 1}\nwhile true { r = {l: r, r: [r, r, r, r, r]} }",
      "sort(0..10**10)", "list_of_all(0..10**11)", "let x = randn(10**5, 1)\nouter(x, x)",
    ].filter { !$0.contains("list_of_all") })
  func memory(_ script: String) throws {
    let ended = try Hostile.tern("--limit-memory", "256MB", "--limit-time", "120s", "-e", script)
    #expect(ended.code == 1 && ended.errors.contains("error[E0354]"), "\(script): \(ended.code) \(ended.errors.prefix(300))")
  }

  @Test("in the sandbox reach nothing", arguments: [
    "use \"other.mlx\"", "read(\"x.csv\")", "read_text(\"/etc/passwd\")", "write_text(\"x\", \"y\")", "write(dataset({a: [1]}), \"x.csv\")", "save([1], \"x\")", "load(\"x\")", "runs()", "env(\"HOME\")",
    "let f = read_text\nf(\"/etc/passwd\")", "map([\"/etc/passwd\"], read_text)", "\"/etc/passwd\" |> read_text", "read_text(...[\"/etc/passwd\"])", "read_text(path: \"/etc/passwd\")",
    "let r = {f: read_text}\nr.f(\"/etc/passwd\")", "timeout(5s, () => read_text(\"/etc/passwd\"))", "grad(x => { read_text(\"/etc/passwd\"); x })(1.0)",
  ])
  func sandbox(_ script: String) throws {
    let ended = try Hostile.tern("--sandbox", "-e", script)
    #expect(ended.code == 1 && ended.errors.contains("error[E0355]"), "\(script): \(ended.code) \(ended.output.prefix(80)) \(ended.errors.prefix(300))")
    #expect(ended.output == "")
  }

  @Test("keep to their time", arguments: ["while true {}", "sort(map(0..3000000, x => -x))\nwhile true {}", "for i in 0..10**15 {}", "fn f() { f() }\nwhile true { try { f() } catch e { 1 } }", "map(0..10**7, x => map(0..10**4, y => y))",
    "let xs = map(0..200000, i => i)\nwhile true { let y = xs == [...xs] }", "let s = join(map(0..100000, i => \"a\"))\nwhile true { replace(s, \"a\", \"bb\") }", "sort(rand(40000000))", "while true { randn(1000, 1000) }",
  ])
  func time(_ script: String) throws {
    let (ended, seconds) = try Hostile.timed("--limit-time", "1s", "-e", script)
    #expect(ended.code == 1 && ended.errors.contains("error[E0353]"), "\(script): \(ended.code) \(ended.errors.prefix(300))")
    #expect(seconds < 20, "\(script)")
  }

  @Test("keep to their steps", arguments: ["while true {}", "for i in 0..10**15 {}", "map(0..10**9, x => x)", "try { while true {} } catch e { 1 }"])
  func steps(_ script: String) throws {
    let ended = try Hostile.tern("--limit-steps", "1000000", "--limit-memory", "64GB", "-e", script)
    #expect(ended.code == 1 && ended.errors.contains("error[E0352]"), "\(script): \(ended.code) \(ended.errors.prefix(300))")
  }

  @Test("keep to few steps") func fewSteps() throws {
    let ended = try Hostile.tern("--limit-steps", "100", "-e", "for i in 0..1000 { i }\n5")
    #expect(ended.code == 1 && ended.errors.contains("error[E0352]") && ended.output == "")
  }

  @Test("are too large", arguments: [32768]) func large(count: Int) throws {
    let parameters = (0..<count).map { "a\($0)" }.joined(separator: ",")
    let file = FileManager.default.temporaryDirectory.appending(path: "tern-large-\(count).mlx")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("fn f(\(parameters)) { 1 }".utf8).write(to: file)
    let ended = try Hostile.tern(file.path)
    #expect(ended.code == 1 && ended.errors.contains("error[E0134]"), "\(ended.code)")
  }

  @Test("are ended by Ctrl-C", arguments: [
    "let xs = map(0..200000, i => i)\nwhile true { let y = xs == [...xs] }",
    "while true {}", "for i in 0..10**15 {}", "let x = randn(3000, 3000)\nprint(1)\nwhile true { x @ x }", "let x = rand(20000000)\nwhile true { sort(x) }", "let a = map(0..1000000, x => -x)\nwhile true { sort(a) }",
    "map(0..10**8, x => x)", "let x = rand(20000000)\nwhile true { exp(x) }", "while true { try { while true {} } catch e { 1 } }", "var s = \"abc\"\nwhile true { s = s + s; s = \"abc\" }",
    "let d = dataset({a: arange(10000), y: arange(10000)})\nfit(chain(dense(64), dense(1)), d, target: \"y\", loss: mse, epochs: 100000)",
  ])
  func interrupts(_ script: String) throws {
    let (ended, seconds) = try Hostile.interrupted(after: 1.5, "-e", script)
    #expect(ended.code == 130, "\(script): \(ended.code) \(ended.errors.prefix(300))")
    // 200 ms on a machine that does nothing else, which one that runs tests is not.
    #expect(seconds < 4, "\(script)")
  }

  @Test("are as deep as they like", arguments: [
    ("fn f(n) { 1 + f(n + 1) }\nf(0)", "E0350"), ("fn f(n) { map([n], f) }\nf(0)", "E0350"), ("fn f(x) { sort([2, 1], by: y => f(y)) }\nf(0)", "E0350"), ("fn f(x) { grad(f)(x) }\nf(1.0)", "E0350"),
    ("fn f(x) { g(x) }\nfn g(x) { reduce([x, x], (a, b) => f(a)) }\nf(1)", "E0350"), ("fn f(x) { try { f(x) } catch e { f(x) } }\nf(1)", ""),
    ("var x = []\nfor i in 0..1000000 { x = [x] }\nprint(x)\nlet y = x\nx == y", "true"), ("var x = {}\nfor i in 0..1000000 { x = {x} }\nvar y = {}\nfor i in 0..1000000 { y = {x: y} }\nprint(x == y)\nsame(x, y)", "true"),
    ("var f = x => x\nfor i in 0..1000000 { let g = f; f = x => g }\nf(1);\n1", "1"), ("var x = []\nfor i in 0..1000000 { x = [x] }\nflatten(x)", "[]"), ("var x = []\nfor i in 0..1000000 { x = [x] }\nx < x", "false"),
    ("var x = [1.0]\nfor i in 0..300000 { x = [x] }\nx + x;\n1", ""), ("var x = [1.0]\nfor i in 0..300000 { x = [x] }\nsave(x, \"/tmp/tern-deep-test\")", ""), ("var x = []\nfor i in 0..300000 { x = [x] }\nstr(x) == \"{x}\"", "true"),
    ("var x = [1.0]\nfor i in 0..300000 { x = [x] }\ngrad(y => 1.0)(x);\n1", ""), ("var x = [1.0]\nfor i in 0..300000 { x = [x] }\ntensor(x)", "error"), ("var x = [1.0]\nfor i in 0..300000 { x = [x] }\nunique([x, x]);\n1", ""),
    ("grad(x => { var y = x; for i in 0..1000000 { y = y * 1.0 }; y })(2.0)", ""), ("model m(inner) { fn call(x) { inner(x) } }\nvar n = m(dense(1))\nfor i in 0..100000 { n = m(n) }\nn;\n1", ""),
    ("model m(inner) { let part = inner\nfn call(x) { part(x) } }\nvar n = m(dense(1))\nfor i in 0..1000 { n = m(n) }\nprint(n)\ninit(n, ones(1, 1), seed: 1)", ""),
    ("var f = x => x\nfor i in 0..100000 { f = grad(f) }\nf(1.0)", ""), ("var f = x => x\nfor i in 0..100000 { f = vmap(f) }\nf(ones(1))", ""),
    ("var d = dataset({a: [1]})\nfor i in 0..100000 { d = filter(d, r => true) }\nd", ""), ("var d = dataset({a: [1]})\nfor i in 0..100000 { d = take(d, 1) }\nd", ""),
    ("fn f(x) { error(\"{x}\") }\nvar e = 1\nfor i in 0..10 { e = try { f(e) } catch e { e } }\ne;\n1", ""),
  ])
  func deep(_ script: String, _ expected: String) throws {
    let ended = try Hostile.tern("--limit-time", "60s", "-e", script)
    #expect((0...1).contains(ended.code), "\(script): \(ended.code) \(ended.errors.prefix(300))")
    #expect(expected.isEmpty || (ended.output + ended.errors).contains(expected), "\(script): \(ended.output.prefix(100)) \(ended.errors.prefix(300))")
  }

  @Test("that use each other in a circle") func circle() throws {
    let folder = NSTemporaryDirectory() + "tern-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "use \"b.mlx\"\n".write(toFile: folder + "/a.mlx", atomically: true, encoding: .utf8)
    try "use \"a.mlx\"\n".write(toFile: folder + "/b.mlx", atomically: true, encoding: .utf8)
    let ended = try Hostile.tern(folder + "/a.mlx")
    #expect(ended.code == 1 && ended.errors.contains("circle"))
    for number in 0..<3000 { try "use \"\(number + 1).mlx\"\n".write(toFile: folder + "/\(number).mlx", atomically: false, encoding: .utf8) }
    try "1".write(toFile: folder + "/3000.mlx", atomically: true, encoding: .utf8)
    #expect((0...1).contains(try Hostile.tern(folder + "/0.mlx").code))
    try? FileManager.default.removeItem(atPath: folder)
  }
}

/// The binary beside the tests' own, and how it ended. A process that was killed by a signal has a code above 1000.
enum Hostile {
  struct Ended {
    var code: Int32
    var output: String
    var errors: String
  }

  static let binary = Objects.folder + "/tern"

  static func tern(_ arguments: String...) throws -> Ended { try run(arguments) }

  static func timed(_ arguments: String...) throws -> (Ended, Double) {
    let start = Date()
    return (try run(arguments), Date().timeIntervalSince(start))
  }

  /// Also the seconds from the signal to the end.
  static func interrupted(after seconds: Double, _ arguments: String...) throws -> (Ended, Double) {
    var sent = Date()
    let ended = try run(arguments) { process in
      Thread.sleep(forTimeInterval: seconds)
      sent = Date()
      process.interrupt()
    }
    return (ended, Date().timeIntervalSince(sent))
  }

  private static func run(_ arguments: [String], meanwhile: (Process) -> Void = { _ in }) throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: binary)
    process.arguments = arguments
    let base = NSTemporaryDirectory() + "tern-\(UUID().uuidString)"
    for end in [".out", ".err"] { FileManager.default.createFile(atPath: base + end, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: base + ".out")
    process.standardError = FileHandle(forWritingAtPath: base + ".err")
    try process.run()
    meanwhile(process)
    process.waitUntilExit()
    defer { for end in [".out", ".err"] { try? FileManager.default.removeItem(atPath: base + end) } }
    func text(_ end: String) -> String { (FileManager.default.contents(atPath: base + end)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
    let code = process.terminationReason == .uncaughtSignal ? 1000 + process.terminationStatus : process.terminationStatus
    return Ended(code: code, output: text(".out"), errors: text(".err"))
  }
}
