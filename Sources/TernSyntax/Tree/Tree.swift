// The tree of a program. Nodes are final classes with a range; what a node is, is an enum whose payloads are nodes, so a
// `switch` never copies a subtree. The compiler walks the tree once; the runtime keeps it only to place errors.

/// An expression.
package final class Expr: Sendable {
  package let kind: Kind
  package let range: SourceRange

  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  package enum Kind: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    /// `5ms 2min 1h`, in nanoseconds.
    case duration(Int)
    /// `64kB 2MB`, in bytes.
    case size(Int)
    /// A string without `{…}` has one `.text` part (or none when empty).
    case string([StringPart])
    case name(String)
    case list([ListItem])
    case record([RecordItem])
    case block(Block)
    case conditional(condition: Expr, then: Block, otherwise: Expr?)
    case match(subject: Expr, arms: [MatchArm])
    case attempt(body: Block, name: Name, handler: Block)
    case lambda(Function)
    case use(path: String)
    /// `f32[row: 2, _]` or a bare dtype where a type is a value.
    case type(TypeExpr)
    case range(low: Expr?, high: Expr?, inclusive: Bool)
    case negate(Expr)
    case not(Expr)
    case binary(BinaryOperator, Expr, Expr)
    case logic(LogicOperator, Expr, Expr)
    case compare(CompareOperator, Expr, Expr)
    case field(Expr, Name)
    case index(Expr, [IndexItem])
    case call(Expr, [Argument])
    case paren(Expr)
    /// What stands where the parser reported an error and went on.
    case invalid
  }
}

/// A word with its place.
package struct Name: Hashable, Sendable {
  package let text: String
  package let range: SourceRange

  package init(_ text: String, _ range: SourceRange) {
    self.text = text
    self.range = range
  }
}

package enum BinaryOperator: String, CaseIterable, Sendable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%", power = "**", matmul = "@"
}

package enum LogicOperator: String, Sendable { case and, or }

package enum CompareOperator: String, CaseIterable, Sendable {
  case equal = "==", notEqual = "!=", less = "<", lessEqual = "<=", greater = ">", greaterEqual = ">="
  case isIn = "in", notIn = "not in"
}

package enum StringPart: Sendable {
  case text(String)
  /// `{expr:format}`; the format is kept as written, "" when absent, and was checked by the parser.
  case fill(Expr, format: String)
}

package enum ListItem: Sendable {
  case value(Expr)
  case spread(Expr)
}

package enum RecordItem: Sendable {
  /// `key: value`; `{name}` punning is `field(name, .name(name))`.
  case field(Name, Expr)
  case spread(Expr)
}

package struct Argument: Sendable {
  package enum Kind: Sendable { case positional, label(Name), spread }
  package let kind: Kind
  package let value: Expr

  package init(_ kind: Kind, _ value: Expr) {
    self.kind = kind
    self.value = value
  }
}

package struct IndexItem: Sendable {
  package enum Kind: Sendable {
    case position
    /// `x[row: …]`.
    case axis(Name)
    /// `...`, which stands for the axes not named; `value` is `.none`.
    case rest
  }
  package let kind: Kind
  package let value: Expr

  package init(_ kind: Kind, _ value: Expr) {
    self.kind = kind
    self.value = value
  }
}

package final class Block: Sendable {
  package let statements: [Statement]
  /// From `{` to `}`.
  package let range: SourceRange

  package init(_ statements: [Statement], _ range: SourceRange) {
    self.statements = statements
    self.range = range
  }
}

package struct MatchArm: Sendable {
  package let pattern: Pattern
  package let guardCondition: Expr?
  /// `.expression` or a simple statement (`return`, `break`, `continue`, an assignment).
  package let body: Statement

  package init(pattern: Pattern, guardCondition: Expr?, body: Statement) {
    self.pattern = pattern
    self.guardCondition = guardCondition
    self.body = body
  }
}

/// A function's parameters, result and body: of a `fn`, `fn (…) { }` or `=>`.
package final class Function: Sendable {
  /// nil for a lambda.
  package let name: Name?
  package let parameters: [Parameter]
  package let result: TypeExpr?
  package let body: Body
  package let range: SourceRange
  /// The text of the `##` lines above, without `##`.
  package let documentation: String

  package enum Body: Sendable {
    case block(Block)
    case expression(Expr)
  }

  package init(
    name: Name?, parameters: [Parameter], result: TypeExpr?, body: Body, range: SourceRange, documentation: String = ""
  ) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.body = body
    self.range = range
    self.documentation = documentation
  }
}

package struct Parameter: Sendable {
  /// `.name`, `.wildcard`, `.list` or `.record`.
  package let pattern: Pattern
  package let type: TypeExpr?
  package let defaultValue: Expr?
  /// `...rest`.
  package let isRest: Bool
  package let range: SourceRange

  package init(pattern: Pattern, type: TypeExpr?, defaultValue: Expr?, isRest: Bool, range: SourceRange) {
    self.pattern = pattern
    self.type = type
    self.defaultValue = defaultValue
    self.isRest = isRest
    self.range = range
  }
}

