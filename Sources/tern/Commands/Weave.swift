import ArgumentParser
import TernShell

extension Tern {
  struct Weave: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run files and write what they show under the statements that show it.",
      discussion: "Every other byte of a file stays. A file in which a cell fails stays as it is.")

    @OptionGroup var limits: Limits
    @Argument(help: "Scripts, `.mlx`.", completion: .file(extensions: ["mlx"])) var files: [String]

    func run() throws { throw ExitCode(Programs.weave(files, limits.conditions, limits.console)) }
  }
}
