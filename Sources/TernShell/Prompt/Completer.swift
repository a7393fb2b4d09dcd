internal import Glibc
import TernRuntime
import TernSyntax
import TernTensor

/// What Tab knows: names, fields and columns of what a name holds, labels of the call at hand, paths, and letters such as
/// `\alpha`. It looks at values and never runs code.
package struct Completer {
  private let session: Session
  private let help: Help

  /// What Tab does: text to put in place of the last so many characters (scalars), or what there is to choose from.
  package struct Completion: Equatable {
    package var insertion = ""
    package var erased = 0
    package var candidates: [String] = []
    /// Lines to show when there is nothing to add.
    package var notes: [String] = []
  }

  package init(_ session: Session) {
    self.session = session
    help = Help(session)
  }

  private static let keywords = [
    "let", "var", "fn", "if", "else", "for", "in", "while", "match", "return", "break", "continue", "true", "false", "none",
    "and", "or", "not", "try", "catch", "model", "use", "param", "state",
  ]
  /// So many are shown with what is said of them.
  private static let fewEnoughToExplain = 8

  package func complete(_ before: String) -> Completion {
    if let letter = Completer.letter(before) { return letter }
    if let command = Completer.command(before) { return command }
    let place = TypedPlace(before)
    if let text = place.openText { return string(text, place) }
    let word = place.word
    if word.isEmpty, let call = place.call, let notes = about(call) { return Completion(notes: notes) }
    let found = candidates(place)
    let fitting = found.filter { $0.hasPrefix(word) }
    if let first = fitting.first {
      let common = fitting.reduce(first) { $0.commonPrefix(with: $1) }
      if common.count > word.count { return Completion(insertion: String(common.dropFirst(word.count))) }
    }
    return choice(fitting.sorted(), word, place)
  }

  // MARK: Commands

  /// `:lo`, `:load in`, `!ls in`: a command's word, or a path. nil where code stands.
  private static func command(_ before: String) -> Completion? {
    guard before.first == ":" || before.first == "!", !before.contains("\n") else { return nil }
    let parts = before.split(separator: " ", omittingEmptySubsequences: false)
    if before.first == ":", parts.count == 1 { return extended(String(before.dropFirst()), PromptCommand.words) }
    guard before.first == "!" || [":load", ":save"].contains(parts[0]) else { return nil }
    let text = String(parts.last ?? "")
    return extended(before.first == "!" && parts.count == 1 ? String(text.dropFirst()) : text, paths(text))
  }

  /// What words that begin so have in common, or the words.
  private static func extended(_ text: String, _ words: [String]) -> Completion {
    let found = words.filter { $0.hasPrefix(text) }.sorted()
    guard let first = found.first else { return Completion() }
    let common = found.reduce(first) { $0.commonPrefix(with: $1) }
    if common.count > text.count { return Completion(insertion: String(common.dropFirst(text.count))) }
    return found.count > 1 ? Completion(candidates: found) : Completion()
  }

  // MARK: Names

  private func candidates(_ place: TypedPlace) -> [String] {
    if let path = place.owner { return value(at: path).map(Completer.fields) ?? [] }
    if let left = place.pipedFrom { return takers(of: left) }
    let names = session.file.definedNames.filter { $0 != "_" } + help.offered + Completer.keywords
    return Array(Set(names + labels(place)))
  }

  /// `lr:` and its like, which the call at hand takes and has not been given.
  private func labels(_ place: TypedPlace) -> [String] {
    guard let call = place.call else { return [] }
    return help.parameters(of: call).filter { !place.givenLabels.contains($0) }.map { $0 + ":" }
  }

  /// What takes the value on the left of `|>`: known by its kind, else everything that can be called.
  private func takers(of left: String) -> [String] {
    let callable = session.file.definedNames.filter { session.file.value(of: $0)?.kind == "fn" }
    guard let value = value(at: left.split(separator: ".").map(String.init)) else { return callable + help.callables }
    return callable + help.callables.filter { help.takes($0, value) }
  }

  private func choice(_ names: [String], _ word: String, _ place: TypedPlace) -> Completion {
    if names.count == 1 || names.isEmpty {
      return Completion(notes: names.first == word ? about(word) ?? [] : [])
    }
    guard names.count <= Completer.fewEnoughToExplain, place.owner == nil else { return Completion(candidates: names) }
    let width = names.map(\.count).max() ?? 0
    let notes = names.map { name in
      let padded = name + String(repeating: " ", count: width - name.count)
      return (help.line(name).map { "\(padded)  \($0.sentence.isEmpty ? $0.signature : $0.sentence)" } ?? name).cut(to: session.machine.width)
    }
    return Completion(notes: notes)
  }

  /// How something is called.
  private func about(_ name: String) -> [String]? {
    help.line(name).map { [$0.signature, $0.sentence].filter { !$0.isEmpty } }
  }

  // MARK: Fields

  /// The value that `a.b.c` has.
  private func value(at path: [String]) -> Value? {
    guard let first = path.first, var value = session.file.value(of: first) else { return nil }
    for name in path.dropFirst() {
      switch value {
      case .record(let record):
        guard let next = record[name] else { return nil }
        value = next
      case .model(let model):
        guard let position = model.position(of: name) else { return nil }
        value = model.items[position]
      default: return nil
      }
    }
    return value
  }

  private static func fields(of value: Value) -> [String] {
    switch value {
    case .record(let record): record.layout.keys.map(\.text)
    case .model(let model): model.blueprint.fieldNames
    case .foreign(let foreign): foreign.value.fieldNames
    case .tensor(let tensor): (tensor.axisNames ?? []).compactMap { $0 }
    default: []
    }
  }

  // MARK: Texts

  /// Inside quotes: the columns or keys of what is indexed, else columns and axes of what the cell names, else a path.
  private func string(_ text: String, _ place: TypedPlace) -> Completion {
    let owners = place.indexed.map { [$0] } ?? place.names
    let words = Set(owners.compactMap { value(at: $0.split(separator: ".").map(String.init)) }.flatMap(Completer.fields)).filter { $0.hasPrefix(text) }
    return Completer.extended(text, words.isEmpty || text.contains("/") ? Completer.paths(text) : Array(words))
  }

  private static func paths(_ text: String) -> [String] {
    let slash = text.lastIndex(of: "/")
    let folder = slash.map { String(text[...$0]) } ?? ""
    let start = slash.map { String(text[text.index(after: $0)...]) } ?? text
    let place = folder.hasPrefix("~/") ? (Console.environment("HOME") ?? "") + folder.dropFirst() : folder.isEmpty ? "." : folder
    guard let open = opendir(place) else { return [] }
    defer { closedir(open) }
    var found: [String] = []
    while let entry = readdir(open) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard name.hasPrefix(start), name != ".", name != "..", !name.hasPrefix(".") || start.hasPrefix(".") else { continue }
      found.append(folder + name + (entry.pointee.d_type == UInt8(DT_DIR) ? "/" : ""))
    }
    return found.sorted()
  }

  // MARK: Letters

  /// `\alpha` becomes α.
  private static func letter(_ before: String) -> Completion? {
    guard let slash = before.lastIndex(of: "\\") else { return nil }
    let name = String(before[before.index(after: slash)...])
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter && $0.isASCII }) else { return nil }
    if let letter = letters[name] { return Completion(insertion: letter, erased: name.count + 1) }
    let found = letters.keys.filter { $0.hasPrefix(name) }.sorted()
    return found.isEmpty ? nil : Completion(candidates: found.map { "\\" + $0 })
  }

  private static let letters: [String: String] = {
    let greek = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "rho",
      "sigmaf", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ]
    var letters: [String: String] = [:]
    for (place, name) in greek.enumerated() where name != "sigmaf" {
      letters[name] = Unicode.Scalar(0x3B1 + UInt32(place)).map { String(Character($0)) }
      letters[name.prefix(1).uppercased() + name.dropFirst()] = Unicode.Scalar(0x391 + UInt32(place)).map { String(Character($0)) }
    }
    return letters
  }()
}

