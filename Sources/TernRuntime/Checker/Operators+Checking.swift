import TernSyntax

/// Operators, fields and annotations whose operands are written out, or are names bound once to such.
extension FunctionCompiler {
  /// Whether the run would come to an error here, as far as `tern check` looks: inside `try` errors may be meant.
  var isChecked: Bool { unit.checker != nil && !isInsideAttempt }

  var isInsideAttempt: Bool { attemptDepth > 0 || parent?.isInsideAttempt == true }

  func checkOperation(_ operation: BinaryOperator, _ a: Expr, _ b: Expr, _ expr: Expr) {
    guard isChecked, let left = known(a), let right = known(b) else { return }
    switch (left, right) {
    case (.text, .int), (.text, .float), (.text, .bool), (.int, .text), (.float, .text), (.bool, .text):
      refuse(operation, left, right, expr)
    case (.text, .text) where operation != .add: refuse(operation, left, right, expr)
    case (.list(let count, _), .list(let other, _)) where count != other && operation != .matmul:
      unit.report(
        .treesDiffer, "lists of \(count) and \(other) do not pair element by element", expr.range,
        hint: hintForForeignUse(.treesDiffer, expr, in: unit.source))
    default:
      guard left.isTensor || right.isTensor, let x = left.shape, let y = right.shape else { return }
      if operation == .matmul { checkMatmul(x, y, a, b, expr) } else { checkPairing(operation, x, y, a, b, expr) }
    }
  }

  private func refuse(_ operation: BinaryOperator, _ left: KnownValue, _ right: KnownValue, _ expr: Expr) {
    let hint = hintForForeignUse(.badOperands, expr, in: unit.source)
    unit.report(
      .badOperands, "`\(operation.rawValue)` does not take \(left.description) and \(right.description)", expr.range,
      hint: hint ?? (operation == .add ? "`str(x)` makes text of a number, `\"{x}\"` fills it in" : nil))
  }

  private func checkMatmul(_ x: [Int], _ y: [Int], _ a: Expr, _ b: Expr, _ expr: Expr) {
    guard let last = x.last, !y.isEmpty else { return }
    let first = y.count == 1 ? y[0] : y[y.count - 2]
    guard last != first else { return }
    let axis = y.count == 1 ? "only one" : "last but one"
    misfit(x, y, a, b, "`@` joins the left's last axis with the right's \(axis); \(last) ≠ \(first)")
  }

  private func checkPairing(_ operation: BinaryOperator, _ x: [Int], _ y: [Int], _ a: Expr, _ b: Expr, _ expr: Expr) {
    let pairing = Pairing(x, y)
    if let clash = pairing.clash {
      let axis = clash.axis == -1 ? "the last axis" : "axis \(-clash.axis) from the end"
      misfit(x, y, a, b, "`\(operation.rawValue)` pairs axes from the right; \(axis) is \(clash.left) and \(clash.right)")
    } else if pairing.bothGrow {
      unit.report(
        .broadcastBothSides, "both sides of `\(operation.rawValue)` would expand", expr.range,
        hint: "`outer(a, b)`, `expand(x, 1)`, or names for the axes say what is meant",
        notes: ["only one side may grow to the other's shape"])
    }
  }

  private func misfit(_ x: [Int], _ y: [Int], _ a: Expr, _ b: Expr, _ note: String) {
    let labels = zip([a, b], [x, y]).map { side, shape in
      Diagnostic.Label(source: unit.source, range: side.range, note: KnownValue.tensor(shape).description)
    }
    unit.report(Diagnostic(.shapeMismatch, "these shapes do not line up", labels: labels, notes: [note]))
  }

  /// `r.widht` of a record that is written out, `nn.dens` of a file that is used.
  func checkField(_ object: Expr, _ name: Name, _ expr: Expr) {
    guard isChecked else { return }
    if let module = module(object) {
      guard !module.names.contains(name.text) else { return }
      return reportField(name, "\"\(module.path)\" has no name `\(name.text)`", among: module.names, expr)
    }
    guard case .record(let keys)? = known(object), !keys.contains(name.text) else { return }
    reportField(name, "a record of \(keys.count) has no field `\(name.text)`", among: keys, expr)
  }

  private func reportField(_ name: Name, _ message: String, among names: [String], _ expr: Expr) {
    let near = didYouMean(name.text, among: names).map { "did you mean `\($0)`?" }
    let all = names.isEmpty ? nil : unit.machine.listing("it has", names)
    unit.report(.unknownField, message, name.range, hint: near ?? hintForForeignUse(.unknownField, expr, in: unit.source) ?? all)
  }

  /// `let x: f32[3] = [1, 2]`, `let n: int = "a"`.
  func checkAnnotation(_ pattern: Pattern, _ type: TypeExpr?, _ value: Expr) {
    guard isChecked, let type, case .name(let name) = pattern.kind, let found = known(value) else { return }
    var bound: [String: Int] = [:]
    check(found, against: type, name, value, &bound)
  }

  /// `let {a, b} = use "…"`.
  func checkUsed(_ pattern: Pattern, _ value: Expr) {
    guard isChecked, case .use(let path) = value.kind else { return }
    guard let module = unit.checker?.module(path) else { return }
    guard case .record(let fields, _) = pattern.kind else { return }
    for field in fields where !module.names.contains(field.key.text) {
      let near = didYouMean(field.key.text, among: module.names).map { "did you mean `\($0)`?" }
      unit.report(.missingFields, "\"\(path)\" has no name `\(field.key.text)`", field.key.range, hint: near)
    }
  }

  /// The file that a top-level name was bound to by `use`.
  func module(_ object: Expr) -> KnownModule? {
    guard let checker = unit.checker, case .name(let word) = object.kind, case .global? = resolve(word),
      case .use(let path)? = checker.binding(word)?.kind
    else { return nil }
    return checker.module(path)
  }
}
