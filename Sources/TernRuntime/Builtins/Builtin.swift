import TernSyntax
import TernTensor

/// What a builtin does beside computing its value. From it follow what traced code refuses, what the sandbox denies and
/// what a cell depends on. `asks`: for what the program was started with.
package enum Effect: String, Sendable {
  case pure, draws, asks, reads, writes, prints, serves
}

/// A function of the machine: its signature in Tern's own grammar, a sentence, an example that tests run, an effect and a
/// body. Help, completion, check, sandbox and tests follow from the declaration; nothing else knows its name.
///
/// A word may act by the kind of its first argument: each kind is a form with a declaration of its own, and the type of the
/// first parameter says which one takes the call. The signature is parsed when it is first needed, so that a start pays for
/// none of them.
package final class Builtin {
  package typealias Body = (borrowing Call) throws(Fault) -> Value
  /// A body for the hottest calls: arguments, their number, the destination. Returns false, with nothing changed, when the
  /// arguments are not of the kinds it is for; those it takes hold no reference.
  package typealias Quick = (Registers, Int, Registers) -> Bool

  package let name: String
  package let signatureText: String
  package let sentence: String
  package let example: String
  package let effect: Effect
  let body: Body
  let quick: Quick?
  package private(set) lazy var signature = Signature(parsing: signatureText)
  /// Forms for other kinds of the first argument, in the order they were declared.
  package private(set) var forms: [Builtin] = []
  /// Does the body read the elements of tensors, so that it has nothing to work on while they are not known?
  package private(set) var looksAtElements = false

  package init(
    _ signature: String, _ sentence: String, example: String = "", effect: Effect = .pure, quick: Quick? = nil,
    body: @escaping Body
  ) {
    signatureText = signature
    name = String(signature.prefix { $0 != "(" })
    self.sentence = sentence
    self.example = example
    self.effect = effect
    self.quick = quick
    self.body = body
  }

  package var parameters: [Signature.Parameter] { signature.parameters }

  func add(form: Builtin) { forms.append(form) }
  func noteLooks() { looksAtElements = true }

  /// The form that takes a call with this first argument: one declared for its kind, else one for any.
  func form(for first: Value) -> Builtin {
    if forms.isEmpty { return self }
    if signature.isFor(first) { return self }
    if let form = forms.first(where: { $0.signature.isFor(first) }) { return form }
    return signature.isForAny ? self : forms.first { $0.signature.isForAny } ?? self
  }
}

/// The arguments of one call of a builtin, bound to its parameters: position k is the k-th parameter, `.absent` where none was
/// given and there is no default; a rest parameter is a list.
package struct Call: ~Copyable {
  package unowned(unsafe) let machine: Machine
  package unowned(unsafe) let builtin: Builtin
  let arguments: Registers
  let count: Int

  /// The argument, which stays where it is.
  package subscript(position: Int) -> Value { position < count ? arguments[position] : .absent }

  /// Was this argument given, or has it a default?
  package func has(_ position: Int) -> Bool { position < count && arguments[position].tagIsSet }

  /// Takes the argument out: when nobody else holds it, what it holds may be changed in place.
  package func take(_ position: Int) -> Value { position < count ? (arguments + position).take() : .absent }

  /// Is the argument a tensor that nobody else holds, whose memory may take the result?
  package func holdsUniqueTensor(_ position: Int) -> Bool {
    has(position) && slot(position).tag == Tag.tensor && slot(position).holdsUnique(Tensor.self)
  }

  /// The argument's slot, for changes in place.
  func slot(_ position: Int) -> Registers { arguments + position }
}

extension Value {
  var tagIsSet: Bool {
    switch self {
    case .unset, .none: false
    default: true
    }
  }
}

/// The parameters of a builtin, as its signature text says.
package struct Signature {
  package struct Parameter {
    package let name: String
    package let type: String?
    /// What stands for it when it is not given; `none` where a value is looked up by the body.
    package let defaultValue: Value
    package let isRequired: Bool
    package let isRest: Bool
    /// The last parameter `labels: record` of a word that takes any labels.
    package var isLabels: Bool { name == "labels" && type == "record" }
  }

  package let parameters: [Parameter]
  package let requiredCount: Int
  package let hasRest: Bool

  init(parsing text: String) {
    guard let function = parseSignature(text) else {
      parameters = []
      requiredCount = 0
      hasRest = false
      return
    }
    parameters = function.parameters.map { parameter in
      var name = "_"
      if case .name(let word) = parameter.pattern.kind { name = word }
      return Parameter(
        name: name, type: parameter.type.map(\.name.text),
        defaultValue: parameter.defaultValue.map(Signature.constant) ?? .absent,
        isRequired: parameter.defaultValue == nil && !parameter.isRest, isRest: parameter.isRest)
    }
    requiredCount = parameters.prefix { $0.isRequired }.count
    hasRest = parameters.contains { $0.isRest }
  }

  /// Does the first parameter name the kind of this value? `number` is an int, float or bool.
  func isFor(_ first: Value) -> Bool {
    guard let type = parameters.first?.type else { return false }
    switch type {
    case "any": return false
    case "number":
      switch first {
      case .int, .float, .bool: return true
      default: return false
      }
    default: return first.kind == type
    }
  }

  var isForAny: Bool { parameters.first?.type == nil || parameters.first?.type == "any" }

  /// Defaults in signatures are literals; a name stands for a value the body looks up itself.
  private static func constant(_ expression: Expr) -> Value {
    switch expression.kind {
    case .none: .none
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .duration(let value): .duration(value)
    case .size(let value): .size(value)
    case .string(let parts):
      if case .text(let text)? = parts.first { .string(text) } else { .string("") }
    case .negate(let inner):
      switch constant(inner) {
      case .int(let value): .int(-value)
      case .float(let value): .float(-value)
      case let other: other
      }
    case .name(let word): .string(word)
    case .list: .list(ListObject())
    default: .none
    }
  }
}
