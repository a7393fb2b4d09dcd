// Errors of what values can do.

extension ErrorCode {
  var valuesEntry: CatalogueEntry? {
    switch self {
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
        `in` asks a list or a range for an item, a string for a string in it, or a record for a key. Nothing \
        else has parts to ask for.
        """,
        example: """
          3 in 5
          """)
    case .infiniteRange:
      CatalogueEntry(
        "A range cannot be walked to its end",
        """
        The range holds more ints than can be counted. Give it nearer ends, or leave a `while true` with \
        `break`.
        """,
        example: """
          let all = -9223372036854775807..9223372036854775807
          for i in all { print(i) }
          """)
    default: nil
    }
  }
}
