import TernSyntax

extension FunctionCompiler {
  // MARK: Operands

  /// The register that holds a value: a local's own, read in place, or a temporary that the user consumes.
  struct Operand {
    let register: Int
    let isTemporary: Bool
    let local: Local?
  }

  func operand(_ expr: Expr) -> Operand {
    switch expr.kind {
    case .paren(let inner): return operand(inner)
    case .name(let name):
      if let local = local(named: name), !local.isLate {
        return Operand(register: local.register, isTemporary: false, local: local)
      }
    case .int, .float, .bool, .string:
      if let literal = LoopLiterals.Literal(expr), let register = hoisted[literal] {
        return Operand(register: register, isTemporary: false, local: nil)
      }
    default: break
    }
    let register = temporary()
    expression(expr, into: register)
    return Operand(register: register, isTemporary: true, local: nil)
  }

  /// Two operands, the left one evaluated first: it is copied when evaluating the right one could change it.
  func operands(_ a: Expr, _ b: Expr) -> (Operand, Operand) {
    var left = operand(a)
    if left.local != nil && b.mayAssign {
      let copy = temporary()
      emit(.move, a: r(copy), b: r(left.register))
      left = Operand(register: copy, isTemporary: true, local: nil)
    }
    return (left, operand(b))
  }

  /// The flags of an instruction that may consume its operands.
  func flags(_ a: Operand, _ b: Operand? = nil) -> Int {
    (a.isTemporary ? 1 : 0) | (b?.isTemporary == true ? 2 : 0)
  }

  func noteRead(_ operand: Operand, _ instruction: Int, _ side: Local.Read.Operand) {
    operand.local?.lastRead = Local.Read(instruction: instruction, operand: side, loops: loops.map(\.id))
  }

  func noteReads(_ a: Operand, _ b: Operand, _ instruction: Int) {
    noteRead(a, instruction, .left)
    if let local = b.local, local === a.local { local.lastRead = nil } else { noteRead(b, instruction, .right) }
  }

  /// Reads a local without a chance to move it: what a borrowed use leaves behind.
  func noteBorrow(_ operand: Operand) { operand.local?.lastRead = nil }

  // MARK: Expressions

  /// Evaluates into a register.
  func expression(_ expr: Expr, into target: Int) {
    let saved = top
    defer { top = saved }
    if target >= top { top = target + 1 }
    reserve(top)
    switch expr.kind {
    case .none: emit(.loadNone, a: r(target))
    case .bool(let value): emit(.loadConstant, a: r(target), b: constant(.bool(value)))
    case .int(let value): loadInt(value, into: target)
    case .float(let value): emit(.loadConstant, a: r(target), b: constant(.float(value)))
    case .duration(let value): emit(.loadConstant, a: r(target), b: constant(.duration(value)))
    case .size(let value): emit(.loadConstant, a: r(target), b: constant(.size(value)))
    case .string(let parts): string(parts, into: target, expr)
    case .name(let name): self.name(name, expr.range, into: target)
    case .list(let items): list(items, into: target, expr)
    case .record(let items): record(items, into: target, expr)
    case .block(let block): blockValue(block, into: target)
    case .conditional(let condition, let then, let otherwise):
      conditional(condition, then, otherwise, into: target)
    case .match(let subject, let arms): match(subject, arms, into: target, expr)
    case .attempt(let body, let name, let handler): attempt(body, name, handler, into: target)
    case .lambda(let function): closure(function, name: "", into: target)
    case .use(let path): emit(.use, a: r(target), b: constant(.string(path)), at: .expression(expr))
    case .type(let type): typeValue(type, into: target, expr)
    case .range(let low, let high, let inclusive): range(low, high, inclusive, into: target, expr)
    case .negate(let inner): negate(inner, into: target, expr)
    case .not(let inner):
      let value = operand(inner)
      emit(.not, a: r(target), b: r(value.register), x: flags(value), at: .expression(expr))
      noteBorrow(value)
    case .binary(let operation, let a, let b): binary(operation, a, b, into: target, expr)
    case .logic(let operation, let a, let b): logic(operation, a, b, into: target, expr)
    case .compare(let operation, let a, let b):
      let (left, right) = operands(a, b)
      emit(
        operation.opcode, a: r(target), b: r(left.register), c: r(right.register), x: flags(left, right),
        at: .expression(expr))
      noteBorrow(left)
      noteBorrow(right)
    case .field(let object, let name):
      if unit.checksEverything { checkField(object, name, expr) }
      field(object, name.text, into: target, expr)
    case .index(let object, let items): index(object, items, into: target, expr)
    case .call(let callee, let arguments): call(callee, arguments, into: target, expr)
    case .paren(let inner): expression(inner, into: target)
    case .invalid: emit(.loadNone, a: r(target))
    }
  }

