import TernSyntax

extension FunctionCompiler {
  /// Reports what is certainly wrong with a call of a top-level name: its number of arguments, its labels, sizes that are
  /// written out. Inside `try` errors may be meant.
  func checkCall(of name: String, _ arguments: [TernSyntax.Argument], _ expr: Expr) {
    guard isChecked, let forms = unit.checker?.callable(name) else { return }
    check(forms, arguments, expr)
  }

  /// A call of a used file's function: `nn.block(2)`.
  func checkCall(of object: Expr, _ name: Name, _ arguments: [TernSyntax.Argument], _ expr: Expr) {
    guard isChecked, let callable = module(object)?.callables[name.text] else { return }
    check([callable], arguments, expr)
  }

  /// A word with several forms is wrong only where none of them takes the call.
  private func check(_ forms: [KnownCallable], _ arguments: [TernSyntax.Argument], _ expr: Expr) {
    let problems = forms.map { problem(arguments, $0) }
    guard let first = forms.first, !problems.contains(where: { $0 == nil }) else {
      if forms.count == 1, let only = forms.first { checkSizes(arguments, of: only) }
      return
    }
    // Of several complaints the one that is about the call's text comes first: a label that no form has.
    if let unknown = problems.compactMap({ $0?.unknown }).first, problems.allSatisfy({ $0?.unknown != nil }) {
      return reportUnknown(unknown, of: forms)
    }
    let known = problems.compactMap { $0 }.first { $0.unknown == nil }
    report(known ?? .missing(""), first.name, expr)
  }

  private func report(_ problem: CallProblem, _ name: String, _ expr: Expr) {
    switch problem {
    case .tooMany(let taken, let given):
      let takes = "\(taken) argument\(taken == 1 ? "" : "s")"
      unit.report(.tooManyArguments, "`\(name)` takes \(takes); \(given) were given", expr.range)
    case .twice(let label):
      unit.report(.repeatedArgument, "`\(label.text)` is given twice, by position and by label", label.range)
    case .missing(let parameter): unit.report(.missingArgument, "`\(name)` needs `\(parameter)`", expr.range)
    case .unknown: break
    }
  }

  /// What one form has against a call; nil when nothing, or nothing is certain.
  private func problem(_ arguments: [TernSyntax.Argument], _ callable: KnownCallable) -> CallProblem? {
    var positions = 0
    var labels: [Name] = []
    for argument in arguments {
      switch argument.kind {
      case .positional: positions += 1
      case .label(let name): labels.append(name)
      case .spread: return nil
      }
    }
    let places = callable.parameters.prefix { !$0.isRest }
    if positions > places.count, places.count == callable.parameters.count {
      return .tooMany(taken: places.count, given: positions)
    }
    for label in labels {
      if let place = callable.parameters.firstIndex(where: { $0.name == label.text }) {
        if place < min(positions, places.count) { return .twice(label) }
      } else if !callable.takesAnyLabel {
        return .unknown(label)
      }
    }
    let given = Set(labels.map(\.text))
    let lacking = places.dropFirst(positions).first { parameter in
      parameter.isRequired && !callable.takesAnyLabel && parameter.name.map { !given.contains($0) } == true
    }
    return lacking?.name.map { .missing($0) }
  }

  private func reportUnknown(_ label: Name, of forms: [KnownCallable]) {
    var names: [String] = []
    for parameter in forms.flatMap(\.parameters) where !parameter.isRest {
      if let name = parameter.name, !names.contains(name) { names.append(name) }
    }
    let hint = labelHint(forUnknown: label.text, among: names)
    unit.report(.unknownLabel, "`\(forms[0].name)` has no label `\(label.text)`", label.range, hint: hint)
  }

  // MARK: Sizes

  /// Compares arguments whose shapes are written out with the contracts of their parameters.
  private func checkSizes(_ arguments: [TernSyntax.Argument], of callable: KnownCallable) {
    guard callable.parameters.contains(where: { $0.type != nil }), !callable.isBuiltin else { return }
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
      guard let type = parameter.type, let found = known(value) else { continue }
      check(found, against: type, parameter.name ?? "this argument", value, &bound)
    }
  }

  /// A value that is written out beside a type: of another kind, or of another shape.
  func check(
    _ found: KnownValue, against type: TypeExpr, _ name: String, _ value: Expr, _ bound: inout [String: Int]
  ) {
    if let axes = type.axes {
      if let shape = found.shape { return check(shape, against: axes, type, name, value, &bound) }
      if found != .text, case .list = found { return }
      guard case .text = found else { return }
      return unit.report(.wrongType, "`\(name)` is a tensor; this is \(found.description)", value.range)
    }
    // A dataset or a column is made of no literal; what converts (an int to a float) is left to the run.
    guard ["int", "float", "str", "bool", "list", "record"].contains(type.name.text), type.name.text != found.kind,
      !(type.name.text == "float" && found == .int), found != .bool, !found.isTensor
    else { return }
    let wanted = type.name.text == "int" ? "an int" : "a \(type.name.text)"
    unit.report(.wrongType, "`\(name)` is \(wanted); this is \(found.description)", value.range)
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
}

/// What is wrong with a call.
private enum CallProblem {
  case tooMany(taken: Int, given: Int)
  case unknown(Name)
  case twice(Name)
  case missing(String)

  var unknown: Name? { if case .unknown(let name) = self { name } else { nil } }
}
