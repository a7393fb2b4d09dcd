// Errors of files, tables and recipes.

extension ErrorCode {
  var dataEntry: CatalogueEntry? {
    switch self {
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
          write_text("hello", "no/such/folder/a.txt")
          """)
    case .unknownFormat:
      CatalogueEntry(
        "This format is not known",
        """
        The ending of a file's name says its format. Give `format:` when the name does not, or convert the file.
        """,
        example: """
          write_text("1 2 3", "numbers.xyz")
          read("numbers.xyz")
          """)
    case .damagedFile:
      CatalogueEntry(
        "The file is damaged",
        """
        It ends too early, or its parts contradict each other. Copy or download it again.
        """,
        example: """
          write_text("n\\n\\"1", "cut.csv")
          read("cut.csv")
          """)
    case .fileChanged:
      CatalogueEntry(
        "The file changed since it was read",
        """
        A dataset is lazy: it reads its file when it is needed, and answers only for what it saw. `read` it \
        again.
        """,
        example: """
          write_text("n\\n1\\n", "log.csv")
          let d = read("log.csv")
          write_text("n\\n1\\n2\\n", "log.csv")
          sum(d.n)
          """)
    case .unknownColumn:
      CatalogueEntry(
        "The table has no such column",
        """
        Columns are named by the first line of the file, or `c0`, `c1` … with `header: false`. The hint shows \
        the nearest name.
        """,
        example: """
          sample("penguins").specis
          """)
    case .missingCells:
      CatalogueEntry(
        "A tensor holds no missing cells",
        """
        Empty and `NA` cells read as `none`, and a tensor has no place for that. `drop_missing(d)` leaves their \
        rows out, `impute` in a recipe fills them.
        """,
        example: """
          tensor(sample("penguins").sex)
          """)
    case .columnType:
      CatalogueEntry(
        "A column holds another type than needed",
        """
        The column is text where numbers are needed, or the reverse; one odd cell makes a whole column text. \
        `infer_schema(d)` shows what was found.
        """,
        example: """
          tensor(sample("penguins").species)
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
        "Nothing was fitted yet",
        """
        A recipe learns means, categories and widths from training data, and a model made by `fit` knows the \
        columns it takes. `fit(net, train, prep: prep)` fits both; what was made otherwise cannot be applied to \
        a table.
        """,
        example: """
          predict(dense(3), sample("iris"))
          """)
    case .badRecipe:
      CatalogueEntry(
        "The recipe cannot be used like this",
        """
        A recipe's labels are columns or patterns of them, its values steps such as `standardize`, `one_hot`, \
        `label` or `impute(mean)`, or lists of steps. A pattern fits at least one column, each label stands \
        once, and a target is made by `label`.
        """,
        example: """
          recipe(x: 3)
          """)
    case .unknownSample:
      CatalogueEntry(
        "There is no such sample data",
        """
        `sample(\"penguins\")` is one of the small data sets that come with Tern. The hint shows the nearest \
        name, or all of them.
        """,
        example: """
          sample("pengiuns")
          """)
    default: nil
    }
  }
}
