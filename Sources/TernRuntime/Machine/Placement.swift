package import TernSyntax

/// Puts an error where it happened: the place of the instruction, the operands' marks, the calls that led there.
extension Machine {
  /// An error meets the frame it was raised in, or a frame that called something which failed by a way of its own.
  func place(_ fault: Fault, _ function: Unmanaged<Closure>, _ at: Code, _ base: Registers) {
    meet(fault, function, at, base, isCaller: false)
  }

  /// An error meets the frame that called the one it ended.
  func trace(_ fault: Fault, _ function: Unmanaged<Closure>, _ at: Code, _ base: Registers) {
    meet(fault, function, at, base, isCaller: true)
  }

  private func meet(_ fault: Fault, _ function: Unmanaged<Closure>, _ at: Code, _ base: Registers, isCaller: Bool) {
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    let refused = fault.refusedArgument(isCaller: isCaller)
    let place = prototype.place(at: at - prototype.info.pointee.code)
    if fault.code == .nonFinite { noteLayer(fault, function, place.range) }
    noteSizes(fault, prototype, base, calledAt: isCaller ? place.range : nil)
    // People see their own lines: the library's frames pass on to the caller's.
    guard prototype.file.role == .user else { return fault.leaveLibrary(prototype) }
    let argument = refused.flatMap { refused in
      place.argument(refused).map { Diagnostic.Label(source: prototype.source, range: $0, note: refused.note) }
    }
    if let argument { return refuse(argument, fault, prototype) }
    if fault.isPlaced { return step(fault, place, prototype) }
    mark(fault, labels(fault, place, prototype), prototype)
    if case .expression(let expr) = place { addForeignHint(fault, expr, prototype) }
  }

  /// What a newcomer typed, written as it is here: better than what the values alone suggest, but no better than the name
  /// that was only misspelled.
  private func addForeignHint(_ fault: Fault, _ expr: Expr, _ prototype: Prototype) {
    if let hint = fault.hint, hint.hasPrefix("did you mean") { return }
    if let hint = hintForForeignUse(fault.code, expr, in: prototype.source) { fault.hint = hint }
  }

  private func mark(_ fault: Fault, _ labels: [Diagnostic.Label], _ prototype: Prototype) {
    fault.isPlaced = true
    fault.labels = labels + maker(of: fault, prototype.source, besides: labels)
    if fault.line == 0, let first = labels.first { fault.line = first.source.line(at: first.range.start) }
    let range = labels.first?.range ?? SourceRange(0, 0)
    fault.trace.append(Diagnostic.Frame(function: prototype.name, source: prototype.source, range: range))
  }

  /// Where the text makes the layer that failed, if one place does.
  private func maker(of fault: Fault, _ source: SourceText, besides labels: [Diagnostic.Label]) -> [Diagnostic.Label] {
    guard let name = fault.madeBy else { return [] }
    var places: [SourceRange] = []
    for cell in parse(source).cells {
      for statement in cell.statements {
        TreeWalk.expressions(in: statement) { expr in
          if case .call(let callee, _) = expr.kind, case .name(name) = callee.kind { places.append(expr.range) }
        }
      }
    }
    guard places.count == 1, !labels.contains(where: { $0.range.start == places[0].start }) else { return [] }
    return [Diagnostic.Label(source: source, range: places[0], note: "made here")]
  }

  /// What a contract refused is the caller's: its argument is the place, the parameter the second one.
  private func refuse(_ argument: Diagnostic.Label, _ fault: Fault, _ prototype: Prototype) {
    let asked = fault.labels.map { Diagnostic.Label(source: $0.source, range: $0.range, note: "asked for here") }
    fault.trace = []
    fault.line = 0
    mark(fault, [argument] + asked, prototype)
  }

  /// Adds the call that a frame was making. Of a long way the two ends are kept.
  private func step(_ fault: Fault, _ place: Prototype.Place, _ prototype: Prototype) {
    guard let range = place.range else { return }
    if fault.trace.count >= 24 {
      fault.trace.remove(at: 12)
      fault.skippedFrames += 1
    }
    fault.trace.append(Diagnostic.Frame(function: prototype.name, source: prototype.source, range: range))
  }

