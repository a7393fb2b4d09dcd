/// What is known of an error code beyond one occasion: `tern explain E0213` shows it.
package struct CatalogueEntry: Sendable {
  /// What went wrong, in at most sixty characters.
  package let title: String
  /// What it means, why it is so, and the ways out.
  package let explanation: String
  /// A short program that raises it, or a comment that says what does.
  package let example: String

  init(_ title: String, _ explanation: String, example: String) {
    self.title = title
    self.explanation = explanation
    self.example = example
  }
}

extension ErrorCode {
  /// The text of `tern explain E0213`.
  package var explanation: String {
    let entry = entry
    let example = entry.example.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
    return "\(rawValue): \(entry.title)\n\n\(entry.explanation)\n\nFor example:\n\n\(example)"
  }

  package var entry: CatalogueEntry {
    switch self {
    // Raised by a program.
    case .raised:
      CatalogueEntry(
        "A program raised this error",
        """
        `error("…")` ends what runs with a message of the program's own. Catch it with `try { … } catch e { … \
        }`: `e` is a record of `code`, `message`, `hint` and `line`. `error(e)` raises a caught one again.
        """,
        example: """
          error("the bill is already paid")
          """)
    // Text.
    case .invalidCharacter:
      CatalogueEntry(
        "A character is no part of the language",
        """
        Text outside strings and comments holds words, numbers, and the signs of the language. Pasted text often \
        brings curly quotes, long dashes or invisible blanks. Replace the character, or put it in a string.
        """,
        example: """
          let price = 3 × 4
          """)
    case .unclosedString:
      CatalogueEntry(
        "A string does not end",
        """
        A string in `"` ends on its own line; one in `\"""` may span lines. Inside `{…}` a `"` starts a \
        string of its own, so a brace that is meant as text needs `\\{`, or the whole string an `r` before it.
        """,
        example: """
          print("hello)
          """)
    case .badEscape:
      CatalogueEntry(
        "A backslash is followed by no known escape",
        """
        In a string `\\` starts `\\n`, `\\t`, `\\"`, `\\\\`, `\\{` or `\\u{1F426}`. A raw string such as \
        `r"C:\\new"` takes every backslash as it is.
        """,
        example: """
          print("C:\\data")
          """)
    case .badNumber:
      CatalogueEntry(
        "A number is written in no form Tern reads",
        """
        Numbers are decimal, with `_` between digits where that helps, or hexadecimal after `0x`. There are no \
        binary and octal ones.
        """,
        example: """
          let mask = 0b1010
          """)
    case .unknownUnit:
      CatalogueEntry(
        "A number ends in an unknown unit",
        """
        A word directly behind a number is its unit. Durations: ns us ms s min h d. Sizes: B kB MB GB TB. For a \
        product write the `*`.
        """,
        example: """
          let wait = 5sec
          """)
    case .badFormat:
      CatalogueEntry(
        "A format in a string is not understood",
        """
        What stands behind the `:` in `{x:8.3}` is `[< > ^][width][,][.decimals][e %]`. Numbers stand right and \
        text left unless told. A `:` that belongs to the expression stands in brackets.
        """,
        example: """
          print("{3.14159:.2f}")
          """)
    case .invalidText:
      CatalogueEntry(
        "The text is not UTF-8",
        """
        Tern reads UTF-8 and nothing else. A byte that fits nowhere mostly means that an editor saved the file \
        in an older encoding, or that the file is no text at all. Save it again as UTF-8.
        """,
        example: """
          # a file saved as Latin-1 that holds the byte 0xE9
          """)
    case .notATernFile:
      CatalogueEntry(
        "The file is a MATLAB live script",
        """
        Tern's scripts and MATLAB's live scripts share the ending `.mlx`. A live script is a ZIP archive, which \
        starts with `PK`. MATLAB can save it as plain text, which can then be rewritten.
        """,
        example: """
          # a file whose first bytes are PK
          """)
    // Grammar.
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
    // Names and calls.
    case .unknownName:
      CatalogueEntry(
        "There is no such name",
        """
        The name is bound nowhere that can be seen from here: not in this block or one around it, not at top \
        level, not in the library. A name ends with the block it was bound in. Look for a slip in its spelling, \
        or bind it with `let`.
        """,
        example: """
          let total = 1
          print(totl)
          """)
    case .repeatedArgument:
      CatalogueEntry(
        "An argument is given twice",
        """
        A parameter gets its value once: by position or by label. Of a label given by hand and by a spread, the \
        later one counts; twice by hand is an error.
        """,
        example: """
          fn area(w, h = 1) { w * h }
          area(2, w: 3)
          """)
    case .badSpread:
      CatalogueEntry(
        "This cannot be spread",
        """
        In a call `...list` fills positions and `...record` fills labels. In a list any list, range or tensor \
        can be spread, in a record only a record.
        """,
        example: """
          let r = {...[1, 2]}
          """)
    case .notCallable:
      CatalogueEntry(
        "This value cannot be called",
        """
        A call needs a function, a model, or another value that acts as one. A field of the same name may hide a \
        function, or a newline before `(` be missing. `2(x)` is no product: write the `*`.
        """,
        example: """
          let a = 3
          a(1)
          """)
    case .tooManyArguments:
      CatalogueEntry(
        "There are more arguments than parameters",
        """
        The function takes fewer positional arguments than were given. Options go by label; `...rest` in the \
        declaration takes any number.
        """,
        example: """
          fn area(w, h) { w * h }
          area(1, 2, 3)
          """)
    case .unknownLabel:
      CatalogueEntry(
        "There is no parameter of this label",
        """
        An argument's label names a parameter of the function. The hint shows the nearest one, `name?` all of \
        them.
        """,
        example: """
          fn area(w, h) { w * h }
          area(1, hight: 2)
          """)
    case .missingArgument:
      CatalogueEntry(
        "An argument is missing",
        """
        Every parameter without a default needs a value, by position or by label. `= none` in the declaration \
        makes one optional.
        """,
        example: """
          fn area(w, h) { w * h }
          area(1)
          """)
    case .assignToLet:
      CatalogueEntry(
        "A `let` does not change",
        """
        A name bound by `let`, a parameter and a loop's variable keep their value. Bind it with `var` if it will \
        change. A parameter becomes changeable through `var xs = xs`.
        """,
        example: """
          let count = 0
          count += 1
          """)
    case .assignOutside:
      CatalogueEntry(
        "A function assigns only to its own names",
        """
        A name from outside is seen by its value, so assigning to it would change nothing there. Return the new \
        value and assign it where the name lives. Only a `call` in training assigns to its model's `state`.
        """,
        example: """
          var total = 0
          fn add(x) { total += x }
          """)
    case .assignModel:
      CatalogueEntry(
        "This part of a model cannot be assigned to",
        """
        Params and states have their places; what a model was made with does not change. Make a new model, or \
        assign to `net.layers[0].w` through a `var`.
        """,
        example: """
          var net = init(dense(3), f32[_, 4], seed: 1)
          net.units = 5
          """)
    case .notYetDefined:
      CatalogueEntry(
        "The name has no value yet",
        """
        A `fn` or `let` exists once its line has run, and this line runs before it. Functions may name each \
        other in any order, as long as the first call comes after all of them.
        """,
        example: """
          print(twice(2))
          fn twice(x) { 2 * x }
          """)
    // Shapes, dtypes, axes and contracts.
    case .broadcastBothSides:
      CatalogueEntry(
        "Both sides would have to grow",
        """
        Broadcasting stretches one side: a number, an equal shape, an axis of size 1, or missing leading axes. \
        When both sides would grow, as [n, 1] with [n], it is mostly a slip. `outer(a, b)` makes all pairs, \
        `expand(x, 1)` adds an axis, names pair axes.
        """,
        example: """
          let a = zeros(3, 1)
          let b = zeros(3)
          a + b
          """)
    case .shapeMismatch:
      CatalogueEntry(
        "These shapes do not line up",
        """
        Two sizes that must be equal are not. For `@` the last axis on the left meets the first of the right; \
        elementwise, axes pair from the right, or by name when all have one. The notes say which sizes met and \
        where each was bound.
        """,
        example: """
          let X = zeros(64, 126)
          let w = zeros(128)
          X @ w
          """)
    case .axisNames:
      CatalogueEntry(
        "The axes' names do not fit together",
        """
        An axis with a name merges with one without, and clashes with another name. `rename` gives other names, \
        `tensor(x, axes: …)` all of them.
        """,
        example: """
          let a = tensor([1, 2], axes: ["row"])
          let b = tensor([1, 2], axes: ["col"])
          a @ b
          """)
    case .badAxis:
      CatalogueEntry(
        "There is no such axis",
        """
        An axis is named by its name, or by its number from 0; negative numbers count from the end. `shape(x)` \
        shows the sizes; showing the tensor shows the names.
        """,
        example: """
          sum(zeros(2, 3), over: 2)
          """)
    case .wrongRank:
      CatalogueEntry(
        "The number of axes is not the one asked for",
        """
        A contract, or the function itself, asks for a tensor with another number of axes. `expand` adds an axis \
        of size 1, `squeeze` removes one, `reshape` does anything. `...` in a contract stands for any leading \
        axes.
        """,
        example: """
          fn f(x: f32[a, b]) { x }
          f(zeros(3))
          """)
    case .wrongSize:
      CatalogueEntry(
        "A size is not the one asked for",
        """
        A contract binds each size once, and every further axis of that size must agree. A bare word is an int \
        argument of the function or its model, else what the first axis says. The notes say who bound it.
        """,
        example: """
          fn f(x: f32[n], y: f32[n]) { x * y }
          f(zeros(3), zeros(4))
          """)
    case .wrongAxisName:
      CatalogueEntry(
        "An axis has another name than asked for",
        """
        `f32[row: n]` asks for the name `row` in that place; an axis without a name is given it. `rename` \
        changes names.
        """,
        example: """
          fn f(x: f32[row: n]) { x }
          f(tensor([1, 2], axes: ["col"]))
          """)
    case .wrongType:
      CatalogueEntry(
        "A value has another type than asked for",
        """
        A type behind a name is checked when the name is bound. `int(x)`, `float(x)`, `str(x)` and `tensor(x)` \
        convert; `= none` also admits `none`.
        """,
        example: """
          fn area(w: float) { w * w }
          area("2")
          """)
    case .wrongDType:
      CatalogueEntry(
        "A tensor has another dtype than asked for",
        """
        A tensor is never converted silently, because that loses digits or doubles memory. `cast(x, f32)` \
        converts. `float[…]` in a contract takes every floating dtype, `int[…]` every integer one.
        """,
        example: """
          fn f(x: f32[n]) { x }
          f(tensor([1, 2], dtype: f64))
          """)
    case .unknownType:
      CatalogueEntry(
        "There is no such type",
        """
        Types are the dtypes and the kinds of values: `int`, `float`, `str`, `list`, `record`, `fn`, `tensor`, \
        `dataset`, `model` and so on.
        """,
        example: """
          fn f(x: string) { x }
          """)
    case .badReshape:
      CatalogueEntry(
        "The elements do not fit the new shape",
        """
        `reshape` keeps every element, so the sizes must multiply to the same number. One size may be `-1`, \
        which means what remains.
        """,
        example: """
          reshape(zeros(6), 4, 2)
          """)
    case .tooManyAxes:
      CatalogueEntry(
        "A tensor has more axes than Tern keeps",
        """
        Tensors have at most eight axes. Join some of them with `reshape`.
        """,
        example: """
          zeros(1, 1, 1, 1, 1, 1, 1, 1, 1)
          """)
    case .badCast:
      CatalogueEntry(
        "The value cannot be converted",
        """
        The text is no number, or the number does not exist in the other type: no int is infinite or NaN.
        """,
        example: """
          int("twelve")
          """)
    case .doesNotFit:
      CatalogueEntry(
        "A number does not fit the tensor's dtype",
        """
        A script number takes the dtype of the tensor it meets, and this one lies outside. Cast the tensor to a \
        wider dtype first.
        """,
        example: """
          tensor([1, 2], dtype: u8) + 300
          """)
    // Values.
    case .badOperands:
      CatalogueEntry(
        "The operator does not take these values",
        """
        Numbers, tensors, and trees of them have arithmetic; strings join with `+`. Nothing is converted \
        silently: `str(x)` makes text, `float(s)` a number.
        """,
        example: """
          "total: " + 3
          """)
    case .needsNumber:
      CatalogueEntry(
        "A number is needed here",
        """
        The value at the mark is no number. A tensor without axes counts as one; text does not, convert it with \
        `int(s)` or `float(s)`.
        """,
        example: """
          0.."3"
          """)
    case .needsBool:
      CatalogueEntry(
        "A condition is a bool and nothing else",
        """
        `if`, `while`, `and`, `or`, `not` and guards take `true` or `false`. Say what is meant: `len(xs) > 0`, \
        `x != 0`, `x != none`. Of a tensor with several elements ask `any(x)` or `all(x)`.
        """,
        example: """
          if 1 { "yes" }
          """)
    case .formatMismatch:
      CatalogueEntry(
        "The format does not fit the value",
        """
        Decimals, `,`, `e` and `%` format numbers; width and `< > ^` anything.
        """,
        example: """
          print("{"text":.2}")
          """)
    case .noOrder:
      CatalogueEntry(
        "These values have no order",
        """
        `<` and `sort` order numbers, strings, times, durations, sizes, and lists by their first difference; \
        both sides are of one kind. Give `by:` to sort by something that has an order.
        """,
        example: """
          [1] < "a"
          """)
    case .integerOverflow:
      CatalogueEntry(
        "An int left its 64 bits",
        """
        Ints are exact, so a result beyond 9223372036854775807 is an error rather than a wrong number. Use a \
        float where digits beyond the sixteenth do not matter: `2.0 ** 80`.
        """,
        example: """
          9223372036854775807 + 1
          """)
    case .divisionByZero:
      CatalogueEntry(
        "An int is divided by zero",
        """
        `//` and `%` of ints by 0 have no value. Of floats they follow IEEE, as `/` always does: `1 / 0` is \
        `inf`.
        """,
        example: """
          1 % 0
          """)
    case .badArgument:
      CatalogueEntry(
        "An argument has a value the function cannot use",
        """
        The kind is right, the value is not: a negative count, an empty name, an option nobody knows. The \
        message says what is taken.
        """,
        example: """
          range(0, 10, step: 0)
          """)
    case .badText:
      CatalogueEntry(
        "The text is not in the form asked for",
        """
        A time, a number or another value was read from text that does not spell one. The hint shows the form.
        """,
        example: """
          time("yesterday")
          """)
    case .notIndexable:
      CatalogueEntry(
        "This value has no elements",
        """
        `x[…]` works on lists, strings, records, ranges, tensors, columns and datasets. Fields are read with a \
        dot.
        """,
        example: """
          3[0]
          """)
    case .badIndex:
      CatalogueEntry(
        "This cannot be an index",
        """
        Lists and tensors take ints and ranges, tensors also int tensors, lists and masks of bools; records take \
        strings. An int tensor is made by `tensor(xs, dtype: i64)`.
        """,
        example: """
          [1, 2, 3]["a"]
          """)
    case .indexOutOfRange:
      CatalogueEntry(
        "The index lies outside",
        """
        Positions count from 0; negative ones from the end. A slice past the end is an error too, so that no \
        element goes missing silently.
        """,
        example: """
          [1, 2, 3][3]
          """)
    case .emptyInput:
      CatalogueEntry(
        "There is nothing to take it of",
        """
        The largest, the mean or the first of nothing does not exist. Ask for `len(xs) > 0` first. `sum([])` is \
        0.
        """,
        example: """
          max([])
          """)
    case .twoArrays:
      CatalogueEntry(
        "Two arrays stand in one index",
        """
        One index takes one list, int tensor or mask; two could mean pairs or a grid. `gather(x, i, j)` pairs \
        them, `x[i][.., j]` makes a grid.
        """,
        example: """
          zeros(3, 3)[[0, 1], [1, 2]]
          """)
    case .badSlice:
      CatalogueEntry(
        "A slice ends before it begins",
        """
        `xs[2..1]` runs backwards. An empty slice, `xs[i..i]`, is fine; `reverse(xs)` turns a list round.
        """,
        example: """
          [1, 2, 3][2..1]
          """)
    case .missingFields:
      CatalogueEntry(
        "The record lacks fields the pattern asks for",
        """
        `let {a, b} = r` needs at least these fields. `get(r, "a", default)` reads one that may be absent, \
        `match` tries several forms.
        """,
        example: """
          let {a, b} = {a: 1}
          """)
    case .patternMismatch:
      CatalogueEntry(
        "The value does not have the pattern's form",
        """
        A list pattern takes a list of exactly its items, or with `...rest` of at least them; a record pattern \
        takes a record.
        """,
        example: """
          let [a, b] = [1, 2, 3]
          """)
    case .unknownField:
      CatalogueEntry(
        "There is no such field",
        """
        Fields are the keys of a record, the columns of a dataset, the parts of a model. There are no methods: \
        functions come first, `mean(x)` and not `x.mean()`.
        """,
        example: """
          let r = {width: 1}
          r.wdth
          """)
    case .notIterable:
      CatalogueEntry(
        "This value cannot be walked",
        """
        `for`, `map`, `sum` and the like walk lists, ranges, strings, tensors along their first axis, columns \
        and datasets. `items(r)` walks a record; `0..n` counts.
        """,
        example: """
          for i in 5 { print(i) }
          """)
    case .unknownKey:
      CatalogueEntry(
        "The record has no such key",
        """
        `r[key]` reads a key that is there. `get(r, key, default)` reads one that may be absent, `key in r` \
        asks.
        """,
        example: """
          let r = {a: 1}
          r["b"]
          """)
    case .badKey:
      CatalogueEntry(
        "A record's key is a string",
        """
        Keys are strings; another value goes through `str(k)`.
        """,
        example: """
          let r = {}
          r[1]
          """)
    case .noArmFits:
      CatalogueEntry(
        "No arm of the `match` fits",
        """
        The value fits none of the patterns. `_ => …` as the last arm takes everything else.
        """,
        example: """
          match 3 { 1 => "one"; 2 => "two" }
          """)
    case .cyclicUse:
      CatalogueEntry(
        "Files use each other in a circle",
        """
        A file read by `use` runs to its end before it is a record, so two files cannot wait for each other. \
        Move what both need into a third.
        """,
        example: """
          # a.mlx holds: use "b.mlx", and b.mlx holds: use "a.mlx"
          """)
    case .badMembership:
      CatalogueEntry(
        "`in` cannot ask this value",
        """
        `in` asks a list, a range, a string for a part of it, or a record for a key.
        """,
        example: """
          3 in 5
          """)
    case .infiniteRange:
      CatalogueEntry(
        "A range without an end cannot be walked",
        """
        An open range says where to start, not where to stop. Give it an end, or leave the loop with `break` in \
        a `while true`.
        """,
        example: """
          for i in range(0, inf) { print(i) }
          """)
    // Limits and tests.
    case .recursion:
      CatalogueEntry(
        "A function calls itself too deeply",
        """
        Each call that waits for another takes memory, and a function that never stops calling itself would take \
        it all. Look for the case that ends it, or use a loop.
        """,
        example: """
          fn f(n) { f(n + 1) + 1 }
          f(0)
          """)
    case .interrupted:
      CatalogueEntry(
        "The work was interrupted",
        """
        Ctrl-C, or whoever runs the program, stopped it. The session is intact and the cell kept nothing; a \
        finished part of `fit` is in `runs()`.
        """,
        example: """
          while true { }
          """)
    case .stepLimit:
      CatalogueEntry(
        "The program used up its steps",
        """
        The program runs under a limit of steps, and reached it. Raise the limit, or look for a loop that does \
        not end.
        """,
        example: """
          while true { }
          """)
    case .timeLimit:
      CatalogueEntry(
        "The time is up",
        """
        The work ran longer than `timeout(…)` or the limit of the command allows. `try` does not catch it; only \
        the `timeout` itself ends.
        """,
        example: """
          timeout(10ms, () => { while true { } })
          """)
    case .memoryLimit:
      CatalogueEntry(
        "The memory is used up",
        """
        The next value would not fit below the limit, so nothing was taken. Work in batches, keep datasets lazy, \
        drop what is no longer needed, or raise the limit.
        """,
        example: """
          zeros(1_000_000, 1_000_000)
          """)
    case .denied:
      CatalogueEntry(
        "This is not allowed here",
        """
        The program runs in a sandbox that refuses this effect: files, the network, the environment. Whoever \
        started it can allow it.
        """,
        example: """
          read_text("/etc/passwd")
          """)
    case .didNotRaise:
      CatalogueEntry(
        "A cell that must fail did not",
        """
        A cell with `{raises}` in its line documents an error. It ran to its end, so the documentation is out of \
        date.
        """,
        example: """
          # %% must fail {raises}
          1 + 1
          """)
    case .outputDiffers:
      CatalogueEntry(
        "The output is not the recorded one",
        """
        `tern test` compares what a statement shows with the `#>` lines below it: numbers to one unit of their \
        last printed digit, all else exactly. `tern weave` records anew, `{tol: 1e-2}` loosens, `#~>` only \
        shows.
        """,
        example: """
          1 + 1
          #> 3
          """)
    // Models and gradients.
    case .uninitialised:
      CatalogueEntry(
        "The model has no numbers yet",
        """
        A new model knows its form, not its parameters. `init(net, x, seed: 1)` gives them, where `x` may be a \
        type such as `f32[_, 784]`; `fit` does it by itself.
        """,
        example: """
          let net = dense(3)
          net(zeros(2, 4))
          """)
    case .foreignModel:
      CatalogueEntry(
        "This belongs to another model",
        """
        A gradient, a state or a checkpoint fits only a model of the same make: the same declaration, parts and \
        sizes.
        """,
        example: """
          let a = init(dense(3), f32[_, 4], seed: 1)
          update(adam(), a, init(dense(5), f32[_, 4], seed: 1))
          """)
    case .needsSizes:
      CatalogueEntry(
        "The sizes of the model are not known",
        """
        A param's size follows from the input that `call` gets, or from an argument. Give `init` an input or its \
        type with every size that is needed.
        """,
        example: """
          init(dense(3), f32[_, _], seed: 1)
          """)
    case .notDifferentiable:
      CatalogueEntry(
        "There is no gradient through this",
        """
        What leads from the argument to the result passes something without a gradient: an integer, a \
        comparison, text, or an effect. Use `where` for a choice, and floats for what is learned.
        """,
        example: """
          grad(x => float(str(x)))(2.0)
          """)
    case .notScalarLoss:
      CatalogueEntry(
        "A gradient needs one number",
        """
        `grad` takes a function whose value is one number, or a record whose `loss` is one. `sum` or `mean` \
        makes one of many; `vjp` takes the gradient of many.
        """,
        example: """
          grad(x => x * 2)(tensor([1, 2]))
          """)
    case .notATree:
      CatalogueEntry(
        "This is no tree of numbers",
        """
        Arithmetic and gradients go through records, lists and models leaf by leaf, and every leaf is a number \
        or a tensor. Take out what is text, a bool or a function.
        """,
        example: """
          {a: 1, b: "x"} * 2
          """)
    case .treesDiffer:
      CatalogueEntry(
        "The two trees do not have the same form",
        """
        Tree with tree goes leaf by leaf, so keys, lengths and nesting must agree. `[...a, ...b]` joins lists.
        """,
        example: """
          [1, 2] + [1, 2, 3]
          """)
    case .effectInTrace:
      CatalogueEntry(
        "Traced code needs what is known only later",
        """
        `jit`, `vmap` and `fit` run a function once with its floats and tensors unknown. A condition, a length \
        or a mask that depends on them cannot be decided then; `where`, `scan` and `while_loop` can. Of effects \
        only `print` may stand there.
        """,
        example: """
          jit(x => if x > 0 { x } else { -x })(2.0)
          """)
    case .nonFinite:
      CatalogueEntry(
        "A number became infinite or NaN",
        """
        Training stopped because a loss or a gradient is no longer a number. Mostly the learning rate is too \
        high, the input is not standardized, or there is a `log` or a division of 0.
        """,
        example: """
          # a fit whose learning rate is 1e6
          """)
    // Files and data.
    case .noSuchFile:
      CatalogueEntry(
        "There is no such file",
        """
        Paths in a script are relative to the script's folder; at the prompt and for `-e` to the working \
        directory. The hint names a near one.
        """,
        example: """
          read("pengiuns.csv")
          """)
    case .cannotRead:
      CatalogueEntry(
        "The file cannot be read",
        """
        It is there, but may not be opened, is a folder, or the system reports a fault.
        """,
        example: """
          read_text(".")
          """)
    case .cannotWrite:
      CatalogueEntry(
        "The file cannot be written",
        """
        The folder is missing, may not be written to, or is full. Nothing was changed.
        """,
        example: """
          write_text("no/such/folder/a.txt", "hello")
          """)
    case .unknownFormat:
      CatalogueEntry(
        "This format is not known",
        """
        The ending of a file's name says its format. Give `format:` when the name does not, or convert the file.
        """,
        example: """
          read("data.xyz")
          """)
    case .damagedFile:
      CatalogueEntry(
        "The file is damaged",
        """
        It ends too early, or its parts contradict each other. Copy or download it again.
        """,
        example: """
          load("cut.tern")
          """)
    case .fileChanged:
      CatalogueEntry(
        "The file changed since it was read",
        """
        A dataset is lazy: it reads its file when it is needed, and answers only for what it saw. `read` it \
        again.
        """,
        example: """
          let d = read("log.csv")
          """)
    case .unknownColumn:
      CatalogueEntry(
        "The table has no such column",
        """
        Columns are named by the first line of the file, or `c0`, `c1` … with `header: false`. The hint shows \
        the nearest name.
        """,
        example: """
          read("penguins.csv").specis
          """)
    case .missingCells:
      CatalogueEntry(
        "A tensor holds no missing cells",
        """
        Empty and `NA` cells read as `none`, and a tensor has no place for that. `drop_missing(d)` leaves their \
        rows out, `impute` in a recipe fills them.
        """,
        example: """
          tensor(read("penguins.csv").bill_length_mm)
          """)
    case .columnType:
      CatalogueEntry(
        "A column holds another type than needed",
        """
        The column is text where numbers are needed, or the reverse; one odd cell makes a whole column text. \
        `infer_schema(d)` shows what was found.
        """,
        example: """
          tensor(read("penguins.csv").species)
          """)
    case .unknownCategory:
      CatalogueEntry(
        "A category was not there when it was fitted",
        """
        `label` and `one_hot` learn their categories from the training data, and this value is none of them. \
        Train on data that has it, or filter it out.
        """,
        example: """
          # a recipe fitted without the island "Dream", applied to it
          """)
    case .columnLengths:
      CatalogueEntry(
        "The columns differ in length",
        """
        Every column of a dataset has one cell a row.
        """,
        example: """
          dataset({x: [1, 2], y: [1, 2, 3]})
          """)
    case .notFitted:
      CatalogueEntry(
        "The recipe has seen no data",
        """
        A recipe learns means, categories and widths from training data. `fit(net, train, prep: prep)` fits it, \
        so does `fit(prep, train)`; only then it can be applied.
        """,
        example: """
          let prep = recipe(x: standardize)
          """)
    case .badRecipe:
      CatalogueEntry(
        "The recipe cannot be used like this",
        """
        A recipe's keys are columns or patterns of them, its values steps such as `standardize`, `one_hot`, \
        `label`. A column has one step or a list of them.
        """,
        example: """
          recipe(x: 3)
          """)
    case .unknownSample:
      CatalogueEntry(
        "There is no such sample data",
        """
        `sample("penguins")` is one of the small data sets that come with Tern. The hint shows the nearest \
        name.
        """,
        example: """
          sample("pengiuns")
          """)
    // Training.
    case .noTarget:
      CatalogueEntry(
        "The target is not there",
        """
        `target:` names the column that the model learns. It has to be in the data, and in the recipe if there \
        is one.
        """,
        example: """
          fit(dense(1), sample("penguins"), target: "weight")
          """)
    case .badLabels:
      CatalogueEntry(
        "The labels do not fit the loss",
        """
        Classes are counted from 0 to one less than the model's outputs. `label` in the recipe makes them from \
        text.
        """,
        example: """
          cross_entropy(zeros(2, 3), tensor([0, 5], dtype: i64))
          """)
    case .badLoss:
      CatalogueEntry(
        "The loss is no loss",
        """
        A loss takes raw scores and the target, and gives one number a row. A function of your own must do the \
        same.
        """,
        example: """
          # fit with loss: (out, y) => out
          """)
    case .checkpointMismatch:
      CatalogueEntry(
        "The checkpoint is of another model",
        """
        The saved numbers have other names or shapes than this model. Load it with the declaration it was made \
        with, or start anew.
        """,
        example: """
          # load of a file that was saved from a wider net
          """)
    case .requirement:
      CatalogueEntry(
        "A required number was not reached",
        """
        `require` stops a program whose report does not keep a rule, such as an accuracy of at least 0.95, before \
        anything is built on that model.
        """,
        example: """
          require({accuracy: 0.9}, accuracy: at_least(0.95))
          """)
    // Tern itself.
    case .internalFault:
      CatalogueEntry(
        "Tern itself is at fault",
        """
        This should not happen, whatever the program says. The session is intact. Please report it with the \
        program that led here.
        """,
        example: """
          # no program should
          """)
    }
  }
}
