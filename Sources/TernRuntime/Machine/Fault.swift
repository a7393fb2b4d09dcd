package import TernSyntax

/// An error on its way: what was found and what to try, first without a place. The machine adds the place and the calls
/// that led there, once. A class, so that a throwing function returns one word.
package final class Fault: Error {
  package var code: ErrorCode
  package var message: String
  package var hint: String?
  package var notes: [String] = []
  /// What stands beside an operand's marks: 0 and 1 are a binary operator's sides, else the argument's position.
  package var operands: [(position: Int, note: String)] = []
  /// Filled in by the machine.
  package var labels: [Diagnostic.Label] = []
  package var trace: [Diagnostic.Frame] = []
  package var isPlaced = false
  /// A better place than the instruction's, when whoever found the fault knows one.
  var focus: SourceRange?
  /// The record an `error(…)` value was raised with, so that raising it again changes nothing.
  package var line = 0

  package init(_ code: ErrorCode, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// What stopped work came to, such as an interrupted run: a `let` at top level still binds it.
  package var partial: Value?

  /// Set by `exit(n)`: the code the program ends with. Passes `try` and every frame.
  package var exitCode: Int?

  package static func exit(_ code: Int) -> Fault {
    let fault = Fault(.raised, "exit")
    fault.exitCode = code
    return fault
  }

  /// Ctrl-C and the limits of time, steps and memory pass `try` by.
  package var isFatal: Bool {
    switch code {
    case _ where exitCode != nil: true
    case .interrupted, .stepLimit, .timeLimit, .memoryLimit: true
    default: false
    }
  }

  package var diagnostic: Diagnostic {
    Diagnostic(code, message, labels: labels, notes: notes, hint: hint, trace: trace)
  }

  package func noting(_ note: String) -> Fault {
    notes.append(note)
    return self
  }

  package func marking(_ position: Int, _ note: String) -> Fault {
    operands.append((position, note))
    return self
  }
}
