internal import Glibc
import TernData
import TernLibrary
import TernRuntime
import TernSyntax
import TernTensor

/// What is typed at the prompt and is no code: `:vars`, `name?`, `?words`, `!ls`.
enum PromptCommand {
  case command(String, String)
  case help(String)
  case source(String)
  case search(String)
  case shell(String)

  init?(_ text: String) {
    let line = text.trimmed
    if line.first == ":" {
      let parts = line.dropFirst().split(separator: " ", maxSplits: 1)
      self = .command(parts.first.map(String.init) ?? "", parts.count > 1 ? parts[1].trimmed : "")
    } else if line.first == "?" {
      self = .search(line.dropFirst().trimmed)
    } else if line.first == "!" {
      self = .shell(line.dropFirst().trimmed)
    } else if line.hasSuffix("??"), line.dropLast(2).isWord {
      self = .source(line.dropLast(2).trimmed)
    } else if line.hasSuffix("?"), line.dropLast().isWord {
      self = .help(line.dropLast().trimmed)
    } else {
      return nil
    }
  }

  /// An exit code ends the prompt.
  func perform(in prompt: Prompt) -> Int32? {
    let help = Help(prompt.session)
    switch self {
    case .help(let name): prompt.console.write(wrapped(help.about(name), width: prompt.console.width))
    case .source(let name): prompt.console.write(help.source(of: name))
    case .search(let words): prompt.console.write(help.search(words))
    case .shell(let line): PromptCommand.shell(line, prompt)
    case .command(let name, let rest): return PromptCommand.perform(name, rest, prompt)
    }
    return nil
  }

  private static func shell(_ line: String, _ prompt: Prompt) {
    guard !prompt.session.machine.denied.contains(.writes) else { return prompt.console.note("the sandbox denies `!`\n") }
    prompt.console.flush()
    _ = system(line)
  }

  // MARK: `:word`

  static let overview: [(String, String)] = [
    (":help", "this list"),
    (":vars", "the names you have made"),
    (":type CODE", "the kind of a value, and its axes"),
    (":time CODE", "how long it takes"),
    (":bench CODE", "how long it takes again and again: median and spread"),
    (":profile CODE", "where the time goes: statements, builtins, plans"),
    (":replay", "the session again from its start, in a process of its own; what differs is shown"),
    (":undo [N]", "go back to what the last cell, or cell N, started from"),
    (":history", "what you have typed"),
    (":load FILE", "run a file as a cell"),
    (":save FILE", "the session as a file: the cells that still matter, with what they showed"),
    (":learn", "exercises, each a few minutes long"),
    (":quit", "leave, as Ctrl-D does"),
    ("name?", "what a name is"),
    ("name??", "how it is written"),
    ("?words", "names that have to do with these words"),
    ("!line", "a line for the shell"),
  ]

  static var words: [String] {
    overview.filter { $0.0.first == ":" }.map { String($0.0.dropFirst().prefix(while: \.isLetter)) }
  }

  private static func perform(_ name: String, _ rest: String, _ prompt: Prompt) -> Int32? {
    let console = prompt.console
    if rest.isEmpty, let usage = overview.first(where: { $0.0 == ":\(name) CODE" }) {
      console.note("`\(usage.0)`: \(usage.1)\n")
      return nil
    }
    switch name {
    case "quit", "q", "exit": return 0
    case "help", "h", "":
      let width = overview.map { $0.0.count }.max() ?? 0
      for (word, what) in overview { console.write("  " + word + String(repeating: " ", count: width - word.count + 2) + what + "\n") }
      console.write("\n`_` is the last value, `Out[3]` that of cell 3. Ctrl-C clears the line or stops what runs.\n")
    case "vars": console.write(prompt.session.variables(stale: prompt.staleNames))
    case "undo": undo(rest, prompt)
    case "history": for cell in prompt.cells.suffix(50) { console.write(cell + "\n") }
    case "type": show(rest, prompt, isQuiet: true) { value, _ in value.description }
    case "time": show(rest, prompt) { _, seconds in Prompt.duration(seconds) }
    case "bench": bench(rest, prompt)
    case "learn":
      if prompt.session.machine.denied.contains(.writes) { console.note("the sandbox denies `:learn`\n") } else {
        prompt.lesson = PromptLesson.perform(rest, prompt.lesson, prompt)
      }
    case "profile": profile(rest, prompt)
    case "replay": replay(prompt)
    case "load": return load(rest, prompt)
    case "save": save(rest, prompt)
    default:
      let near = didYouMean(name, among: words)
      console.note("there is no `:\(name)`" + (near.map { "; did you mean `:\($0)`?" } ?? "; `:help` lists what there is") + "\n")
    }
    return nil
  }

