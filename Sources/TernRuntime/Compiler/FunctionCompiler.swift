import TernSyntax

/// Turns one function, or one top-level statement, into register code. Locals live in registers and are read in place;
/// everything else goes to a temporary above them, which its user consumes.
final class FunctionCompiler {
  let unit: Unit
  let parent: FunctionCompiler?
  let model: ModelScope?
  var parts: CompiledParts
  var scopes: [BlockScope] = []
  var loops: [LoopScope] = []
  var captureNames: [String: Int] = [:]
  /// The next free register; registers below are locals and temporaries in use.
  var top = 0
  var attemptDepth = 0
  /// How many names deep `tern check` looks for what a value is.
  var knownDepth = 0
  /// Local functions being compiled right now, which may name themselves.
  var selfNames: [String] = []
  /// What this function may call itself.
  var selfName: String?
  /// Where the function returns through a result contract.
  var result: (contract: Contract, state: Int)?
  /// Literals used inside loops, each in a register of its own that is loaded once at entry.
  var hoisted: [LoopLiterals.Literal: Int] = [:]
  var allLocals: [Local] = []
  private var namePositions: [String: Int] = [:]
  private var nextLoop = 0
  /// Runs at the top level of its file: `let` binds slots.
  let isTopLevel: Bool

  /// What is compiled together: a cell, with what it reports.
  final class Unit {
    let file: File
    let source: SourceText
    let vocabulary: Vocabulary
    let machine: Machine
    /// Names that top-level statements of the cell bind, and the line of the first that does.
    var bindings: [String: Int] = [:]
    var diagnostics: [Diagnostic] = []
    /// For `tern check`: unknown names inside functions and `try` are reported as well, and calls are looked at.
    var checker: Checker?
    var checksEverything: Bool { checker != nil }

    init(file: File, source: SourceText, machine: Machine) {
      self.file = file
      self.source = source
      self.machine = machine
      vocabulary = machine.vocabulary
    }

    func report(
      _ code: ErrorCode, _ message: String, _ range: SourceRange, hint: String? = nil, notes: [String] = []
    ) {
      let label = Diagnostic.Label(source: source, range: range)
      report(Diagnostic(code, message, labels: [label], notes: notes, hint: hint))
    }

    /// The same complaint about the same place is made once.
    func report(_ diagnostic: Diagnostic) {
      let place = diagnostic.labels.first?.range
      let isKnown = diagnostics.contains { $0.code == diagnostic.code && $0.labels.first?.range == place }
      if !isKnown { diagnostics.append(diagnostic) }
    }
  }

  init(unit: Unit, parent: FunctionCompiler?, name: String, model: ModelScope? = nil, isTopLevel: Bool = false) {
    self.unit = unit
    self.parent = parent
    self.model = model
    self.isTopLevel = isTopLevel
    parts = CompiledParts(name: name, source: unit.source, file: unit.file, function: nil)
  }

  // MARK: Emitting

  var here: Int { parts.code.count }

  /// The most registers a function may have: an operand is a byte offset in sixteen bits.
  static let registerLimit = 4000

  @discardableResult
  func emit(
    _ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, x: Int = 0, at place: Prototype.Place = .none
  ) -> Int {
    if opcode.computes, unit.machine.linedFile === unit.file { emitLine(place) }
    let instruction = Instruction(
      opcode, x: UInt8(truncatingIfNeeded: x), a: UInt16(truncatingIfNeeded: a), b: UInt16(truncatingIfNeeded: b),
      c: UInt16(truncatingIfNeeded: c))
    parts.code.append(instruction)
    parts.places.append(place)
    return here - 1
  }

  private func emitLine(_ place: Prototype.Place) {
    let range: SourceRange? =
      switch place {
      case .none: nil
      case .range(let range): range
      case .expression(let expr): expr.focus
      }
    guard let range else { return }
    var instruction = Instruction(.line)
    instruction.jump = unit.source.line(at: range.start)
    parts.code.append(instruction)
    parts.places.append(place)
  }

