import TernSyntax

extension FunctionCompiler {
  /// Runs a block; its value, the last expression's, goes to a register.
  func blockValue(_ block: Block, into target: Int) {
    openScope()
    if target >= top { top = target + 1 }
    declareLateFunctions(block)
    for statement in block.statements.dropLast() { self.statement(statement) }
    if let last = block.statements.last, case .expression(let value) = last.kind {
      expression(value, into: target)
      closeScope()
    } else {
      if let last = block.statements.last { statement(last) }
      closeScope()
      emit(.loadNone, a: r(target))
    }
  }

  /// Runs a block for its effects.
  func blockStatements(_ block: Block) {
    openScope()
    declareLateFunctions(block)
    for statement in block.statements { self.statement(statement) }
    closeScope()
  }

  /// The `fn`s of one block see each other. A slot is made beforehand for each one whose name an earlier one mentions.
  private func declareLateFunctions(_ block: Block) {
    var functions: [String] = []
    for statement in block.statements {
      if case .function(let function) = statement.kind, let name = function.name { functions.append(name.text) }
    }
    guard functions.count > 1 else { return }
    for name in functions {
      let local = declare(name)
      local.isLate = true
      emit(.fillLate, a: r(local.register), x: 1)
    }
  }

  func statement(_ statement: Statement) {
    let saved = top
    switch statement.kind {
    case .expression(let value):
      effect(value)
      top = saved
    case .binding(let isVar, let pattern, let type, let value, _): binding(isVar, pattern, type, value, statement)
    case .function(let function): functionStatement(function)
    case .model(let declaration): modelStatement(declaration)
    case .assignment(let place, let operation, let value):
      assignment(place, operation, value, statement)
      top = saved
    case .forLoop(let pattern, let sequence, let body):
      forLoop(pattern, sequence, body)
      top = saved
    case .whileLoop(let condition, let body):
      whileLoop(condition, body)
      top = saved
    case .returning(let value): returning(value, statement)
    case .breaking: leaveLoop(statement) { $0.breaks.append($1) }
    case .continuing: leaveLoop(statement) { $0.continues.append($1) }
    case .invalid: break
    }
  }

  /// Evaluates for the effects alone.
  private func effect(_ value: Expr) {
    switch value.kind {
    case .paren(let inner): effect(inner)
    case .block(let block): blockStatements(block)
    case .conditional(let condition, let then, let otherwise):
      let skip = jumpsUnless(condition)
      blockStatements(then)
      guard let otherwise else { return patch(skip) }
      let done = emit(.jump)
      patch(skip)
      effect(otherwise)
      patch(done)
    default:
      let register = temporary()
      expression(value, into: register)
      emit(.clear, a: r(register))
    }
  }

  private var bindsSlots: Bool { isTopLevel && scopes.count == 1 }

  // MARK: Bindings

  private func binding(_ isVar: Bool, _ pattern: Pattern, _ type: TypeExpr?, _ value: Expr, _ statement: Statement) {
    var contract = type.map { self.contract($0) }
    if case .none = value.kind { contract?.admitsNone = true }
    if unit.checksEverything {
      checkAnnotation(pattern, type, value)
      checkUsed(pattern, value)
    }
    if bindsSlots { return topLevelBinding(isVar, pattern, contract, value, statement) }
    if case .name(let name) = pattern.kind {
      // The register is taken before the value is computed, the name known only after: `let x = x + 1` reads the outer one.
      let register = temporary()
      expression(value, into: register)
      if let contract {
        emit(.contractVar, a: r(register), b: contractIndex(contract), c: constant(.string(name)), at: .range(value.range))
      }
      top = register
      let local = declare(name, isVar: isVar, mayShare: !value.isFresh)
      local.contract = isVar ? contract : nil
      return
    }
    let register = temporary()
    expression(value, into: register)
    bind(pattern, from: register, isVar: isVar, place: .expression(value))
    emit(.clear, a: r(register))
  }