  private func negate(_ inner: Expr, into target: Int, _ expr: Expr) {
    switch inner.kind {
    case .int(let value) where value != 0: loadInt(-value, into: target)
    case .float(let value): emit(.loadConstant, a: r(target), b: constant(.float(-value)))
    default:
      let value = operand(inner)
      let at = emit(.negate, a: r(target), b: r(value.register), x: flags(value), at: .expression(expr))
      noteRead(value, at, .left)
    }
  }

  func binary(_ operation: BinaryOperator, _ a: Expr, _ b: Expr, into target: Int, _ expr: Expr) {
    if unit.checksEverything { checkOperation(operation, a, b, expr) }
    if case .int(let value) = b.kind, let opcode = operation.opcodeWithInt,
      let small = Int16(exactly: operation == .subtract ? -value : value)
    {
      let left = operand(a)
      let at = emit(opcode, a: r(target), b: r(left.register), c: Int(small), x: flags(left), at: .expression(expr))
      noteRead(left, at, .left)
      return
    }
    let (left, right) = operands(a, b)
    let at = emit(
      operation.opcode, a: r(target), b: r(left.register), c: r(right.register), x: flags(left, right),
      at: .expression(expr))
    noteReads(left, right, at)
  }

  private func logic(_ operation: LogicOperator, _ a: Expr, _ b: Expr, into target: Int, _ expr: Expr) {
    expression(a, into: target)
    let done = emit(operation == .and ? .shortAnd : .shortOr, a: r(target), at: .expression(a))
    let right = temporary()
    expression(b, into: right)
    emit(
      operation == .and ? .logicAnd : .logicOr, a: r(target), b: r(target), c: r(right), x: 3, at: .expression(expr))
    patch(done)
  }

  private func string(_ parts: [StringPart], into target: Int, _ expr: Expr) {
    let isPlain = parts.allSatisfy { if case .text = $0 { true } else { false } }
    if isPlain {
      let text = parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
      emit(.loadConstant, a: r(target), b: constant(.string(text)))
      return
    }
    let first = top
    var pieces: [Site.StringPiece] = []
    for part in parts {
      switch part {
      case .text(let text): pieces.append(.text(text))
      case .fill(let value, let format):
        expression(value, into: temporary())
        pieces.append(.fill(NumberFormat(parsing: format) ?? NumberFormat()))
      }
    }
    emit(.formatString, a: r(target), b: r(first), c: site(.string(pieces)), at: .expression(expr))
  }

  private func list(_ items: [ListItem], into target: Int, _ expr: Expr) {
    let hasSpread = items.contains { if case .spread = $0 { true } else { false } }
    if hasSpread || items.count > 200 { return buildList(items, into: target, expr) }
    let first = top
    for case .value(let value) in items { expression(value, into: temporary()) }
    emit(.newList, a: r(target), b: r(first), c: items.count, at: .expression(expr))
  }

  /// Long lists, and lists with spreads, are built in runs that each add to what is there.
  private func buildList(_ items: [ListItem], into target: Int, _ expr: Expr) {
    let whole = temporary()
    emit(.newList, a: r(whole), b: r(whole), c: 0)
    let first = top
    for run in stride(from: 0, to: items.count, by: 200) {
      top = first
      var spreads: [Bool] = []
      for item in items[run..<min(run + 200, items.count)] {
        switch item {
        case .value(let value):
          expression(value, into: temporary())
          spreads.append(false)
        case .spread(let value):
          expression(value, into: temporary())
          spreads.append(true)
        }
      }
      emit(.buildList, a: r(whole), b: r(first), c: site(.list(spreads)), at: .expression(expr))
    }
    emit(.take, a: r(target), b: r(whole))
  }

