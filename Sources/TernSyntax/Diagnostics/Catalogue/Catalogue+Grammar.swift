// Errors of the order of words and signs.

extension ErrorCode {
  var grammarEntry: CatalogueEntry? {
    switch self {
    case .unexpectedToken:
      CatalogueEntry(
        "Something stands where it cannot stand",
        """
        The text up to the mark could go on in a few ways, and what follows is none of them. Mostly an operator, \
        a comma or a bracket is missing just before the mark. A newline ends a statement unless a bracket is \
        open or the line ends in an operator.
        """,
        example: """
          let x = 1 2
          """)
    case .unclosedBracket:
      CatalogueEntry(
        "A bracket is not closed",
        """
        Every `(`, `[` and `{` needs its counterpart. A cell line opens a new cell even inside an open bracket, \
        and so does `let` show that the line before is over. The marks show where the bracket was opened and \
        where it was missed.
        """,
        example: """
          print(max(1, 2)
          let x = 3
          """)
    case .chainedComparison:
      CatalogueEntry(
        "Comparisons do not chain",
        """
        `0 < x < 1` would compare a bool with a number. Say each comparison and join them with `and`: `0 < x and \
        x < 1`.
        """,
        example: """
          let x = 0.5
          0 < x < 1
          """)
    case .openRange:
      CatalogueEntry(
        "A range with an open end stands outside an index",
        """
        `1..`, `..2` and `..` say "to the end" of what is indexed, so they stand only in an index or a \
        pattern. Elsewhere give both ends: `0..n`. Steps are made by `range(0, 10, step: 2)`.
        """,
        example: """
          let r = 1..
          """)
    case .ambiguousArrow:
      CatalogueEntry(
        "`=> {x}` reads both ways",
        """
        After `=>` a `{x}` could be a block whose value is `x`, or a record with a field `x`. Write `=> x` for \
        the value and `=> {x: x}` for the record.
        """,
        example: """
          let f = x => {x}
          """)
    case .badPlace:
      CatalogueEntry(
        "Nothing can be assigned to this",
        """
        The left side of `=` is a name, or a place in one: `xs[0]`, `r.a`, `t[0, ..]`. They nest. A call, an \
        operation or a literal holds no place. To compare, write `==`.
        """,
        example: """
          1 + 1 = 2
          """)
    case .badPattern:
      CatalogueEntry(
        "A pattern cannot be built like this",
        """
        Patterns are names, `_`, lists `[a, ...rest]`, records `{a, b: [c, d]}`, and in `match` also constants \
        and ranges of ints. A list has one `...` at most. `let _ = …` keeps nothing: `;` hides a value.
        """,
        example: """
          let _ = 3
          """)
    case .badParameters:
      CatalogueEntry(
        "A function's parameters do not fit together",
        """
        Each parameter has its own name, those with defaults come last, and one `...rest` gathers what remains. \
        A parameter cannot be assigned to; `var xs = xs` makes a name that can.
        """,
        example: """
          fn f(a = 1, b) { a + b }
          """)
    case .badModel:
      CatalogueEntry(
        "A model's body holds something else",
        """
        A model's body is a list of `param`, `state`, `let` and `fn`, one of them `fn call`. What has to be \
        computed is written in `call` or in the starts of params. What changes while training is a `state`.
        """,
        example: """
          model m() { param w: float[n] = zeros }
          """)
    case .nestedTooDeep:
      CatalogueEntry(
        "The text is nested too deeply",
        """
        Brackets, lambdas and blocks nest 200 levels, and a chain such as `1 + 1 + …` has 1000 links. No program \
        written by hand comes near. Bind inner parts to names, or use a list and `sum`, `join` or `reduce`.
        """,
        example: """
          # 201 opening parentheses
          """)
    case .reservedWord:
      CatalogueEntry(
        "A reserved word cannot be a name",
        """
        Keywords, dtypes, `int` and `float` mean the same everywhere, so nothing else is called by them. As a \
        field, a label or a record's key any word may stand: `r.in`, `f(match: 1)`.
        """,
        example: """
          let int = 3
          """)
    case .otherLanguage:
      CatalogueEntry(
        "This is another language's way to say it",
        """
        The text is right in Python, C, Julia or another language, and the hint says how Tern says it. Where \
        both mean the same thing there is one spelling only, so that every program reads alike.
        """,
        example: """
          def f(x):
            return x
          """)
    case .badPipe:
      CatalogueEntry(
        "A pipe goes into something it cannot call",
        """
        `x |> f` is `f(x)` and `x |> f(a)` is `f(x, a)`: on the right stands a name, a field or a call. Anything \
        else stands in parentheses: `x |> (grad(f))`. A pipe that meets an operator does too: `(xs |> len) == \
        3`.
        """,
        example: """
          let xs = [1, 2]
          xs |> len == 2
          """)
    case .misplacedControl:
      CatalogueEntry(
        "`return`, `break` or `continue` stands outside",
        """
        `return` leaves a function, `break` and `continue` belong to the innermost loop of the same function. At \
        top level a cell's value is that of its last statement.
        """,
        example: """
          break
          """)
    case .tooLarge:
      CatalogueEntry(
        "A number is too large",
        """
        An int has 64 bits, a float reaches to about 1.8e308, a duration counts nanoseconds and a size bytes in \
        64 bits. Write `1e20` for a float where that many digits are not needed.
        """,
        example: """
          let n = 9223372036854775808
          """)
    case .badType:
      CatalogueEntry(
        "A type is written in no form Tern knows",
        """
        Only dtypes, `int` and `float` take axes in brackets: `f32[batch, n]`. Other types are one word: `str`, \
        `list`, `record`, `fn`.
        """,
        example: """
          fn f(x: list[3]) { x }
          """)
    default: nil
    }
  }
}