  private func topLevelBinding(
    _ isVar: Bool, _ pattern: Pattern, _ contract: Contract?, _ value: Expr, _ statement: Statement
  ) {
    let register = temporary()
    expression(value, into: register)
    if case .name(let name) = pattern.kind {
      if let contract {
        emit(.contractVar, a: r(register), b: contractIndex(contract), c: constant(.string(name)), at: .range(value.range))
      }
      bindSlot(name, isVar: isVar, contract: isVar ? contract : nil, from: register, pattern.range)
    } else {
      openScope()
      let (index, first) = declare(pattern: pattern)
      emit(.bindPattern, a: r(register), b: r(first), c: index, at: .expression(value))
      for (name, local) in scopes[scopes.count - 1].locals.sorted(by: { $0.value.register < $1.value.register }) {
        bindSlot(name, isVar: isVar, contract: nil, from: local.register, pattern.range)
      }
      closeScope()
    }
    top = register
  }

  private func bindSlot(_ name: String, isVar: Bool, contract: Contract?, from register: Int, _ range: SourceRange) {
    guard let slot = unit.file.slot(of: name) else { return tooLarge(range) }
    var index = 0
    if let contract { index = contractIndex(contract) + 1 }
    emit(.setGlobal, a: r(register), b: slot, c: index, x: 1 | (isVar ? 2 : 0), at: .range(range))
  }

  /// Declares a pattern's names in the innermost block; gives the compiled pattern and the first of its registers.
  func declare(pattern: Pattern, isVar: Bool = false) -> (index: Int, first: Int) {
    let first = top
    var names: Set<String> = []
    let compiled = compile(pattern, first: first, isVar: isVar, names: &names)
    parts.patterns.append(compiled)
    return (indexInRange(parts.patterns.count - 1), first)
  }

  func bind(_ pattern: Pattern, from register: Int, isVar: Bool, place: Prototype.Place = .none) {
    let (index, first) = declare(pattern: pattern, isVar: isVar)
    var at = place
    if case .none = place { at = .range(pattern.range) }
    emit(.bindPattern, a: r(register), b: r(first), c: index, at: at)
  }

  private func compile(_ pattern: Pattern, first: Int, isVar: Bool, names: inout Set<String>) -> CompiledPattern {
    func bound(_ name: String) -> Int {
      if !names.insert(name).inserted {
        unit.report(.badPattern, "`\(name)` stands twice in this pattern", pattern.range)
      }
      return declare(name, isVar: isVar).register - first
    }
    switch pattern.kind {
    case .wildcard, .rest, .invalid: return .wildcard
    case .name(let name): return .bind(bound(name))
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .string(let value): return .string(value)
    case .range(let low, let high, let inclusive): return .range(low: low, high: high, inclusive: inclusive)
    case .list(let items):
      var before: [CompiledPattern] = []
      var after: [CompiledPattern] = []
      var rest: CompiledPattern.Rest?
      for item in items {
        if case .rest(let name) = item.kind {
          rest = CompiledPattern.Rest(register: name.map(bound))
        } else if rest == nil {
          before.append(compile(item, first: first, isVar: isVar, names: &names))
        } else {
          after.append(compile(item, first: first, isVar: isVar, names: &names))
        }
      }
      return .list(before: before, rest: rest, after: after)
    case .record(let fields, let rest):
      let compiled = fields.map { field in
        (key: FieldKey(field.key.text), pattern: compile(field.pattern, first: first, isVar: isVar, names: &names))
      }
      return .record(fields: compiled, rest: rest.map { bound($0.text) })
    }
  }

  private func functionStatement(_ function: Function) {
    guard let name = function.name?.text else { return }
    if bindsSlots {
      let register = temporary()
      closure(function, name: name, into: register)
      bindSlot(name, isVar: false, contract: nil, from: register, function.range)
      top = register
    } else if let late = local(named: name), late.isLate, scopes.last?.locals[name] === late {
      let register = temporary()
      closure(function, name: name, into: register)
      emit(.fillLate, a: r(late.register), b: r(register))
      top = register
    } else {
      let local = declare(name)
      functionCalledByItself(function, name, into: local.register)
    }
  }