  private func record(_ items: [RecordItem], into target: Int, _ expr: Expr) {
    var names: [String] = []
    var isPlain = items.count <= 200
    for item in items {
      guard case .field(let name, _) = item else { isPlain = false; continue }
      if names.contains(name.text) {
        unit.report(.repeatedArgument, "`\(name.text)` stands twice in this record", name.range, hint: "each key has one value")
      }
      names.append(name.text)
    }
    guard isPlain else { return buildRecord(items, into: target, expr) }
    let first = top
    for case .field(_, let value) in items { expression(value, into: temporary()) }
    parts.layouts.append(Layout.of(names))
    emit(
      .newRecord, a: r(target), b: r(first), c: indexInRange(parts.layouts.count - 1), at: .expression(expr))
  }

  private func buildRecord(_ items: [RecordItem], into target: Int, _ expr: Expr) {
    let whole = temporary()
    emit(.newRecord, a: r(whole), b: r(whole), c: emptyLayout())
    let first = top
    for run in stride(from: 0, to: items.count, by: 200) {
      top = first
      var keys: [String?] = []
      for item in items[run..<min(run + 200, items.count)] {
        switch item {
        case .field(let name, let value):
          expression(value, into: temporary())
          keys.append(name.text)
        case .spread(let value):
          expression(value, into: temporary())
          keys.append(nil)
        }
      }
      emit(.buildRecord, a: r(whole), b: r(first), c: site(.record(keys)), at: .expression(expr))
    }
    emit(.take, a: r(target), b: r(whole))
  }

  private func emptyLayout() -> Int {
    parts.layouts.append(.empty)
    return indexInRange(parts.layouts.count - 1)
  }

  private func range(_ low: Expr?, _ high: Expr?, _ inclusive: Bool, into target: Int, _ expr: Expr) {
    let first = temporary()
    let second = temporary()
    if let low { expression(low, into: first) } else { emit(.loadNone, a: r(first)) }
    if let high { expression(high, into: second) } else { emit(.loadNone, a: r(second)) }
    let ends = (low != nil ? 1 : 0) | (high != nil ? 2 : 0) | (inclusive ? 4 : 0)
    emit(.newRange, a: r(target), b: r(first), x: ends, at: .expression(expr))
  }

  private func typeValue(_ type: TypeExpr, into target: Int, _ expr: Expr) {
    if type.axes == nil {
      emit(.loadConstant, a: r(target), b: constant(.type(TypeObject(name: type.name.text))))
      return
    }
    let first = top
    var axes: [(name: String?, isAny: Bool)] = []
    for axis in type.axes ?? [] {
      switch axis.size {
      case .leading:
        unit.report(.badType, "`...` stands in a contract, not in a type that is a value", type.range)
      case .any: axes.append((axis.name?.text, true))
      case .expression(let size):
        expression(size, into: temporary())
        axes.append((axis.name?.text, false))
      }
    }
    emit(.typeValue, a: r(target), b: r(first), c: site(.type(name: type.name.text, axes: axes)), at: .expression(expr))
  }

  // MARK: Names

  func name(_ name: String, _ range: SourceRange, into target: Int) {
    if let dtype = TypeObject.reserved(name), local(named: name) == nil {
      emit(.loadConstant, a: r(target), b: constant(.type(dtype)))
      return
    }
    switch resolve(name) {
    case .local(let local)?:
      if local.isLate {
        emit(.getLate, a: r(target), b: r(local.register), at: .range(range))
      } else if local.register != target {
        let at = emit(.move, a: r(target), b: r(local.register))
        local.lastRead = Local.Read(instruction: at, operand: .move, loops: loops.map(\.id))
      }
    case .capture(let index, let isLate)?:
      emit(.getCapture, a: r(target), b: index, x: isLate ? 1 : 0, at: .range(range))
    case .itself?: emit(.loadSelf, a: r(target))
    case .member(let position, let model)?:
      emit(.getMember, a: r(target), b: position, c: model, at: .range(range))
    case .method(let method, let model)?:
      emit(.getMember, a: r(target), b: nameIndex(method), c: model, x: 1, at: .range(range))
    case .training?: emit(.training, a: r(target))
    case .global(let slot)?:
      checkKnown(name, slot, range)
      parts.globals.insert(slot)
      emit(.getGlobal, a: r(target), b: slot, at: .range(range))
    case nil: tooLarge(range)
    }
  }

