import Foundation
import Testing

/// What a person sees, kept as text: the prompt and the lessons in a terminal of 72 × 24 that tmux draws. With `TERN_RECORD_SCREENS`
/// set the files in `Screens` are written anew, to be looked at.
@Suite("Screens", .serialized, .enabled(if: Screen.exists)) struct ScreenTests {
  @Test("editing, showing, failing") func prompt() throws {
    let screen = try Screen()
    try screen.keys("let xs = [3, 1, 2]", "Enter")
    try screen.keys("fn f(x) {", "Enter", "x + 1", "Enter", "}", "Enter")
    try screen.keys("map(xs, f)", "Enter", "zeros(2, 3) + [1, 2, 3]", "Enter", "f(1, 2)", "Enter", "xs[7]", "Enter")
    try screen.expect("prompt")
  }

  @Test("help and completion") func help() throws {
    let screen = try Screen()
    try screen.keys("relu?", "Enter", "stand", "Tab", "C-u", "let birds = sample(\"penguins\")", "Enter", "birds.bill_", "Tab")
    try screen.expect("help")
  }

  @Test("a plot, a model and a table") func display() throws {
    let screen = try Screen()
    try screen.keys("plot(sin, x: [0, 6], height: 5)", "Enter", "init(chain(dense(4), dense(1)), f32[_, 2], seed: 1)", "Enter")
    try screen.keys("take(sample(\"iris\"), 2)", "Enter")
    try screen.expect("display")
  }

  @Test("an exercise") func lesson() throws {
    let screen = try Screen("learn")
    try screen.keys("h")
    try screen.expect("lesson")
  }

  @Test("a very small terminal") func small() throws {
    let screen = try Screen(columns: 10, rows: 3)
    try screen.keys("1 + 1", "Enter")
    try screen.expect("small")
  }
}

/// Tern in a terminal that tmux keeps.
private final class Screen {
  static let tmux = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"].first { FileManager.default.isExecutableFile(atPath: $0) }
  static var exists: Bool { tmux != nil }

  private let name = "tern-\(UUID().uuidString.prefix(8))"
  private let home = FileManager.default.temporaryDirectory.appendingPathComponent("tern-screen-\(UUID().uuidString)").path

  init(_ words: String = "", columns: Int = 72, rows: Int = 24) throws {
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let binary = URL(filePath: own).deletingLastPathComponent().appending(path: "tern").path
    let line = "cd \(home) && exec env HOME=\(home) TERM=screen-256color LC_ALL=C.UTF-8 NO_COLOR=1 \(binary) \(words)"
    try tmux("-f", "/dev/null", "new-session", "-d", "-s", "s", "-x", "\(columns)", "-y", "\(rows)", "/bin/sh", "-c", line)
    try settle()
  }

  deinit {
    _ = try? tmux("kill-server")
    try? FileManager.default.removeItem(atPath: home)
  }

  /// Types each, and waits until the screen stands still.
  func keys(_ keys: String...) throws {
    for key in keys {
      try tmux("send-keys", "-t", "s", key)
      try settle()
    }
  }

  func expect(_ file: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Screens")
    let path = folder.appending(path: file + ".txt").path
    var shown = try captured()
    if ProcessInfo.processInfo.environment["TERN_RECORD_SCREENS"] != nil { try shown.write(toFile: path, atomically: true, encoding: .utf8) }
    let wanted = try String(contentsOfFile: path, encoding: .utf8)
    // A busy machine takes its time.
    for _ in 0..<300 where shown != wanted {
      Thread.sleep(forTimeInterval: 0.05)
      shown = try captured()
    }
    #expect(shown == wanted, "\(shown)")
  }

  private func captured() throws -> String {
    var lines = try tmux("capture-pane", "-p", "-t", "s").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private func settle() throws {
    var last = "", still = 0
    for _ in 0..<400 where still < 6 {
      Thread.sleep(forTimeInterval: 0.03)
      let now = try captured()
      still = now == last && now.count > 1 ? still + 1 : 0
      last = now
    }
  }

  @discardableResult
  private func tmux(_ words: String...) throws -> String {
    // By the shell and through a file: the server that tmux starts would hold open what a `Process` waits for.
    let out = home + "/out", quoted = ([Screen.tmux ?? "tmux", "-u", "-L", name] + words).map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    _ = system("\(quoted.joined(separator: " ")) >\(out) 2>/dev/null </dev/null")
    let text = FileManager.default.contents(atPath: out) ?? Data()
    return String(decoding: text, as: UTF8.self)
  }
}
