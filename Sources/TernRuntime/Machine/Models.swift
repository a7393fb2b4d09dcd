import TernSyntax
package import TernTensor

/// One `apply`, `init` or plain call of a model, while it runs.
final class Application {
  let isTraining: Bool
  /// Gives params and states that have none their numbers.
  let seed: Key?
  /// States assigned, and numbers given, by the path of the model and the position of the member.
  var changes: [Place: Value] = [:]

  struct Place: Hashable {
    let path: String
    let position: Int
  }

  init(isTraining: Bool, seed: Key? = nil) {
    self.isTraining = isTraining
    self.seed = seed
  }
}

extension Machine {
  // MARK: Instructions

  @inline(never)
  func makeModel(_ function: Unmanaged<Closure>, _ target: Registers, _ first: Registers, blueprint: Int) throws(Fault) {
    let closure = function.takeUnretainedValue()
    let blueprint = closure.prototype.blueprints[blueprint]
    let model = ModelObject(blueprint: blueprint, snapshot: snapshot(of: blueprint, in: closure.prototype.file))
    for position in 0..<model.count { model.items[position] = (first + position).take() }
    try checkSizes(of: model)
    target.pointee = .model(model)
  }

  /// An argument that is the size of a param's axis is none below zero: said where the model is made, not where it is used.
  private func checkSizes(of model: ModelObject) throws(Fault) {
    for position in 0..<model.blueprint.argumentCount {
      guard (model.items + position).tag == Tag.int, case .int(let size) = model.items[position], size < 0 else { continue }
      let word = model.blueprint.layout.keys[position].text
      let params = model.blueprint.starts.filter { $0.value.type.axes?.contains { $0.size.isVariable(word) } == true }
      if let param = params.keys.min() {
        let name = model.blueprint.layout.keys[param].text
        throw Fault(.badArgument, "`\(word)` is the size of an axis of `\(name)`; it cannot be \(size)")
          .refusing(position, word)
      }
    }
  }

  /// The top-level names that a model's functions can reach, as they are now.
  private func snapshot(of blueprint: ModelBlueprint, in file: File) -> Snapshot? {
    var globals = Set(blueprint.methods.values.flatMap(\.globals))
    for start in blueprint.starts.values { globals.formUnion(start.code.globals) }
    return snapshot(reaching: globals, in: file)
  }

  /// A snapshot of what these slots reach through the functions they hold; nil when the file defines none of it.
  package func snapshot(reaching globals: some Sequence<Int>, in file: File) -> Snapshot? {
    var pending = Array(globals)
    var seen = Set(pending)
    while let slot = pending.popLast() {
      guard case .function(let closure) = file.state.pointee.slots[slot], closure.prototype.file === file else { continue }
      for next in closure.prototype.globals where seen.insert(next).inserted { pending.append(next) }
    }
    let reachable = seen.filter { file.facts[$0].isDefined }
    return reachable.isEmpty ? nil : Snapshot(of: file, reachable: reachable)
  }

  /// Runs with a snapshot's table in force.
  package func installing<T>(_ snapshot: Snapshot?, _ body: () throws(Fault) -> T) throws(Fault) -> T {
    guard let snapshot, snapshot.file.state.pointee.slots != snapshot.slots else { return try body() }
    snapshot.cover()
    let state = snapshot.file.state
    let previous = state.pointee.slots
    state.pointee.slots = snapshot.slots
    defer { state.pointee.slots = previous }
    return try body()
  }

  private func model(of function: Unmanaged<Closure>, _ capture: Int) -> ModelObject? {
    function._withUnsafeGuaranteedRef { closure in
      if case .model(let model) = closure.captures[capture] { return model }
      return nil
    }
  }

  @inline(never)
  func getMember(_ function: Unmanaged<Closure>, _ index: Int, model capture: Int, isMethod: Bool, into target: Registers)
    throws(Fault)
  {
    guard let model = model(of: function, capture) else { throw Fault(.internalFault, "a function of a model lost its model") }
    if isMethod {
      let name = function._withUnsafeGuaranteedRef { $0.prototype.names[index] }
      guard let method = model.blueprint.methods[name] else { throw Fault(.unknownName, "there is no name `\(name)` here") }
      target.pointee = .function(closure(of: method, model))
      return
    }
    let value = model.items[index]
    if value.isUnset { throw Fault.uninitialised(model.blueprint.layout.keys[index].text) }
    target.pointee = value
  }

