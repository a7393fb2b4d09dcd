import TernSyntax

/// What is certain of a value before anything runs: of what is written out, and of names bound once to such.
enum KnownValue: Equatable {
  case int, float, bool, text
  /// A list with so many items; the shape of what it would be as a tensor, when all of it is numbers.
  case list(count: Int, shape: [Int]?)
  /// A tensor without names on its axes.
  case tensor([Int])
  /// A record with just these keys.
  case record([String])

  /// The sizes it has beside a tensor; a number has none.
  var shape: [Int]? {
    switch self {
    case .tensor(let shape): shape
    case .list(_, let shape): shape
    default: nil
    }
  }

  var isTensor: Bool { if case .tensor = self { true } else { false } }

  /// As messages call it.
  var description: String {
    switch self {
    case .int: "an int"
    case .float: "a float"
    case .bool: "a bool"
    case .text: "a str"
    case .list(let count, _): count == 0 ? "an empty list" : "a list of \(count)"
    case .tensor(let shape): "[\(shape.map(String.init).joined(separator: ", "))]"
    case .record(let keys): "a record of \(keys.count)"
    }
  }

  /// The kind's word in a type.
  var kind: String {
    switch self {
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .text: "str"
    case .list: "list"
    case .tensor: "tensor"
    case .record: "record"
    }
  }
}

extension FunctionCompiler {
  /// What is certain of an expression here; names of the function's own are not looked into.
  func known(_ expr: Expr) -> KnownValue? {
    switch expr.kind {
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .string: .text
    case .paren(let inner): known(inner)
    case .negate(let inner): known(inner).flatMap { $0 == .int || $0 == .float || $0.isTensor ? $0 : nil }
    case .list(let items): knownList(items)
    case .record(let items): knownRecord(items)
    case .name(let word): isTopLevelName(word) ? unit.checker?.binding(word).flatMap(known(bound:)) : nil
    case .call(let callee, let arguments): knownCall(callee, arguments)
    case .binary(let operation, let a, let b): known(operation, a, b)
    default: nil
    }
  }

  /// The depth guards against `let a = b` and `let b = a`.
  private func known(bound value: Expr) -> KnownValue? {
    guard knownDepth < 20 else { return nil }
    knownDepth += 1
    defer { knownDepth -= 1 }
    return known(value)
  }

  private func isTopLevelName(_ word: String) -> Bool {
    if case .global? = resolve(word) { true } else { false }
  }

  private func knownList(_ items: [ListItem]) -> KnownValue? {
    var shapes: [[Int]?] = []
    for item in items {
      guard case .value(let value) = item else { return nil }
      shapes.append(elementShape(value))
    }
    let first = shapes.first ?? nil
    let isEven = first != nil && shapes.allSatisfy { $0 == first }
    return .list(count: items.count, shape: isEven ? first.map { [items.count] + $0 } : nil)
  }

  private func elementShape(_ value: Expr) -> [Int]? {
    switch known(value) {
    case .int?, .float?: []
    case .list(_, let shape)?: shape
    default: nil
    }
  }

  private func knownRecord(_ items: [RecordItem]) -> KnownValue? {
    var keys: [String] = []
    for item in items {
      guard case .field(let key, _) = item else { return nil }
      if !keys.contains(key.text) { keys.append(key.text) }
    }
    return .record(keys)
  }

  /// `zeros(2, 3)`, `tensor([[1, 2]])`, `transpose(x)`, as long as the words are the language's own.
  private func knownCall(_ callee: Expr, _ arguments: [TernSyntax.Argument]) -> KnownValue? {
    guard case .name(let word) = callee.kind, isTopLevelName(word), !unit.file.isDefined(word), unit.bindings[word] == nil,
      !arguments.contains(where: \.namesAxes)
    else { return nil }
    switch word {
    case "zeros", "ones", "randn", "rand": return sizes(arguments).map { .tensor($0) }
    case "eye":
      guard arguments.count == 1, let size = sizes(arguments)?.first else { return nil }
      return .tensor([size, size])
    case "tensor":
      guard let first = arguments.first, case .positional = first.kind else { return nil }
      return known(first.value)?.shape.map { .tensor($0) }
    case "transpose":
      guard arguments.count == 1, case .tensor(let shape)? = known(arguments[0].value), shape.count == 2 else { return nil }
      return .tensor([shape[1], shape[0]])
    default: return nil
    }
  }

  private func sizes(_ arguments: [TernSyntax.Argument]) -> [Int]? {
    var sizes: [Int] = []
    for argument in arguments {
      switch argument.kind {
      case .label: continue
      case .spread: return nil
      case .positional:
        guard case .int(let size) = argument.value.kind else { return nil }
        sizes.append(size)
      }
    }
    return sizes.isEmpty ? nil : sizes
  }

  private func known(_ operation: BinaryOperator, _ a: Expr, _ b: Expr) -> KnownValue? {
    guard let left = known(a), let right = known(b), left.isTensor || right.isTensor else { return nil }
    let (x, y) = (left.shape ?? [], right.shape ?? [])
    if operation == .matmul {
      guard x.count == 2, y.count == 2, x[1] == y[0] else { return nil }
      return .tensor([x[0], y[1]])
    }
    return Pairing(x, y).shape.map { .tensor($0) }
  }
}

extension TernSyntax.Argument {
  /// `axes:` gives names, and a list of sizes or a spread hides them.
  fileprivate var namesAxes: Bool {
    switch kind {
    case .label(let name): name.text != "dtype" && name.text != "seed"
    case .spread: true
    case .positional: false
    }
  }
}

/// Two shapes side by side, from the right.
struct Pairing {
  /// nil when they do not line up, or both would grow.
  private(set) var shape: [Int]?
  /// The sizes that meet and differ, and their axis from the end.
  private(set) var clash: (axis: Int, left: Int, right: Int)?
  private(set) var bothGrow = false

  init(_ left: [Int], _ right: [Int]) {
    var sizes: [Int] = []
    var (growsLeft, growsRight) = (false, false)
    for axis in 1...max(left.count, right.count, 1) {
      let x = axis <= left.count ? left[left.count - axis] : nil
      let y = axis <= right.count ? right[right.count - axis] : nil
      guard let size = x ?? y else { break }
      if let x, let y, x != y, x != 1, y != 1 {
        clash = (-axis, x, y)
        return
      }
      let whole = max(size, y ?? size)
      growsLeft = growsLeft || x == nil || x != whole
      growsRight = growsRight || y == nil || y != whole
      sizes.append(x == 1 ? y ?? 1 : size)
    }
    // A number serves on either side.
    bothGrow = growsLeft && growsRight && !left.isEmpty && !right.isEmpty
    if !bothGrow { shape = sizes.reversed() }
  }
}
