internal import CEditline
internal import CTernKernels
internal import Glibc

/// A cell from a person: through libedit on a terminal that can, else a line as it comes.
final class LineEditor {
  enum Line {
    case text(String)
    case interrupted
    case end
  }

  private let editor: OpaquePointer?
  private let completion: (String) -> Completer.Completion
  var editing: CellEditing
  /// Whether a cell gets its colours once it is finished.
  var showsColors = false
  /// Code that was finished without being edited.
  private var finished: String?

  init(history: [String], completion: @escaping (String) -> Completer.Completion) {
    self.completion = completion
    editing = CellEditing(history: history)
    let canEdit = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !Console.isDumb
    editor = canEdit ? tern_editline_open("tern") : nil
    guard let editor else { return }
    tern_editline_handle(editor, handleKey, Unmanaged.passUnretained(self).toOpaque())
    for cell in history { tern_editline_remember(editor, CellEditing.laidOut(cell)) }
  }

  deinit { tern_editline_close(editor) }

  var canEdit: Bool { editor != nil }

  func remember(_ code: String) {
    editing.history.append(code)
    if let editor { tern_editline_remember(editor, CellEditing.laidOut(code)) }
  }

  /// A whole cell where it can be edited, else one line.
  func read(prompt: String) -> Line {
    guard let editor else { return readPlainly(prompt) }
    finished = nil
    var line: UnsafePointer<CChar>?
    switch Interrupts.whileReading({ tern_editline_read(editor, prompt, &line) }) {
    case TERN_LINE_INTERRUPTED:
      tern_interrupt(0)
      return .interrupted
    case TERN_LINE_READ:
      guard let line else { return .end }
      let text = String(cString: line)
      if let finished { return .text(finished) }
      let shown = text.hasSuffix("\n") ? String(text.dropLast()) : text
      if showsColors { ColouredCell.redraw(shown, prompt: prompt) }
      return .text(CellEditing.code(of: shown))
    default: return .end
    }
  }

  private func readPlainly(_ prompt: String) -> Line {
    print(prompt.filter { $0 != "\u{1}" }, terminator: "")
    fflush(nil)
    guard let text = Interrupts.whileReading({ readLine() }) else {
      if tern_interrupt_raised() == 0 { return .end }
      tern_interrupt(0)
      tern_input_clear()
      return .interrupted
    }
    return .text(text)
  }

  // MARK: Keys

  fileprivate func reply(to key: tern_key, _ before: String, _ after: String, _ given: String) -> tern_reply {
    switch key {
    case TERN_KEY_TAB: return complete(before, after)
    case TERN_KEY_EDITOR: return LineEditor.edited(before + after)
    default: break
    }
    editing.isPasting = tern_input_waits(0)
    guard let pressed = CellEditing.Key(key, given) else { return tern_reply() }
    switch editing.press(pressed, before: before, after: after) {
    case .nothing: return tern_reply(effect: TERN_NOTHING, text: nil, cursor: 0)
    case .insert(let text): return tern_reply(effect: TERN_INSERT, text: strdup(text), cursor: 0)
    case .replace(let text, let cursor): return tern_reply(effect: TERN_REPLACE, text: strdup(text), cursor: cursor)
    case .submit: return tern_reply(effect: TERN_SUBMIT, text: nil, cursor: 0)
    case .finish(let code):
      finished = code
      return tern_reply(effect: TERN_SUBMIT, text: strdup("# \(code.utf8.count) bytes were pasted"), cursor: 0)
    }
  }

