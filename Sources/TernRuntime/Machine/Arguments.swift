import TernSyntax

/// An argument as a function's contract takes it, with the parameter's name.
package struct BoundArgument {
  package let name: String?
  package var value: Value
}

extension Machine {
  /// The arguments of a call as the function would see them: bound to parameters, lists and numbers converted where a contract
  /// converts. Defaults stay absent.
  package func arguments(of function: Value, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> [BoundArgument] {
    try arguments(of: function, positional, labels, areConverted: true)
  }

  /// The same as they were given.
  package func unconvertedArguments(of function: Value, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> [BoundArgument] {
    try arguments(of: function, positional, labels, areConverted: false)
  }

  private func arguments(
    of function: Value, _ positional: [Value], _ labels: [(String, Value)], areConverted: Bool
  ) throws(Fault) -> [BoundArgument] {
    let (inner, isWrapped) = Machine.unwrapped(function)
    guard case .function(let closure) = inner else {
      return positional.map { BoundArgument(name: nil, value: $0) } + labels.map { BoundArgument(name: $0.0, value: $0.1) }
    }
    let prototype = closure.prototype
    let window = state.pointee.top + 1
    guard window + 4096 < state.pointee.stackEnd else { throw tooDeep() }
    try bind(prototype, positional, labels, window)
    let count = prototype.parameters.count
    defer { clearAll(window, count) }
    if areConverted, !isWrapped, let entry = prototype.entries.first { try convert(entry, window, closure) }
    return prototype.parameters.enumerated().flatMap { position, parameter -> [BoundArgument] in
      guard parameter.isRest, case .list(let rest) = window[position] else {
        return [BoundArgument(name: parameter.name, value: window[position])]
      }
      return rest.values.map { BoundArgument(name: nil, value: $0) }
    }
  }

  /// What a transform made of a function takes the function's arguments, under their names.
  private static func unwrapped(_ function: Value) -> (inner: Value, isWrapped: Bool) {
    var (inner, depth) = (function, 0)
    // Each transform asks anew, so those of a hundred thousand would ask too often.
    while depth < 64, case .foreign(let foreign) = inner, let wrapped = (foreign.value as? any CallableValue)?.wrapped {
      inner = wrapped
      depth += 1
    }
    return (inner, depth > 0)
  }

  private func convert(_ entry: EntryContract, _ window: Registers, _ closure: Closure) throws(Fault) {
    let bound = BoundSizes()
    for argument in entry.arguments where (window + argument.register).tag == Tag.int {
      bound.sizes[argument.name] = (window + argument.register).asInt
    }
    for phase in [EnforcementPhase.binding, .checking] {
      for parameter in entry.parameters where (window + parameter.register).tag != Tag.unset {
        do throws(Fault) {
          try enforce(parameter.contract, window + parameter.register, "`\(parameter.name)`", bound, phase: phase)
        } catch {
          error.argument = RefusedArgument(
            position: parameter.register, name: parameter.name, note: error.operands.first?.note ?? "", stage: .left)
          throw error
        }
      }
    }
  }

  /// Calls with arguments that `arguments(of:)` gave.
  package func call(_ function: Value, withArguments arguments: [BoundArgument]) throws(Fault) -> Value {
    if case .function = function { return try call(function, arguments.map(\.value)) }
    let positional = arguments.filter { $0.name == nil }.map(\.value)
    let given = arguments.filter { !$0.value.isUnset }
    return try call(function, positional, labels: given.compactMap { argument in argument.name.map { ($0, argument.value) } })
  }
}
