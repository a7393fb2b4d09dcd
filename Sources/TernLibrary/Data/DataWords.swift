package import TernRuntime

/// The words for tables: datasets, columns, recipes and batches. A declaration's example is a line of code and, after `#>`,
/// what a cell shows of it.
package enum DataWords {
  package static var all: [Builtin] {
    ReadingWords.builtins + ColumnVerbs.builtins + RowVerbs.builtins + ChanceVerbs.builtins + TableFacts.builtins
      + Aggregates.builtins + ColumnMaths.builtins + ColumnWords.builtins + BatchWords.builtins + RecipeWords.builtins
  }
}