  private func complete(_ before: String, _ after: String) -> tern_reply {
    let found = completion(CellEditing.code(of: before))
    if found.erased > 0 {
      let kept = String(before.unicodeScalars.dropLast(found.erased)) + found.insertion
      return tern_reply(effect: TERN_REPLACE, text: strdup(kept + after), cursor: kept.unicodeScalars.count)
    }
    if !found.insertion.isEmpty { return tern_reply(effect: TERN_INSERT, text: strdup(found.insertion), cursor: 0) }
    let lines = found.notes + (found.candidates.count > 1 ? [LineEditor.columns(found.candidates, width: Console.columns(STDOUT_FILENO))] : [])
    guard !lines.isEmpty else { return tern_reply(effect: TERN_NOTHING, text: nil, cursor: 0) }
    print("\n" + lines.joined(separator: "\n"))
    fflush(nil)
    return tern_reply(effect: TERN_SHOWN, text: nil, cursor: 0)
  }

  /// The text as `$VISUAL` or `$EDITOR` leaves it.
  private static func edited(_ text: String) -> tern_reply {
    let none = tern_reply(effect: TERN_NOTHING, text: nil, cursor: 0)
    let path = "/tmp/tern-cell-\(getpid()).mlx"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return none }
    defer { unlink(path) }
    let bytes = Array((CellEditing.code(of: text) + "\n").utf8)
    let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
    guard written == bytes.count else { return none }
    let editor = [Console.environment("VISUAL"), Console.environment("EDITOR")].compactMap { $0 }.first { !$0.isBlank } ?? "vi"
    // The editor had the screen: the cell is drawn again whatever came of it.
    let shown = tern_reply(effect: TERN_SHOWN, text: nil, cursor: 0)
    guard system("\(editor) \(path)") == 0, let saved = fopen(path, "r") else { return shown }
    defer { fclose(saved) }
    var code = "", line: UnsafeMutablePointer<CChar>?, capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, saved) >= 0, let line { code += String(cString: line) }
    while code.last == "\n" { code.removeLast() }
    let laidOut = CellEditing.laidOut(code)
    return tern_reply(effect: TERN_REPLACE, text: strdup(laidOut), cursor: laidOut.unicodeScalars.count)
  }

  private static func columns(_ words: [String], width: Int) -> String {
    let shown = words.prefix(80)
    let column = (shown.map(\.count).max() ?? 0) + 2
    let perLine = max(width / column, 1)
    var text = ""
    for (position, word) in shown.enumerated() {
      let isLast = position % perLine == perLine - 1
      text += word + (isLast ? "\n" : String(repeating: " ", count: column - word.count))
    }
    if words.count > shown.count { text += "and \(words.count - shown.count) more" }
    return text
  }
}

extension CellEditing.Key {
  fileprivate init?(_ key: tern_key, _ given: String) {
    switch key {
    case TERN_KEY_ENTER: self = .enter
    case TERN_KEY_NEWLINE: self = .newline
    case TERN_KEY_UP: self = .up
    case TERN_KEY_DOWN: self = .down
    case TERN_KEY_HOME: self = .home
    case TERN_KEY_END: self = .end
    case TERN_KEY_BACK: self = .back
    case TERN_KEY_CLOSE: self = .close(given)
    case TERN_KEY_PASTE: self = .paste(given)
    case TERN_KEY_KILL_END: self = .kill(.lineEnd)
    case TERN_KEY_KILL_START: self = .kill(.lineStart)
    case TERN_KEY_KILL_WORD: self = .kill(.wordBehind)
    case TERN_KEY_KILL_NEXT: self = .kill(.wordAhead)
    case TERN_KEY_YANK: self = .yank
    case TERN_KEY_LEFT: self = .left
    case TERN_KEY_RIGHT: self = .right
    case TERN_KEY_DELETE: self = .delete
    default: return nil
    }
  }
}

private func handleKey(
  _ context: UnsafeMutableRawPointer?, _ key: tern_key, _ before: UnsafePointer<CChar>?, _ after: UnsafePointer<CChar>?, _ given: UnsafePointer<CChar>?
) -> tern_reply {
  guard let context, let before, let after, let given else { return tern_reply() }
  let editor = Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
  return editor.reply(to: key, String(cString: before), String(cString: after), String(cString: given))
}
