internal import CEditline
internal import CTernKernels
internal import Glibc

/// One line from a person: through libedit on a terminal that can, else as it comes.
final class LineEditor {
  enum Line {
    case text(String)
    case interrupted
    case end
  }

  private let editor: OpaquePointer?
  private let completion: (String) -> Completion

  /// What Tab does: text to add at the cursor, or candidates to show.
  struct Completion {
    var insertion = ""
    var candidates: [String] = []
  }

  init(completion: @escaping (String) -> Completion) {
    self.completion = completion
    let canEdit = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !Console.isDumb
    editor = canEdit ? tern_editline_open("tern") : nil
    guard let editor else { return }
    tern_editline_complete(editor, completeAtCursor, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { tern_editline_close(editor) }

  var canEdit: Bool { editor != nil }

  func remember(_ text: String) { if let editor { tern_editline_remember(editor, text) } }

  /// - Parameter typed: Text that stands in the line from the start.
  func read(prompt: String, typed: String = "") -> Line {
    guard let editor else { return readPlainly(prompt) }
    var line: UnsafePointer<CChar>?
    switch Interrupts.whileReading({ tern_editline_read(editor, prompt, typed, &line) }) {
    case TERN_LINE_INTERRUPTED:
      tern_interrupt(0)
      return .interrupted
    case TERN_LINE_READ:
      guard let line else { return .end }
      let text = String(cString: line)
      return .text(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    default: return .end
    }
  }

  /// More is there at once: a paste goes on.
  var isPasting: Bool { editor != nil && tern_input_waits(5) }

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

  fileprivate func complete(_ before: String) -> (insertion: String, listed: Bool) {
    let found = completion(before)
    if found.insertion.isEmpty, found.candidates.count > 1 {
      print("\n" + LineEditor.columns(found.candidates, width: Console.columns(STDOUT_FILENO)))
      fflush(nil)
      return ("", true)
    }
    return (found.insertion, false)
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

private func completeAtCursor(
  _ context: UnsafeMutableRawPointer?, _ before: UnsafePointer<CChar>?, _ listed: UnsafeMutablePointer<Bool>?
) -> UnsafeMutablePointer<CChar>? {
  guard let context, let before else { return nil }
  let editor = Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
  let (insertion, isListed) = editor.complete(String(cString: before))
  listed?.pointee = isListed
  return strdup(insertion)
}