  /// A local function may name itself: inside it, its name is the function that runs.
  private func functionCalledByItself(_ function: Function, _ name: String, into register: Int) {
    selfNames.append(name)
    closure(function, name: name, into: register)
    selfNames.removeLast()
  }

  // MARK: Assignment

  private func assignment(_ place: Expr, _ operation: BinaryOperator?, _ value: Expr, _ statement: Statement) {
    var steps: [Expr] = []
    var root = place
    while true {
      switch root.kind {
      case .index(let inner, _), .field(let inner, _):
        steps.append(root)
        root = inner
        continue
      case .paren(let inner):
        root = inner
        continue
      default: break
      }
      break
    }
    guard case .name(let name) = root.kind else { return }
    switch assignable(name, root.range, steps.isEmpty && operation == nil ? value : nil) {
    case .local(let local)?:
      if steps.isEmpty {
        assign(local, operation, value, statement)
      } else {
        assignPlace(steps.reversed(), operation, value, statement, root: .local(local))
      }
    case .slot(let slot)?:
      if steps.isEmpty {
        assign(slot: slot, name, operation, value, root, statement)
      } else {
        assignPlace(steps.reversed(), operation, value, statement, root: .slot(slot))
      }
    case .state(let position)?: assignState(position, steps.reversed(), operation, value, statement)
    case nil: break
    }
  }

  /// What is wrong with an assignment: known before the cell runs where it certainly runs, else raised when it is reached.
  private func refuse(_ code: ErrorCode, _ message: String, _ range: SourceRange, hint: String? = nil) {
    if unit.checksEverything || isCertain { return unit.report(code, message, range, hint: hint) }
    emit(.refuse, b: site(.refusal(code: code, message: message, hint: hint)), at: .range(range))
  }

  private enum Assignable { case local(Local), slot(Int), state(Int) }

  private func assignable(_ name: String, _ range: SourceRange, _ value: Expr?) -> Assignable? {
    if let local = local(named: name) {
      guard local.isVar else {
        refuse(
          .assignToLet, "`\(name)` is a `let`, which never changes", range, hint: "`var \(name)` where it is declared; of a parameter or a loop's name first `var \(name) = \(name)`")
        return nil
      }
      return .local(local)
    }
    if let model, let position = model.names[name] {
      guard model.kinds[position] == .state else {
        refuse(
          .assignModel, "`\(name)` is no `state` of this model", range,
          hint: "a `call` assigns only to `state`s and to its own `var`s")
        return nil
      }
      return .state(position)
    }
    if !isTopLevel {
      if canReach(name) {
        refuse(
          .assignOutside, "a function assigns only to its own names; `\(name)` is from outside", range,
          hint: "return the new value, or start with `var \(name) = \(name)`")
      } else {
        unknownPlace(name, range, value)
      }
      return nil
    }
    guard let slot = unit.file.position(of: name), unit.file.facts[slot].isDefined || unit.bindings[name] != nil else {
      unknownPlace(name, range, value)
      return nil
    }
    return .slot(slot)
  }

  private func canReach(_ name: String) -> Bool {
    if unit.file.isDefined(name) || unit.bindings[name] != nil { return true }
    var outer = parent
    while let compiler = outer {
      if compiler.local(named: name) != nil || compiler.model?.names[name] != nil { return true }
      outer = compiler.parent
    }
    return false
  }

  /// `x = 5` of a name that does not exist: mostly a new one is meant.
  private func unknownPlace(_ name: String, _ range: SourceRange, _ value: Expr?) {
    let text = value.map { unit.source.text($0.range) } ?? ""
    let hint =
      value == nil
      ? "`var \(name) = …` first: what changes has a value before"
      : "`let \(name) = \(text.utf8.count < 40 && !text.contains("\n") ? text : "…")`; `var` if it will change"
    let near = didYouMean(name, among: visibleNames + unit.file.definedNames + unit.bindings.keys)
    refuse(
      .unknownName, "there is no name `\(name)` to assign to", range,
      hint: hint + (near.map { "; or did you mean `\($0)`?" } ?? ""))
  }

