package import TernPlots
package import TernRuntime
import TernSyntax

/// A plot as a value: shown, it is its picture in characters; `p.svg` is one for pages.
package final class PlotValue: ForeignValue {
  package let plot: Plot

  package init(_ plot: Plot) { self.plot = plot }

  package var kind: String { "plot" }
  package var fieldNames: [String] { ["svg", "title"] }

  package func field(_ name: String) throws(Fault) -> Value? {
    switch name {
    case "svg": .string(plot.svg)
    case "title": plot.title.map { .string($0) } ?? Value.none
    default: nil
    }
  }

  package func text(width: Int) -> String { plot.text(width: width) }
  package var inlineText: String { plot.title.map { "<plot \($0)>" } ?? "<plot>" }

  package func equals(_ other: any ForeignValue) -> Bool { (other as? PlotValue)?.plot == plot }
}

extension Value {
  /// The plot this value is.
  package var plot: Plot? {
    guard case .foreign(let foreign) = self else { return nil }
    return (foreign.value as? PlotValue)?.plot
  }
}
