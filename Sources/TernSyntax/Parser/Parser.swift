/// Turns tokens into a tree by recursive descent; each method's first comment line is its production.
///
/// A production that fails reports once and throws. What catches is the nearest sequence — a cell, a block, the arms of a
/// `match`, a model's body —: it goes on with the next statement. At most five errors are reported, no two at one token.
///
/// Two limits keep every later walk of the tree off the stack's end: brackets, lambdas and prefixes nest at most
/// `deepestNesting` levels, and no path through the tree is longer than `tallestTree` nodes (`1 + 1 + 1 + …` leans left
/// without nesting).
struct Parser {
  static let mostDiagnostics = 5
  static let deepestNesting = 200
  static let tallestTree = 1000

  let source: SourceText
  let tokens: [Token]
  let texts: [String]
  let comments: [Comment]
  /// What the lexer reported.
  let lexicalDiagnostics: [Diagnostic]
  /// The lexer stopped early, so the tokens' end is not the text's.
  let isCut: Bool

  /// The current token; never a newline where newlines mean nothing.
  var index = 0
  /// Where the last token taken ended.
  var lastEnd: UInt32 = 0
  var mode = Mode()

  var nesting = 0
  /// The height of the tallest tree finished inside the production that runs, and of the chain that it builds.
  var height = 0

  var diagnostics: [Diagnostic] = []
  /// The token at which the last error was reported.
  var faultIndex = -1
  /// Nothing more is to be read: five errors, or one that makes the rest meaningless.
  var isStopped = false
  /// The first error is only that the text ends: more lines could mend it.
  var wantsMore = false

  /// What the surroundings allow.
  struct Mode {
    /// Inside `( )`, `[ ]` and a record's `{ }`.
    var skipsNewlines = false
    /// A bare `=>` may stand here; not in a head or a guard.
    var allowsArrow = true
    /// `1..` may stand here: directly in an index.
    var allowsOpenRange = false
    var isInBraces = false
    var isInFunction = false
    var isInLoop = false
    /// Inside `{…}` of a string.
    var isInFill = false
  }

  init(_ source: SourceText) {
    var lexer = Lexer(source)
    lexer.run()
    self.source = source
    tokens = lexer.tokens
    texts = lexer.texts
    comments = lexer.comments
    lexicalDiagnostics = lexer.diagnostics
    isCut = lexer.isFull
    skipToStart()
  }

  private mutating func skipToStart() {
    while at(.newline) { index += 1 }
  }

  /// What was reported while reading and parsing, in the order of the text.
  var allDiagnostics: [Diagnostic] {
    guard !lexicalDiagnostics.isEmpty else { return diagnostics }
    if isCut { return lexicalDiagnostics }
    let all = lexicalDiagnostics + diagnostics
    let places = all.enumerated().sorted { a, b in
      let (first, second) = (a.element.labels.first?.range.start ?? 0, b.element.labels.first?.range.start ?? 0)
      return first == second ? a.offset < b.offset : first < second
    }
    return places.prefix(Parser.mostDiagnostics).map(\.element)
  }
}

/// A production failed and the reason has been reported.
struct ParseFault: Error {}

// MARK: - Tokens

extension Parser {
  var current: Token { tokens[index] }

  func at(_ kind: Token.Kind) -> Bool { tokens[index].kind == kind }

  /// Whether a word stands here, also one with a meaning of its own.
  var atWord: Bool { at(.name) || current.kind.isKeyword }

  /// The token before the current one, newlines included.
  var previous: Token? { index > 0 ? tokens[index - 1] : nil }

  /// Whether a newline precedes the current token, also where it means nothing.
  var startsLine: Bool { previous?.kind == .newline }

  /// Whether the current token is this name.
  func at(name: String) -> Bool { at(.name) && text(current) == name }

  func text(_ token: Token) -> String { source.text(token.range) }

  /// The token after the one at `place`; newlines count only where they mean something.
  func token(after place: Int) -> Token {
    var next = min(place + 1, tokens.count - 1)
    if mode.skipsNewlines, tokens[next].kind == .newline { next = min(next + 1, tokens.count - 1) }
    return tokens[next]
  }

