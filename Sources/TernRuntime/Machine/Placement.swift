package import TernSyntax

/// Puts an error where it happened: the place of the instruction, the operands' marks, the calls that led there.
extension Machine {
  func place(_ fault: Fault, _ function: Unmanaged<Closure>, _ at: Code) {
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    if prototype.file.role == .library {
      // People see their own lines: the library's frames pass on to the caller's.
      return
    }
    guard !fault.isPlaced else { return trace(fault, function, at) }
    fault.isPlaced = true
    let place = prototype.place(at: at - prototype.info.pointee.code)
    fault.labels = labels(fault, place, prototype)
    if case .expression(let expr) = place { addForeignHint(fault, expr, prototype) }
    if fault.line == 0, let first = fault.labels.first { fault.line = first.source.line(at: first.range.start) }
    let range = fault.labels.first?.range ?? SourceRange(0, 0)
    fault.trace.append(Diagnostic.Frame(function: prototype.name, source: prototype.source, range: range))
  }

  /// What a newcomer typed, written as it is here: better than what the values alone suggest, but no better than the name
  /// that was only misspelled.
  private func addForeignHint(_ fault: Fault, _ expr: Expr, _ prototype: Prototype) {
    if let hint = fault.hint, hint.hasPrefix("did you mean") { return }
    if let hint = hintForForeignUse(fault.code, expr, in: prototype.source) { fault.hint = hint }
  }

  /// Adds the call that a frame was making.
  func trace(_ fault: Fault, _ function: Unmanaged<Closure>, _ at: Code) {
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    guard prototype.file.role == .user else { return }
    guard fault.isPlaced else { return place(fault, function, at) }
    guard fault.trace.count < 24 else { return }
    let range: SourceRange
    switch prototype.place(at: at - prototype.info.pointee.code) {
    case .none: return
    case .range(let known): range = known
    case .expression(let expr): range = expr.range
    }
    fault.trace.append(Diagnostic.Frame(function: prototype.name, source: prototype.source, range: range))
  }

  private func labels(_ fault: Fault, _ place: Prototype.Place, _ prototype: Prototype) -> [Diagnostic.Label] {
    func label(_ range: SourceRange, _ note: String = "") -> Diagnostic.Label {
      Diagnostic.Label(source: prototype.source, range: range, note: note)
    }
    if let focus = fault.focus { return [label(focus, fault.operands.first?.note ?? "")] }
    switch place {
    case .none:
      guard let range = prototype.function?.range else { return [] }
      return [label(range)]
    case .range(let range): return [label(range, fault.operands.first?.note ?? "")]
    case .expression(let expr):
      if fault.code == .notCallable, case .call(let callee, _) = expr.kind {
        return [label(callee.range, fault.operands.first?.note ?? "")]
      }
      let marks = fault.operands.compactMap { operand -> Diagnostic.Label? in
        expr.operand(operand.position).map { label($0.range, operand.note) }
      }
      return marks.isEmpty ? [label(expr.focus)] : marks
    }
  }

  /// The record that `catch e` binds.
  func errorRecord(_ fault: Fault) -> Value {
    .record(
      RecordObject([
        "code": .string(fault.code.rawValue), "message": .string(fault.message), "hint": .string(fault.hint ?? ""),
        "line": .int(fault.line),
      ]))
  }

  /// The handler that takes an error raised at an instruction, if the frame has one.
  func handler(for fault: Fault, _ function: Unmanaged<Closure>, _ at: Code) -> Prototype.Handler? {
    guard !fault.isFatal else { return nil }
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    let position = at - prototype.info.pointee.code
    return prototype.handlers.first { position >= $0.start && position < $0.end }
  }

  /// Lets go of what a call being prepared above the frame held.
  func clearWindow(above first: Registers) { clearAll(first, 8) }
}

extension Expr {
  /// The part of an expression an error's operand is: a side of an operator, the object or an item of an index, an argument.
  func operand(_ position: Int) -> Expr? {
    switch kind {
    case .paren(let inner): inner.operand(position)
    case .binary(_, let a, let b), .logic(_, let a, let b), .compare(_, let a, let b): position == 0 ? a : b
    case .negate(let a), .not(let a): position == 0 ? a : nil
    case .index(let object, let items):
      position == 0 ? object : items.indices.contains(position - 1) ? items[position - 1].value : nil
    case .field(let object, _): position == 0 ? object : nil
    case .call(let callee, let arguments):
      arguments.indices.contains(position) ? arguments[position].value : position == 0 ? callee : nil
    default: position == 0 ? self : nil
    }
  }

  /// Where the marks stand when no operand is named: the name of a call rather than all its lines.
  var focus: SourceRange {
    switch kind {
    case .call(let callee, _): callee.range
    case .field(_, let name): name.range
    default: range
    }
  }
}