  private func assign(_ local: Local, _ operation: BinaryOperator?, _ value: Expr, _ statement: Statement) {
    if operation == nil, case .call(let callee, let arguments) = value.kind, isPush(callee, arguments, of: local) {
      return push(local, arguments[1].value, value)
    }
    let direct = local.contract == nil && !(attemptDepth > 0 && value.mayAssign)
    let target = direct && canTarget(local, value) ? local.register : temporary()
    if let operation {
      let right = operand(value)
      let at = emit(
        operation.opcode, a: r(target), b: r(local.register), c: r(right.register),
        x: flags(right) << 1 | (target == local.register ? 1 : 0), at: .operation(statement))
      noteRead(right, at, .right)
    } else {
      local.lastRead = nil
      let firstRead = here
      expression(value, into: target)
      moveBeforeOverwrite(local, readsFrom: firstRead)
    }
    if target != local.register {
      if let contract = local.contract {
        emit(
          .contractVar, a: r(target), b: contractIndex(contract), c: constant(.string(local.name)), at: .expression(value))
      }
      emit(.take, a: r(local.register), b: r(target))
    }
    local.lastRead = nil
  }

  /// May the value be computed right into the local's register? Not when a part of it is still to be read after the first
  /// write, or when a failure must leave the old value for a handler.
  private func canTarget(_ local: Local, _ value: Expr) -> Bool {
    switch value.kind {
    case .binary, .negate, .compare, .not, .int, .float, .bool, .none, .name, .field, .index: true
    case .call: true
    case .paren(let inner): canTarget(local, inner)
    default: false
    }
  }

  /// In `s = f(s, x)` the old `s` is given away: its last read before the assignment moves, unless a handler may want it.
  private func moveBeforeOverwrite(_ local: Local, readsFrom first: Int) {
    guard let read = local.lastRead, read.instruction >= first, read.loops == loops.map(\.id) else { return }
    let instruction = parts.code[read.instruction]
    switch read.operand {
    // An operator that writes over its own operand changes it only when nothing can fail any more.
    case .left where instruction.a == r(local.register): turnIntoMove(read)
    case .move where attemptDepth == 0 && instruction.opcode == .move: turnIntoMove(read)
    case .left where attemptDepth == 0: turnIntoMove(read)
    case .right where attemptDepth == 0: turnIntoMove(read)
    default: break
    }
  }

  private func isPush(_ callee: Expr, _ arguments: [Argument], of local: Local) -> Bool {
    guard case .name("push") = callee.kind, arguments.count == 2, local.contract == nil,
      case .positional = arguments[0].kind, case .positional = arguments[1].kind,
      case .name(local.name) = arguments[0].value.kind, !unit.file.isDefined("push"), unit.bindings["push"] == nil,
      case .global? = resolve("push")
    else { return false }
    return true
  }

  private func push(_ local: Local, _ value: Expr, _ whole: Expr) {
    guard let slot = unit.file.slot(of: "push") else { return }
    parts.globals.insert(slot)
    let item = operand(value)
    let at = emit(.push, a: r(local.register), b: r(item.register), c: slot, x: flags(item), at: .expression(whole))
    if item.local !== local { noteRead(item, at, .left) }
    local.lastRead = nil
  }

  private func assign(
    slot: Int, _ name: String, _ operation: BinaryOperator?, _ value: Expr, _ root: Expr, _ statement: Statement
  ) {
    parts.globals.insert(slot)
    let target = temporary()
    let gives = attemptDepth == 0 && unit.mayGiveAway(name, in: value)
    if let operation {
      let right = operand(value)
      let left = temporary()
      emit(gives ? .takeGlobal : .getGlobal, a: r(left), b: slot, at: .expression(root))
      emit(
        operation.opcode, a: r(target), b: r(left), c: r(right.register), x: 1 | flags(right) << 1,
        at: .operation(statement))
    } else {
      let first = here
      expression(value, into: target)
      if gives { takeOnlyRead(of: slot, from: first) }
    }
    emit(.setGlobal, a: r(target), b: slot, c: 0, x: 4, at: .expression(root))
  }

