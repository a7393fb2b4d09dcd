import ArgumentParser
import TernShell

extension CommandLine {
  /// Carries out what the arguments say; the exit code. Running code is read by hand, because it happens all the time and a
  /// parser of commands takes longer to set up than a short program to run.
  static func tern() -> Int32 {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let run = RunRequest(arguments) { return run.perform() }
    if arguments.last == "-e" || arguments.last == "--eval" {
      Console().note("Error: `-e` needs code behind it: tern -e '1 + 1'\n")
      return 2
    }
    return Tern.perform(arguments)
  }
}
