import ArgumentParser
import TernShell

extension Tern {
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Explain an error code, or show what Tern makes of a file.",
      usage: """
        tern explain CODE                  such as E0213
        tern explain tokens|ast|code|cells|graph|plan [--profile] FILE
        """)

    @OptionGroup var limits: Limits
    @Argument(help: "An error code, or `tokens`, `ast`, `code`, `cells`, `graph`, `plan`.", completion: .list(Explained.allCases.map(\.rawValue)))
    var what: String
    @Argument(help: "A script, `.mlx`; `-e CODE` stands for one.", completion: .file(extensions: ["mlx"])) var file: String?
    @Option(name: [.customShort("e"), .customLong("eval")], help: "Code instead of a file.") var code: String?
    @Flag(help: "With `plan`: what each step took on average while the file ran.") var profile = false

    func run() throws {
      let console = limits.console
      guard let phase = Explained(rawValue: what) else {
        guard let explanation = Programs.explanation(ofCode: what, width: console.width) else {
          throw ValidationError("\(what) is no error code, and none of tokens, ast, code, cells, graph, plan")
        }
        console.write(explanation)
        console.flush()
        return
      }
      guard let script = try script(console) else { throw ExitCode(1) }
      throw ExitCode(Programs.explain(phase, script, isTimed: profile, limits.conditions, console))
    }

    private func script(_ console: Console) throws -> Script? {
      if let code { return Script(text: code, name: "-e") }
      guard let file else { throw ValidationError("`tern explain \(what)` needs a file") }
      return Programs.read(file, console)
    }
  }
}