  /// Turns the one read of a slot among the instructions just emitted into a move.
  private func takeOnlyRead(of slot: Int, from first: Int) {
    let reads = (first..<here).filter { parts.code[$0].opcode == .getGlobal && parts.code[$0].b == slot }
    guard reads.count == 1, let read = reads.first else { return }
    let old = parts.code[read]
    parts.code[read] = Instruction(.takeGlobal, x: old.x, a: UInt16(old.a), b: UInt16(old.b), c: UInt16(old.c))
  }

  private enum PlaceRoot { case local(Local), slot(Int) }

  private func assignPlace(
    _ steps: [Expr], _ operation: BinaryOperator?, _ value: Expr, _ statement: Statement, root: PlaceRoot
  ) {
    let item = operand(value)
    if case .local(let local) = root {
      if let operation {
        if changePlace(steps, operation, item, local, statement, value) { return }
      } else if quickPlace(steps, item, local, statement) {
        return
      }
    }
    var owned = item
    if !item.isTemporary {
      let copy = temporary()
      let at = emit(.move, a: r(copy), b: r(item.register))
      noteRead(item, at, .move)
      owned = Operand(register: copy, isTemporary: true, local: nil)
    }
    let first = top
    let shape = steps.map { step -> Site.PlaceStep in
      switch step.kind {
      case .field(_, let name): return .field(name.text)
      case .index(_, let items): return .index(indexItems(items))
      default: return .field("")
      }
    }
    let description = site(.place(steps: shape, operation: operation))
    switch root {
    case .local(let local):
      emit(.setPlace, a: r(local.register), b: r(first), c: r(owned.register), at: .statementPlace(statement))
      local.lastRead = nil
    case .slot(let slot):
      parts.globals.insert(slot)
      emit(.setPlace, a: slot, b: r(first), c: r(owned.register), x: 1, at: .statementPlace(statement))
    }
    appendData(UInt64(description))
  }

  /// `xs[i] += v`, `r.a += v`, `xs[i].a += v`: read, operate, write, with the index evaluated once.
  private func changePlace(
    _ steps: [Expr], _ operation: BinaryOperator, _ item: Operand, _ local: Local, _ statement: Statement, _ value: Expr
  ) -> Bool {
    var key: Operand?
    var field: String?
    for (position, step) in steps.enumerated() {
      switch step.kind {
      case .index(_, let items) where position == 0 && items.count == 1:
        guard case .position = items[0].kind else { return false }
        key = operand(items[0].value)
        if let key { noteBorrow(key) }
      case .field(_, let name) where position == steps.count - 1: field = name.text
      default: return false
      }
    }
    let old = temporary()
    let place = Prototype.Place.statementPlace(statement)
    let cache = field.map { FieldWord.encode(name: nameIndex($0), cache: unit.machine.newFieldCache()) }
    updateQuickly(operation, local, key, cache, item, at: place)
    switch (key, cache) {
    case (let key?, let cache?):
      emit(.getIndexField, a: r(old), b: r(local.register), c: r(key.register), at: place)
      appendData(cache)
    case (let key?, nil): emit(.getIndex, a: r(old), b: r(local.register), c: r(key.register), at: place)
    case (nil, let cache?):
      emit(.getField, a: r(old), b: r(local.register), at: place)
      appendData(cache)
    default: return false
    }
    emit(
      operation.opcode, a: r(old), b: r(old), c: r(item.register), x: 1 | flags(item) << 1,
      at: .operation(statement))
    noteBorrow(item)
    local.lastRead = nil
    switch (key, cache) {
    case (let key?, let cache?):
      emit(.setIndexField, a: r(local.register), b: r(key.register), c: r(old), x: flags(key) | 2, at: place)
      appendData(cache)
    case (let key?, nil): emit(.setIndex, a: r(local.register), b: r(key.register), c: r(old), x: flags(key) | 2, at: place)
    default:
      emit(.setField, a: r(local.register), c: r(old), x: 2, at: place)
      appendData(cache ?? 0)
    }
    return true
  }

