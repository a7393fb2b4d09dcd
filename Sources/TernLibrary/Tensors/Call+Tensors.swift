import TernRuntime
import TernSyntax
import TernTensor

/// Arguments of tensor words.
extension Call {
  /// A tensor: what is one, or can be taken as one.
  func tensor(_ position: Int, _ dtype: DType? = nil) throws(Fault) -> Tensor {
    try machine.asTensor(self[position], dtype, "`\(builtin.parameters[position].name)`")
  }

  /// A list of numbers in full precision; what is a tensor as it is.
  func exactTensor(_ position: Int) throws(Fault) -> Tensor {
    guard case .list(let list) = self[position] else { return try tensor(position) }
    let isPlain = !list.values.contains { if case .tensor = $0 { true } else { false } }
    return try tensor(position, isPlain ? .f64 : nil)
  }

  /// A number that a gradient goes through, or that is not known yet: as a plain number it would lose that.
  func living(_ position: Int) -> Tensor? {
    guard case .tensor(let tensor) = self[position], tensor.rank == 0, tensor.isTracked || tensor.isUnknown else { return nil }
    return tensor
  }

  /// Calls the core; its errors become the language's.
  func core(_ body: () throws(TensorError) -> Tensor) throws(Fault) -> Value { .tensor(try tensorCall(body)) }

  /// `over:`: a name, an int, or a list of them; nil when it is not given.
  func axes(_ position: Int) throws(Fault) -> [AxisReference]? {
    guard has(position) else { return nil }
    if case .list(let list) = self[position] {
      var axes: [AxisReference] = []
      for item in list.values { axes.append(try axisReference(item)) }
      return axes
    }
    return [try axisReference(self[position])]
  }

  func axis(_ position: Int) throws(Fault) -> AxisReference? {
    has(position) ? try axisReference(self[position]) : nil
  }

  private func axisReference(_ value: Value) throws(Fault) -> AxisReference {
    if case .string(let name) = value { return .name(name.text) }
    return .position(try machine.integer(value, "an axis' name or position"))
  }

  /// A dtype is no text: `cast(x, f32)`.
  private func dtypeHint(_ value: Value) -> String? {
    guard case .string(let text) = value, let near = Contract.tensorType(meantBy: text.text) else { return nil }
    return "`\(near)` without quotes"
  }

  /// `dtype:`; nil when it is not given.
  func dtype(_ position: Int) throws(Fault) -> DType? {
    guard has(position) else { return nil }
    guard case .type(let type) = self[position], type.axes == nil else {
      throw Fault(.wrongType, "a dtype is needed, such as f32; this is \(self[position].description)", hint: dtypeHint(self[position]))
        .marking(position, self[position].description)
    }
    switch type.name {
    case "int": return .i64
    case "float": return .f32
    default:
      guard let dtype = type.dtype else { throw Fault(.unknownType, "`\(type.name)` is no dtype") }
      return dtype
    }
  }

  /// Sizes given one by one, as a list, or as a record that names the axes.
  func sizes(_ position: Int) throws(Fault) -> (sizes: [Int], names: [String?]?) {
    guard case .list(let rest) = self[position] else { return ([], nil) }
    if rest.count == 1, case .record(let record) = rest[0] {
      var sizes: [Int] = []
      for index in 0..<record.count { sizes.append(try machine.integer(record.items[index], "an int as a size")) }
      return (sizes, record.layout.keys.map(\.text))
    }
    let list = rest.count == 1 ? rest[0].asList ?? rest : rest
    var sizes: [Int] = []
    for (index, item) in list.values.enumerated() {
      do throws(Fault) { sizes.append(try machine.integer(item, "an int as a size")) } catch { throw error.remarking(list === rest ? position + index : position) }
    }
    return (sizes, nil)
  }

  func shape(_ position: Int) throws(Fault) -> (shape: Shape, names: [String?]?) {
    let (sizes, names) = try sizes(position)
    if let odd = sizes.firstIndex(where: { $0 < 0 }) {
      let isAlone = sizes.count > 1 && self[position].asList?.count == 1
      throw Fault(TensorError.negativeSize(sizes[odd])).marking(isAlone ? position : position + odd)
    }
    do throws(TensorError) { return (try Shape(checking: sizes), names) } catch { throw Fault(error) }
  }

  /// A number or tensor, as an operand beside a tensor.
  func operand(_ position: Int, beside other: DType? = nil) throws(Fault) -> Operand {
    switch self[position] {
    case .int(let number): return .scalar(.int(number))
    case .float(let number): return .scalar(.float(number))
    case .bool(let flag): return .scalar(.bool(flag))
    default: return .tensor(try tensor(position, other))
    }
  }

  /// A list of tensors.
  func tensors(_ position: Int) throws(Fault) -> [Tensor] {
    var tensors: [Tensor] = []
    for item in try machine.items(of: self[position]).values { tensors.append(try machine.asTensor(item, nil, "an item")) }
    return tensors
  }
}

extension Value {
  var asList: ListObject? {
    if case .list(let list) = self { list } else { nil }
  }
}
