import ArgumentParser
import TernShell

extension Tern {
  struct Weave: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run files and write what they show under the statements that show it.",
      discussion: """
        Every other byte of a file stays. Where a cell fails its error is recorded, and the cells below stay as they are; one with `{raises}` must fail, and the next goes on. With `--to` the file itself stays, and a \
        page of it is written beside it: one HTML file, Markdown, or a notebook of Jupyter.
        """)

    @OptionGroup var limits: Limits
    @Argument(help: "Scripts, `.mlx`.", completion: .file(extensions: ["mlx"])) var files: [String]

    @Option(help: "Write a page: html, md or ipynb.") var to: Programs.PageFormat?
    @Option(name: .shortAndLong, help: "Where the page goes; `-` is standard output.", completion: .file()) var output: String?

    func validate() throws {
      if output != nil, to == nil { throw ValidationError("`--output` says where a page goes: `--to html` or another format makes one") }
      if output != nil, files.count > 1 { throw ValidationError("`--output` is for one file") }
    }

    func run() throws { throw ExitCode(Programs.weave(files, to: to, output: output, limits.conditions, limits.console)) }
  }
}

extension Programs.PageFormat: ExpressibleByArgument {}
