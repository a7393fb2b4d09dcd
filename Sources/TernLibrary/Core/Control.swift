import TernRuntime
import TernSyntax

/// What stands around a computation: output, errors, time limits, the end.
enum Control {
  static var builtins: [Builtin] {
    [
      Builtin(
        "print(...values)", "Writes values as text, a space between them, and ends the line.",
        example: "print(\"loss\", 0.5)  #> loss 0.5", effect: .prints, body: print),
      Builtin(
        "error(what)", "Raises an error with a message, or raises again the record that `catch` gave.",
        example: "try { error(\"no data\") } catch e { e.message }  #> \"no data\"", body: raise),
      Builtin(
        "timeout(limit: duration, f: fn)", "What a function gives, which must be ready within a time.",
        example: "timeout(5s, () => 1 + 1)  #> 2", body: timeout),
      Builtin("exit(code: int = 0)", "Ends the program with an exit code.", body: exit),
    ]
  }

  private static func print(_ call: borrowing Call) throws(Fault) -> Value {
    let values = try call.list(0).values
    if call.machine.laterPrints != nil {
      call.machine.laterPrints?.append(Array(values))
      return .none
    }
    for value in values { try value.prepare() }
    call.machine.output(values.map(\.printed).joined(separator: " ") + "\n")
    return .none
  }

  private static func raise(_ call: borrowing Call) throws(Fault) -> Value {
    guard case .record(let record) = call[0] else { throw Fault(.raised, call[0].printed) }
    let code = record.text("code").flatMap(ErrorCode.init) ?? .raised
    // A record that is no error's is itself what there is to say.
    let fault = Fault(code, record.text("message") ?? call[0].printed, hint: record.text("hint"))
    if case .int(let line)? = record["line"] { fault.line = line }
    fault.parameter = record.text("argument")
    throw fault
  }

  private static func timeout(_ call: borrowing Call) throws(Fault) -> Value {
    let machine = call.machine
    guard case .duration(let nanoseconds) = call[0] else {
      throw call.refusal(0, takes: "a duration such as 5s, then a function")
    }
    machine.limits.push(deadlineIn: Double(nanoseconds) * 1e-9)
    defer { machine.limits.popDeadline() }
    return try machine.call(call[1], [])
  }

  private static func exit(_ call: borrowing Call) throws(Fault) -> Value {
    let code = try call.integer(0)
    guard 0...255 ~= code else {
      throw Fault(.badArgument, "an exit code is between 0 and 255; this is \(code)").marking(0, "\(code)")
    }
    throw Fault.exit(code)
  }
}

extension RecordObject {
  /// A field that is a text and says something.
  fileprivate func text(_ key: String) -> String? {
    guard case .string(let text)? = self[key], !text.text.isEmpty else { return nil }
    return text.text
  }
}
