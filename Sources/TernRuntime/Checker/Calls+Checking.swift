import TernSyntax

extension FunctionCompiler {
  /// Reports what is certainly wrong with a call of a top-level name: its number of arguments, its labels, sizes that are
  /// written out. Inside `try` errors may be meant.
  func checkCall(of name: String, _ arguments: [TernSyntax.Argument], _ expr: Expr) {
    guard let checker = unit.checker, !isInsideAttempt, let callable = checker.callable(name) else { return }
    let count = unit.diagnostics.count
    checkArguments(arguments, of: callable, expr)
    if unit.diagnostics.count == count { checkSizes(arguments, of: callable) }
  }

  private var isInsideAttempt: Bool { attemptDepth > 0 || parent?.isInsideAttempt == true }

  private func checkArguments(_ arguments: [TernSyntax.Argument], of callable: KnownCallable, _ expr: Expr) {
    var positions = 0
    var labels: [Name] = []
    for argument in arguments {
      switch argument.kind {
      case .positional: positions += 1
      case .label(let name): labels.append(name)
      case .spread: return
      }
    }
    let places = callable.parameters.prefix { !$0.isRest }
    if positions > places.count, places.count == callable.parameters.count {
      let takes = "\(places.count) argument\(places.count == 1 ? "" : "s")"
      return unit.report(.tooManyArguments, "`\(callable.name)` takes \(takes); \(positions) were given", expr.range)
    }
    for label in labels {
      if let place = callable.parameters.firstIndex(where: { $0.name == label.text }) {
        guard place < min(positions, places.count) else { continue }
        unit.report(.repeatedArgument, "`\(label.text)` is given twice, by position and by label", label.range)
      } else if !callable.takesAnyLabel {
        reportUnknown(label, of: callable)
      }
    }
    let given = Set(labels.map(\.text))
    for parameter in places.dropFirst(positions) where parameter.isRequired && !callable.takesAnyLabel {
      guard let name = parameter.name, !given.contains(name) else { continue }
      return unit.report(.missingArgument, "`\(callable.name)` needs `\(name)`", expr.range)
    }
  }

  private func reportUnknown(_ label: Name, of callable: KnownCallable) {
    let names = callable.parameters.filter { !$0.isRest }.compactMap(\.name)
    let hint = labelHint(forUnknown: label.text, among: names)
    unit.report(.unknownLabel, "`\(callable.name)` has no label `\(label.text)`", label.range, hint: hint)
  }

  // MARK: Sizes

  /// Compares arguments whose shapes are written out with the contracts of their parameters.
  private func checkSizes(_ arguments: [TernSyntax.Argument], of callable: KnownCallable) {
    guard callable.parameters.contains(where: { $0.type?.axes != nil }) else { return }
    var bound: [String: Int] = [:]
    var pairs: [(KnownCallable.Parameter, Expr)] = []
    var position = 0
    for argument in arguments {
      var parameter: KnownCallable.Parameter?
      switch argument.kind {
      case .positional:
        if position < callable.parameters.count, !callable.parameters[position].isRest { parameter = callable.parameters[position] }
        position += 1
      case .label(let name): parameter = callable.parameters.first { $0.name == name.text && !$0.isRest }
      case .spread: return
      }
      guard let parameter else { continue }
      if case .int(let value) = argument.value.kind, let name = parameter.name { bound[name] = value }
      pairs.append((parameter, argument.value))
    }
    for (parameter, value) in pairs {
      guard let type = parameter.type, let axes = type.axes, let shape = literalShape(of: value) else { continue }
      check(shape, against: axes, type, parameter.name ?? "this argument", value, &bound)
    }
  }

  private func check(
    _ shape: [Int], against axes: [TypeExpr.Axis], _ type: TypeExpr, _ name: String, _ value: Expr, _ bound: inout [String: Int]
  ) {
    let hasRest = axes.contains { if case .leading = $0.size { true } else { false } }
    if hasRest { return }
    // The declaration may stand in another source, so its text is not at hand: its axes are counted.
    let found = "[\(shape.map(String.init).joined(separator: ", "))]"
    guard axes.count == shape.count else {
      let wanted = "\(axes.count) ax\(axes.count == 1 ? "i" : "e")s"
      return unit.report(.wrongRank, "`\(name)` has \(wanted); this is \(found)", value.range)
    }
    for (axis, size) in zip(axes, shape) {
      guard case .expression(let expr) = axis.size else { continue }
      switch expr.kind {
      case .int(let wanted) where wanted != size:
        return unit.report(.wrongSize, "an axis of `\(name)` is \(wanted); this is \(found)", value.range)
      case .name(let word):
        if let wanted = bound[word], wanted != size {
          return unit.report(.wrongSize, "`\(word)` is \(wanted) in this call; in `\(name)` it would be \(size)", value.range)
        }
        bound[word] = size
      default: continue
      }
    }
  }

  /// The shape of `zeros(2, 3)`, `tensor([[1, 2]])`, `[[1, 2]]`: of what is written out.
  private func literalShape(of value: Expr) -> [Int]? {
    switch value.kind {
    case .paren(let inner): return literalShape(of: inner)
    case .list(let items): return literalShape(of: items)
    case .call(let callee, let arguments):
      guard case .name(let word) = callee.kind, case .global? = resolve(word), !unit.file.isDefined(word), !unit.bindings.contains(word)
      else { return nil }
      switch word {
      case "zeros", "ones", "randn", "rand": return sizes(arguments)
      case "tensor":
        guard let first = arguments.first, case .list(let items) = first.value.kind else { return nil }
        return literalShape(of: items)
      default: return nil
      }
    default: return nil
    }
  }

  private func sizes(_ arguments: [TernSyntax.Argument]) -> [Int]? {
    var sizes: [Int] = []
    for argument in arguments {
      if case .label = argument.kind { continue }
      guard case .positional = argument.kind, case .int(let size) = argument.value.kind else { return nil }
      sizes.append(size)
    }
    return sizes.isEmpty ? nil : sizes
  }

  private func literalShape(of items: [ListItem]) -> [Int]? {
    guard !items.isEmpty else { return nil }
    var inner: [Int]?
    for item in items {
      guard case .value(let value) = item, let shape = elementShape(of: value), inner == nil || inner == shape else { return nil }
      inner = shape
    }
    return inner.map { [items.count] + $0 }
  }

  private func elementShape(of value: Expr) -> [Int]? {
    switch value.kind {
    case .int, .float, .bool: []
    case .negate(let inner): elementShape(of: inner)
    case .list(let items): literalShape(of: items)
    default: nil
    }
  }
}
