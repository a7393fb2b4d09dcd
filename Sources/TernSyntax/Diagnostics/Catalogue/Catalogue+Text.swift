// Errors of reading the characters of a source.

extension ErrorCode {
  var textEntry: CatalogueEntry? {
    switch self {
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
    default: nil
    }
  }
}