  /// A register as an operand.
  func r(_ register: Int) -> Int { register << 4 }

  func emitField(_ name: String) {
    let word = FieldWord.encode(name: nameIndex(name), cache: unit.machine.newFieldCache())
    appendData(word)
  }

  /// A word of data after an instruction, which counts as its place: the machine has gone past it when something fails.
  func appendData(_ word: UInt64) {
    parts.code.append(Instruction(data: word))
    parts.places.append(parts.places.last ?? .none)
  }

  func nameIndex(_ name: String) -> Int {
    if let known = namePositions[name] { return known }
    parts.names.append(name)
    namePositions[name] = parts.names.count - 1
    return parts.names.count - 1
  }

  func constant(_ value: Value) -> Int {
    parts.constants.append(value)
    return indexInRange(parts.constants.count - 1)
  }

  func site(_ site: Site) -> Int {
    parts.sites.append(site)
    return indexInRange(parts.sites.count - 1)
  }

  func contractIndex(_ contract: Contract) -> Int {
    parts.contracts.append(contract)
    return indexInRange(parts.contracts.count - 1)
  }

  /// Side tables are reached through sixteen bits.
  func indexInRange(_ index: Int) -> Int {
    if index > 0xffff { tooLarge() }
    return index & 0xffff
  }

  func tooLarge(_ range: SourceRange = SourceRange(0, 0)) {
    guard !unit.diagnostics.contains(where: { $0.code == .tooLarge }) else { return }
    unit.report(.tooLarge, "this function is too large to compile", range, hint: "split it into several functions")
  }

  /// Lets a forward jump land here.
  func patch(_ instruction: Int) { setJump(instruction, to: here) }

  func patch(_ instructions: [Int]) {
    for instruction in instructions { patch(instruction) }
  }

  func setJump(_ instruction: Int, to target: Int) {
    let distance = target - instruction - 1
    switch parts.code[instruction].opcode {
    case .jumpUnlessLess, .jumpUnlessLessEqual, .jumpUnlessGreater, .jumpUnlessGreaterEqual, .jumpUnlessEqual, .jumpIfEqual,
      .jumpUnlessLessInt, .jumpUnlessLessEqualInt, .jumpUnlessGreaterInt, .jumpUnlessGreaterEqualInt, .jumpUnlessEqualInt,
      .loopWhileLess, .loopWhileLessEqual, .loopWhileGreater, .loopWhileGreaterEqual,
      .loopWhileLessInt, .loopWhileLessEqualInt, .loopWhileGreaterInt, .loopWhileGreaterEqualInt:
      if distance > Int(Int16.max) || distance < Int(Int16.min) { tooLarge() }
      parts.code[instruction].c = distance
    default:
      parts.code[instruction].jump = distance
    }
  }

  // MARK: Registers and scopes

  func temporary() -> Int {
    let register = top
    reserve(register + 1)
    top += 1
    return register
  }

  /// Makes the frame at least this many registers large.
  func reserve(_ count: Int) {
    if count > FunctionCompiler.registerLimit { tooLarge() }
    parts.registerCount = max(parts.registerCount, min(count, FunctionCompiler.registerLimit))
  }

  func openScope() { scopes.append(BlockScope(firstRegister: top)) }

  /// Ends a block: its registers are free again, and hold nothing that others may want to change in place.
  func closeScope() {
    let scope = scopes.removeLast()
    if scope.needsClearing { clearRegisters(from: scope.firstRegister) }
    top = scope.firstRegister
  }

  func clearRegisters(from first: Int) {
    let count = top - first
    if count == 1 { emit(.clear, a: r(first)) } else if count > 1 { emit(.clearRange, a: r(first), b: count) }
  }