  /// Before the general instructions of `changePlace`: one that does the same to numbers and jumps over them.
  private func updateQuickly(
    _ operation: BinaryOperator, _ local: Local, _ key: Operand?, _ field: UInt64?, _ item: Operand, at place: Prototype.Place
  ) {
    guard let how = operation.quickUpdate else { return }
    let opcode: Opcode = key == nil ? .updateField : field == nil ? .updateIndex : .updateIndexField
    emit(opcode, a: r(local.register), b: r(key?.register ?? 0), c: r(item.register), x: how, at: place)
    if let field { appendData(field) }
  }

  /// `xs[i] = v`, `r.a = v`, `xs[i].a = v`: an opcode each.
  private func quickPlace(_ steps: [Expr], _ item: Operand, _ local: Local, _ statement: Statement) -> Bool {
    func key(_ step: Expr) -> Operand? {
      guard case .index(_, let items) = step.kind, items.count == 1, case .position = items[0].kind else { return nil }
      return operand(items[0].value)
    }
    func name(_ step: Expr) -> String? {
      if case .field(_, let name) = step.kind { name.text } else { nil }
    }
    defer { local.lastRead = nil }
    func noteItem(_ at: Int) { if item.local !== local { noteRead(item, at, .right) } }
    if steps.count == 1, let field = name(steps[0]) {
      noteItem(emit(.setField, a: r(local.register), c: r(item.register), x: flags(item) << 1, at: .statementPlace(statement)))
      emitField(field)
      return true
    }
    if steps.count == 1, let index = key(steps[0]) {
      noteBorrow(index)
      noteItem(
        emit(
          .setIndex, a: r(local.register), b: r(index.register), c: r(item.register), x: flags(index, item),
          at: .statementPlace(statement)))
      return true
    }
    if steps.count == 2, let field = name(steps[1]), let index = key(steps[0]) {
      noteBorrow(index)
      noteItem(
        emit(
          .setIndexField, a: r(local.register), b: r(index.register), c: r(item.register), x: flags(index, item),
          at: .statementPlace(statement)))
      emitField(field)
      return true
    }
    return false
  }

  private func assignState(
    _ position: Int, _ steps: [Expr], _ operation: BinaryOperator?, _ value: Expr, _ statement: Statement
  ) {
    openScope()
    let target = declare("state being assigned", isVar: true)
    if steps.isEmpty && operation == nil {
      expression(value, into: target.register)
    } else {
      emit(.getMember, a: r(target.register), b: position, c: 0, at: .statementPlace(statement))
      if steps.isEmpty {
        assign(target, operation, value, statement)
      } else {
        assignPlace(steps, operation, value, statement, root: .local(target))
      }
    }
    emit(.setMember, a: r(target.register), b: position, at: .statementPlace(statement))
    closeScope()
  }

  // MARK: Loops

  private func forLoop(_ pattern: Pattern, _ sequence: Expr, _ body: Block) {
    if case .range(let low?, let high?, let inclusive) = sequence.kind, case .name(let name) = pattern.kind {
      return countedLoop(name, low, high, inclusive, sequence, body)
    }
    if case .range(let low?, let high?, let inclusive) = sequence.kind, case .wildcard = pattern.kind {
      return countedLoop("_", low, high, inclusive, sequence, body)
    }
    openScope()
    let items = temporary()
    expression(sequence, into: items)
    _ = temporary()
    emit(.eachPrepare, a: r(items), at: .expression(sequence))
    let test = emit(.jump)
    let start = here
    openLoop()
    openScope()
    let item = temporary()
    switch pattern.kind {
    case .name(let name):
      top = item
      declare(name)
    case .wildcard: scopes[scopes.count - 1].needsClearing = true
    default:
      scopes[scopes.count - 1].needsClearing = true
      bind(pattern, from: item, isVar: false)
    }
    blockStatements(body)
    patchContinues()
    closeScope()
    patch(test)
    emit(.forEach, a: r(items), b: r(item), at: .expression(sequence))
    let back = emit(.jumpBack, at: .range(sequence.range))
    setJump(back, to: start)
    top = item + 1
    closeLoop(clearingFrom: item)
    clearRegisters(from: items)
    scopes.removeLast()
    top = items
  }

