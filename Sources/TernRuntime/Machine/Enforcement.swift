import TernSyntax
package import TernTensor

/// Contracts at work: values are converted where the language converts, sizes are bound, and what does not fit is refused.
extension Machine {
  /// Checks a function's arguments on entry. Ints among them are sizes first; then bare words are bound; then what is computed
  /// from them is checked.
  @inline(never)
  func enforceEntry(_ function: Unmanaged<Closure>, _ base: Registers, entry: Int, into state: Registers) throws(Fault) {
    let closure = function.takeUnretainedValue()
    let entry = closure.prototype.entries[entry]
    let bound = BoundSizes()
    noteModelSizes(closure, bound)
    for argument in entry.arguments {
      let slot = base + argument.register
      let contract = entry.parameters.first { $0.register == argument.register }?.contract
      // An int given for a tensor is no size.
      if contract?.axes != nil { continue }
      if contract?.name == "int", slot.tag == Tag.tensor, case .int(let number)? = try numberIfAny(slot.pointee) { slot.setInt(number) }
      if slot.tag == Tag.int { bound.sizes[argument.name] = slot.asInt }
    }
    for phase in [EnforcementPhase.binding, .checking] {
      for parameter in entry.parameters {
        do throws(Fault) {
          try enforce(parameter.contract, base + parameter.register, "`\(parameter.name)`", bound, phase: phase)
        } catch {
          error.focus = parameter.range
          error.argument = RefusedArgument(
            position: parameter.register, name: parameter.name, note: error.operands.first?.note ?? "")
          throw sizesNoted(error, bound)
        }
      }
    }
    for size in entry.sizes {
      if let value = bound.sizes[size.name] { (base + size.register).setInt(value) }
    }
    state.pointee = .foreign(Foreign(bound))
  }

  /// Ints that the model whose function this is was made with are sizes too.
  private func noteModelSizes(_ closure: Closure, _ bound: BoundSizes) {
    guard closure.prototype.isMethod, case .model(let model) = closure.captures.pointee else { return }
    for (position, member) in model.blueprint.members.enumerated() where member == .argument || member == .binding {
      if case .int(let size) = model.items[position] { bound.sizes[model.blueprint.layout.keys[position].text] = size }
    }
  }

  private func sizesNoted(_ fault: Fault, _ bound: BoundSizes) -> Fault {
    if !fault.isPlaced, fault.code.isAboutShapes { fault.sizes = SizesNote(bound) }
    return fault
  }

  @inline(never)
  func enforceResult(_ function: Unmanaged<Closure>, _ slot: Registers, contract: Int, state: Registers) throws(Fault) {
    let contract = function._withUnsafeGuaranteedRef { $0.prototype.contracts[contract] }
    var bound = BoundSizes()
    if case .foreign(let foreign) = state.pointee, let known = foreign.value as? BoundSizes { bound = known }
    do throws(Fault) { try enforce(contract, slot, "the result", bound, phase: .whole) } catch { throw sizesNoted(error, bound) }
  }

  /// A typed `let` or `var`.
  @inline(never)
  func enforce(_ function: Unmanaged<Closure>, _ slot: Registers, contract: Int, name: Value) throws(Fault) {
    let contract = function._withUnsafeGuaranteedRef { $0.prototype.contracts[contract] }
    try enforce(contract, slot, "`\(name.printed)`", BoundSizes(), isAnnotation: true)
  }

  enum EnforcementPhase { case binding, checking, whole }

  /// Converts and checks what a slot holds. `isAnnotation`: equal words must be equal, none is bound for anyone else.
  func enforce(
    _ contract: Contract, _ slot: Registers, _ what: String, _ bound: BoundSizes, phase: EnforcementPhase = .whole,
    isAnnotation: Bool = false
  ) throws(Fault) {
    if contract.admitsNone && slot.tag == Tag.none { return }
    if let axes = contract.axes {
      try enforceTensor(contract, axes, slot, what, bound, phase)
    } else if phase != .checking {
      try enforceKind(contract.name, slot, what)
    }
  }

