import ArgumentParser
import TernShell

extension Tern {
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run files again and compare what they show with what is recorded in them.",
      discussion: """
        A line that starts with `#>` under a statement is its recorded output; `#~>` is recorded and not compared. Floats \
        agree within one unit of their last printed digit; `{tol: 1e-2}` in the cell line loosens that. A cell with \
        `{raises}` must fail, one with `{skip}` is passed over.
        """)

    @OptionGroup var limits: Limits
    @Argument(help: "Scripts, `.mlx`.", completion: .file(extensions: ["mlx"])) var files: [String]

    func run() throws { throw ExitCode(Programs.test(files, limits.conditions, limits.console)) }
  }
}
