/// What can go wrong with data, as facts: the words are made where the language meets this module.
///
/// A `line` counts from 1 and is the line where the trouble starts; a `row` counts from 0 and leaves the header out.
package enum DataError: Error, Equatable, Sendable {
  // Files.
  case noSuchFile(path: String)
  case cannotRead(path: String, reason: String)
  case unknownFormat(path: String)
  case fileChanged(path: String)
  /// More bytes than `limit`, or a gzip file that grows past it.
  case tooLarge(path: String, limit: Int)
  case emptyFile(path: String)
  case damagedFile(path: String, reason: String)
  // Text of a CSV file.
  case notUTF8(path: String, line: Int)
  case raggedRow(path: String, line: Int, needed: Int, found: Int)
  case unclosedQuote(path: String, line: Int)
  /// Text follows a closing quote in the same cell.
  case textAfterQuote(path: String, line: Int)
  // JSON.
  /// JSON that is well formed but not what was to be read; `at` is a key.
  case unexpectedJSON(at: String, needed: String)
  // Columns of a table.
  case unknownColumn(name: String, known: [String])
  case repeatedColumn(name: String)
  case columnLength(name: String, needed: Int, found: Int)
  case missingCells(column: String, count: Int)
  case columnType(column: String, needed: String, found: String)
  case rowOutOfRange(index: Int, count: Int)
  // Column arithmetic.
  case badOperands(operation: String, left: String, right: String)
  case badOperand(operation: String, found: String)
  case lengthsDiffer(operation: String, left: Int, right: Int)
  case integerOverflow(operation: String, row: Int)
  case divisionByZero(operation: String, row: Int)
  /// A cell that cannot become `type`, as `int("x")`.
  case badCast(row: Int, value: String, type: String)
  // Verbs.
  case badFraction(part: String, value: Double)
  /// The parts of a split are more than the whole.
  case fractionsExceedOne(sum: Double)
  case badArgument(name: String, reason: String)
  case mixedCells(column: String, row: Int, needed: String, found: String)
  /// More rows than fit in memory.
  case tooManyRows(operation: String, limit: Int)
  /// Nothing is left to work on.
  case noRows(operation: String)
  case noColumns(operation: String)
  // Recipes.
  case badRecipe(column: String, reason: String)
  case patternMatchesNothing(pattern: String, known: [String])
  case unknownCategory(column: String, value: String, known: [String])
  case missingField(column: String, given: [String])
  case notFinite(column: String, row: Int)
  case noSuchLabel(index: Int, count: Int)
}