  private func closure(of method: Prototype, _ model: ModelObject) -> Closure {
    let closure = Closure(method, captureCount: method.captureCount)
    closure.captures.pointee = .model(model)
    return closure
  }

  /// Assigns a state: only inside `apply(…, training: true)`.
  @inline(never)
  func setMember(_ function: Unmanaged<Closure>, _ position: Int, from source: Registers) throws(Fault) {
    guard let model = model(of: function, 0) else { throw Fault(.internalFault, "a function of a model lost its model") }
    let name = model.blueprint.layout.keys[position].text
    guard let application = applying.last, application.isTraining, let path = model.path else {
      throw Fault(
        .assignModel, "the state `\(name)` is assigned only in training", hint: "`if training { … }` around it; `apply(net, x, training: true)` trains")
    }
    guard mappings == 0 else {
      throw Fault(
        .assignModel, "the state `\(name)` cannot be assigned for each example of a `vmap`",
        hint: "`apply(net, x, training: true)` takes a whole batch")
    }
    let value = try parameter(source.take(), like: model.items[position], name)
    application.changes[.init(path: path, position: position)] = value
    let changed = ModelObject(copying: model)
    changed.items[position] = value
    function._withUnsafeGuaranteedRef { $0.captures.pointee = .model(changed) }
  }

  /// On entry of `call`: every param and state has numbers and fits the sizes, which it may bind.
  @inline(never)
  func enterModel(_ function: Unmanaged<Closure>, _ base: Registers, state: Registers, entry: Int) throws(Fault) {
    guard let model = model(of: function, 0), case .foreign(let foreign) = state.pointee, let bound = foreign.value as? BoundSizes
    else { return }
    let entry = function._withUnsafeGuaranteedRef { $0.prototype.entries[entry] }
    var current = model
    for (position, member) in model.blueprint.members.enumerated() where member == .param || member == .state {
      guard let start = model.blueprint.starts[position] else { continue }
      let value = try numbers(of: current, position, start, bound, base, entry)
      if let value {
        if current === model { current = ModelObject(copying: model) }
        current.items[position] = value
      }
      do throws(Fault) { try fits(current, position, start, bound) } catch {
        error.focus = start.range
        if error.code == .wrongSize { error.message = misfit(current, position, start, bound) ?? error.message }
        if error.code.isAboutShapes { error.sizes = SizesNote(bound) }
        // A width that the layer was not made for is that of its input.
        if let input = entry.parameters.first(where: { $0.contract.axes != nil }) {
          error.argument = RefusedArgument(
            position: input.register, name: input.name, note: (base + input.register).pointee.description)
        }
        throw error
      }
    }
    if current !== model { function._withUnsafeGuaranteedRef { $0.captures.pointee = .model(current) } }
    for size in entry.sizes {
      if let value = bound.sizes[size.name] { (base + size.register).setInt(value) }
    }
  }

  /// The numbers a param or state has in this application where they are not the model's own; nil when they are.
  private func numbers(
    of model: ModelObject, _ position: Int, _ start: ModelBlueprint.Start, _ bound: BoundSizes, _ base: Registers,
    _ entry: EntryContract
  ) throws(Fault) -> Value? {
    if let path = model.path, let changed = applying.last?.changes[.init(path: path, position: position)] { return changed }
    guard model.items[position].isUnset else { return nil }
    let name = model.blueprint.layout.keys[position].text
    guard let application = applying.last, let seed = application.seed else { throw Fault.uninitialised(name) }
    guard let path = model.path else {
      throw Fault(.foreignModel, "a model that is called here is no part of the one that `init` was given")
    }
    let value = try begin(model, position, name, start, bound, seed.fold(path.isEmpty ? name : "\(path).\(name)"), base, entry)
    application.changes[.init(path: path, position: position)] = value
    return value
  }

