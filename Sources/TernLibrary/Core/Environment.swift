import Glibc
import TernRuntime
import TernSyntax

/// What the program was started with.
enum Environment {
  static var builtins: [Builtin] {
    [
      Builtin(
        "env(name: str)", "A variable of the environment, or none.",
        example: "env(\"no such variable\") == none  #> true", effect: .reads, body: env),
      Builtin(
        "arg(name: str, default = none)", "What `--name value` on the command line says, read as the default's kind.",
        example: "arg(\"lr\", 1e-3)  #> 0.001", effect: .asks, body: arg),
      Builtin(
        "arg_path(name: str, default: str = none)",
        "A path as an absolute one: the command line's is relative to the working directory, the default to the script.",
        effect: .reads, body: argPath),
    ]
  }

  private static func env(_ call: borrowing Call) throws(Fault) -> Value {
    getenv(try call.string(0).text).map { .string(String(cString: $0)) } ?? .none
  }

  // MARK: Arguments

  private static func arg(_ call: borrowing Call) throws(Fault) -> Value {
    let name = try call.string(0).text
    guard let given = call.machine.namedArguments[name] else {
      if call.machine.isRehearsing, !call.has(1) { throw Fault(.denied, "`--\(name)` is the run's") }
      return call[1]
    }
    do throws(Fault) {
      switch call[1] {
      case .bool: return .bool(try parseBool(given))
      case .int: return .int(try Conversions.parseInt(given))
      case .float: return .float(try Conversions.parseFloat(given))
      case .duration, .size: return try parseQuantity(given, like: call[1])
      case .time: return try parseTime(given)
      default: return .string(given)
      }
    } catch {
      throw Fault(.badArgument, "`--\(name)` takes \(call[1].description); \(error.message)", hint: error.hint)
    }
  }

  /// A flag without a value says yes.
  private static func parseBool(_ text: String) throws(Fault) -> Bool {
    switch text.lowercased() {
    case "true", "yes", "1", "": return true
    case "false", "no", "0": return false
    default: throw Fault(.badText, "\(text.quoted) is neither true nor false")
    }
  }

  private static func parseTime(_ text: String) throws(Fault) -> Value {
    guard let time = TimeText.parse(text) else { throw Fault(.badText, "\(text.quoted) is no time") }
    return .time(time)
  }

  /// `10min` or `64kB`, as in a script.
  private static func parseQuantity(_ text: String, like example: Value) throws(Fault) -> Value {
    let tree = parse(SourceText(name: "", text: text))
    if tree.diagnostics.isEmpty, tree.cells.count == 1, tree.cells[0].statements.count == 1,
      case .expression(let expression) = tree.cells[0].statements[0].kind
    {
      switch (expression.kind, example) {
      case (.duration(let amount), .duration): return .duration(amount)
      case (.size(let amount), .size): return .size(amount)
      default: break
      }
    }
    throw Fault(.badText, "\(text.quoted) is no \(example.kind)")
  }

  private static func argPath(_ call: borrowing Call) throws(Fault) -> Value {
    if let given = call.machine.namedArguments[try call.string(0).text] { return .string(Paths.absolute(given)) }
    guard call.has(1) else { return .none }
    return .string(Paths.absolute(call.machine.path(try call.string(1).text)))
  }
}

/// Paths without a look at the disk.
enum Paths {
  /// From the root, without `.` and `..`.
  static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
    var steps: [Substring] = []
    for step in whole.split(separator: "/") {
      switch step {
      case ".": continue
      case "..": _ = steps.popLast()
      default: steps.append(step)
      }
    }
    return "/" + steps.joined(separator: "/")
  }

  private static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }
}
