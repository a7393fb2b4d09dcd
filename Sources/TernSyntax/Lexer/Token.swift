/// A word, number, sign or piece of a string, with its place.
///
/// A string is several tokens: `"a {x:.2}"` is `stringOpen stringText fillOpen name fillFormat fillClose stringClose`. So
/// strings nest without recursion, and an error inside `{…}` has its own place.
package struct Token: Sendable {
  package let kind: Kind
  package let range: SourceRange
  /// A blank or the line's end follows: `- b` goes on with the line above, `-b` starts anew.
  let isSpaced: Bool
  /// What the kind needs besides its range: a number's bits, the index of a decoded text, or, for what opens a bracket or a
  /// string, the index of the token that closes it (0 when none does).
  var payload: UInt64 = 0

  /// A word's or sign's raw value is its spelling. Compare with `==`: `!=` would compare the spellings.
  package enum Kind: String, CaseIterable, Sendable {
    // Words.
    case `let`, `var`, fn, `if`, `else`, `for`, `in`, `while`, match, `return`, `break`, `continue`
    case `true`, `false`, none, and, or, not, `try`, `catch`
    // Signs.
    case ellipsis = "...", rangeInclusive = "..=", range = "..", dot = "."
    case pipe = "|>", arrow = "=>", resultArrow = "->"
    case equal = "==", notEqual = "!=", lessEqual = "<=", greaterEqual = ">=", less = "<", greater = ">"
    case assign = "=", addAssign = "+=", subtractAssign = "-=", multiplyAssign = "*=", divideAssign = "/="
    case floorDivideAssign = "//=", remainderAssign = "%=", powerAssign = "**=", matmulAssign = "@="
    case plus = "+", minus = "-", star = "*", slash = "/", slashSlash = "//", percent = "%", starStar = "**", at = "@"
    case openParen = "(", closeParen = ")", openSquare = "[", closeSquare = "]", openBrace = "{", closeBrace = "}"
    case comma = ",", colon = ":", semicolon = ";"
    // Kinds without one spelling.
    case name = "a name", int = "an int", float = "a float", duration = "a duration", size = "a size"
    case stringOpen = "a string", stringText = "text", stringClose = "the string's end"
    case fillOpen = "`{` in a string", fillFormat = "a format", fillClose = "`}` in a string"
    case newline = "the end of the line", cell = "a cell line", end = "the end"
    /// Stands where the lexer has reported an error, so that the parser stops there without a second one.
    case invalid = "something unknown"
  }
}

extension Token.Kind {
  /// Every word with a meaning of its own. Made when the first word is met; 22 entries.
  private static let keywords: [String: Token.Kind] = {
    let words: [Token.Kind] = [
      .let, .var, .fn, .if, .else, .for, .in, .while, .match, .return, .break, .continue,
      .true, .false, .none, .and, .or, .not, .try, .catch,
    ]
    return Dictionary(uniqueKeysWithValues: words.map { ($0.rawValue, $0) })
  }()

  static func keyword(_ word: String) -> Token.Kind? { keywords[word] }

  package var isKeyword: Bool { Token.Kind.keywords[rawValue] != nil }

  /// Whether a line that starts with this (and a blank) goes on with the line above. `..` does not.
  var isBinaryOperator: Bool {
    switch self {
    case .plus, .minus, .star, .slash, .slashSlash, .percent, .starStar, .at: true
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .and, .or, .in: true
    default: false
    }
  }

  /// `=`, `+=` …
  var isAssignment: Bool { self == .assign || compoundOperator != nil }

  /// The operator of `+=` and the like.
  var compoundOperator: BinaryOperator? {
    switch self {
    case .addAssign: .add
    case .subtractAssign: .subtract
    case .multiplyAssign: .multiply
    case .divideAssign: .divide
    case .floorDivideAssign: .floorDivide
    case .remainderAssign: .remainder
    case .powerAssign: .power
    case .matmulAssign: .matmul
    default: nil
    }
  }

  /// Whether a line that ends in this goes on. A line that ends in `..` ends.
  var leavesLineOpen: Bool {
    switch self {
    case .pipe, .not, .arrow, .resultArrow: true
    default: isBinaryOperator || isAssignment
    }
  }

  /// Whether a line that starts with this never starts a statement.
  func continuesLine(isSpaced: Bool) -> Bool {
    switch self {
    case .pipe, .else, .catch: true
    default: isSpaced && isBinaryOperator
    }
  }

  /// The bracket that closes this one.
  var closer: Token.Kind? {
    switch self {
    case .openParen: .closeParen
    case .openSquare: .closeSquare
    case .openBrace: .closeBrace
    default: nil
    }
  }

  var isCloser: Bool { self == .closeParen || self == .closeSquare || self == .closeBrace }

  /// Whether this starts a statement and can stand nowhere else.
  var onlyStartsStatements: Bool {
    switch self {
    case .let, .var, .for, .while, .return, .break, .continue: true
    default: false
    }
  }
}
