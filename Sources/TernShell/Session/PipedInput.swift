internal import Glibc
import TernRuntime
import TernSyntax

/// A program that arrives through a pipe: each complete statement is a cell, and the first error ends it.
package struct PipedInput {
  let session: Session
  let console: Console
  /// Bytes not run yet.
  private var pending: [UInt8] = []
  /// Lines before them, so that errors count from the first one.
  private var linesBefore = 0
  private var cellCount = 0

  package init(session: Session, console: Console) {
    self.session = session
    self.console = console
  }

  /// Runs until the end of the input; the exit code.
  package mutating func run() -> Int32 {
    while let isAtEnd = readMore() {
      if !isAtEnd, moreIsWaiting { continue }
      if let code = runComplete(isAtEnd) { return code }
      if isAtEnd { return 0 }
    }
    return 1
  }

  /// Reads what is there, or waits for it. True at the end, nil when reading fails.
  private mutating func readMore() -> Bool? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Interrupts.whileReading { read(STDIN_FILENO, &buffer, buffer.count) }
      if count > 0 { pending.append(contentsOf: buffer[..<count]) }
      if count >= 0 { return count == 0 }
      guard errno == EINTR else {
        console.note("tern: standard input cannot be read: \(String(cString: strerror(errno)))\n")
        return nil
      }
    }
  }

  private var moreIsWaiting: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) > 0
  }

  /// Runs the statements that are complete; an exit code ends the program.
  private mutating func runComplete(_ isAtEnd: Bool) -> Int32? {
    let end = isAtEnd ? pending.count : (pending.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
    guard end > 0 else { return nil }
    let text = Array(pending[..<end])
    if !isAtEnd, case .incomplete = completeness(of: String(decoding: text, as: UTF8.self)) { return nil }
    pending.removeFirst(end)
    let source = SourceText(name: "stdin", bytes: [UInt8](repeating: UInt8(ascii: "\n"), count: linesBefore) + text)
    linesBefore = source.lineStarts.count - 1
    return run(parse(source))
  }

  private mutating func run(_ tree: SourceTree) -> Int32? {
    let firstFault = tree.diagnostics.compactMap { $0.labels.first?.range.start }.min() ?? (tree.diagnostics.isEmpty ? .max : 0)
    for cell in tree.cells where !cell.flags.contains("skip") {
      for statement in cell.statements {
        if statement.range.end > firstFault { break }
        if let code = run(statement, of: cell, in: tree.source) { return code }
      }
    }
    if tree.diagnostics.isEmpty { return nil }
    console.report(tree.diagnostics)
    return 1
  }

  private mutating func run(_ statement: Statement, of cell: CellTree, in source: SourceText) -> Int32? {
    cellCount += 1
    let single = CellTree(
      title: cell.title, identifier: cell.identifier, flags: cell.flags, options: cell.options, statements: [statement],
      range: statement.range)
    let outcome = session.run(single, of: source, number: cellCount, keepsTable: false) { [console] _ in console.flush() }
    if let code = outcome.exitCode { return Int32(truncatingIfNeeded: code) }
    if outcome.isSuccess { return nil }
    console.report(outcome.diagnostics)
    return outcome.isInterrupted ? Interrupts.exitCode : 1
  }
}