  private func enforceKind(_ name: String, _ slot: Registers, _ what: String) throws(Fault) {
    let value = slot.pointee
    switch name {
    case "any": return
    case "float":
      switch value {
      case .float: return
      case .int(let number): return slot.setFloat(Double(number))
      case .tensor(let tensor) where tensor.rank == 0 && tensor.dtype != .bool:
        // Under a gradient the tensor stays: its number would cut the way back.
        if tensor.isTracked { return }
        return slot.setFloat(try double(value))
      default: break
      }
    case "int":
      switch value {
      case .int: return
      case .tensor(let tensor) where tensor.rank == 0 && tensor.dtype.isInteger: return slot.setInt(try integer(value))
      default: break
      }
    case "bool":
      if case .bool = value { return }
      if case .tensor(let tensor) = value, tensor.rank == 0, tensor.dtype == .bool { return slot.setBool(try truth(value)) }
    case "fn":
      switch value {
      case .function, .builtin, .model: return
      case .foreign(let foreign) where foreign.value is any CallableValue: return
      default: break
      }
    default:
      if DType(name: name) != nil { return try enforceScalarDType(name, slot, what) }
      if value.kind == name { return }
    }
    var hint: String?
    if name == "int", case .float = value { hint = "a float never narrows silently: `int(x)`" }
    throw Fault(.wrongType, "\(what) is \(Machine.article(name)); this is \(value.description)", hint: hint)
      .marking(0, value.description)
  }

  private static func article(_ kind: String) -> String {
    kind == "none" ? kind : (kind.first.map { "aeiou".contains($0) } ?? false ? "an " : "a ") + kind
  }

  /// A bare dtype: any tensor of it.
  private func enforceScalarDType(_ name: String, _ slot: Registers, _ what: String) throws(Fault) {
    let tensor = try asTensor(slot.pointee, DType(name: name), what)
    guard tensor.dtype.name == name else { throw wrongDType(what, name, tensor) }
    slot.pointee = .tensor(tensor)
  }

  private func wrongDType(_ what: String, _ name: String, _ tensor: Tensor) -> Fault {
    let hint = DType(name: name) == nil ? nil : "`cast(x, \(name))`"
    return Fault(.wrongDType, "\(what) is \(name); this is \(tensor.typeText)", hint: hint).marking(0, tensor.typeText)
  }

  /// A value as a tensor: lists and numbers are converted.
  package func asTensor(_ value: Value, _ dtype: DType? = nil, _ what: String = "this") throws(Fault) -> Tensor {
    switch value {
    case .tensor(let tensor): return tensor
    case .list(let list): return try TensorList(list).tensor(dtype: dtype)
    case .int(let number): return try Machine.scalar(.int(number), dtype ?? .f32)
    case .float(let number): return try Machine.scalar(.float(number), dtype ?? .f32)
    case .bool(let flag): return try Machine.scalar(.bool(flag), dtype ?? .bool)
    case .foreign(let foreign):
      if let tensor = try foreign.value.tensor() {
        guard let dtype, tensor.dtype != dtype else { return tensor }
        return try tensorCall { () throws(TensorError) in try tensor.cast(dtype) }
      }
    default: break
    }
    throw Fault(.wrongType, "\(what) is a tensor; this is \(value.description)").marking(0, value.description)
  }

  private static func scalar(_ number: Scalar, _ dtype: DType) throws(Fault) -> Tensor {
    try tensorCall { () throws(TensorError) in try Tensor.number(number, as: dtype) }
  }

  private func enforceTensor(
    _ contract: Contract, _ axes: [Contract.Axis], _ slot: Registers, _ what: String, _ bound: BoundSizes, _ phase: EnforcementPhase
  ) throws(Fault) {
    let isFamily = contract.name == "float" || contract.name == "int"
    var wanted = DType(name: contract.name)
    if isFamily { wanted = bound.dtypes[contract.name].flatMap { DType(name: $0) } ?? (contract.name == "int" ? .i64 : nil) }
    let tensor = try asTensor(slot.pointee, wanted, what)
    try checkDType(contract, tensor, what, bound)
    let names = try checkAxes(contract, axes, tensor, what, bound, phase)
    if let names {
      slot.pointee = .tensor(try tensorCall { () throws(TensorError) in try tensor.named(checking: names) })
    } else if slot.tag != Tag.tensor {
      slot.pointee = .tensor(tensor)
    }
  }

  private func checkDType(_ contract: Contract, _ tensor: Tensor, _ what: String, _ bound: BoundSizes) throws(Fault) {
    if contract.name == "float" || contract.name == "int" {
      if tensor.isWeak && contract.name == "float" { return }
      guard contract.name == "float" ? tensor.dtype.isFloat : tensor.dtype.isInteger else {
        throw wrongDType(what, "\(contract.name)[…]", tensor)
      }
      let known = bound.dtypes[contract.name] ?? tensor.dtype.name
      bound.dtypes[contract.name] = known
      guard known == tensor.dtype.name else {
        throw Fault(.wrongDType, "\(what) is \(tensor.dtype.name), and `\(contract.name)` is \(known) in this call", hint: "`cast(x, \(known))`")
      }
    } else if tensor.dtype.name != contract.name && !(tensor.isWeak && (DType(name: contract.name)?.isFloat ?? false)) {
      throw wrongDType(what, contract.name, tensor)
    }
  }