  /// What a param starts from: a function of its shape, a number, or a tensor.
  private func begin(
    _ model: ModelObject, _ position: Int, _ name: String, _ start: ModelBlueprint.Start, _ bound: BoundSizes, _ key: Key,
    _ base: Registers, _ entry: EntryContract
  ) throws(Fault) -> Value {
    let axes = start.type.axes ?? []
    var sizes: [Int] = []
    for axis in axes {
      guard let size = size(axis.size, bound) else {
        throw Fault(.needsSizes, "`\(name)` needs its sizes: no input binds \(start.type.text)")
      }
      sizes.append(size)
    }
    let dtype = start.type.name == "int" ? .i64 : DType(name: start.type.name) ?? bound.dtypes["float"].flatMap { DType(name: $0) } ?? .f32
    if let standIn {
      let (shape, names) = (try tensorCall { () throws(TensorError) in try Shape(checking: sizes) }, axes.map(\.name))
      let tensor = standIn(TensorType(dtype: dtype, shape: shape))
      if names.allSatisfy({ $0 == nil }) { return .tensor(tensor) }
      return .tensor(try tensorCall { () throws(TensorError) in try tensor.named(checking: names) })
    }
    chance.push(key)
    defer { chance.pop() }
    let code = closure(of: start.code, model)
    let labels = start.code.parameters.compactMap { parameter -> (String, Value)? in
      guard let name = parameter.name, let size = bound.sizes[name] else { return nil }
      return (name, .int(size))
    }
    var value = try call(.function(code), [], labels: labels)
    switch value {
    case .function, .builtin: value = try call(value, sizes.map(Value.int))
    default: break
    }
    return .tensor(try laid(value, sizes, axes.map(\.name), dtype, name))
  }

  private func size(_ size: Contract.Size, _ bound: BoundSizes) -> Int? {
    switch size {
    case .number(let number): number
    case .variable(let word): bound.sizes[word]
    case .computed(let formula): value(of: formula, bound)
    case .leading, .any: nil
    }
  }

  private func laid(_ value: Value, _ sizes: [Int], _ names: [String?], _ dtype: DType, _ name: String) throws(Fault) -> Tensor {
    var tensor = try asTensor(value, dtype, "the start of `\(name)`")
    return try tensorCall { () throws(TensorError) in
      if tensor.dtype != dtype { tensor = try tensor.cast(dtype) }
      let shape = try Shape(checking: sizes)
      if tensor.isUnknown { throw .unknown(op: "the start of `\(name)`") }
      if tensor.rank == 0 && shape.rank > 0, let number = tensor.scalar { tensor = try Tensor.full(shape: shape, number, dtype: dtype) }
      guard tensor.shape == shape else { throw .unequalShapes(op: "param \(name)", first: "\(sizes)", other: tensor.typeText) }
      return names.contains { $0 != nil } ? try tensor.named(checking: names) : tensor
    }
  }

  /// A layer that was made for another width says which, rather than what its params are.
  private func misfit(
    _ model: ModelObject, _ position: Int, _ start: ModelBlueprint.Start, _ bound: BoundSizes
  ) -> String? {
    guard case .tensor(let tensor) = model.items[position], let axes = start.type.axes, axes.count == tensor.rank else { return nil }
    for (axis, size) in zip(axes, tensor.shape.array) {
      guard case .variable(let word) = axis.size, let given = bound.sizes[word], given != size, let binder = bound.binders[word] else { continue }
      return "`\(model.blueprint.name)` was made for \(word) = \(size); `\(binder)` has \(word) = \(given)"
    }
    return nil
  }

  private func fits(_ model: ModelObject, _ position: Int, _ start: ModelBlueprint.Start, _ bound: BoundSizes) throws(Fault) {
    guard case .tensor(let tensor) = model.items[position], let axes = start.type.axes else { return }
    let slot = scratch
    slot.pointee = .tensor(tensor)
    defer { slot.clear() }
    let type = Contract(name: tensor.dtype.name, axes: axes)
    try enforce(type, slot, "`\(model.blueprint.layout.keys[position].text)`", bound)
  }

  // MARK: Calling

  /// `net(x)`: serving. Inside another application it takes part in that one.
  package func call(_ model: ModelObject, _ positional: [Value], _ labels: [(String, Value)]) throws(Fault) -> Value {
    guard let method = model.blueprint.methods["call"] else { throw Fault(.notCallable, "this model has no `call`") }
    let isOutermost = applying.isEmpty
    if isOutermost { applying.append(Application(isTraining: false)) }
    defer { if isOutermost { applying.removeLast() } }
    let before = origin
    enterLayer(model)
    defer { if tracings > 0 { origin = before } }
    let out: Value
    do throws(Fault) {
      out = try installing(model.snapshot) { () throws(Fault) in
        try call(.function(closure(of: method, model)), positional, labels: labels)
      }
    } catch {
      note(model, in: error)
      throw error
    }
    layerObserver?(model, positional, out)
    return out
  }

