import ArgumentParser
import TernShell

extension Tern {
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a file of Tern from a notebook of Jupyter.",
      discussion: "Markdown becomes prose, code and outputs stay as they are. The file is written beside the notebook.")

    @Argument(help: "A notebook, `.ipynb`.", completion: .file(extensions: ["ipynb"])) var notebook: String
    @Option(name: .shortAndLong, help: "Another place for the file; `-` is standard output.", completion: .file()) var output: String?

    func run() throws { throw ExitCode(Programs.importNotebook(notebook, output: output, Console())) }
  }
}
