import ArgumentParser
import TernShell

/// The command `tern`, for everything that is not plainly running code.
struct Tern: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tern", abstract: "Tern, a small language for machine-learning systems.")

  static func isCommand(_ word: String) -> Bool {
    configuration.subcommands.contains { $0._commandName == word } || word == "help"
  }

  static func perform(_ arguments: [String]) -> Int32 { 0 }
}
