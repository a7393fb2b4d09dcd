import ArgumentParser
import TernShell

extension Tern {
  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Learn Tern by exercises, each a few minutes long.",
      usage: """
        tern learn                 the course: saving an exercise runs it
        tern learn list            the exercises, and how far you are
        tern learn run [NAME]      the current or another exercise, once; exit code 0 when it is done
        tern learn hint [NAME]     one hint more, of three
        tern learn solution [NAME] once it is done
        tern learn reset NAME      as it was; yours stays beside it
        tern learn check [FOLDER]  for authors: each exercise fails unsolved, each solution passes
        """,
      discussion: """
        The exercises are files in the folder `exercises` here, which you edit with your editor. A name may be a number. Each run is \
        without files and network and ends after 10 s; `--limit-time` and `--limit-memory` say otherwise.
        """)

    @OptionGroup var limits: Limits
    @Argument(help: "`list`, `run`, `hint`, `solution`, `reset`, `check`, or nothing.") var what: String?
    @Argument(help: "An exercise, by number or name; of `check`, a folder.") var name: String?
    @Option(name: .customLong("in"), help: "The folder of your exercises.", completion: .directory) var folder = Programs.exerciseFolder
    @Option(help: "A course of your own: a folder of exercises and their checks.", completion: .directory) var course: String?

    func run() throws {
      throw ExitCode(Programs.learn(try lesson, folder: folder, course: course, limits.conditions, limits.console))
    }

    private var lesson: Programs.Lesson {
      get throws {
        switch what {
        case nil, "watch": return .watch
        case "list": return .list
        case "run": return .run(name)
        case "hint": return .hint(name)
        case "solution": return .solution(name)
        case "check": return .check(name)
        case "reset":
          guard let name else { throw ValidationError("`tern learn reset` needs the name or number of an exercise") }
          return .reset(name)
        case let what?:
          let words = ["list", "run", "hint", "solution", "reset", "check"]
          throw ValidationError("`tern learn` knows no `\(what)`" + (Programs.nearest(to: what, among: words).map { "; did you mean `\($0)`?" } ?? ""))
        }
      }
    }
  }
}