  /// What certainly runs must name what exists; elsewhere the reading itself says so.
  func checkKnown(_ name: String, _ slot: Int, _ range: SourceRange) {
    guard !isKnown(name) else {
      let line = unit.bindings[name] ?? 0
      if line > unit.source.line(at: range.start) { parts.nameHints[slot] = "line \(line) declares it, which has not run" }
      return
    }
    guard unit.checksEverything || isCertain else {
      parts.nameHints[slot] = didYouMean(name, among: visibleNames).map { "did you mean `\($0)`?" }
      return
    }
    let word = foreignModuleWord(name, range, in: unit.source) { unit.vocabulary.contains($0) }
    let hint = word ?? unit.machine.hint(forUnknown: name, in: unit.file, besides: visibleNames)
    unit.report(.unknownName, "there is no name `\(name)` here", range, hint: hint)
  }

  /// Runs whenever its cell does: neither in a function nor inside `try`.
  var isCertain: Bool { isTopLevel && attemptDepth == 0 }

  func isKnown(_ name: String) -> Bool {
    unit.file.isDefined(name) || unit.bindings[name] != nil || unit.vocabulary.contains(name)
  }

  /// Locals here and around, for did-you-mean.
  var visibleNames: [String] {
    scopes.flatMap { Array($0.locals.keys) } + (parent?.visibleNames ?? []) + (model.map { Array($0.names.keys) } ?? [])
  }

  // MARK: Fields and indices

  private func field(_ object: Expr, _ name: String, into target: Int, _ expr: Expr) {
    if case .index(let list, let items) = object.kind, items.count == 1, case .position = items[0].kind,
      !items[0].value.isOpenRange
    {
      let (base, key) = operands(list, items[0].value)
      emit(
        .getIndexField, a: r(target), b: r(base.register), c: r(key.register), x: flags(base, key), at: .expression(expr))
      emitField(name)
      noteBorrow(base)
      noteBorrow(key)
      return
    }
    let base = operand(object)
    emit(.getField, a: r(target), b: r(base.register), x: flags(base), at: .expression(expr))
    emitField(name)
    noteBorrow(base)
  }

  private func index(_ object: Expr, _ items: [IndexItem], into target: Int, _ expr: Expr) {
    if items.count == 1, case .position = items[0].kind {
      let (base, key) = operands(object, items[0].value)
      emit(
        .getIndex, a: r(target), b: r(base.register), c: r(key.register), x: flags(base, key), at: .expression(expr))
      noteBorrow(base)
      noteBorrow(key)
      return
    }
    let base = temporary()
    expression(object, into: base)
    let shapes = indexItems(items)
    emit(.getIndexes, a: r(target), b: r(base), c: site(.index(shapes)), at: .expression(expr))
  }

  /// Evaluates the items of an index into consecutive temporaries.
  func indexItems(_ items: [IndexItem]) -> [Site.IndexShape] {
    items.map { item in
      let register = temporary()
      switch item.kind {
      case .position:
        expression(item.value, into: register)
        return Site.IndexShape(axis: nil, isRest: false)
      case .axis(let name):
        expression(item.value, into: register)
        return Site.IndexShape(axis: name.text, isRest: false)
      case .rest:
        emit(.clearUnset, a: r(register), b: 1)
        return Site.IndexShape(axis: nil, isRest: true)
      }
    }
  }

  // MARK: Calls

  private func call(_ callee: Expr, _ arguments: [Argument], into target: Int, _ expr: Expr) {
    let isPlain = arguments.count <= 200 && arguments.allSatisfy { if case .positional = $0.kind { true } else { false } }
    let window = temporary()
    var slot: Int?
    if case .name(let name) = callee.kind, TypeObject.reserved(name) == nil, case .global(let found)? = resolve(name) {
      checkKnown(name, found, callee.range)
      checkCall(of: name, arguments, expr)
      parts.globals.insert(found)
      slot = found
    } else {
      if case .field(let object, let name) = callee.kind { checkCall(of: object, name, arguments, expr) }
      expression(callee, into: window)
    }
    if !isPlain, let slot { emit(.getGlobal, a: r(window), b: slot, at: .expression(callee)) }
    var kinds: [Site.CallArgument] = []
    for argument in arguments {
      expression(argument.value, into: temporary())
      switch argument.kind {
      case .positional: kinds.append(.positional)
      case .label(let name): kinds.append(.label(name.text))
      case .spread: kinds.append(.spread)
      }
    }
    reserve(top + 2)
    if !isPlain {
      emit(.callSpread, a: r(window), b: site(.call(kinds)), c: r(target), at: .expression(expr))
    } else if let slot {
      emit(.callGlobal, a: r(window), b: slot, c: r(target), x: arguments.count, at: .expression(expr))
    } else {
      emit(.call, a: r(window), c: r(target), x: arguments.count, at: .expression(expr))
    }
  }