  /// The innermost layer on the way: its functions hold it as their first capture.
  private func noteLayer(_ fault: Fault, _ function: Unmanaged<Closure>, _ range: SourceRange?) {
    let closure = function.takeUnretainedValue()
    guard fault.layer == nil, closure.prototype.captureCount > 0, case .model(let model) = closure.captures.pointee,
      let path = model.path
    else { return }
    let source = closure.prototype.source
    let line = range.map { source.line(at: $0.start) } ?? source.line(at: closure.prototype.function?.range.start ?? 0)
    fault.layer = FaultLayer(path: path, name: model.blueprint.name, place: "\(source.name):\(line)")
  }

  /// The sizes which the function that failed had bound, and the line of the call that bound them.
  private func noteSizes(_ fault: Fault, _ prototype: Prototype, _ base: Registers, calledAt call: SourceRange?) {
    if let call {
      if fault.sizes?.line == nil, prototype.file.role == .user { fault.sizes?.line = prototype.source.line(at: call.start) }
      return
    }
    guard !fault.isPlaced, fault.sizes == nil, fault.code.isAboutShapes, let register = prototype.sizesRegister,
      case .foreign(let foreign) = base[register], let bound = foreign.value as? BoundSizes
    else { return }
    fault.sizes = SizesNote(bound)
  }