  private static func show(_ code: String, _ prompt: Prompt, isQuiet: Bool = false, _ words: (Value, Double) -> String) {
    let tree = parse(SourceText(name: "In [\(prompt.cellCount + 1)]", text: code))
    guard tree.diagnostics.isEmpty, let cell = tree.cells.first else { return prompt.console.report(tree.diagnostics) }
    let table = prompt.session.file.saved()
    let machine = prompt.session.machine
    let (output, present) = (machine.output, prompt.session.present)
    if isQuiet { machine.output = { _ in } }
    let width = prompt.console.width
    prompt.session.present = { LongLine.laidOut($0, width: width) }
    let started = Limits.now()
    let outcome = prompt.session.run(cell, of: tree.source, number: prompt.cellCount + 1, keepsTable: true)
    let seconds = Limits.now() - started
    machine.output = output
    prompt.session.present = present
    prompt.session.file.restore(table)
    prompt.console.report(outcome.diagnostics)
    if outcome.isSuccess { prompt.console.write(words(outcome.value ?? .none, seconds) + "\n") }
  }

  /// Runs code for about a second, five times at least, after once to warm up; nothing it binds is kept.
  private static func bench(_ code: String, _ prompt: Prompt) {
    let tree = parse(SourceText(name: "In [\(prompt.cellCount + 1)]", text: code))
    guard tree.diagnostics.isEmpty, let cell = tree.cells.first, !cell.statements.isEmpty else { return prompt.console.report(tree.diagnostics) }
    let (session, machine) = (prompt.session, prompt.session.machine)
    let (table, output) = (session.file.saved(), machine.output)
    machine.output = { _ in }
    defer {
      machine.output = output
      session.file.restore(table)
    }
    var times: [Double] = []
    do throws(CompileFailure) {
      let steps = try machine.compile(cell.statements, of: tree.source, in: session.file).steps
      do throws(Fault) {
        let started = Limits.now()
        var isWarm = false
        while times.count < 5 || (Limits.now() - started < 1 && times.count < 1_000_000) {
          let before = Limits.now()
          for step in steps { _ = try machine.run(step.prototype) }
          if isWarm { times.append(Limits.now() - before) }
          isWarm = true
        }
      } catch {
        return prompt.console.report([error.diagnostic])
      }
    } catch {
      return prompt.console.report(error.diagnostics)
    }
    times.sort()
    func at(_ part: Double) -> String { Prompt.duration(times[min(Int(part * Double(times.count)), times.count - 1)]) }
    prompt.console.write("\(at(0.5)) (\(at(0.1)) to \(at(0.9)), least \(at(0)), \(times.count) runs)\n")
  }

  private static func undo(_ words: String, _ prompt: Prompt) {
    if words.isEmpty { return prompt.console.write(prompt.undo() ? "" : "there is nothing to undo\n") }
    guard let cell = Int(words), prompt.undo(to: cell) else {
      return prompt.console.note("the state before In [\(words)] is not kept; `:undo N` goes back to before one of the last twenty cells\n")
    }
  }

  /// Runs the cells so far anew, elsewhere, and compares what they show.
  private static func replay(_ prompt: Prompt) {
    let transcript = prompt.transcript
    guard !transcript.isEmpty else { return prompt.console.write("there is nothing to replay\n") }
    prompt.console.flush()
    let sandbox = prompt.session.machine.denied.isEmpty ? [] : ["--sandbox"]
    let (code, output) = ChildProcess.tern(["test"] + sandbox + ["--color", prompt.console.colorsOutput ? "always" : "never", "-"], input: transcript)
    prompt.console.write(code == 0 ? "the same again\n" : output)
  }

  /// Runs code once, with a watch on its statements, the builtins they call and the plans they run.
  private static func profile(_ code: String, _ prompt: Prompt) {
    let tree = parse(SourceText(name: "In [\(prompt.cellCount + 1)]", text: code))
    guard tree.diagnostics.isEmpty, let cell = tree.cells.first, !cell.statements.isEmpty else { return prompt.console.report(tree.diagnostics) }
    let (session, machine, profile) = (prompt.session, prompt.session.machine, CallProfile())
    let (table, output) = (session.file.saved(), machine.output)
    var plans: [(name: String, plan: (Bool) -> String)] = []
    machine.output = { _ in }
    machine.timesPlans = true
    machine.traceObserver = { name, _, plan in plans.append((name, plan)) }
    machine.callProfile = profile
    var ends: [Double] = []
    let started = Limits.now()
    let outcome = session.run(cell, of: tree.source, number: prompt.cellCount + 1, keepsTable: true) { _ in ends.append(Limits.now()) }
    machine.callProfile = nil
    machine.traceObserver = nil
    machine.timesPlans = false
    machine.output = output
    session.file.restore(table)
    prompt.console.report(outcome.diagnostics)
    guard outcome.isSuccess else { return }
    var rows = zip(cell.statements, zip([started] + ends, ends)).map { statement, times in
      (Prompt.duration(times.1 - times.0), tree.source.text(statement.range).lines.first.map(String.init) ?? "")
    }
    if rows.count > 1 { rows.append((Prompt.duration((ends.last ?? started) - started), "in all")) }
    rows += profile.calls.sorted { $0.value.seconds > $1.value.seconds }.prefix(12).map { (Prompt.duration($0.value.seconds), "\($0.key)  × \($0.value.count)") }
    let width = rows.map(\.0.count).max() ?? 0
    for (time, what) in rows { prompt.console.write("  " + String(repeating: " ", count: width - time.count) + time + "  " + what.cut(to: max(machine.width - width - 4, 8)) + "\n") }
    for (name, plan) in plans {
      let lines = plan(true).lines
      prompt.console.write("\nplan of \(name)\n" + lines.prefix(40).map { "  \($0)".cut(to: machine.width) + "\n" }.joined() + (lines.count > 40 ? "  ⋮ \(lines.count - 40) more\n" : ""))
    }
  }

