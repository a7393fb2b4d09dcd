// Errors of limits, tests and Tern itself.

extension ErrorCode {
  var limitsEntry: CatalogueEntry? {
    switch self {
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
          # Ctrl-C while this runs
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
          # tern --limit-steps 1000
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
        The program runs in a sandbox that refuses this effect: files, the network, services. Whoever started it \
        can allow it, by running it without `--sandbox`.
        """,
        example: """
          # tern --sandbox
          read_text("/etc/passwd")
          """)
    case .libraryMissing:
      CatalogueEntry(
        "A library that this needs is not installed",
        """
        A few words work by libraries of the system, which are loaded at their first use. The hint names the package; \
        once it is installed the same program runs.
        """,
        example: """
          # on a machine without OpenBLAS
          inv([[2, 1], [1, 3]])
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
    default: nil
    }
  }
}