  /// Sizes and names; the axes' names when the contract gives some.
  private func checkAxes(
    _ contract: Contract, _ axes: [Contract.Axis], _ tensor: Tensor, _ what: String, _ bound: BoundSizes, _ phase: EnforcementPhase
  ) throws(Fault) -> [String?]? {
    let laid = try lay(contract, axes, on: tensor, what, bound)
    var names = tensor.axisNames ?? Array(repeating: nil, count: tensor.rank)
    var isNamed = false
    for (position, axis) in laid.enumerated() {
      guard let axis else { continue }
      if let name = axis.name {
        if names[position] == nil {
          guard !names.contains(name) else {
            throw Fault(.wrongAxisName, "axis `\(name)` stands elsewhere in \(what): \(tensor.typeText)")
          }
          names[position] = name
          isNamed = true
        } else if names[position] != name {
          throw Fault(.wrongAxisName, "\(what) has axis `\(names[position] ?? "")` where `\(name)` is asked for: \(tensor.typeText)")
        }
      }
      try checkSize(axis.size, tensor.shape[position], position, contract, tensor, what, bound, phase)
    }
    return isNamed ? names : nil
  }

  /// For each axis of the tensor the contract's axis it meets; nil where `...` stands.
  private func lay(
    _ contract: Contract, _ axes: [Contract.Axis], on tensor: Tensor, _ what: String, _ bound: BoundSizes
  ) throws(Fault) -> [Contract.Axis?] {
    guard let dots = axes.firstIndex(where: { if case .leading = $0.size { true } else { false } }) else {
      guard axes.count == tensor.rank else { throw wrongRank(contract, tensor, what, axes.count, atLeast: false) }
      return axes
    }
    let extra = tensor.rank - (axes.count - 1)
    guard extra >= 0 else { throw wrongRank(contract, tensor, what, axes.count - 1, atLeast: true) }
    let leading = (dots..<dots + extra).map { tensor.shape[$0] }
    let known = bound.leading ?? leading
    bound.leading = known
    guard known == leading else {
      throw Fault(.wrongSize, "`...` is \(known) in this call, and \(leading) in \(what)")
    }
    return axes[..<dots].map { $0 } + Array(repeating: nil, count: extra) + axes[(dots + 1)...].map { $0 }
  }

  private func wrongRank(_ contract: Contract, _ tensor: Tensor, _ what: String, _ count: Int, atLeast: Bool) -> Fault {
    Fault(
      .wrongRank, "\(what) is \(contract.text), which has \(atLeast ? "at least " : "")\(count) ax\(count == 1 ? "i" : "e")s; this is \(tensor.typeText)"
    ).marking(0, tensor.typeText)
  }

  private func checkSize(
    _ size: Contract.Size, _ found: Int, _ axis: Int, _ contract: Contract, _ tensor: Tensor, _ what: String,
    _ bound: BoundSizes, _ phase: EnforcementPhase
  ) throws(Fault) {
    let wanted: Int
    switch size {
    case .leading, .any: return
    case .number(let number): wanted = number
    case .variable(let word):
      if let known = bound.sizes[word] {
        wanted = known
      } else {
        bound.sizes[word] = found
        bound.binders[word] = String(what.filter { $0 != "`" })
        return
      }
    case .computed(let formula):
      if phase == .binding { return }
      guard let value = value(of: formula, bound) else {
        throw Fault(.wrongSize, "the size \(formula.text) of \(what) has no value here")
      }
      wanted = value
    }
    guard wanted == found else {
      throw Fault(.wrongSize, "\(what) is \(contract.text): axis \(axis) is \(found), and \(Machine.sizeText(size, wanted)) is asked for")
        .marking(0, tensor.typeText)
    }
  }

  private static func sizeText(_ size: Contract.Size, _ wanted: Int) -> String {
    switch size {
    case .variable(let word): "\(word) = \(wanted)"
    case .computed(let formula): "\(formula.text) = \(wanted)"
    default: String(wanted)
    }
  }

  func value(of formula: SizeFormula, _ bound: BoundSizes) -> Int? {
    formula.value { part in
      switch part {
      case .name(let name): return bound.sizes[name]
      default: return nil
      }
    }
  }
}
