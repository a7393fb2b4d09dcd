// Errors of models and gradients.

extension ErrorCode {
  var modelsEntry: CatalogueEntry? {
    switch self {
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
        "A model that is called is no part of the one being made",
        """
        `init` runs `call` once, and gives numbers to the parts that the model holds: its own `let`s and what it \
        was made with. A model that is made inside `call`, or taken from outside, is none of them and would get \
        its numbers nowhere. Bind it with `let` in the model's body.
        """,
        example: """
          model block() {
            fn call(x) { dense(2)(x) }
          }
          init(block(), f32[_, 3], seed: 1)
          """)
    case .needsSizes:
      CatalogueEntry(
        "Nothing says how large a param is",
        """
        A word in a param's type is an argument of the model or a size in the contract of its `call`. Where it \
        is neither, no input can bind it. Name it there: `fn call(x: float[..., n])`.
        """,
        example: """
          model shift() {
            param b: float[n] = zeros
            fn call(x) { x + b }
          }
          init(shift(), f32[_, 3], seed: 1)
          """)
    case .notDifferentiable:
      CatalogueEntry(
        "There is no gradient by this",
        """
        A gradient is by floats: by an argument of integers, bools or text there is none, nor through an \
        operation that has no slope. `cast(x, f32)` makes floats, `where` makes a choice that has one.
        """,
        example: """
          fn f(x, k) { sum(x) }
          grad(f, wrt: "k")(tensor([1.0]), tensor([1], dtype: i64))
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
    case .unknownWhileTraced:
      CatalogueEntry(
        "A number is asked for that is not known while code is traced",
        """
        `jit` and `fit` run a function once, with floats and tensors that are known by their types alone, and keep \
        what is to be computed; `vmap` runs it once for all. So a condition, a length, a position or a text cannot \
        depend on them. `where` chooses element by element, `scan` and `while_loop` repeat; what must look at \
        numbers is left outside.
        """,
        example: """
          jit(x => if x > 0 { x } else { -x })(1.0)
          """)
    case .effectWhileTraced:
      CatalogueEntry(
        "What is traced may not reach outside",
        """
        A traced function runs once and its computation many times: a file would be read or written once. Do it \
        outside and hand over the value; `print` prints on every call.
        """,
        example: """
          jit(x => { write_text("x", "seen.txt"); x })(1.0)
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
    case .unfitMatrix:
      CatalogueEntry(
        "A matrix cannot be solved, inverted or factored",
        """
        A singular matrix has no inverse: one of its rows is a sum of others. `lstsq` and `pinv` give the best there \
        is. `cholesky` and `eigh` take symmetric matrices, `cholesky` those whose eigenvalues are positive; a covariance \
        that rounding made worse is helped by a little on its diagonal, `a + 1e-6 * eye(n)`.
        """,
        example: """
          inv([[1, 2], [2, 4]])
          """)
    default: nil
    }
  }
}