  /// A new local in the innermost block. Its register is fresh.
  @discardableResult
  func declare(_ name: String, isVar: Bool = false, mayShare: Bool = true) -> Local {
    let local = Local(name, register: temporary(), isVar: isVar, loops: loops.map(\.id))
    allLocals.append(local)
    if let last = scopes.indices.last {
      scopes[last].locals[name] = local
      if mayShare { scopes[last].needsClearing = true }
    }
    return local
  }

  func newLoop() -> Int {
    nextLoop += 1
    return nextLoop
  }

  func local(named name: String) -> Local? {
    for scope in scopes.reversed() {
      if let found = scope.locals[name] { return found }
    }
    return nil
  }

  // MARK: Names

  func resolve(_ name: String) -> Resolution? {
    if let local = local(named: name) { return .local(local) }
    if let outer = resolveOutside(name) { return outer }
    return unit.file.slot(of: name).map(Resolution.global)
  }

  /// A name of the functions or the model around this one.
  private func resolveOutside(_ name: String) -> Resolution? {
    if let known = captureNames[name] { return .capture(known, isLate: parts.captures[known].isLate) }
    if name == selfName { return .itself }
    if let model { return resolveMember(name, of: model) }
    guard let parent else { return nil }
    if let found = parent.local(named: name) {
      let source: Prototype.Capture.Source = found.isLate ? .late(found.register) : .local(found.register)
      found.lastRead = nil
      found.isPinned = found.isPinned || found.isLate
      return .capture(capture(name, source, isLate: found.isLate), isLate: found.isLate)
    }
    switch parent.resolveOutside(name) {
    case .capture(let index, let isLate)?:
      return .capture(capture(name, .capture(index), isLate: isLate), isLate: isLate)
    case .member(let position, let model)?:
      return .member(position, model: captureModel(from: model))
    case .method(let method, let model)?:
      return .method(method, model: captureModel(from: model))
    case .itself?:
      return .capture(capture(name, .itself, isLate: false), isLate: false)
    case .training?: return .training
    default: return nil
    }
  }

  private func resolveMember(_ name: String, of model: ModelScope) -> Resolution? {
    if let position = model.names[name] { return .member(position, model: 0) }
    if model.methods.contains(name) { return .method(name, model: 0) }
    if name == "training" { return .training }
    guard let enclosing = model.enclosing, enclosing.canName(name) else { return nil }
    let position = model.names.count
    model.names[name] = position
    model.kinds.append(.argument)
    model.hidden.append((name, position))
    return .member(position, model: 0)
  }

  /// Is this a local here or in a function around?
  private func canName(_ name: String) -> Bool {
    if local(named: name) != nil || captureNames[name] != nil { return true }
    if let model, model.names[name] != nil { return true }
    return parent?.canName(name) ?? false
  }

  private func capture(_ name: String, _ source: Prototype.Capture.Source, isLate: Bool) -> Int {
    parts.captures.append(Prototype.Capture(source: source, isLate: isLate))
    captureNames[name] = parts.captures.count - 1
    return parts.captures.count - 1
  }

  /// The model as a capture of this function, which stands inside one of the model's functions.
  private func captureModel(from outer: Int) -> Int {
    captureNames["self model"] ?? capture("self model", .capture(outer), isLate: false)
  }

  // MARK: Finishing

  /// Turns each local's last read into a move, so that what it holds can be changed in place by whoever gets it.
  func moveLastUses() {
    for local in allLocals where !local.isPinned && !local.isLate {
      guard let read = local.lastRead, read.loops == local.loops else { continue }
      turnIntoMove(read)
    }
  }

  func turnIntoMove(_ read: Local.Read) {
    switch read.operand {
    case .move:
      guard parts.code[read.instruction].opcode == .move else { return }
      let old = parts.code[read.instruction]
      parts.code[read.instruction] = Instruction(
        .take, x: old.x, a: UInt16(old.a), b: UInt16(old.b), c: UInt16(old.c))
    case .left: parts.code[read.instruction].x |= 1
    case .right: parts.code[read.instruction].x |= 2
    }
  }

  func finish() -> Prototype {
    moveLastUses()
    return Prototype(parts)
  }

