import TernSyntax

/// What keys do to the text of a cell while it is typed: Enter, arrows, closing brackets, pastes. Further lines stand under the
/// first one's code, so they begin with as many blanks as a prompt is wide; the code itself has none of them.
///
///     In [1]: for i in 0..2 {
///               print(i)
///             }
package struct CellEditing {
  package enum Key { case enter, newline, up, down, left, right, home, end, back, delete, close(String), paste(String), kill(Reach), yank }
  /// What is cut: to the end or the start of the line, or the word behind or ahead.
  package enum Reach { case lineEnd, lineStart, wordBehind, wordAhead }

  package enum Reply: Equatable {
    case nothing
    case insert(String)
    /// The cursor stands so many characters (scalars) from the start.
    case replace(String, cursor: Int)
    case submit
    /// The text is finished, and is this code: too long to be edited.
    case finish(String)
  }

  /// What was typed before, the oldest first.
  package var history: [String]
  /// Is more coming in at once, as of a paste without marks? It brings its own indentation.
  package var isPasting = false
  private var browsing: Browsing?
  /// What was cut last, and the text that was left: a further cut there adds to it.
  private var cut = (text: "", before: "", after: "")

  /// A walk through the history: what cells have to begin with, where it is, what it showed, and what stood there before.
  private struct Browsing {
    let prefix: String
    let draft: String
    var place: Int
    var shown: String
    /// Where it left the cursor.
    var cursor = 0
  }

  package init(history: [String] = []) { self.history = history }

  private static let margin = String(repeating: " ", count: 8)
  /// Longer pastes are not edited.
  private static let longestPaste = 1 << 16

  package static func laidOut(_ code: String) -> String {
    code.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n" + margin)
  }

  package static func code(of text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { number, line in
      number == 0 ? line : line.dropFirst(line.prefix(margin.count).prefix { $0 == " " }.count)
    }.joined(separator: "\n")
  }

  package mutating func press(_ key: Key, before: String, after: String) -> Reply {
    switch key {
    case .enter: return enter(before, after)
    case .newline: return .insert("\n" + CellEditing.margin + indent(before))
    case .close(let bracket): return close(bracket, before, after)
    case .paste(let text): return paste(text, before, after)
    case .up: return isInFirstLine(before) ? browse(-1, before, after) : moved(by: -1, before, after)
    case .down: return after.contains("\n") && !isWhereBrowsed(before, after) ? moved(by: 1, before, after) : browse(1, before, after)
    case .left: return before.isEmpty ? .nothing : .replace(before + after, cursor: kept(behind: before).unicodeScalars.count)
    case .right: return .replace(before + after, cursor: before.scalarCount + CellEditing.next(in: after).unicodeScalars.count)
    case .home: return .replace(before + after, cursor: before.scalarCount - codeBefore(before).scalarCount)
    case .end: return .replace(before + after, cursor: before.scalarCount + after.prefix { $0 != "\n" }.unicodeScalars.count)
    case .back: return before.isEmpty ? .nothing : .replace(kept(behind: before) + after, cursor: kept(behind: before).unicodeScalars.count)
    case .delete: return .replace(before + after.dropFirst(CellEditing.next(in: after).count), cursor: before.scalarCount)
    case .kill(let reach): return kill(reach, before, after)
    case .yank: return cut.text.isEmpty ? .nothing : .insert(cut.text)
    }
  }

  // MARK: Lines

  /// Runs what is whole, wherever the cursor is, else opens a line.
  private func enter(_ before: String, _ after: String) -> Reply {
    let code = CellEditing.code(of: before + after)
    if let first = code.first, ":?!".contains(first) { return .submit }
    if case .incomplete = completeness(of: code) { return .insert("\n" + CellEditing.margin + indent(before)) }
    return .submit
  }

  private func indent(_ before: String) -> String {
    guard !isPasting, case .incomplete(let columns) = completeness(of: CellEditing.code(of: before)) else { return "" }
    return String(repeating: " ", count: columns)
  }

  /// A closing bracket alone in its line stands two columns further left than the indentation it is typed behind.
  private func close(_ bracket: String, _ before: String, _ after: String) -> Reply {
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    guard !isPasting, line.count < before.count, line.allSatisfy({ $0 == " " }), line.count >= CellEditing.margin.count + 2 else { return .insert(bracket) }
    let start = before.dropLast(2) + bracket
    return .replace(start + after, cursor: start.unicodeScalars.count)
  }

  /// What stands before the last character; at the start of a line, before its end above: the margin is no text.
  private func kept(behind before: String) -> Substring {
    let isAtStart = !isInFirstLine(before) && codeBefore(before).isEmpty
    return isAtStart ? before[..<(before.lastIndex(of: "\n") ?? before.startIndex)] : before.dropLast()
  }

  /// The character ahead; at the end of a line, all up to the code of the next.
  private static func next(in after: String) -> Substring {
    guard after.first == "\n" else { return after.prefix(1) }
    return after.prefix(1 + after.dropFirst().prefix(margin.count).prefix { $0 == " " }.count)
  }

  // MARK: Cutting

  /// At the end of a line the line below comes up, at the start of one nothing goes.
  private mutating func kill(_ reach: Reach, _ before: String, _ after: String) -> Reply {
    let ahead = reach == .lineEnd || reach == .wordAhead
    var piece: String
    switch reach {
    case .lineEnd:
      piece = String(after.prefix { $0 != "\n" })
      if piece.isEmpty { piece = String(CellEditing.next(in: after)) }
    case .lineStart: piece = String(codeBefore(before))
    case .wordAhead: piece = String(CellEditing.word(after[...]))
    case .wordBehind: piece = String(CellEditing.word(Substring(String(codeBefore(before).reversed()))).reversed())
    }
    guard !piece.isEmpty else { return .nothing }
    let left = ahead ? (before: before, after: String(after.dropFirst(piece.count))) : (before: String(before.dropLast(piece.count)), after: after)
    if cut.before == before, cut.after == after, !cut.text.isEmpty { piece = ahead ? cut.text + piece : piece + cut.text }
    cut = (piece, left.before, left.after)
    return .replace(left.before + left.after, cursor: left.before.scalarCount)
  }

  /// Blanks and signs, then letters.
  private static func word(_ text: Substring) -> Substring {
    let line = text.prefix { $0 != "\n" }
    let start = line.firstIndex { $0.isLetter || $0.isNumber || $0 == "_" } ?? line.endIndex
    let end = line[start...].firstIndex { !($0.isLetter || $0.isNumber || $0 == "_") } ?? line.endIndex
    return line[..<end]
  }

  /// What stands between the margin and the cursor.
  private func codeBefore(_ before: String) -> Substring {
    guard let line = before.split(separator: "\n", omittingEmptySubsequences: false).last, !isInFirstLine(before) else { return before[...] }
    return line.dropFirst(line.prefix(CellEditing.margin.count).prefix { $0 == " " }.count)
  }

  private func paste(_ text: String, _ before: String, _ after: String) -> Reply {
    var prompts = PastedPrompts()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
      prompts.code(of: String(line), isFirst: number == 0, isPasted: number > 0)
    }
    var code = lines.joined(separator: "\n")
    if code.utf8.count > CellEditing.longestPaste { return .finish(CellEditing.code(of: before) + code + CellEditing.code(of: after)) }
    while code.last == "\n" { code.removeLast() }
    return .insert(CellEditing.laidOut(code.indentedByBlanks))
  }

  // MARK: Arrows

  private func isInFirstLine(_ before: String) -> Bool { !before.contains("\n") }

  /// The cursor in the line above or below, in the same column as far as that goes.
  private func moved(by step: Int, _ before: String, _ after: String) -> Reply {
    let text = before + after
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.unicodeScalars.count }
    let above = before.split(separator: "\n", omittingEmptySubsequences: false)
    let line = above.count - 1, target = line + step
    guard lines.indices.contains(target) else { return .nothing }
    func margin(_ line: Int) -> Int { line == 0 ? 0 : CellEditing.margin.count }
    let column = (above.last?.unicodeScalars.count ?? 0) - margin(line)
    let start = lines[..<target].reduce(0) { $0 + $1 + 1 }
    return .replace(text, cursor: start + min(max(column, 0) + margin(target), lines[target]))
  }

  private func isWhereBrowsed(_ before: String, _ after: String) -> Bool {
    browsing.map { $0.shown == before + after && $0.cursor == before.scalarCount } ?? false
  }

  /// The cell before or after that begins with what stood before the cursor.
  private mutating func browse(_ step: Int, _ before: String, _ after: String) -> Reply {
    let text = before + after
    var walk = browsing ?? Browsing(prefix: "", draft: "", place: 0, shown: "")
    if browsing == nil || walk.shown != text {
      walk = Browsing(prefix: CellEditing.code(of: before), draft: text, place: history.count, shown: text)
    }
    var place = walk.place + step
    while history.indices.contains(place), !history[place].hasPrefix(walk.prefix) || CellEditing.laidOut(history[place]) == text { place += step }
    guard place >= 0, place <= history.count, place != walk.place else { return .nothing }
    walk.place = place
    walk.shown = place == history.count ? walk.draft : CellEditing.laidOut(history[place])
    // Where the next step goes on.
    walk.cursor = walk.shown.prefix { $0 != "\n" }.unicodeScalars.count
    browsing = walk
    return .replace(walk.shown, cursor: walk.cursor)
  }
}

extension StringProtocol {
  fileprivate var scalarCount: Int { unicodeScalars.count }
}

extension String {
  /// Tabs that begin a line as two blanks each; those within are what they are.
  fileprivate var indentedByBlanks: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let tabs = line.prefix { $0 == "\t" }
      return String(repeating: "  ", count: tabs.count) + line.dropFirst(tabs.count)
    }.joined(separator: "\n")
  }
}
