internal import CTernKernels
internal import Glibc
import TernRuntime
import TernSyntax

/// The prompt: cells over one session.
///
///     In [1]: 1 + 1
///     Out[1]: 2
package final class Prompt {
  let session: Session
  let console: Console
  private(set) var cellCount = 0
  private var history = History()
  /// The tables that cells started from, for `:undo`; the oldest go.
  private var tables: [(table: File.SavedTable, cells: Int, number: Int)] = []
  /// The cells that ran, for `:save`.
  private var ran = SessionFile()
  /// `Out[n]`.
  private var results: [Value] = [.none]
  /// Whether the last cell kept nothing.
  private var hasFailed = false
  /// The exercise that is on.
  var lesson: PromptLesson?
  private lazy var editor = LineEditor(history: history.cells) { [unowned self] in Completer(self.session).complete($0) }

  /// How many tables and results are kept.
  private static let memory = 20
  /// So many bytes of a cell are kept in the history, and of what it shows for `:save`.
  private static let longestKept = 1 << 16

  package init(session: Session, console: Console) {
    self.session = session
    self.console = console
    session.machine.isInteractive = true
  }

  var cells: [String] { history.cells }

  /// Reads and runs cells until the end of the input; the exit code.
  package func run() -> Int32 {
    console.write("Tern \(About.number). `:help` tells what there is, Ctrl-D leaves.\n")
    console.flush()
    while true {
      switch readCell() {
      case .interrupted: continue
      case .end:
        console.write("\n")
        console.flush()
        return 0
      case .text(let text):
        if let code = perform(text) { return code }
      }
    }
  }

  // MARK: Reading

  private func readCell() -> LineEditor.Line {
    editor.showsColors = console.colorsOutput
    guard editor.canEdit else { return readLines() }
    return editor.read(prompt: prompt)
  }

  /// Lines until the cell is complete.
  private func readLines() -> LineEditor.Line {
    var text = ""
    var prompts = PastedPrompts()
    while true {
      let isFirst = text.isEmpty
      let line = editor.read(prompt: isFirst ? prompt : continuation)
      guard case .text(let more) = line else {
        if isInterrupted(line) { console.write("\n") }
        console.flush()
        return isFirst || isInterrupted(line) ? line : .text(text)
      }
      if let code = prompts.code(of: more, isFirst: isFirst, isPasted: false) { text += isFirst ? code : "\n" + code }
      if text.first == ":" || text.first == "?" || text.isBlank { return .text(text) }
      if case .incomplete = completeness(of: text) { continue }
      return .text(text)
    }
  }

  private func isInterrupted(_ line: LineEditor.Line) -> Bool {
    if case .interrupted = line { true } else { false }
  }

  private var prompt: String { paint("In [\(cellCount + 1)]: ", "\u{1B}[32m") }
  private var continuation: String {
    paint(String(repeating: " ", count: String(cellCount + 1).utf8.count + 2) + "...: ", "\u{1B}[32m")
  }

  /// Escape codes stand between marks, so that the editor does not count them; each belongs to the character behind it.
  private func paint(_ text: String, _ ink: String) -> String {
    console.colorsOutput && editor.canEdit ? "\u{1}\(ink)\u{1}\(text.dropLast())\u{1}\u{1B}[0m\u{1} " : text
  }

  // MARK: Running

  /// An exit code ends the prompt.
  private func perform(_ text: String) -> Int32? {
    guard !text.isBlank else { return nil }
    // What was pasted by the megabyte is nothing to walk through.
    if text.utf8.count <= Prompt.longestKept {
      history.add(text)
      editor.remember(text)
    }
    session.machine.width = console.width
    session.machine.limits.restart()
    tern_interrupt(0)
    if let command = PromptCommand(text) {
      let code = command.perform(in: self)
      console.flush()
      return code
    }
    guard lesson?.isAttempt(text) == true else { return runCell(text) }
    // With blanks left there is nothing to run yet.
    let code = blanks(in: text).isEmpty ? runCell(text) : nil
    if code == nil { lesson?.take(text, hasFailed: hasFailed, Conditions(), console) }
    return code
  }

  /// Puts code into the history, as if it had been typed.
  func offer(_ code: String) { editor.remember(code) }

  var canEdit: Bool { editor.canEdit }

  func runCell(_ text: String) -> Int32? {
    cellCount += 1
    hasFailed = true
    let tree = parse(SourceText(name: "In [\(cellCount)]", text: text))
    guard tree.diagnostics.isEmpty else {
      console.report(tree.diagnostics)
      return nil
    }
    remember(session.file.saved())
    var outputs: [(Recording, [String]?)] = []
    let notes = CellNotes()
    session.machine.cellNotes = notes
    defer { session.machine.cellNotes = nil }
    for (position, cell) in tree.cells.enumerated() where !cell.flags.contains("skip") {
      let output = session.machine.output
      let above = outputs.count
      defer { session.machine.output = output }
      var texts = StatementTexts(count: cell.statements.count), room = Prompt.longestKept, presented: (text: String, plain: String)?
      session.machine.output = { text in
        output(text)
        room -= text.utf8.count
        if room >= 0 { texts.add(presented.map { text.replacing($0.text, with: $0.plain) } ?? text) }
      }
      session.present = { [cellCount, console] in
        let text = Prompt.present(LongLine.laidOut($0, width: console.width), cellCount, isColored: console.colorsOutput)
        presented = (text, $0)
        return text
      }
      let outcome = session.run(cell, of: tree.source, number: cellCount, keepsTable: true) { [console] statement in
        texts.end(statement)
        console.flush()
      }
      outputs += Recording.all(in: cell, of: tree).map { ($0, texts.output(for: $0)) }
      if let code = outcome.exitCode { return Int32(truncatingIfNeeded: code) }
      console.report(outcome.diagnostics.map(sayingCells))
      keep(outcome.value)
      if !outcome.isSuccess {
        // The cells above it in a file have run and are kept.
        if position > 0 { record(tree.cells[..<position], of: tree, until: Int(cell.range.start), Array(outputs[..<above]), notes) }
        return nil
      }
    }
    hasFailed = false
    let before = isRebinding(tree) ? StaleNames.all(in: ran.transcript, session.machine) : nil
    record(tree.cells[...], of: tree, until: tree.source.bytes.count, outputs, notes)
    if let before { noteStale(besides: before) }
    return nil
  }

  /// Notes cells that ran, with what they showed.
  private func record(_ cells: ArraySlice<CellTree>, of tree: SourceTree, until end: Int, _ outputs: [(Recording, [String]?)], _ notes: CellNotes) {
    let text = String(decoding: Weaving.text(of: Array(tree.source.bytes[..<end]), outputs), as: UTF8.self)
    ran.add(
      text, number: cellCount, cells.flatMap(\.statements), isShowing: outputs.contains { $0.1?.isEmpty == false }, draws: notes.effects.contains(.draws))
  }

  // MARK: What is stale

  private func isRebinding(_ tree: SourceTree) -> Bool {
    let names = Set(tree.cells.flatMap(\.statements).flatMap(\.changedNames))
    return !names.isDisjoint(with: ran.names)
  }

  /// Says once what a new binding makes stale.
  private func noteStale(besides known: [String: String]) {
    let stale = StaleNames.all(in: ran.transcript, session.machine)
    let names = stale.keys.filter { known[$0] == nil }.sorted()
    guard let first = names.first, let changed = stale[first] else { return }
    let shown = names.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    console.flush()
    console.note("note: \(shown) \(names.count == 1 ? "was" : "were") made with the `\(changed)` of before\n")
  }

  var staleNames: [String: String] { StaleNames.all(in: ran.transcript, session.machine) }

  /// The session so far, for a run from its start.
  var transcript: String { ran.transcript }

  /// The session as a file, with the cells that still matter.
  var fileText: String { ran.text(defining: session.file.definedNames.filter { session.file.value(of: $0) != nil }) }

  /// `Out[9]` where no cell 9 has been: `Out` is a list, but what it has is cells.
  private func sayingCells(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.code == .indexOutOfRange, let mark = diagnostic.labels.first,
      mark.source.text(SourceRange(0, mark.range.start)).hasSuffix("Out[")
    else { return diagnostic }
    var said = diagnostic
    said.message = "there is no Out[\(mark.source.text(mark.range))]"
    said.hint = cellCount == 1 ? "no cell has run before this one" : "the cells so far are 1 to \(cellCount - 1)"
    return said
  }

  /// `Out[3]: ` before the value; what has several lines starts on its own.
  private static func present(_ text: String, _ number: Int, isColored: Bool) -> String {
    let head = isColored ? "\u{1B}[31mOut[\(number)]:\u{1B}[0m" : "Out[\(number)]:"
    return head + (text.contains("\n") ? "\n" : " ") + text
  }

  // MARK: What was

  private func remember(_ table: File.SavedTable) {
    tables.append((table, ran.count, cellCount))
    if tables.count > Prompt.memory { tables.removeFirst() }
  }

  private func keep(_ value: Value?) {
    while results.count <= cellCount { results.append(.none) }
    results[cellCount] = value ?? .none
    if cellCount >= Prompt.memory { results[cellCount - Prompt.memory] = .none }
    session.file.define("Out", .list(results))
  }

  /// Goes back to what the last cell started from; false when there is nothing left.
  ///
  /// - Parameter cell: Goes back to before this one, and all after it.
  func undo(to cell: Int? = nil) -> Bool {
    guard let place = cell.map({ cell in tables.lastIndex { $0.number == cell } }) ?? tables.indices.last else { return false }
    let (table, cells, _) = tables[place]
    tables.removeSubrange(place...)
    session.file.restore(table)
    ran.keep(first: cells)
    return true
  }
}

extension String {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
