import ArgumentParser
import TernShell

/// The command `tern`, with what it says of itself in `--help`, and its subcommands.
struct Tern: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tern",
    abstract: "Tern, a small language for machine-learning systems.",
    usage: """
      tern [OPTIONS]                      the prompt, or a program from a pipe
      tern [OPTIONS] FILE [ARGUMENTS]     run a script; `-` is standard input
      tern [OPTIONS] -e CODE [ARGUMENTS]  run a line
      tern COMMAND …
      """,
    discussion: """
      Everything behind FILE belongs to the script: `--lr 0.01` is what `arg("lr")` reads there, and `tern FILE --help` \
      lists what it takes. Exit codes: 0 all well, 1 an error in the script, 2 a command line that makes no sense, 130 \
      interrupted.
      """,
    version: Version.text,
    subcommands: [Run.self, Status.self, Check.self, Format.self, Test.self, Weave.self, Import.self, Learn.self, Explain.self])

  @OptionGroup var limits: Limits

  /// Names of subcommands are no files.
  static func isCommand(_ word: String) -> Bool { commands.contains(word) || word == "help" }

  private static let commands = ["run", "status", "check", "fmt", "test", "weave", "import", "learn", "explain"]

  /// A word that is no file, and does not look like one, was meant as a command.
  static func complaint(about word: String) -> String? {
    guard word != "-", !word.contains("/"), !word.contains("."), !Programs.exists(word), !Programs.exists(word + ".mlx") else { return nil }
    let near = Programs.nearest(to: word, among: commands).map { "; did you mean `tern \($0)`?" } ?? ""
    return "Error: `\(word)` is no command and no file\(near)\nCommands: \(commands.joined(separator: ", ")). A script ends in `.mlx`; `tern --help` tells more.\n"
  }

  func run() throws {
    throw ExitCode(RunRequest(program: .prompt, conditions: limits.conditions, arguments: []).perform())
  }
}

extension Tern {
  /// Parses and carries out; the exit code. What makes no sense ends with 2.
  static func perform(_ arguments: [String]) -> Int32 {
    do {
      var command = try Tern.parseAsRoot(arguments)
      try command.run()
      return 0
    } catch {
      let message = (error as? ValidationError).map { "Error: \($0.message)" } ?? fullMessage(for: error)
      let code = exitCode(for: error)
      let console = Console()
      if code == .success {
        if !message.isEmpty { console.write(message + "\n") }
        console.flush()
        return 0
      }
      if !message.isEmpty { console.note(message + "\n") }
      return code == .validationFailure ? 2 : code.rawValue
    }
  }
}

/// What a run is allowed, and how it speaks.
struct Limits: ParsableArguments {
  @Option(help: ArgumentHelp("Stop after this time: 5s, 2min.", valueName: "time"), transform: Limits.seconds)
  var limitTime: Double?

  @Option(help: ArgumentHelp("Use at most this much memory: 1GB.", valueName: "size"), transform: Limits.bytes)
  var limitMemory: Int?

  @Option(help: ArgumentHelp("Stop after so many calls and loop turns.", valueName: "count"), transform: Limits.count)
  var limitSteps: Int?

  @Flag(help: "Deny files, network and services.")
  var sandbox = false

  @Option(help: "Colour: auto, always or never. `NO_COLOR` says never, too.")
  var color: Console.ColorChoice = .auto

  var conditions: Conditions {
    var conditions = Conditions()
    conditions.time = limitTime
    conditions.memory = limitMemory
    conditions.steps = limitSteps
    conditions.isSandboxed = sandbox
    conditions.color = color
    return conditions
  }

  var console: Console { Console(color: color) }

  private static func seconds(_ text: String) throws -> Double {
    guard let seconds = Amount.seconds(text) else { throw ValidationError("\(text) is no time such as 5s or 2min") }
    return seconds
  }

  private static func bytes(_ text: String) throws -> Int {
    guard let bytes = Amount.bytes(text) else { throw ValidationError("\(text) is no size such as 64MB or 1GB") }
    return bytes
  }

  private static func count(_ text: String) throws -> Int {
    guard let count = Int(text), count > 0 else { throw ValidationError("\(text) is no number above zero") }
    return count
  }
}

extension Console.ColorChoice: ExpressibleByArgument {}
