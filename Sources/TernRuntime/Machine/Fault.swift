package import TernSyntax

/// An error on its way: what was found and what to try, first without a place. The machine adds the place and the calls
/// that led there, once. A class, so that a throwing function returns one word; it stays on the thread that raised it.
package final class Fault: Error, @unchecked Sendable {
  package var code: ErrorCode
  package var message: String
  package var hint: String?
  package var notes: [String] = []
  /// What stands beside an operand's marks: 0 and 1 are a binary operator's sides, else the argument's position; of an index
  /// 0 is what is indexed and 1 its first item. `Fault.whole` is all of the expression, `Fault.root` the name a
  /// place starts from.
  package var operands: [(position: Int, note: String)] = []
  /// Filled in by the machine.
  package var labels: [Diagnostic.Label] = []
  package var trace: [Diagnostic.Frame] = []
  package var isPlaced = false
  /// A better place than the instruction's, when whoever found the fault knows one.
  var focus: SourceRange?
  /// The label of the call that is at fault.
  package var argumentLabel: String?
  /// The word that is at fault, such as the name of a column: where the text writes it, there is the place.
  package private(set) var subject: String?
  /// The number that is at fault, as text: an argument of the call that is written so is the place.
  package var number: String?
  /// The parameter that a function of the library found fault with itself.
  package var parameter: String?
  /// The argument a contract refused, until the call that gave it is found.
  var argument: RefusedArgument?
  /// The sizes that the function which failed had bound.
  var sizes: SizesNote?
  /// Where a number stopped being finite: the innermost layer, and the place in its code.
  package var layer: FaultLayer?
  /// The declaration of the innermost layer that failed in code of the library: where the text makes one is worth a mark.
  var madeBy: String?
  /// Calls that are left out of the middle of `trace`.
  var skippedFrames = 0
  /// The line it happened in; 0 until it is placed.
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

  /// In a rehearsal: what the run may do or know, and `try` would hide that it is not known here.
  var isUnknowable: Bool { code == .denied || code == .notYetDefined }

  package var diagnostic: Diagnostic {
    Diagnostic(
      code, message, labels: labels, notes: notes + (sizes.map { [$0.text] } ?? []), hint: hint, trace: trace,
      skippedFrames: skippedFrames)
  }

  package func noting(_ note: String) -> Fault {
    notes.append(note)
    return self
  }

  package func marking(_ position: Int, _ note: String = "") -> Fault {
    operands.append((position, note))
    return self
  }

  /// The same fault about another operand.
  package func remarking(_ position: Int) -> Fault {
    operands = operands.map { (position, $0.note) }
    return self
  }

  package func atLabel(_ label: String) -> Fault {
    argumentLabel = label
    return self
  }

  /// A name that nothing has: marked where the call that met it writes it.
  package func about(_ subject: String) -> Fault {
    self.subject = subject
    return self
  }

  /// The call's argument for this parameter is at fault, however it was given.
  package func atArgument(_ position: Int, _ name: String, _ note: String = "") -> Fault {
    argument = RefusedArgument(position: position, name: name, note: note, stage: .called)
    return self
  }

  /// The same of a parameter of the function at hand.
  func refusing(_ position: Int, _ name: String, _ note: String = "") -> Fault {
    argument = RefusedArgument(position: position, name: name, note: note)
    return self
  }

  static let whole = -1
  /// The name a place starts from.
  static let root = -2
}

/// The layer an error happened in.
package struct FaultLayer {
  /// Its path in the model that was applied; empty for the model itself.
  package let path: String
  /// The name of its declaration.
  package let name: String
  /// As `nn.mlx:57`.
  package let place: String
}

/// An argument that a contract refused. The function knows its parameter, only the caller knows what was written for it.
struct RefusedArgument {
  enum Stage {
    /// On its way out of the function that refused.
    case raised
    /// Out of it: the frame below may be the caller.
    case left
    /// Out of a call that the instruction at hand made itself.
    case called
  }
  let position: Int
  let name: String
  let note: String
  var stage = Stage.raised
}

/// `sizes here: batch = 64, feature = 126 (bound by argument X, line 31)`.
struct SizesNote {
  private let sizes: [String: Int]
  private let binders: [String: String]
  /// The line of the call that bound them.
  var line: Int?

  /// nil when there are none.
  init?(_ bound: BoundSizes) {
    if bound.sizes.isEmpty { return nil }
    sizes = bound.sizes
    binders = bound.binders
  }

  var text: String {
    let groups = Dictionary(grouping: sizes.keys.sorted()) { binders[$0] ?? "" }
    let parts = groups.sorted { ($0.value.first ?? "") < ($1.value.first ?? "") }.map { binder, names in
      let list = names.map { "\($0) = \(sizes[$0] ?? 0)" }.joined(separator: ", ")
      return binder.isEmpty ? list : "\(list) (bound by argument \(binder)\(line.map { ", line \($0)" } ?? ""))"
    }
    return "sizes here: " + parts.joined(separator: ", ")
  }
}

extension ErrorCode {
  /// Do the sizes at hand help to understand it?
  var isAboutShapes: Bool {
    switch self {
    case .shapeMismatch, .broadcastBothSides, .badReshape, .wrongSize, .wrongRank: true
    default: false
    }
  }
}