  // MARK: Functions

  /// A function's prototype. `selfName` is what it may call itself.
  func compile(function: Function, name: String, model: ModelScope? = nil) -> Prototype {
    let inner = FunctionCompiler(unit: unit, parent: model == nil ? self : nil, name: name, model: model)
    if model != nil {
      inner.parts.captures.append(Prototype.Capture(source: .itself, isLate: false))
      inner.parts.isMethod = true
    }
    inner.parts.function = function
    if model == nil, let last = selfNames.last, last == name { inner.selfName = last }
    inner.compileBody(of: function, model: model)
    return inner.finish()
  }

  private func compileBody(of function: Function, model: ModelScope?) {
    openScope()
    prepareParameters(function)
    compileFunctionValue(function)
    scopes.removeLast()
  }

  /// Everything before the body: defaults, contracts, patterns.
  func prepareParameters(_ function: Function) {
    let registers = declareParameters(function.parameters)
    var sizes = function.parameters.flatMap { $0.type.map(sizeWords) ?? [] }
    if let result = function.result { sizes += sizeWords(result) }
    let isCall = model != nil && function.name?.text == "call"
    if isCall, let model { sizes += model.memberSizes }
    hoistLiterals(of: function)
    compileDefaults(function.parameters, registers)
    compileContracts(function, registers, sizes: sizes, entersModel: isCall)
    bindParameterPatterns(function.parameters, registers)
  }

  private func declareParameters(_ parameters: [Parameter]) -> [Int] {
    var registers: [Int] = []
    var seen: Set<String> = []
    for parameter in parameters {
      var name: String?
      if case .name(let word) = parameter.pattern.kind { name = word }
      if let name, !seen.insert(name).inserted {
        unit.report(.badParameters, "two parameters are called `\(name)`", parameter.range)
      }
      registers.append(name.map { declare($0).register } ?? temporary())
      parts.parameters.append(
        .init(name: name, hasDefault: parameter.defaultValue != nil, isRest: parameter.isRest))
    }
    return registers
  }

  private func compileDefaults(_ parameters: [Parameter], _ registers: [Int]) {
    for (parameter, register) in zip(parameters, registers) {
      guard let value = parameter.defaultValue else { continue }
      let given = emit(.jumpIfSet, a: r(register))
      expression(value, into: register)
      patch(given)
    }
  }

  private func bindParameterPatterns(_ parameters: [Parameter], _ registers: [Int]) {
    for (parameter, register) in zip(parameters, registers) {
      switch parameter.pattern.kind {
      case .name, .wildcard: continue
      default: bind(parameter.pattern, from: register, isVar: false)
      }
    }
  }

  private func compileFunctionValue(_ function: Function) {
    let value = temporary()
    switch function.body {
    case .block(let block): blockValue(block, into: value)
    case .expression(let expr): expression(expr, into: value)
    }
    emitReturn(value, at: .range(function.body.lastRange ?? function.range))
  }

  func emitReturn(_ value: Int, at place: Prototype.Place) {
    if let result {
      emit(.contractResult, a: r(value), b: contractIndex(result.contract), c: r(result.state), at: place)
    }
    // What is returned is moved out: as the last register it needs no release.
    emit(.ret, a: r(value), b: value == top - 1 ? value : top, at: place)
  }

  /// What is written inside loops lives in registers, so that the loop does not load it again and again.
  func hoistLiterals(of function: Function) {
    var search = LoopLiterals()
    switch function.body {
    case .block(let block): search.visit(block, inLoop: false)
    case .expression(let expr): search.visit(expr, inLoop: false)
    }
    hoist(search)
  }

  func hoist(_ literals: LoopLiterals) {
    for literal in literals.found.prefix(64) where hoisted[literal] == nil {
      let register = temporary()
      hoisted[literal] = register
      switch literal {
      case .int(let value): loadInt(value, into: register)
      case .float(let bits): emit(.loadConstant, a: r(register), b: constant(.float(Double(bitPattern: bits))))
      case .bool(let flag): emit(.loadConstant, a: r(register), b: constant(.bool(flag)))
      case .string(let text): emit(.loadConstant, a: r(register), b: constant(.string(text)))
      }
    }
  }

