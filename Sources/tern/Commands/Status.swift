import ArgumentParser
import TernShell

extension Tern {
  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which cells are stale since `tern run --stale`, and why.")

    @OptionGroup var limits: Limits
    @Argument(help: "Scripts, `.mlx`.", completion: .file(extensions: ["mlx"])) var files: [String]

    func run() throws { throw ExitCode(Programs.status(files, limits.conditions, limits.console)) }
  }
}