  private func countedLoop(
    _ name: String, _ low: Expr, _ high: Expr, _ inclusive: Bool, _ sequence: Expr, _ body: Block
  ) {
    openScope()
    let counter = temporary()
    let end = temporary()
    expression(low, into: counter)
    expression(high, into: end)
    let prepare = emit(.forPrepare, a: r(counter), x: inclusive ? 1 : 0, at: .expression(sequence))
    let start = here
    openLoop()
    let local = Local(name, register: counter, isVar: false, loops: loops.map(\.id))
    local.isPinned = true
    if name != "_" { scopes[scopes.count - 1].locals[name] = local }
    blockStatements(body)
    patchContinues()
    patchPrepare(prepare)
    let loop = emit(.forRange, a: r(counter), at: .range(sequence.range))
    setJump(loop, to: start)
    closeLoop(clearingFrom: top)
    scopes.removeLast()
    top = counter
  }

  private func patchPrepare(_ prepare: Int) { parts.code[prepare].jump = here - prepare - 1 }

  private func whileLoop(_ condition: Expr, _ body: Block) {
    let start = here
    openLoop()
    let exit = jumpsUnless(condition)
    let again = here
    blockStatements(body)
    patchContinues()
    // A plain comparison is asked anew at the end, where it is the jump back as well.
    if condition.isPlainComparison, let back = comparisonJump(condition, \.loopWhile, \.loopWhileInt) {
      setJump(back, to: again)
    } else {
      setJump(emit(.jumpBack, at: .range(condition.range)), to: start)
    }
    patch(exit)
    closeLoop(clearingFrom: top)
  }

  private func openLoop() {
    loops.append(LoopScope(id: newLoop(), scopeDepth: scopes.count, attemptDepth: attemptDepth))
  }

  private func patchContinues() { patch(loops[loops.count - 1].continues) }

  /// Ends a loop. A `break` may leave locals of the body behind: what they hold is let go.
  private func closeLoop(clearingFrom first: Int) {
    let loop = loops.removeLast()
    guard !loop.breaks.isEmpty else { return }
    patch(loop.breaks)
    let highest = parts.registerCount
    if highest > first { emit(.clearRange, a: r(first), b: highest - first) }
  }

  private func leaveLoop(_ statement: Statement, _ note: (inout LoopScope, Int) -> Void) {
    guard !loops.isEmpty else {
      return unit.report(.misplacedControl, "`break` and `continue` stand in a loop", statement.range)
    }
    let jump = emit(.jump)
    note(&loops[loops.count - 1], jump)
  }

  private func returning(_ value: Expr?, _ statement: Statement) {
    guard !isTopLevel else {
      return unit.report(.misplacedControl, "`return` stands outside a function", statement.range)
    }
    let saved = top
    emitReturn(returned(value), at: .range(statement.range))
    top = saved
  }

  /// The register of the value to return. A local is moved out where it lies: the frame ends.
  private func returned(_ value: Expr?) -> Int {
    if let value, case .name(let name) = value.kind, let local = local(named: name), !local.isLate {
      local.lastRead = nil
      return local.register
    }
    let register = temporary()
    if let value { expression(value, into: register) } else { emit(.loadNone, a: r(register)) }
    return register
  }
}

extension Expr {
  /// Makes a new value that nothing else refers to.
  var isFresh: Bool {
    switch kind {
    case .binary, .compare, .negate, .not, .int, .float, .bool, .none: true
    case .paren(let inner): inner.isFresh
    default: false
    }
  }
}

extension Prototype.Place {
  /// An operation between a name and a value that the statement `name op= value` stands for.
  static func operation(_ statement: Statement) -> Prototype.Place {
    if case .assignment(let place, let operation?, let value) = statement.kind {
      return .expression(Expr(.binary(operation, place, value), statement.range))
    }
    return .range(statement.range)
  }

  static func statementPlace(_ statement: Statement) -> Prototype.Place {
    if case .assignment(let place, _, _) = statement.kind { return .expression(place) }
    return .range(statement.range)
  }
}
