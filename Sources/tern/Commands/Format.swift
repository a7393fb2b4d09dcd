import ArgumentParser
import TernShell

extension Tern {
  struct Format: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fmt", abstract: "Lay files out: blanks, indentation, blank lines.",
      discussion: "Where lines break is yours, and what a file says stays the same. `-` goes from standard input to standard output.")

    @OptionGroup var limits: Limits
    @Flag(help: "Change nothing; name the files that are not laid out, and end with 1 if there are any.") var check = false
    @Argument(help: "Scripts, `.mlx`.", completion: .file(extensions: ["mlx"])) var files: [String]

    func run() throws { throw ExitCode(Programs.format(files, onlyChecks: check, limits.console)) }
  }
}
