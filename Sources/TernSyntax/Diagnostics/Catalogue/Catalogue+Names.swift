// Errors of names, calls and what a program raises itself.

extension ErrorCode {
  var namesEntry: CatalogueEntry? {
    switch self {
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
          model scaled(n) {
            param w: float[n] = zeros
            fn call(x) {
              n = 2
              x * w
            }
          }
          """)
    case .notYetDefined:
      CatalogueEntry(
        "The name has no value yet",
        """
        A `fn` or `let` exists once its line has run, and this line runs before it. Functions may name each \
        other in any order, as long as the first call comes after all of them.
        """,
        example: """
          fn outer() {
            let four = twice(2)
            fn twice(x) { double(x) }
            fn double(x) { 2 * x }
            four
          }
          outer()
          """)
    default: nil
    }
  }
}
