package import TernRuntime

/// The words of everyday: numbers, text, lists, records, files and what stands around a program. A declaration's example is
/// a line of code and, after `#>`, what a cell shows of it; the tests run each.
package enum Core {
  package static var builtins: [Builtin] {
    Lists.builtins + Mapping.builtins + Sorting.builtins + Totals.builtins + Records.builtins + Numbers.builtins
      + Conversions.builtins + Texts.builtins + Control.builtins + Clock.builtins + Environment.builtins + Files.builtins
  }
}
