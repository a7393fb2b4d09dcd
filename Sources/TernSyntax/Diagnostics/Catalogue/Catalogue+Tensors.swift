// Errors of shapes, dtypes, axes and contracts.

extension ErrorCode {
  var tensorsEntry: CatalogueEntry? {
    switch self {
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
          int(dataset({n: ["1", "x"]}).n)
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
    default: nil
    }
  }
}