  var next: Token { token(after: index) }

  /// The token after a string that starts at the current token.
  var afterString: Token { token(after: closer(of: current) ?? index) }

  /// The index of what closes this bracket or string.
  func closer(of opener: Token) -> Int? {
    let place = Int(truncatingIfNeeded: opener.payload)
    return place > 0 && place < tokens.count ? place : nil
  }

  @discardableResult
  mutating func advance() -> Token {
    let token = current
    lastEnd = token.range.end
    if index < tokens.count - 1 { index += 1 }
    if mode.skipsNewlines { skipNewline() }
    return token
  }

  mutating func skipNewline() {
    if at(.newline) { index += 1 }
  }

  mutating func accept(_ kind: Token.Kind) -> Bool {
    guard at(kind) else { return false }
    advance()
    return true
  }

  @discardableResult
  mutating func expect(_ kind: Token.Kind) throws(ParseFault) -> Token {
    guard at(kind) else { throw expected("`\(kind.rawValue)`") }
    return advance()
  }

  /// From a place to the end of the last token taken.
  func range(from start: SourceRange) -> SourceRange { SourceRange(start.start, max(start.end, lastEnd)) }

  /// From the current token to the end of what a production takes; the start is read now.
  var start: SourceRange { SourceRange(current.range.start, current.range.start) }
}

// MARK: - Brackets

extension Parser {
  /// An opening bracket, and the mode to come back to.
  struct Opened {
    let token: Token
    let outer: Mode
  }

  /// Goes into brackets in which newlines mean nothing.
  mutating func open(_ kind: Token.Kind, openRanges: Bool = false) throws(ParseFault) -> Opened {
    guard at(kind) else { throw expected("`\(kind.rawValue)`") }
    let opened = Opened(token: current, outer: mode)
    mode.skipsNewlines = true
    mode.allowsArrow = true
    mode.allowsOpenRange = openRanges
    advance()
    return opened
  }

  /// Goes into braces in which newlines end statements.
  mutating func openBraces() throws(ParseFault) -> Opened {
    guard at(.openBrace) else { throw expected("`{`", hint: "a block stands in `{ }`") }
    let opened = Opened(token: current, outer: mode)
    mode.skipsNewlines = false
    mode.allowsArrow = true
    mode.allowsOpenRange = false
    mode.isInBraces = true
    advance()
    return opened
  }

  mutating func close(_ opened: Opened) throws(ParseFault) {
    guard let closer = opened.token.kind.closer, at(closer) else { throw unclosed(opened.token) }
    mode = opened.outer
    advance()
  }

  /// item ("," item)* ","? up to the closing bracket.
  mutating func list(
    _ kind: Token.Kind, openRanges: Bool = false, of item: (inout Parser) throws(ParseFault) -> Void
  ) throws(ParseFault) {
    let opened = try open(kind, openRanges: openRanges)
    while let closer = kind.closer, !at(closer) {
      if isPastBrackets { throw unclosed(opened.token) }
      try item(&self)
      if !accept(.comma) { break }
    }
    try close(opened)
  }
}

// MARK: - Depth

extension Parser {
  /// Goes one level down; gives what `ascend` takes back.
  mutating func descend() throws(ParseFault) -> Int {
    guard nesting < Parser.deepestNesting else { throw tooDeep() }
    nesting += 1
    defer { height = 0 }
    return height
  }

  mutating func ascend(_ outer: Int) {
    nesting -= 1
    height = max(outer, height + 1)
  }

  /// Makes the tree that is being built one node taller.
  mutating func grow() throws(ParseFault) {
    height += 1
    if height > Parser.tallestTree { throw tooDeep() }
  }

  private mutating func tooDeep() -> ParseFault {
    defer { stop() }
    if nesting >= Parser.deepestNesting {
      return fail(
        .nestedTooDeep, "this is nested more than \(Parser.deepestNesting) levels deep",
        hint: "bind an inner part to a name with `let`")
    }
    return fail(
      .nestedTooDeep, "this expression is a chain of more than \(Parser.tallestTree) links",
      hint: "use a list and `sum`, `join` or `reduce`, or bind parts to names")
  }
}
