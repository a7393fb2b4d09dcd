import TernShell

/// `tern [OPTION…] -e CODE`, `tern [OPTION…] FILE [ARGUMENT…]` and `tern` alone.
struct RunRequest {
  enum Program {
    case code(String)
    case file(String)
    case prompt
  }

  var program = Program.prompt
  var conditions = Conditions()
  /// Everything behind the program belongs to it.
  var arguments: [String] = []

  init(program: Program, conditions: Conditions, arguments: [String]) {
    self.program = program
    self.conditions = conditions
    self.arguments = arguments
  }

  /// nil when the arguments say something else, or say it wrongly: the parser of commands then knows what.
  init?(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "-e" || word == "--eval" {
        guard let code = rest.popFirst() else { return nil }
        program = .code(code)
        arguments = Array(rest)
        return
      }
      if word.first != "-" || word == "-" {
        guard !Tern.isCommand(word) else { return nil }
        program = .file(word)
        arguments = Array(rest)
        return
      }
      guard conditions.take(word, &rest) else { return nil }
    }
  }

  func perform() -> Int32 {
    let console = Console(color: conditions.color)
    switch program {
    case .prompt: return Programs.prompt(conditions, console)
    case .code(let code): return Programs.run(code: code, arguments, conditions, console)
    case .file(let path):
      if let complaint = Tern.complaint(about: path) {
        console.note(complaint)
        return 2
      }
      return Programs.run(file: path, arguments, conditions, console)
    }
  }
}

extension Conditions {
  /// Reads one option; false when it is none, or its value is no such thing.
  fileprivate mutating func take(_ word: String, _ rest: inout ArraySlice<String>) -> Bool {
    if word == "--sandbox" {
      isSandboxed = true
      return true
    }
    let name: Substring
    let value: String?
    if let equals = word.firstIndex(of: "=") {
      name = word[..<equals]
      value = String(word[word.index(after: equals)...])
    } else {
      name = word[...]
      guard ["--limit-time", "--limit-memory", "--limit-steps", "--color"].contains(word) else { return false }
      value = rest.popFirst()
    }
    guard let value else { return false }
    switch name {
    case "--limit-time": time = Amount.seconds(value)
    case "--limit-memory": memory = Amount.bytes(value)
    case "--limit-steps": steps = Int(value).flatMap { $0 > 0 ? $0 : nil }
    case "--color":
      guard let choice = Console.ColorChoice(rawValue: value) else { return false }
      color = choice
      return true
    default: return false
    }
    switch name {
    case "--limit-time": return time != nil
    case "--limit-memory": return memory != nil
    default: return steps != nil
    }
  }
}