  func closure(_ function: Function, name: String, into target: Int) {
    let prototype = compile(function: function, name: name)
    parts.globals.formUnion(prototype.globals)
    parts.prototypes.append(prototype)
    emit(.closure, a: r(target), b: indexInRange(parts.prototypes.count - 1))
  }

  // MARK: Control

  /// Jumps to take when the condition is false.
  func jumpsUnless(_ condition: Expr) -> [Int] {
    let saved = top
    defer { top = saved }
    switch condition.kind {
    case .paren(let inner): return jumpsUnless(inner)
    case .logic(.and, let a, let b): return jumpsUnless(a) + jumpsUnless(b)
    default:
      if let jump = comparisonJump(condition, \.jumpUnless, \.jumpUnlessInt) { return [jump] }
    }
    let value = operand(condition)
    noteBorrow(value)
    return [emit(.jumpUnless, a: r(value.register), x: flags(value), at: .expression(condition))]
  }

  /// A comparison that is a jump, with the opcode of two registers or that of a register and a small int.
  func comparisonJump(
    _ expr: Expr, _ opcode: (CompareOperator) -> Opcode?, _ opcodeWithInt: (CompareOperator) -> Opcode?
  ) -> Int? {
    guard case .compare(let operation, let a, let b) = expr.kind else { return nil }
    if case .int(let value) = b.kind, let small = Int16(exactly: value), let opcode = opcodeWithInt(operation) {
      let left = operand(a)
      noteBorrow(left)
      return emit(opcode, a: r(left.register), b: Int(small), x: flags(left), at: .expression(expr))
    }
    guard let opcode = opcode(operation) else { return nil }
    let (left, right) = operands(a, b)
    noteBorrow(left)
    noteBorrow(right)
    return emit(opcode, a: r(left.register), b: r(right.register), x: flags(left, right), at: .expression(expr))
  }

  private func conditional(_ condition: Expr, _ then: Block, _ otherwise: Expr?, into target: Int) {
    let skip = jumpsUnless(condition)
    blockValue(then, into: target)
    let done = emit(.jump)
    patch(skip)
    if let otherwise { expression(otherwise, into: target) } else { emit(.loadNone, a: r(target)) }
    patch(done)
  }

  private func match(_ subject: Expr, _ arms: [MatchArm], into target: Int, _ expr: Expr) {
    let value = temporary()
    expression(subject, into: value)
    var ends: [Int] = []
    for arm in arms {
      openScope()
      let (pattern, first) = declare(pattern: arm.pattern)
      emit(.match, a: r(value), b: r(first), c: pattern, at: .range(arm.pattern.range))
      var failures = [emit(.jump)]
      if let condition = arm.guardCondition { failures += jumpsUnless(condition) }
      armValue(arm.body, into: target)
      closeScope()
      ends.append(emit(.jump))
      patch(failures)
    }
    emit(.raise, a: r(value), at: .expression(expr))
    patch(ends)
    emit(.clear, a: r(value))
  }

  private func armValue(_ body: Statement, into target: Int) {
    if case .expression(let value) = body.kind { return expression(value, into: target) }
    statement(body)
    emit(.loadNone, a: r(target))
  }

  private func attempt(_ body: Block, _ name: Name, _ handler: Block, into target: Int) {
    let firstTemporary = top
    let start = here
    attemptDepth += 1
    blockValue(body, into: target)
    attemptDepth -= 1
    let end = here
    let done = emit(.jump)
    openScope()
    let error = declare(name.text)
    parts.handlers.append(
      .init(start: start, end: end, target: here, register: error.register, firstTemporary: firstTemporary))
    blockValue(handler, into: target)
    closeScope()
    patch(done)
  }
}

