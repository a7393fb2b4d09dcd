package import TernSyntax

/// A type as code checks it: `int`, `fn`, `f32[batch, n - k]`.
package struct Contract {
  package let name: String
  package let axes: [Axis]?
  /// `= none` beside the type admits `none` too.
  package var admitsNone = false

  package struct Axis {
    package let name: String?
    package let size: Size
  }

  package indirect enum Size {
    /// `...`
    case leading
    /// `_`
    case any
    case number(Int)
    /// A bare word: bound by the first value that meets it.
    case variable(String)
    /// Arithmetic of sizes: checked, never solved.
    case computed(SizeFormula)

    func isVariable(_ word: String) -> Bool {
      if case .variable(word) = self { true } else { false }
    }
  }

  /// The bare words in it, each once.
  var variables: [String] {
    var found: [String] = []
    for axis in axes ?? [] {
      if case .variable(let name) = axis.size, !found.contains(name) { found.append(name) }
    }
    return found
  }

  /// As it is written.
  package var text: String {
    guard let axes else { return name }
    let parts = axes.map { axis in
      let size =
        switch axis.size {
        case .leading: "..."
        case .any: "_"
        case .number(let number): String(number)
        case .variable(let word): word
        case .computed(let formula): formula.text
        }
      return axis.name.map { "\($0): \(size)" } ?? size
    }
    return "\(name)[\(parts.joined(separator: ", "))]"
  }
}

/// Arithmetic of sizes, such as `n - k + 1`.
package indirect enum SizeFormula {
  case number(Int)
  case name(String)
  case global(Int, String)
  case binary(BinaryOperator, SizeFormula, SizeFormula)

  package var text: String {
    switch self {
    case .number(let number): String(number)
    case .name(let name), .global(_, let name): name
    case .binary(let operation, let a, let b): "\(a.text) \(operation.rawValue) \(b.text)"
    }
  }

  /// nil when a name has no int, or the arithmetic overflows or divides by zero.
  func value(_ lookup: (SizeFormula) -> Int?) -> Int? {
    switch self {
    case .number(let number): return number
    case .name, .global: return lookup(self)
    case .binary(let operation, let a, let b):
      guard let x = a.value(lookup), let y = b.value(lookup) else { return nil }
      return IntegerArithmetic.apply(operation, x, y)
    }
  }
}

/// What a function checks when it is entered: its parameters' contracts, and the registers its sizes are ints in.
struct EntryContract {
  struct Parameter {
    let register: Int
    let name: String
    let contract: Contract
    let range: SourceRange
  }
  var parameters: [Parameter] = []
  /// Int arguments by name: sizes too.
  var arguments: [(name: String, register: Int)] = []
  var sizes: [(name: String, register: Int)] = []
}

/// What one call has bound: sizes by name, the axes of `...`, the dtype of `float[…]` and of `int[…]`.
final class BoundSizes: ForeignValue {
  var sizes: [String: Int] = [:]
  var leading: [Int]?
  var dtypes: [String: String] = [:]
  /// Which argument or parameter bound a size, for messages.
  var binders: [String: String] = [:]
  var kind: String { "sizes" }
}
