import TernSyntax

extension FunctionCompiler {
  /// The contract a type stands for.
  func contract(_ type: TypeExpr) -> Contract {
    let axes = type.axes.map { axes in
      axes.map { axis in Contract.Axis(name: axis.name?.text, size: size(axis.size, type)) }
    }
    if axes != nil && !Contract.tensorTypes.contains(type.name.text) {
      unit.report(.badType, "`\(type.name.text)` takes no axes", type.range, hint: "axes belong to dtypes: `f32[batch, 2]`")
    } else if axes == nil && !Contract.isType(type.name.text) {
      let hint = didYouMean(type.name.text, among: Contract.tensorTypes.sorted() + Contract.kinds.sorted()).map { "did you mean `\($0)`?" }
      unit.report(.unknownType, "`\(type.name.text)` is no type", type.name.range, hint: hint)
    }
    let names = (axes ?? []).compactMap(\.name)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      unit.report(.badType, "two axes are called `\(names[twice])`", type.range, hint: "each axis has a name of its own")
    }
    return Contract(name: type.name.text, axes: axes)
  }

  private func size(_ size: TypeExpr.Axis.Size, _ type: TypeExpr) -> Contract.Size {
    switch size {
    case .leading: return .leading
    case .any: return .any
    case .expression(let expr):
      switch expr.kind {
      case .int(let number): return .number(number)
      case .name(let word): return .variable(word)
      default:
        guard let formula = formula(expr) else {
          unit.report(.badType, "a size is an int, a word, or arithmetic of them", expr.range)
          return .any
        }
        return .computed(formula)
      }
    }
  }

  private func formula(_ expr: Expr) -> SizeFormula? {
    switch expr.kind {
    case .int(let number): return .number(number)
    case .name(let word): return .name(word)
    case .paren(let inner): return formula(inner)
    case .binary(let operation, let a, let b):
      guard operation != .matmul, operation != .divide, let left = formula(a), let right = formula(b) else { return nil }
      return .binary(operation, left, right)
    default: return nil
    }
  }

  /// The bare words of a type.
  func sizeWords(_ type: TypeExpr) -> [String] {
    (type.axes ?? []).compactMap { axis in
      guard case .expression(let expr) = axis.size, case .name(let word) = expr.kind else { return nil }
      return word
    }
  }

  /// Checks the arguments on entry and gives each size a register.
  func compileContracts(_ function: Function, _ registers: [Int], sizes words: [String], entersModel: Bool) {
    var entry = EntryContract()
    for (parameter, register) in zip(function.parameters, registers) {
      guard case .name(let name) = parameter.pattern.kind else { continue }
      entry.arguments.append((name, register))
      guard let type = parameter.type else { continue }
      var contract = contract(type)
      if let value = parameter.defaultValue, case .none = value.kind { contract.admitsNone = true }
      entry.parameters.append(.init(register: register, name: name, contract: contract, range: parameter.range))
    }
    let hasResult = function.result != nil
    guard !entry.parameters.isEmpty || hasResult || entersModel else { return }
    for word in words where local(named: word) == nil && !isModelSize(word) {
      entry.sizes.append((word, declare(word).register))
    }
    let state = temporary()
    parts.entries.append(entry)
    emit(.contract, a: r(state), b: indexInRange(parts.entries.count - 1), at: .range(function.range))
    if entersModel { emit(.enterModel, a: r(state), b: indexInRange(parts.entries.count - 1), at: .range(function.range)) }
    if let type = function.result { result = (contract(type), state) }
    for local in allLocals where entry.arguments.contains(where: { $0.register == local.register }) && hasResult {
      local.isPinned = local.isPinned || words.contains(local.name)
    }
  }

  /// An int that the model was made with, an argument or a `let`, is a size of its functions.
  private func isModelSize(_ word: String) -> Bool {
    guard let model, let position = model.names[word] else { return false }
    return model.kinds[position] == .argument || model.kinds[position] == .binding
  }
}

extension Contract {
  /// Words that take axes.
  static let tensorTypes: Set<String> = ["bool", "u8", "i8", "i32", "i64", "f16", "bf16", "f32", "f64", "float", "int"]

  /// The tensor type that a word is, or is near to.
  package static func tensorType(meantBy word: String) -> String? {
    tensorTypes.contains(word) ? word : didYouMean(word, among: tensorTypes.sorted())
  }

  /// Kinds of values, as types name them.
  package static let kinds: Set<String> = [
    "none", "bool", "int", "float", "str", "list", "record", "range", "duration", "size", "time", "fn", "type", "tensor",
    "column", "dataset", "stream", "schema", "recipe", "model", "run", "study", "report", "strategy", "service", "pipeline",
    "plot", "error", "any",
  ]

  static func isType(_ name: String) -> Bool { kinds.contains(name) || tensorTypes.contains(name) }
}
