package import TernData
package import TernRuntime
import TernSyntax

/// Runs what works on tables. What goes wrong in the data module becomes an error of the language; an error that a function
/// of the script raised on the way passes as it is.
func dataCall<T>(_ body: () throws -> T) throws(Fault) -> T {
  do { return try body() } catch let fault as Fault { throw fault } catch let error as DataError { throw Fault(error) } catch {
    throw Fault(.internalFault, "\(error)")
  }
}

/// What the data module reports as facts, in words: one sentence a case.
extension Fault {
  package convenience init(_ error: DataError) {
    let words = DataWords.Error(error)
    self.init(words.code, words.message, hint: words.hint)
    if let subject = error.subject { _ = about(subject) }
  }
}

extension DataError {
  /// The name that is at fault, as the script may have written it.
  fileprivate var subject: String? {
    switch self {
    case .noSuchFile(let path), .cannotRead(let path, _), .unknownFormat(let path): path
    case .unknownColumn(let name, _), .repeatedColumn(let name), .columnLength(let name, _, _): name
    case .columnType(let column, _, _) where !column.isEmpty: column
    case .badFraction(let part, _): part
    case .badArgument(let name, _): name
    case .badRecipe(let column, _), .patternMatchesNothing(let column, _): column
    default: nil
    }
  }
}