extension Expr {
  /// `1..`, `..2`: a range as an index takes, not one with items.
  var isOpenRange: Bool {
    if case .range = kind { true } else { false }
  }

  /// A comparison of names, numbers and arithmetic with them.
  var isPlainComparison: Bool {
    if case .compare(_, let a, let b) = kind { a.isPlainOperand && b.isPlainOperand } else { false }
  }

  private var isPlainOperand: Bool {
    switch kind {
    case .name, .int, .float: true
    case .paren(let a): a.isPlainOperand
    case .binary(_, let a, let b): a.isPlainOperand && b.isPlainOperand
    default: false
    }
  }

  /// Could evaluating this assign to a local? Only what holds statements can.
  var mayAssign: Bool {
    switch kind {
    case .block, .conditional, .match, .attempt: true
    case .paren(let a), .negate(let a), .not(let a), .field(let a, _): a.mayAssign
    case .binary(_, let a, let b), .logic(_, let a, let b), .compare(_, let a, let b): a.mayAssign || b.mayAssign
    case .index(let a, let items): a.mayAssign || items.contains { $0.value.mayAssign }
    case .call(let f, let arguments): f.mayAssign || arguments.contains { $0.value.mayAssign }
    case .list(let items):
      items.contains { if case .value(let value) = $0 { value.mayAssign } else { true } }
    case .record(let items):
      items.contains { if case .field(_, let value) = $0 { value.mayAssign } else { true } }
    case .string(let parts):
      parts.contains { if case .fill(let value, _) = $0 { value.mayAssign } else { false } }
    case .range(let low, let high, _): (low?.mayAssign ?? false) || (high?.mayAssign ?? false)
    default: false
    }
  }
}

extension BinaryOperator {
  var opcode: Opcode {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .power: .power
    case .matmul: .matmul
    }
  }
}

extension BinaryOperator {
  /// With a small int written on the right.
  var opcodeWithInt: Opcode? {
    switch self {
    case .add, .subtract: .addInt
    case .multiply: .multiplyInt
    case .remainder: .remainderInt
    default: nil
    }
  }

  /// How the instructions that change a number in its place say which operator it is.
  var quickUpdate: Int? {
    switch self {
    case .add: 0
    case .subtract: 1
    case .multiply: 2
    default: nil
    }
  }
}

extension CompareOperator {
  var opcode: Opcode {
    switch self {
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .isIn: .isIn
    case .notIn: .notIn
    }
  }

  var jumpUnless: Opcode? {
    switch self {
    case .less: .jumpUnlessLess
    case .lessEqual: .jumpUnlessLessEqual
    case .greater: .jumpUnlessGreater
    case .greaterEqual: .jumpUnlessGreaterEqual
    case .equal: .jumpUnlessEqual
    case .notEqual: .jumpIfEqual
    case .isIn, .notIn: nil
    }
  }

  var loopWhile: Opcode? {
    switch self {
    case .less: .loopWhileLess
    case .lessEqual: .loopWhileLessEqual
    case .greater: .loopWhileGreater
    case .greaterEqual: .loopWhileGreaterEqual
    case .equal, .notEqual, .isIn, .notIn: nil
    }
  }

  var loopWhileInt: Opcode? {
    switch self {
    case .less: .loopWhileLessInt
    case .lessEqual: .loopWhileLessEqualInt
    case .greater: .loopWhileGreaterInt
    case .greaterEqual: .loopWhileGreaterEqualInt
    case .equal, .notEqual, .isIn, .notIn: nil
    }
  }

  var jumpUnlessInt: Opcode? {
    switch self {
    case .less: .jumpUnlessLessInt
    case .lessEqual: .jumpUnlessLessEqualInt
    case .greater: .jumpUnlessGreaterInt
    case .greaterEqual: .jumpUnlessGreaterEqualInt
    case .equal: .jumpUnlessEqualInt
    case .notEqual, .isIn, .notIn: nil
    }
  }
}

extension TypeObject {
  /// Dtypes, `int` and `float` are reserved words that stand for themselves.
  static func reserved(_ name: String) -> TypeObject? { reservedTypes[name] }

  nonisolated(unsafe) private static let reservedTypes: [String: TypeObject] = {
    let names = ["u8", "i8", "i32", "i64", "f16", "bf16", "f32", "f64"]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, TypeObject(name: $0)) })
  }()
}