  func loadInt(_ value: Int, into register: Int) {
    if let small = Int16(exactly: value) {
      emit(.loadInt, a: r(register), b: Int(small))
    } else {
      emit(.loadConstant, a: r(register), b: constant(.int(value)))
    }
  }
}

extension Function.Body {
  /// Where the value comes from: the body's last statement.
  fileprivate var lastRange: SourceRange? {
    switch self {
    case .expression(let expr): expr.range
    case .block(let block): block.statements.last?.range
    }
  }
}

/// The literals inside the loops of a function, nested functions left out.
struct LoopLiterals {
  enum Literal: Hashable {
    case int(Int)
    /// By its bits: -0.0 is another than 0.0.
    case float(UInt64)
    case bool(Bool)
    case string(String)

    /// nil for what is no literal, or fits an instruction as it is.
    init?(_ expr: Expr) {
      switch expr.kind {
      case .int(let value): self = .int(value)
      case .float(let value): self = .float(value.bitPattern)
      case .bool(let flag): self = .bool(flag)
      case .string(let parts):
        guard parts.count == 1, case .text(let text) = parts[0] else { return nil }
        self = .string(text)
      default: return nil
      }
    }
  }
  private(set) var found: [Literal] = []

  mutating func visit(_ block: Block, inLoop: Bool) {
    for statement in block.statements { visit(statement, inLoop: inLoop) }
  }

  mutating func visit(_ statement: Statement, inLoop: Bool) {
    switch statement.kind {
    case .expression(let value): visit(value, inLoop: inLoop)
    case .binding(_, _, _, let value, _): visit(value, inLoop: inLoop)
    case .assignment(let place, _, let value):
      visit(place, inLoop: inLoop)
      visit(value, inLoop: inLoop)
    case .forLoop(_, let sequence, let body):
      visit(sequence, inLoop: inLoop)
      visit(body, inLoop: true)
    case .whileLoop(let condition, let body):
      visit(condition, inLoop: true)
      visit(body, inLoop: true)
    case .returning(let value?): visit(value, inLoop: inLoop)
    default: break
    }
  }

  mutating func visit(_ expr: Expr, inLoop: Bool) {
    switch expr.kind {
    case .int(let value):
      if inLoop && Int16(exactly: value) == nil { found.append(.int(value)) }
    case .float, .bool:
      if inLoop, let literal = LoopLiterals.Literal(expr) { found.append(literal) }
    case .string(let parts):
      if inLoop, let literal = LoopLiterals.Literal(expr) { found.append(literal) }
      for case .fill(let value, _) in parts { visit(value, inLoop: inLoop) }
    case .binary(let operation, let a, let b):
      visit(a, inLoop: inLoop)
      if inLoop, case .int(let value) = b.kind, operation != .add, operation != .subtract { found.append(.int(value)) }
      else { visit(b, inLoop: inLoop) }
    case .paren(let a), .negate(let a), .not(let a), .field(let a, _): visit(a, inLoop: inLoop)
    case .logic(_, let a, let b), .compare(_, let a, let b):
      visit(a, inLoop: inLoop)
      visit(b, inLoop: inLoop)
    case .index(let a, let items):
      visit(a, inLoop: inLoop)
      for item in items { visit(item.value, inLoop: inLoop) }
    case .call(let f, let arguments):
      visit(f, inLoop: inLoop)
      for argument in arguments { visit(argument.value, inLoop: inLoop) }
    case .conditional(let condition, let then, let otherwise):
      visit(condition, inLoop: inLoop)
      visit(then, inLoop: inLoop)
      if let otherwise { visit(otherwise, inLoop: inLoop) }
    case .block(let block): visit(block, inLoop: inLoop)
    default: break
    }
  }
}