extension DataWords {
  fileprivate struct Error {
    let code: ErrorCode
    let message: String
    let hint: String?

    private init(_ code: ErrorCode, _ message: String, hint: String? = nil) {
      self.code = code
      self.message = message
      self.hint = hint
    }

    init(_ error: DataError) {
      self = Error.files(error) ?? Error.columns(error) ?? Error.arithmetic(error) ?? Error.recipes(error)
        ?? Error(.internalFault, "\(error)")
    }

    private static func files(_ error: DataError) -> Error? {
      switch error {
      case .noSuchFile(let path): Error(.noSuchFile, "there is no file \(path.quoted)")
      case .cannotRead(let path, let reason): Error(.cannotRead, "\(path.quoted) cannot be read: \(reason)")
      case .unknownFormat(let path):
        Error(
          .unknownFormat, "\(path.quoted) is of no format `read` knows",
          hint: "it reads .csv, .tsv, .txt and .idx, each also as .gz; `read_text` gives the text of any file")
      case .fileChanged(let path):
        Error(.fileChanged, "\(path.quoted) has changed since it was read", hint: "`read` it again to go on with what is there now")
      case .tooLarge(let path, let limit):
        Error(.memoryLimit, "\(path.quoted) is too large: it may take \(limit / 1_000_000) MB", hint: "split the file")
      case .emptyFile(let path): Error(.damagedFile, "\(path.quoted) is empty")
      case .damagedFile(let path, let reason): Error(.damagedFile, "\(path.quoted) is damaged: \(reason)")
      case .notUTF8(let path, let line):
        Error(.damagedFile, "\(path.quoted) is no UTF-8 text on line \(line)", hint: "`iconv -t utf-8` converts a file")
      case .raggedRow(let path, let line, let needed, let found):
        Error(.damagedFile, "line \(line) of \(path.quoted) has \(found.counted("cell")) where \(needed) are needed")
      case .unclosedQuote(let path, let line):
        Error(.damagedFile, "the quote that opens on line \(line) of \(path.quoted) is never closed")
      case .textAfterQuote(let path, let line):
        Error(.damagedFile, "text follows a closing quote on line \(line) of \(path.quoted)", hint: "a quote inside a cell is doubled")
      case .unexpectedJSON(let at, let needed): Error(.damagedFile, "\(needed) is needed at \(at.quoted)")
      default: nil
      }
    }

    private static func columns(_ error: DataError) -> Error? {
      switch error {
      case .unknownColumn(let name, let known): Error(.unknownColumn, "there is no column `\(name)`", hint: near(name, known))
      case .missingField(let column, let given):
        Error(.missingFields, "there is no field `\(column)`", hint: near(column, given))
      case .repeatedColumn(let name): Error(.repeatedArgument, "`\(name)` stands twice")
      case .columnLength(let name, let needed, let found):
        Error(.columnLengths, "`\(name)` has \(found.counted("row")) where \(needed) are needed")
      case .missingCells(let column, let count):
        Error(
          .missingCells, "\(column.isEmpty ? "this column" : "`\(column)`") has \(count.counted("missing cell"))",
          hint: "`drop_missing`, `fill` or `impute` first")
      case .columnType(let column, let needed, let found):
        Error(.columnType, "\(column.isEmpty ? "this column" : "`\(column)`") is of \(found); it must be of \(needed)")
      case .rowOutOfRange(let index, let count):
        Error(.indexOutOfRange, "row \(index) is out of range: there are \(count.counted("row"))")
      case .mixedCells(let column, let row, let needed, let found):
        Error(.columnType, "row \(row) of \(column.isEmpty ? "this column" : "`\(column)`") is of \(found), those before it of \(needed)")
      case .tooManyRows(let operation, let limit):
        Error(
          .memoryLimit, "`\(operation)` gives more than \(limit) rows, which do not fit in memory",
          hint: "are the columns of `on` enough to tell rows apart?")
      case .noRows(let operation): Error(.emptyInput, "`\(operation)` of no rows")
      case .noColumns(let operation):
        Error(.columnType, "`\(operation)` finds no column of numbers", hint: "a recipe makes features of other columns")
      case .badFraction(let part, let value): Error(.badArgument, "`\(part)` is a share between 0 and 1; this is \(value)")
      case .fractionsExceedOne(let sum): Error(.badArgument, "the parts add up to \(sum), more than the whole")
      case .badArgument(let name, let reason): Error(.badArgument, "`\(name)`: \(reason)")
      default: nil
      }
    }

    private static func arithmetic(_ error: DataError) -> Error? {
      switch error {
      case .badOperands(let operation, let left, let right):
        Error(.badOperands, "`\(operation)` does not take \(left) and \(right)")
      case .badOperand("where", let found):
        Error(.badOperands, "a condition gives a bool for each row; this is a column of \(found)", hint: "compare it: `d.x > 0`")
      case .badOperand(let operation, let found): Error(.badOperands, "`\(operation)` does not take a column of \(found)")
      case .lengthsDiffer(let operation, let left, let right):
        Error(.columnLengths, "`\(operation)` pairs columns row by row; these have \(left) and \(right) rows")
      case .integerOverflow(let operation, let row):
        Error(.integerOverflow, "`\(operation)` does not fit a 64-bit int in row \(row)", hint: "`float(column)` first, if a rounded result will do")
      case .divisionByZero(let operation, let row):
        Error(.divisionByZero, "`\(operation)` by zero in row \(row) has no value among the ints", hint: "`/` divides as floats")
      case .badCast(let row, let value, let type):
        Error(.badCast, "\(value.quoted) in row \(row) is no \(type)")
      default: nil
      }
    }

    private static func recipes(_ error: DataError) -> Error? {
      switch error {
      case .badRecipe(let column, let reason): Error(.badRecipe, "`\(column)`: \(reason)")
      case .patternMatchesNothing(let pattern, let known):
        Error(.badRecipe, "no column fits \(pattern.quoted)", hint: listing(known))
      case .unknownCategory(let column, let value, let known):
        Error(.unknownCategory, "`\(column)` was not fitted on \(value.quoted)", hint: near(value, known, lead: "it knows"))
      case .notFinite(let column, let row): Error(.nonFinite, "`\(column)` has no finite number in row \(row)")
      case .noSuchLabel(let index, let count): Error(.badLabels, "there is no class \(index) among \(count)")
      default: nil
      }
    }

    private static func near(_ word: String, _ known: [String], lead: String = "its columns are") -> String? {
      didYouMean(word, among: known).map { "did you mean `\($0)`?" } ?? listing(known, lead: lead)
    }

    private static func listing(_ known: [String], lead: String = "its columns are") -> String? {
      guard !known.isEmpty else { return nil }
      return "\(lead) \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? ", …" : "")"
    }
  }
}

extension Int {
  /// `1 row`, `2 rows`.
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