  /// A layer of the library that fails says which it is: its own lines are not shown.
  private func note(_ model: ModelObject, in fault: Fault) {
    guard !fault.isPlaced, !fault.isFatal, fault.madeBy == nil, fault.code != .uninitialised else { return }
    fault.madeBy = model.blueprint.name
    let path = model.path ?? ""
    fault.notes.append("in \(Value.model(model).inline)\(path.isEmpty ? "" : ", which is `\(path)`")")
  }

  /// What a trace records from here on is this layer's.
  private func enterLayer(_ model: ModelObject) {
    guard tracings > 0, let path = model.path else { return }
    origin.layer = path.isEmpty ? model.blueprint.name : "\(path) \(model.blueprint.name)"
  }

  /// `apply(net, x, training: true)`: what the model gives, and the model with the states its calls assigned.
  package func apply(_ net: Value, _ positional: [Value], training: Bool) throws(Fault) -> (out: Value, model: Value) {
    let application = Application(isTraining: training)
    let tagged = net.tagged("")
    applying.append(application)
    defer { applying.removeLast() }
    let out = try call(tagged, positional)
    return (out, tagged.rebuilt(application.changes))
  }

  /// `init(net, x, seed:)`: runs the model on an example and keeps the numbers its params started from.
  package func initialise(_ net: Value, _ positional: [Value], seed: Key) throws(Fault) -> Value {
    let application = Application(isTraining: false, seed: seed)
    let tagged = net.tagged("")
    applying.append(application)
    defer { applying.removeLast() }
    _ = try call(tagged, positional)
    let ready = tagged.rebuilt(application.changes)
    if case .model(let model) = ready { model.inputs = positional.tensorTypes }
    return ready
  }

  /// Does a model lack numbers anywhere?
  package func isUninitialised(_ value: Value) -> Bool {
    switch value {
    case .model(let model):
      model.blueprint.members.enumerated().contains { position, member in
        switch member {
        case .param, .state: model.items[position].isUnset
        case .binding: isUninitialised(model.items[position])
        case .argument: false
        }
      }
    case .list(let list): list.values.contains { isUninitialised($0) }
    case .record(let record): (0..<record.count).contains { isUninitialised(record.items[$0]) }
    default: false
    }
  }
}

extension [Value] {
  /// nil where one is no tensor.
  fileprivate var tensorTypes: [TensorType]? {
    let types = compactMap { if case .tensor(let tensor) = $0 { TensorType(dtype: tensor.dtype, shape: tensor.shape) } else { nil } }
    return types.count == count ? types : nil
  }
}

extension Value {
  /// The value with every model in it marked by its path, so that its copies are known wherever they are called.
  fileprivate func tagged(_ path: String) -> Value {
    func joined(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch self {
    case .model(let model):
      let copy = ModelObject(copying: model)
      copy.path = path
      for (position, member) in model.blueprint.members.enumerated() where member == .binding && model.items[position].holdsParams {
        copy.items[position] = model.items[position].tagged(joined(model.blueprint.layout.keys[position].text))
      }
      return .model(copy)
    case .list(let list) where holdsParams:
      return .list(list.values.enumerated().map { $1.tagged("\(path)[\($0)]") })
    case .record(let record) where holdsParams:
      let copy = RecordObject(copying: record)
      for (position, key) in record.layout.keys.enumerated() { copy.items[position] = record.items[position].tagged(joined(key.text)) }
      return .record(copy)
    default: return self
    }
  }

  /// The value with the members that an application changed, and without its marks.
  fileprivate func rebuilt(_ changes: [Application.Place: Value]) -> Value {
    switch self {
    case .model(let model):
      let copy = ModelObject(copying: model)
      copy.path = nil
      for (position, member) in model.blueprint.members.enumerated() {
        if let path = model.path, let changed = changes[.init(path: path, position: position)] {
          copy.items[position] = changed
        } else if member == .binding && model.items[position].holdsParams {
          copy.items[position] = model.items[position].rebuilt(changes)
        }
      }
      return .model(copy)
    case .list(let list) where holdsParams: return .list(list.values.map { $0.rebuilt(changes) })
    case .record(let record) where holdsParams:
      let copy = RecordObject(copying: record)
      for position in 0..<record.count { copy.items[position] = record.items[position].rebuilt(changes) }
      return .record(copy)
    default: return self
    }
  }
}
