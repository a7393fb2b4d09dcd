import TernData
import TernPlots
import TernRuntime
import TernSyntax

/// Words that draw.
enum Plotting {
  static var builtins: [Builtin] { [plot, save] }

  private static var plot: Builtin {
    Builtin(
      "plot(data, y = none, x = none, by = none, kind = none, title = none, bins = none, log = none, names = none, height = none) -> plot",
      """
      A plot: of a dataset, columns `y` (one or a list) against `x`, a series for each value of `by`; of a run or its `history`, or a \
      list of them, how a metric went; of numbers, a line; of one column, how often; of a function of a number, its curve over \
      `x: [low, high]`; of a record of numbers, bars; of a matrix, a heat map; of a tensor `[height, width, 1 or 3]`, an image; of a \
      report, its confusion. `kind` says it otherwise: \"line\", \"scatter\", \"histogram\", \"bar\", \"heat\", \"confusion\", \"image\"; \
      `log: \"y\"` counts an axis in powers of ten; `bins`, how many columns a histogram has; `names`, what series or classes are called. \
      It shows as characters, as SVG in pages, and `save(p, \"p.svg\")` keeps it.
      """,
      example: "kind(plot([1, 4, 9, 16], title: \"squares\"))  #> \"plot\""
    ) { call throws(Fault) in
      .foreign(Foreign(PlotValue(try PlotMaker(call).plot(call[0]))))
    }
  }

  private static var save: Builtin {
    Builtin(
      "save(plot: plot, path: str)", "Writes a plot as an image, `.svg`, or as text, `.txt`.",
      example: """
        save(plot([1, 4, 9]), "/tmp/tern-example.svg")
        take(read_text("/tmp/tern-example.svg"), 4)
        #> "<svg"
        """,
      effect: .writes
    ) { call throws(Fault) in
      let path = try call.string(1, "a path second").text
      guard let plot = call[0].plot else { throw call.refusal(0, takes: "a plot") }
      let text: String
      if path.hasSuffix(".svg") { text = plot.svg } else if path.hasSuffix(".txt") { text = plot.text(width: 80) } else {
        throw Fault(.unknownFormat, "a plot is written as `.svg` or `.txt`, not as \"\(path)\"", hint: "`save(p, \"plot.svg\")`").marking(1, path)
      }
      do throws(Fault) { try Files.write(Array((text + "\n").utf8), to: path, call.machine) } catch { throw error.marking(1) }
      return .none
    }
  }
}
