import ArgumentParser
import TernShell

extension CommandLine {
  /// Carries out what the arguments say; the exit code. Running code is read by hand, because it happens all the time and a
  /// parser of commands takes longer to set up than a short program to run.
  static func tern() -> Int32 {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let run = RunRequest(arguments) { return run.perform() }
    return Tern.perform(arguments)
  }
}
