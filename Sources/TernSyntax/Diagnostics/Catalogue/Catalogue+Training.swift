// Errors of `fit`, losses and what is asked of a model.

extension ErrorCode {
  var trainingEntry: CatalogueEntry? {
    switch self {
    case .noTarget:
      CatalogueEntry(
        "The target is not there",
        """
        `target:` and `weights:` name columns of the data, as they are before the recipe. The hint shows the \
        nearest one.
        """,
        example: """
          fit(dense(1), sample("penguins"), target: "weight")
          """)
    case .badLabels:
      CatalogueEntry(
        "The labels do not fit the model or the loss",
        """
        `cross_entropy` takes a class a row, counted from 0 to one less than the model's scores. `label` in the \
        recipe makes classes from text; the last layer is as wide as there are classes.
        """,
        example: """
          let prep = recipe(species: label, "*": standardize)
          fit(dense(1), sample("iris"), prep: prep, target: "species", loss: cross_entropy)
          """)
    case .badLoss:
      CatalogueEntry(
        "The model, the loss or a metric gives something else",
        """
        In `fit` the model gives one answer a row, as a tensor, and the loss of these answers and the target \
        gives one number a row. A metric gives one number. Without `loss:` there is nothing to make small.
        """,
        example: """
          let prep = recipe(species: label, "*": standardize)
          fit(dense(3), sample("iris"), prep: prep, target: "species", loss: (out, y) => "much")
          """)
    case .checkpointMismatch:
      CatalogueEntry(
        "What was saved is of another model",
        """
        `load(path, into: net)` puts saved numbers into a model. They have other names or shapes than it has; \
        make it as the saved one was made, or load without `into:`.
        """,
        example: """
          # load of a file into a net that is wider than the saved one
          """)
    case .requirement:
      CatalogueEntry(
        "A required number was not reached",
        """
        `require` stops a program whose report does not keep a rule, such as an accuracy of at least 0.95, \
        before anything is built on that model.
        """,
        example: """
          require({accuracy: 0.9}, accuracy: at_least(0.95))
          """)
    default: nil
    }
  }
}
