import TernSyntax
import TernTensor

extension Fault {
  static func uninitialised(_ name: String) -> Fault {
    Fault(
      .uninitialised, "`\(name.drop { $0 == "." })` has no numbers yet",
      hint: "`init(net, x, seed: 1)` gives a model its numbers; `fit` does so itself")
  }
}

/// A value that can be called although it is no function of the language: what `grad(f)` gives, for example.
package protocol CallableValue: ForeignValue {
  /// The function whose arguments it takes.
  var wrapped: Value? { get }
  func call(_ machine: Machine, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value
}

extension CallableValue {
  package var wrapped: Value? { nil }
}

/// A value that is called with plain arguments where they lie; nil when it has to be called as others are.
package protocol DirectlyCallable: AnyObject {
  func call(_ machine: Machine, _ arguments: Registers, _ count: Int) throws(Fault) -> Value?
}

extension Machine {
  func tooDeep() -> Fault {
    Fault(.recursion, "the calls go too deep", hint: "is there a case in which the function does not call itself?")
  }

  /// A register outside of all frames, for the machine's own use.
  var scratch: Registers { state.pointee.stackEnd + 64 }
  var scratchPair: Registers { state.pointee.stackEnd + 68 }

  // MARK: Calls from code

  /// Fills in what a plain call leaves open, or finds fault with the number of arguments.
  @inline(never)
  func bindPlain(_ closure: Unmanaged<Closure>, _ window: Registers, _ count: Int) throws(Fault) {
    let prototype = closure._withUnsafeGuaranteedRef { $0.prototype }
    let parameters = prototype.parameters
    if parameters.contains(where: \.isRest) {
      let arguments = (0..<count).map { (window + $0).take() }
      return try bind(prototype, arguments, [], window)
    }
    guard count <= parameters.count else {
      let fault = tooManyArguments(prototype.displayName, parameters.count, given: count)
      clearAll(window, count)
      throw fault
    }
    for position in count..<parameters.count {
      guard parameters[position].hasDefault else {
        clearAll(window, position)
        throw missingArgument(prototype.displayName, parameters[position].name)
      }
      window[position] = .absent
    }
  }

  private func tooManyArguments(_ name: String, _ takes: Int, given: Int) -> Fault {
    Fault(.tooManyArguments, "\(name) takes \(takes) argument\(takes == 1 ? "" : "s"); \(given) were given")
  }

  private func missingArgument(_ name: String, _ parameter: String?) -> Fault {
    Fault(.missingArgument, "\(name) needs \(parameter.map { "`\($0)`" } ?? "another argument")")
  }

  /// Lays arguments given by position and by label into a window, in the order of the parameters.
  func bind(
    _ prototype: Prototype, _ positional: [Value], _ labels: [(String, Value)], _ window: Registers
  ) throws(Fault) {
    let parameters = prototype.parameters
    var labels = labels
    var next = 0
    for (position, parameter) in parameters.enumerated() {
      let slot = window + position
      if parameter.isRest {
        slot.pointee = .list(ListObject(Array(positional[min(next, positional.count)...])))
        next = positional.count
      } else if next < positional.count {
        slot.pointee = positional[next]
        next += 1
        if let name = parameter.name, labels.contains(where: { $0.0 == name }) {
          clearAll(window, position + 1)
          throw Fault(.repeatedArgument, "`\(name)` is given twice, by position and by label").atLabel(name)
        }
      } else if let name = parameter.name, let given = labels.lastIndex(where: { $0.0 == name }) {
        slot.pointee = labels[given].1
        labels.removeAll { $0.0 == name }
      } else if parameter.hasDefault {
        slot.pointee = .absent
      } else {
        clearAll(window, position)
        let names = parameters.compactMap(\.name)
        if let odd = labels.first(where: { !names.contains($0.0) }) { throw unknownLabel(odd.0, of: prototype.displayName, among: names) }
        throw missingArgument(prototype.displayName, parameter.name)
      }
    }
    var fault: Fault?
    if let odd = labels.first {
      fault = unknownLabel(odd.0, of: prototype.displayName, among: parameters.compactMap(\.name))
    } else if next < positional.count {
      fault = tooManyArguments(prototype.displayName, parameters.count, given: positional.count)
    }
    if let fault {
      clearAll(window, parameters.count)
      throw fault
    }
  }

  private func unknownLabel(_ label: String, of name: String, among names: [String]) -> Fault {
    Fault(.unknownLabel, "\(name) has no label `\(label)`", hint: labelHint(forUnknown: label, among: names)).atLabel(label)
  }

  /// A call of something that is no function of the language: a builtin, a model, a value from outside.
  @inline(never)
  func callOther(
    _ function: Unmanaged<Closure>, _ callee: Registers, _ slot: Int, _ window: Registers, _ count: Int,
    into target: Registers
  ) throws(Fault) {
    if callee.tag == Tag.builtin {
      let word = callee.object(Builtin.self)
      let arguments = window + 1
      if let quick = word._withUnsafeGuaranteedRef({ $0.quick }), quick(arguments, count, target) { return }
      try stopIfDue()
      let value = try call(word.takeUnretainedValue(), arguments, count)
      clearAll(arguments, count)
      window.clear()
      target.pointee = value
      return
    }
    if callee.tag == Tag.unset {
      state.pointee.top = window + 1 + count
      try linkGlobal(function, slot, into: window)
      if window.tag == Tag.builtin || window.tag != Tag.function {
        return try callOther(function, window, 0, window, count, into: target)
      }
    }
    if callee.tag == Tag.foreign, let direct = callee.object(Foreign.self)._withUnsafeGuaranteedRef({ $0.value.direct }) {
      state.pointee.top = window + 1 + count
      if let value = try direct.call(self, window + 1, count) {
        clearAll(window, count + 1)
        target.pointee = value
        return
      }
    }
    let value = callee.tag == Tag.unset ? window.pointee : callee.pointee
    let arguments = (0..<count).map { (window + 1 + $0).take() }
    state.pointee.top = window + 1
    do throws(Fault) { target.pointee = try invoke(value, arguments, labels: []) } catch {
      error.meetCaller()
      throw error
    }
    window.clear()
  }

  /// A builtin's call with its arguments in place: the form for the first argument's kind is chosen, defaults are filled in.
  func call(_ word: Builtin, _ arguments: Registers, _ count: Int) throws(Fault) -> Value {
    let builtin = count > 0 ? word.form(for: arguments.pointee) : word
    if isRestricted { try allow(builtin, (0..<count).map { arguments[$0] }) }
    if builtin.effect != .pure { cellNotes?.begin(builtin) }
    let signature = builtin.signature
    let parameters = signature.parameters
    var bound = count
    if signature.hasRest {
      let positional = (0..<count).map { (arguments + $0).take() }
      try bind(builtin, positional, [], arguments)
      bound = parameters.count
    } else if count != parameters.count {
      guard count < parameters.count else { throw tooManyArguments("`\(word.name)`", parameters.count, given: count) }
      for position in count..<parameters.count {
        if parameters[position].isRequired { throw missingArgument("`\(word.name)`", parameters[position].name) }
        arguments[position] = parameters[position].defaultValue
      }
      bound = parameters.count
    }
    defer { clearAll(arguments, bound) }
    state.pointee.top = arguments + bound + 1
    let value = try measured(builtin, Call(machine: self, builtin: builtin, arguments: arguments, count: bound))
    try Room.settle()
    return value
  }

  @inline(__always)
  private func measured(_ builtin: Builtin, _ call: consuming Call) throws(Fault) -> Value {
    guard let callProfile else { return try builtin.body(call) }
    let started = Limits.now()
    defer { callProfile.add(builtin.name, Limits.now() - started) }
    return try builtin.body(call)
  }

  /// Is there anything that builtins may not do now?
  private var isRestricted: Bool { !denied.isEmpty || tracings > 0 }

  private func allow(_ builtin: Builtin, _ arguments: [Value]) throws(Fault) {
    if denied.contains(builtin.effect) {
      throw Fault(.denied, "`\(builtin.name)` \(builtin.effect.rawValue) outside of the script, which this sandbox denies")
    }
    guard tracings > 0 else { return }
    switch builtin.effect {
    case .reads, .writes, .serves:
      throw Fault(
        .effectWhileTraced, "`\(builtin.name)` \(builtin.effect.rawValue) outside of the script, which a traced function may not",
        hint: "do it outside and hand over the value")
    case .pure, .draws, .asks, .prints: break
    }
    guard builtin.looksAtElements else { return }
    for argument in arguments where argument.holdsUnknown { throw Fault(TensorError.unknown(op: "`\(builtin.name)`")) }
  }

  private func bind(
    _ builtin: Builtin, _ positional: [Value], _ labels: [(String, Value)], _ window: Registers
  ) throws(Fault) {
    let parameters = builtin.signature.parameters
    let name = "`\(builtin.name)`"
    var labels = labels
    var next = 0
    for (position, parameter) in parameters.enumerated() {
      let slot = window + position
      if parameter.isLabels {
        // `...labels: record` takes the labels that no parameter has.
        continue
      } else if parameter.isRest {
        slot.pointee = .list(ListObject(Array(positional[min(next, positional.count)...])))
        next = positional.count
      } else if next < positional.count {
        slot.pointee = positional[next]
        next += 1
        if labels.contains(where: { $0.0 == parameter.name }) {
          clearAll(window, position + 1)
          throw Fault(.repeatedArgument, "`\(parameter.name)` is given twice, by position and by label").atLabel(parameter.name)
        }
      } else if let given = labels.lastIndex(where: { $0.0 == parameter.name }) {
        slot.pointee = labels[given].1
        labels.removeAll { $0.0 == parameter.name }
      } else if parameter.isRequired {
        clearAll(window, position)
        let names = parameters.filter { !$0.isRest }.map(\.name)
        if !parameters.contains(where: \.isLabels), let odd = labels.first(where: { !names.contains($0.0) }) {
          throw unknownLabel(odd.0, of: name, among: names)
        }
        throw missingArgument(name, parameter.name)
      } else {
        slot.pointee = parameter.defaultValue
      }
    }
    if let position = parameters.firstIndex(where: \.isLabels) {
      let record = RecordObject()
      for (label, value) in labels { record.set(label, value) }
      window[position] = .record(record)
      labels = []
    }
    var fault: Fault?
    if let odd = labels.first {
      fault = unknownLabel(odd.0, of: name, among: parameters.filter { !$0.isRest }.map(\.name))
    } else if next < positional.count {
      fault = tooManyArguments(name, parameters.count, given: positional.count)
    }
    if let fault {
      clearAll(window, parameters.count)
      throw fault
    }
  }

  /// A call with labels or spreads.
  @inline(never)
  func callSpread(_ function: Unmanaged<Closure>, _ site: Int, _ window: Registers, into target: Registers) throws(Fault) {
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    guard case .call(let kinds) = prototype.sites[site] else { return }
    var positional: [Value] = []
    var labels: [(String, Value)] = []
    var byHand: Set<String> = []
    for (position, kind) in kinds.enumerated() {
      let value = (window + 1 + position).take()
      switch kind {
      case .positional: positional.append(value)
      case .label(let name):
        if !byHand.insert(name).inserted { throw Fault(.repeatedArgument, "label `\(name)` is given twice").atLabel(name) }
        labels.append((name, value))
      case .spread: try spread(value, &positional, &labels)
      }
    }
    let callee = window.take()
    state.pointee.top = window + 1
    do throws(Fault) { target.pointee = try invoke(callee, positional, labels: labels) } catch {
      // What a builtin calls gets other arguments than the builtin was given.
      if case .builtin(let word) = callee { error.meetLabels(of: word) } else { error.meetCaller() }
      throw error
    }
  }

  private func spread(_ value: Value, _ positional: inout [Value], _ labels: inout [(String, Value)]) throws(Fault) {
    switch value {
    case .record(let record):
      for (position, key) in record.layout.keys.enumerated() { labels.append((key.text, record.items[position])) }
    case .list, .range: positional.append(contentsOf: try items(of: value).values)
    default:
      throw Fault(.badSpread, "`...` in a call takes a list or a record; this is \(value.description)")
    }
  }

  // MARK: Calls from builtins

  /// Calls anything that can be called. Registers from `state.top` on are free for it.
  package func call(_ callee: Value, _ positional: [Value], labels: [(String, Value)] = []) throws(Fault) -> Value {
    do throws(Fault) { return try invoke(callee, positional, labels: labels) } catch {
      error.forgetOperands()
      throw error
    }
  }

  private func invoke(_ callee: Value, _ positional: [Value], labels: [(String, Value)]) throws(Fault) -> Value {
    let top = state.pointee.top
    defer { state.pointee.top = top }
    let window = top + 1
    guard window + 4096 < state.pointee.stackEnd else { throw tooDeep() }
    switch callee {
    case .function(let closure):
      try bind(closure.prototype, positional, labels, window)
      return try run(closure, window)
    case .builtin(let word):
      let builtin = word.form(for: positional.first ?? labels.first?.1 ?? .none)
      if isRestricted { try allow(builtin, positional + labels.map(\.1)) }
      if builtin.effect != .pure { cellNotes?.begin(builtin) }
      try bind(builtin, positional, labels, window)
      let count = builtin.signature.parameters.count
      defer { clearAll(window, count) }
      state.pointee.top = window + count + 1
      return try measured(builtin, Call(machine: self, builtin: builtin, arguments: window, count: count))
    case .model(let model): return try call(model, positional, labels)
    case .foreign(let foreign):
      if let callable = foreign.value as? any CallableValue { return try callable.call(self, positional, labels) }
    case .type(let type):
      throw Fault(.notCallable, "`\(type.name)` is a dtype, no function", hint: "`cast(x, \(type.name))`")
    default: break
    }
    throw Fault(.notCallable, "\(callee.description) cannot be called")
  }

  /// A call with one argument, without arrays: what `map` and `filter` do a million times.
  package func call(_ callee: Value, _ argument: Value) throws(Fault) -> Value {
    guard case .function(let closure) = callee, closure.info.pointee.plainCount == 1 else {
      return try call(callee, [argument], labels: [])
    }
    let window = state.pointee.top + 1
    guard window + 4096 < state.pointee.stackEnd else { throw tooDeep() }
    window.pointee = argument
    return try run(closure, window)
  }

  package func call(_ callee: Value, _ first: Value, _ second: Value) throws(Fault) -> Value {
    guard case .function(let closure) = callee, closure.info.pointee.plainCount == 2 else {
      return try call(callee, [first, second], labels: [])
    }
    let window = state.pointee.top + 1
    guard window + 4096 < state.pointee.stackEnd else { throw tooDeep() }
    window.pointee = first
    (window + 1).pointee = second
    return try run(closure, window)
  }

  // MARK: Names

  /// A top-level slot that is empty: of something installed, the live table has it; else the library or the builtins have
  /// the name, which the slot then keeps.
  @inline(never)
  func linkGlobal(_ function: Unmanaged<Closure>, _ slot: Int, into target: Registers) throws(Fault) {
    let file = function._withUnsafeGuaranteedRef { $0.prototype.file }
    if !(file.slots[slot].isUnset) {
      target.pointee = file.slots[slot]
      return
    }
    let name = file.names[slot]
    if file.facts[slot].isDefined {
      throw Fault(.notYetDefined, "`\(name)` has no value yet: its line has not run")
    }
    // A file of the library runs above every register of the frame that asks.
    let top = state.pointee.top
    let above = target + Int(function._withUnsafeGuaranteedRef { $0.info }.pointee.registerCount)
    if above < state.pointee.stackEnd { state.pointee.top = max(top, above) }
    defer { state.pointee.top = top }
    if let value = try lookUp(name, from: file) {
      file.slots[slot] = value
      target.pointee = value
      return
    }
    let known = function._withUnsafeGuaranteedRef { $0.prototype.nameHints[slot] }
    throw Fault(.unknownName, "there is no name `\(name)` here", hint: known ?? hint(forUnknown: name, in: file, besides: []))
  }

  /// A name of the library or a builtin.
  package func lookUp(_ name: String, from file: File) throws(Fault) -> Value? {
    if let value = try libraryValue(name, askedBy: file) { return value }
    if let constant = vocabulary.constants[name] { return constant.value(self) }
    return vocabulary.builtins[name].map(Value.builtin)
  }

  package func hint(forUnknown name: String, in file: File, besides locals: [String]) -> String? {
    if let other = hintForForeignName(name) { return other }
    let near = didYouMean(name, among: locals + file.definedNames + vocabulary.names + Contract.tensorTypes.sorted())
    return near.map { "did you mean `\($0)`?" }
  }

  /// Writes a top-level slot: bit 0 of the flags says that a statement declares it, bit 1 that it is a `var`, bit 2 that it is
  /// an assignment, which its type and its kind of declaration must allow.
  @inline(never)
  func setGlobal(_ function: Unmanaged<Closure>, _ source: Registers, slot: Int, contract: Int, flags: UInt8) throws(Fault) {
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    let file = prototype.file
    if flags & 1 != 0 {
      file.facts[slot].isDefined = true
      file.facts[slot].isVar = flags & 2 != 0
      file.facts[slot].contract = contract > 0 ? prototype.contracts[contract - 1] : nil
    } else {
      guard file.facts[slot].isVar else {
        throw Fault(
          .assignToLet, "`\(file.names[slot])` is a `let`, which never changes", hint: "`var \(file.names[slot])` where it is declared, if it changes")
      }
      if let contract = file.facts[slot].contract { try enforce(contract, source, "`\(file.names[slot])`", BoundSizes(), isAnnotation: true) }
    }
    (file.slots + slot).moveIn(from: source)
  }

  @inline(never)
  func getCapture(_ function: Unmanaged<Closure>, _ index: Int, isLate: Bool, into target: Registers) throws(Fault) {
    let captures = function._withUnsafeGuaranteedRef { $0.captures }
    if isLate { try getLate(captures + index, into: target) } else { target.copy(from: captures + index) }
  }

  func getLate(_ slot: Registers, into target: Registers) throws(Fault) {
    guard case .foreign(let foreign) = slot.pointee, let late = foreign.value as? LateFunction, !late.function.isUnset else {
      throw Fault(.notYetDefined, "this function has no value yet: its line has not run")
    }
    target.pointee = late.function
  }

  func fillLate(_ slot: Registers, _ function: Registers?) {
    guard let function else {
      slot.pointee = lateFunctions.make()
      return
    }
    if case .foreign(let foreign) = slot.pointee, let late = foreign.value as? LateFunction { late.function = function.take() }
  }

  @inline(never)
  func makeClosure(_ function: Unmanaged<Closure>, _ index: Int, _ base: Registers, _ target: Registers) {
    let maker = function.takeUnretainedValue()
    let prototype = maker.prototype.prototypes[index]
    let closure = Closure(prototype, captureCount: prototype.captureCount)
    for (position, capture) in prototype.captures.enumerated() {
      switch capture.source {
      case .local(let register), .late(let register): closure.captures[position] = base[register]
      case .capture(let outer): closure.captures[position] = maker.captures[outer]
      case .itself: closure.captures[position] = .function(maker)
      }
    }
    target.pointee = .function(closure)
  }
}

extension Prototype {
  /// How messages name the function.
  var displayName: String { name.isEmpty ? "this function" : "`\(name)`" }
}
