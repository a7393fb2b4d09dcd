internal import Glibc
import TernRuntime
import TernSyntax

/// What `tern` does with a program; each function gives the exit code.
package enum Programs {
  package static func run(file path: String, _ arguments: [String], _ conditions: Conditions, _ console: Console) -> Int32 {
    guard let script = read(path, console) else { return 1 }
    if arguments.contains("--help") { return describeArguments(of: script, console) }
    let session = conditions.session(path: path, console: console)
    session.machine.take(arguments)
    return finish(console) { script.run(in: session, console: console) }
  }

  package static func run(code: String, _ arguments: [String], _ conditions: Conditions, _ console: Console) -> Int32 {
    let session = conditions.session(console: console)
    session.machine.take(arguments)
    return finish(console) { Script(text: code, name: "-e").run(in: session, console: console) }
  }

  /// The prompt, or a program that arrives through a pipe.
  package static func prompt(_ conditions: Conditions, _ console: Console) -> Int32 {
    let session = conditions.session(console: console)
    if isatty(STDIN_FILENO) == 1 { return finish(console) { Prompt(session: session, console: console).run() } }
    var input = PipedInput(session: session, console: console)
    return finish(console) { input.run() }
  }

  /// A script as it lies on disk; nil, and an error on standard error, when it cannot be read.
  package static func read(_ path: String, _ console: Console) -> Script? {
    do throws(Fault) { return try Script(reading: path) } catch {
      console.report([error.diagnostic])
      return nil
    }
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The word that another was most likely meant to be.
  package static func nearest(to word: String, among words: [String]) -> String? { didYouMean(word, among: words) }

  private static func finish(_ console: Console, _ work: () -> Int32) -> Int32 {
    let code = work()
    console.flush()
    return code
  }
}

extension Machine {
  /// `--name value` and `--name=value` are for `arg`; a name without a value says yes; the others are `args`.
  func take(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), word.count > 2 else {
        arguments.append(word)
        continue
      }
      let name = word.dropFirst(2)
      if let equals = name.firstIndex(of: "=") {
        namedArguments[String(name[..<equals])] = String(name[name.index(after: equals)...])
      } else if let next = rest.first, !next.hasPrefix("--") {
        namedArguments[String(name)] = next
        rest.removeFirst()
      } else {
        namedArguments[String(name)] = ""
      }
    }
  }
}
