import ArgumentParser
import TernShell

extension Tern {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run a script; with `--stale` only the cells that need it.",
      discussion: """
        With `--stale` results are kept in the folder `.tern` beside the script. A cell runs when its code has changed, or a file it \
        read or wrote, or a cell that it reads from; what the others had bound is taken from there. What `save` cannot write, such as \
        functions and datasets, is made again where it is needed. A cell that reads the clock or the environment always runs.
        """)

    @OptionGroup var limits: Limits
    @Flag(help: "Run only what changed since the last run with `--stale`.") var stale = false
    @Argument(help: "A script, `.mlx`.", completion: .file(extensions: ["mlx"])) var file: String
    @Argument(parsing: .allUnrecognized, help: "Arguments of the script.") var arguments: [String] = []

    func run() throws {
      let console = limits.console
      throw ExitCode(
        stale ? Programs.run(stale: file, arguments, limits.conditions, console) : Programs.run(file: file, arguments, limits.conditions, console))
    }
  }
}
