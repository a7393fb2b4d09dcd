package import TernSyntax

/// What a builtin does beside computing its value. From it follow what traced code refuses, what the sandbox denies and
/// what a cell depends on.
package enum Effect: String, Sendable {
  case pure, draws, reads, writes, prints, serves
}

/// A function of the machine: its signature in Tern's own grammar, a sentence, an example that tests run, an effect and a
/// body. Help, completion, check, sandbox and tests follow from the declaration; nothing else knows its name.
///
/// The signature is parsed when it is first needed, so that a start pays for none of them.
package final class Builtin {
  package typealias Body = (borrowing Call) throws(Fault) -> Value

  package let name: String
  package let signatureText: String
  package let sentence: String
  package let example: String
  package let effect: Effect
  let body: Body
  /// Positional arguments without labels that need no binding: how many, at least and at most.
  private(set) lazy var signature = Signature(parsing: signatureText)

  package init(
    _ signature: String, _ sentence: String, example: String = "", effect: Effect = .pure, body: @escaping Body
  ) {
    signatureText = signature
    name = String(signature.prefix { $0 != "(" })
    self.sentence = sentence
    self.example = example
    self.effect = effect
    self.body = body
  }

  package var parameters: [Signature.Parameter] { signature.parameters }
}

/// The arguments of one call of a builtin, bound to its parameters: position k is the k-th parameter, `.absent` where none was
/// given and there is no default; a rest parameter is a list.
package struct Call: ~Copyable {
  package let machine: Machine
  package let builtin: Builtin
  let arguments: Registers
  let count: Int

  /// The argument, which stays where it is.
  package subscript(position: Int) -> Value { position < count ? arguments[position] : .absent }

  /// Was this argument given, or has it a default?
  package func has(_ position: Int) -> Bool { position < count && arguments[position].tagIsSet }

  /// Takes the argument out: when nobody else holds it, what it holds may be changed in place.
  package func take(_ position: Int) -> Value { position < count ? (arguments + position).take() : .absent }

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
    /// `.absent` when it must be given.
    package let defaultValue: Value
    package let isRest: Bool
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
        defaultValue: parameter.defaultValue.map(Signature.constant) ?? .absent, isRest: parameter.isRest)
    }
    requiredCount = parameters.prefix { $0.defaultValue.isUnset && !$0.isRest }.count
    hasRest = parameters.contains { $0.isRest }
  }

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