/// Where the cursor stands in a text, by its characters alone: the text may not be finished.
private struct TypedPlace {
  /// The letters of a name before the cursor.
  let word: String
  /// `["net", "layers"]` after `net.layers.`.
  private(set) var owner: [String]?
  /// What stands before `|>`, when that is a name or a path of names.
  private(set) var pipedFrom: String?
  /// The name before the innermost open `(`.
  private(set) var call: String?
  /// What has been typed of a text that is open.
  private(set) var openText: String?
  /// The name before an open `[`, directly before the open text.
  private(set) var indexed: String?
  private(set) var givenLabels: Set<String> = []
  /// All names in the text.
  private(set) var names: [String] = []

  init(_ before: String) {
    let characters = Array(before)
    var open: [(bracket: Character, at: Int)] = [], quote: Int?
    var at = 0
    while at < characters.count {
      let character = characters[at]
      if quote != nil {
        if character == "\\" { at += 1 } else if character == "\"" { quote = nil }
      } else {
        switch character {
        case "\"": quote = at
        case "#": while at + 1 < characters.count, characters[at + 1] != "\n" { at += 1 }
        case "(", "[", "{": open.append((character, at))
        case ")", "]", "}": _ = open.popLast()
        default: break
        }
      }
      at += 1
    }
    names = Array(Set(TypedPlace.words(characters)))
    if let quote {
      openText = String(characters[(quote + 1)...])
      word = ""
      if let last = open.last, last.bracket == "[", characters[(last.at + 1)..<quote].allSatisfy({ $0 == " " }) {
        indexed = TypedPlace.path(characters[..<last.at])
      }
      return
    }
    word = TypedPlace.trailingWord(characters[...])
    let head = characters.dropLast(word.count)
    if head.last == ".", head.dropLast().last != "." {
      owner = TypedPlace.path(head.dropLast()).split(separator: ".").map(String.init)
      return
    }
    let left = head.reversed().drop { $0 == " " || $0 == "\n" }
    if left.starts(with: [">", "|"]) {
      pipedFrom = TypedPlace.path(Array(left.dropFirst(2).drop { $0 == " " || $0 == "\n" }.reversed())[...])
      return
    }
    if let last = open.last(where: { $0.bracket == "(" }), last.at == open.last?.at {
      let name = TypedPlace.trailingWord(characters[..<last.at])
      if !name.isEmpty {
        call = name
        givenLabels = TypedPlace.labels(characters[last.at...])
      }
    }
  }

  private static func isLetter(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

  private static func trailingWord(_ text: ArraySlice<Character>) -> String { String(text.reversed().prefix(while: isLetter).reversed()) }

  /// The name at the end, or names with dots between them.
  private static func path(_ text: ArraySlice<Character>) -> String {
    String(text.reversed().prefix { isLetter($0) || $0 == "." }.reversed())
  }

  private static func words(_ text: [Character]) -> [String] {
    text.split { !isLetter($0) }.map { String($0) }
  }

  private static func labels(_ text: ArraySlice<Character>) -> Set<String> {
    var labels: Set<String> = []
    for place in text.indices where text[place] == ":" { labels.insert(trailingWord(text[..<place])) }
    return labels
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String { String(zip(self, other).prefix { $0 == $1 }.map(\.0)) }
}