  /// A path as it may be given to a shell, in quotes.
  private static func unquoted(_ path: String) -> String {
    path.count > 1 && path.hasPrefix("\"") && path.hasSuffix("\"") ? String(path.dropFirst().dropLast()) : path
  }

  private static func save(_ given: String, _ prompt: Prompt) {
    let path = unquoted(given)
    guard !prompt.session.machine.denied.contains(.writes) else { return prompt.console.note("the sandbox denies `:save`\n") }
    guard !path.isEmpty else { return prompt.console.note("`:save FILE.mlx` says where to\n") }
    let target = path.hasSuffix(".mlx") ? path : path + ".mlx"
    guard !Programs.exists(target) else { return prompt.console.note("\(target) is there already\n") }
    do throws(FileError) { try Weaving.replace(target, with: Array(prompt.fileText.utf8)) } catch {
      return prompt.console.report([Fault(notWritten: error, as: target).diagnostic])
    }
    prompt.console.write("saved as \(target); `tern test \(target)` runs it again and compares\n")
  }

  private static func load(_ given: String, _ prompt: Prompt) -> Int32? {
    var path = unquoted(given)
    if path.isEmpty {
      prompt.console.note("`:load FILE.mlx` says which\n")
      return nil
    }
    if !Programs.exists(path), Programs.exists(path + ".mlx") { path += ".mlx" }
    do throws(Fault) {
      let bytes = try FilePath.read(path, as: path)
      return prompt.runCell(String(decoding: bytes, as: UTF8.self))
    } catch {
      prompt.console.report([error.diagnostic])
      return nil
    }
  }
}

extension Prompt {
  private static func short(_ number: Double) -> String { number < 10 ? "\(Double(Int(number * 100)) / 100)" : "\(Int(number))" }

  fileprivate static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-6: "\(Int(seconds * 1e9)) ns"
    case ..<1e-3: "\(Prompt.short(seconds * 1e6)) µs"
    case ..<1: "\(Prompt.short(seconds * 1e3)) ms"
    default: "\(Double(Int(seconds * 100)) / 100) s"
    }
  }
}

extension Session {
  /// The names that the person has made: what each is, the bytes of its numbers, and what it holds where that is short.
  ///
  /// - Parameter stale: For names made with what has changed since, what that is.
  func variables(stale: [String: String]) -> String {
    let names = file.definedNames.filter { $0 != "_" && $0 != "Out" && file.value(of: $0) != nil }
    guard !names.isEmpty else { return "no names yet\n" }
    let rows = names.map { name -> [String] in
      let value = file.value(of: name) ?? .none
      var shown = value.text(width: 60)
      if shown.contains("\n") || shown.count > 48 { shown = "" }
      let bytes = value.tensorBytes
      let mark = stale[name].map { "stale: `\($0)` is another now" } ?? ""
      return [name, value.description, bytes > 0 ? ByteText.text(bytes) : "", shown == value.description ? "" : shown, mark]
    }
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() { line += "  " + text + String(repeating: " ", count: widths[column] - text.count) }
      while line.last == " " { line.removeLast() }
      return line.cut(to: machine.width) + "\n"
    }.joined()
  }
}

extension Value {
  /// Bytes of the tensors in it. Values nest as deep as they like, so they wait in a list; of very many the first are looked at.
  fileprivate var tensorBytes: Int {
    var bytes = 0, pending = [self], seen = 0
    while let value = pending.popLast(), seen < 100_000 {
      seen += 1
      switch value {
      case .tensor(let tensor): bytes &+= tensor.byteCount
      case .list(let list): pending += list.values.prefix(10_000)
      case .record(let record): pending += (0..<record.count).map { record.items[$0] }
      case .model(let model): pending += (0..<model.count).map { model.items[$0] }
      default: break
      }
    }
    return bytes
  }
}

extension StringProtocol {
  var trimmed: String {
    var rest = Substring(self).drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  fileprivate var isWord: Bool { !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } && first?.isNumber == false }
}