/// `int`, `fn`, `f32[batch, n + 1]`, `float[..., units]`.
package final class TypeExpr: Sendable {
  package let name: Name
  /// nil without brackets; `f32[]` has none of them.
  package let axes: [Axis]?
  package let range: SourceRange

  package struct Axis: Sendable {
    package enum Size: Sendable {
      /// `...`
      case leading
      /// `_`
      case any
      /// A bare word is `.name`; anything else is computed.
      case expression(Expr)
    }
    package let name: Name?
    package let size: Size

    package init(name: Name?, size: Size) {
      self.name = name
      self.size = size
    }
  }

  package init(name: Name, axes: [Axis]?, range: SourceRange) {
    self.name = name
    self.axes = axes
    self.range = range
  }
}

package final class Pattern: Sendable {
  package let kind: Kind
  package let range: SourceRange

  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  package enum Kind: Sendable {
    case wildcard
    case name(String)
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case range(low: Int?, high: Int?, inclusive: Bool)
    /// `[a, ...rest, b]`: at most one `.rest`.
    case list([Pattern])
    /// `{key: pattern, name, ...rest}`; the rest's name when it has one.
    case record(fields: [(key: Name, pattern: Pattern)], rest: Name?)
    /// `...` or `...name`, only in `.list`.
    case rest(String?)
    case invalid
  }
}

package final class Statement: Sendable {
  package let kind: Kind
  package let range: SourceRange
  /// Ended by `;`: at the end of a cell its value is not shown.
  package let isHidden: Bool

  package init(_ kind: Kind, _ range: SourceRange, isHidden: Bool = false) {
    self.kind = kind
    self.range = range
    self.isHidden = isHidden
  }

  package enum Kind: Sendable {
    case expression(Expr)
    /// `let` or `var`.
    case binding(isVar: Bool, pattern: Pattern, type: TypeExpr?, value: Expr, documentation: String)
    case function(Function)
    case model(ModelDeclaration)
    /// `place = value` (operator nil) or `place += value`. The place is a name under fields and indices.
    case assignment(place: Expr, operation: BinaryOperator?, value: Expr)
    case forLoop(pattern: Pattern, sequence: Expr, body: Block)
    case whileLoop(condition: Expr, body: Block)
    case returning(Expr?)
    case breaking
    case continuing
    case invalid
  }
}

package final class ModelDeclaration: Sendable {
  package let name: Name
  package let parameters: [Parameter]
  package let members: [Member]
  package let range: SourceRange
  package let documentation: String

  package enum Member: Sendable {
    case param(Name, TypeExpr, start: Expr)
    case state(Name, TypeExpr, start: Expr)
    case binding(pattern: Pattern, type: TypeExpr?, value: Expr)
    /// One of them is `call`.
    case function(Function)
  }

  package init(name: Name, parameters: [Parameter], members: [Member], range: SourceRange, documentation: String) {
    self.name = name
    self.parameters = parameters
    self.members = members
    self.range = range
    self.documentation = documentation
  }
}

/// One cell of a file: the statements between two cell lines.
package struct CellTree: Sendable {
  /// The text after `# %%`, without `{…}`; nil when the cell has no line of its own.
  package let title: String?
  /// The words in the cell line's `{…}`: `#id`, `skip`, `raises`, `tol: 1e-2` (as "tol" → "1e-2").
  package let identifier: String?
  package let flags: Set<String>
  package let options: [String: String]
  package let statements: [Statement]
  /// From the cell line to the next one.
  package let range: SourceRange

  package init(
    title: String?, identifier: String?, flags: Set<String>, options: [String: String], statements: [Statement],
    range: SourceRange
  ) {
    self.title = title
    self.identifier = identifier
    self.flags = flags
    self.options = options
    self.statements = statements
    self.range = range
  }
}

/// A comment kept for tools: plain, `##` documentation, `#'` prose, `#>` or `#~>` output, `# %%` cell line.
package struct Comment: Sendable {
  package enum Kind: Sendable { case plain, documentation, prose, output, uncheckedOutput, cell }
  package let kind: Kind
  /// From `#` to the end of the line, without the newline.
  package let range: SourceRange

  package init(kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// A parsed source. Blank lines follow from `source` and the ranges.
package struct SourceTree: Sendable {
  package let source: SourceText
  package let cells: [CellTree]
  package let comments: [Comment]
  /// At most five; empty when the text is a program.
  package let diagnostics: [Diagnostic]

  package init(source: SourceText, cells: [CellTree], comments: [Comment], diagnostics: [Diagnostic]) {
    self.source = source
    self.cells = cells
    self.comments = comments
    self.diagnostics = diagnostics
  }
}

/// What the prompt needs to know of a text that may not be finished.
package enum Completeness: Hashable, Sendable {
  case complete
  /// More lines are needed; the next one starts with this many spaces.
  case incomplete(indent: Int)
  case invalid
}
