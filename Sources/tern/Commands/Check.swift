import ArgumentParser
import TernShell

extension Tern {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find wrong names, calls and shapes; nothing is trained, and no data is read or written.")

    @OptionGroup var limits: Limits
    @Argument(help: "Scripts, `.mlx`.", completion: .file(extensions: ["mlx"])) var files: [String]

    func run() throws { throw ExitCode(Programs.check(files, limits.conditions, limits.console)) }
  }
}