  private func labels(_ fault: Fault, _ place: Prototype.Place, _ prototype: Prototype) -> [Diagnostic.Label] {
    func label(_ range: SourceRange, _ note: String = "") -> Diagnostic.Label {
      // A value beside itself says nothing.
      Diagnostic.Label(source: prototype.source, range: range, note: prototype.source.text(range) == note ? "" : note)
    }
    if let focus = fault.focus { return [label(focus, fault.operands.first?.note ?? "")] }
    switch place {
    case .none:
      guard let range = prototype.function?.range else { return [] }
      return [label(range)]
    case .range(let range): return [label(range, fault.operands.first?.note ?? "")]
    case .expression(let expr):
      if let name = fault.argumentLabel, let range = expr.label(name) { return [label(range)] }
      if let subject = fault.subject, let range = expr.mention(of: subject) { return [label(range)] }
      if let number = fault.number, let range = expr.argument(written: number, prototype.source) { return [label(range)] }
      fault.notes = fault.notes.map(expr.naming)
      if fault.code == .notCallable, fault.operands.allSatisfy({ $0.position == 0 }), case .call(let callee, _) = expr.kind {
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
    guard !fault.isFatal, !(isRehearsing && fault.isUnknowable), !(tracings > 0 && fault.code == .unknownWhileTraced) else { return nil }
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
    if position == Fault.whole { return self }
    if position == Fault.root { return root }
    return switch kind {
    case .paren(let inner): inner.operand(position)
    case .binary(_, let a, let b), .logic(_, let a, let b), .compare(_, let a, let b): position == 0 ? a : b
    case .negate(let a), .not(let a): position == 0 ? a : nil
    case .index(let object, let items):
      position == 0 ? object : items.indices.contains(position - 1) ? items[position - 1].value : nil
    case .field(let object, _): position == 0 ? object : object.operand(position)
    case .call(let callee, let arguments):
      arguments.indices.contains(position) ? arguments[position].value : position == 0 ? callee : nil
    default: position == 0 ? self : nil
    }
  }

  private var root: Expr {
    switch kind {
    case .index(let inner, _), .field(let inner, _), .paren(let inner): inner.root
    default: self
    }
  }

  /// Where an index or a call writes a word: as a text, or as a key or a label; nil when the word comes from elsewhere. What a
  /// function in it writes is marked there.
  package func mention(of word: String) -> SourceRange? {
    switch kind {
    case .string(let parts):
      guard parts.count == 1, case .text(let text)? = parts.first, text == word else { return nil }
      return range
    case .call(_, let arguments):
      return arguments.lazy.compactMap { $0.mention(of: word) }.first
    case .index(_, let items): return items.lazy.compactMap { $0.value.mention(of: word) }.first
    case .record(let items): return items.lazy.compactMap { $0.mention(of: word) }.first
    default: return children.lazy.compactMap { $0.mention(of: word) }.first
    }
  }

  /// The last argument of a call whose text is just this.
  func argument(written text: String, _ source: SourceText) -> SourceRange? {
    guard case .call(_, let arguments) = kind else { return nil }
    return arguments.last { source.text($0.value.range) == text }?.value.range
  }

  /// The label of a call's argument; of one given twice, the second time.
  func label(_ name: String) -> SourceRange? {
    guard case .call(_, let arguments) = kind else { return nil }
    for argument in arguments.reversed() {
      if case .label(let label) = argument.kind, label.text == name { return label.range }
    }
    return nil
  }

  /// A note about the sides of an operator, which are called by their names where they have some.
  func naming(_ note: String) -> String {
    guard case .binary(_, let a, let b) = kind else { return note }
    var note = note
    if case .name(let name) = a.kind { note = note.replacing("the left's", with: "\(name)'s") }
    if case .name(let name) = b.kind { note = note.replacing("the right's", with: "\(name)'s") }
    return note
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

extension Argument {
  fileprivate func mention(of word: String) -> SourceRange? {
    if let range = value.mention(of: word) { return range }
    if case .label(let name) = kind, name.text == word { return name.range }
    return nil
  }
}

extension RecordItem {
  fileprivate func mention(of word: String) -> SourceRange? {
    switch self {
    case .field(let key, let value): value.mention(of: word) ?? (key.text == word ? key.range : nil)
    case .spread(let value): value.mention(of: word)
    }
  }
}

extension Prototype {
  /// Where a call keeps the sizes it bound.
  fileprivate var sizesRegister: Int? {
    for position in 0..<codeCount where info.pointee.code[position].opcode == .contract {
      return info.pointee.code[position].a / MemoryLayout<Value>.stride
    }
    return nil
  }
}

extension Prototype.Place {
  fileprivate var range: SourceRange? {
    switch self {
    case .none: nil
    case .range(let range): range
    case .expression(let expr): expr.range
    }
  }

  /// What a call gives for a parameter; nil when it is none, or a spread hides it.
  fileprivate func argument(_ refused: RefusedArgument) -> SourceRange? {
    guard case .expression(let expr) = self, case .call(_, let arguments) = expr.kind else { return nil }
    var position = 0
    for argument in arguments {
      switch argument.kind {
      case .label(let name) where name.text == refused.name: return argument.value.range
      case .label: continue
      case .spread: position = .min
      case .positional:
        if position == refused.position { return argument.value.range }
        position += 1
      }
    }
    return nil
  }
}

extension Fault {
  /// The argument a contract refused, if the frame at hand gave it. A fault that comes another way than straight from the
  /// call, such as through `map`, has no argument in the text.
  fileprivate func refusedArgument(isCaller: Bool) -> RefusedArgument? {
    guard let argument else { return nil }
    switch argument.stage {
    case .raised:
      self.argument?.stage = .left
      return nil
    case .left where !isCaller:
      self.argument = nil
      return nil
    case .left, .called:
      self.argument = nil
      return argument
    }
  }

  /// Operands and places of the library's text mean nothing in the caller's.
  fileprivate func leaveLibrary(_ prototype: Prototype) {
    guard !isPlaced else { return }
    if let parameter, let position = prototype.parameters.firstIndex(where: { $0.name == parameter }) {
      argument = RefusedArgument(position: position, name: parameter, note: "", stage: .left)
    }
    if operands.count == 2, code.isAboutShapes { notes.append("the sides are \(operands[0].note) and \(operands[1].note)") }
    forgetOperands()
    focus = nil
    argumentLabel = nil
  }

  /// What is passed on to a call that the text does not write has other operands than the one it does.
  func forgetOperands() {
    if !isPlaced { operands = [] }
  }

  /// A word found fault with the argument at a position, which may have been given by label.
  func meetLabels(of word: Builtin) {
    guard !isPlaced, argument == nil, subject == nil, number == nil, let operand = operands.first, word.parameters.indices.contains(operand.position) else { return }
    let parameter = word.parameters[operand.position]
    argument = RefusedArgument(position: operand.position, name: parameter.name, note: operand.note, stage: .called)
  }

  /// Says that the call at hand is the one whose contract refused an argument.
  func meetCaller() { if argument?.stage == .left { argument?.stage = .called } }
}
