internal import TernTensor
import TernData

/// A program as JSON: its calls in order, an operand by its number. The inputs come first, then the constants; both stand
/// outside, the constants as tensors.
///
///     {"inputs": [{"f32": [8, 3]}, {"f32": [2, 8]}], "calls": [["matmul", [1, 0], {"product": [false, false]}]], "outputs": [2]}
struct ProgramDocument {
  var json: JSONValue
  var constants: [Tensor]

  /// A constant whose numbers are all the same is one number made as large as it is, whatever its size.
  init(_ program: Program) throws(TensorError) {
    var places = Array(repeating: 0, count: program.count)
    var inputs: [JSONValue] = [], calls: [JSONValue] = []
    constants = []
    for id in 0..<program.count {
      switch program.sources[id] {
      case .input(let k):
        places[id] = k
        inputs.append(JSONValue(program.types[id]))
      case .constant(let tensor):
        places[id] = program.inputCount + constants.count
        constants.append(try tensor.uniform ?? tensor)
      case .call: break
      }
    }
    var next = program.inputCount + constants.count
    func call(_ name: String, _ operands: [Int], _ attributes: Attributes) -> Int {
      calls.append(.array([.string(name), .array(operands.map { .int($0) }), JSONValue(attributes)]))
      next += 1
      return next - 1
    }
    for id in 0..<program.count {
      switch program.sources[id] {
      case .input: continue
      case .constant(let tensor):
        if try tensor.uniform != nil { places[id] = call("broadcast", [places[id]], .shape(tensor.shape)) }
      case .call(let primitive, let attributes): places[id] = call(primitive.name, program.operands[id].map { places[$0] }, attributes)
      }
    }
    json = .object([
      JSONMember("inputs", .array(inputs)), JSONMember("calls", .array(calls)),
      JSONMember("outputs", .array(program.outputs.map { .int(places[$0]) })),
    ])
  }

  init(json: JSONValue, constants: [Tensor]) {
    self.json = json
    self.constants = constants
  }

  /// The program, each call checked.
  func program() throws(GraphError) -> Program {
    guard let inputs = json["inputs"]?.array, let calls = json["calls"]?.array, let outputs = json["outputs"]?.array?.map(\.int) else { throw .damaged }
    var program = Program()
    for (k, input) in inputs.enumerated() {
      guard let type = TensorType(input) else { throw .damaged }
      _ = program.append(.input(k), [], type)
    }
    for tensor in constants { _ = program.append(.constant(tensor), [], TensorType(dtype: tensor.dtype, shape: tensor.shape)) }
    for call in calls {
      guard let parts = call.array, parts.count == 3, let name = parts[0].string, let operands = parts[1].ints,
        let primitive = ProgramDocument.primitive(name, operands.count), let attributes = Attributes(parts[2])
      else { throw .damaged }
      do throws(TensorError) { _ = try program.append(checking: primitive, operands, attributes) } catch { throw .call(error) }
    }
    for output in outputs {
      guard let output, output >= 0, output < program.count else { throw .damaged }
      program.outputs.append(output)
    }
    return program
  }

  /// `max` of two and `max` over axes have one name: the number of operands tells.
  private static func primitive(_ name: String, _ count: Int) -> Primitive? {
    let named = primitives[name] ?? []
    return named.first { primitive in primitive.domain.cases.contains { $0.operands.count == count } } ?? named.first
  }

  private static let primitives = Dictionary(grouping: Catalog.all, by: \.name)
}

extension Tensor {
  /// One number when all are the same and there are several.
  fileprivate var uniform: Tensor? {
    get throws(TensorError) {
      guard rank > 0, count > 1 else { return nil }
      let size = dtype.size
      let bytes = UnsafeRawBufferPointer(start: data, count: byteCount)
      guard bytes.dropFirst(size).elementsEqual(bytes.dropLast(size)) else { return nil }
      return try Tensor.of([element(0)], shape: Shape(), dtype: dtype)
    }
  }
}

// MARK: What a call is told

extension JSONValue {
  init(_ type: TensorType) { self = .object([JSONMember(type.dtype.name, JSONValue(type.shape.array))]) }

  fileprivate init(_ numbers: [Int]) { self = .array(numbers.map { .int($0) }) }
  private init(flags: Bool...) { self = .array(flags.map { .bool($0) }) }

  fileprivate init(_ attributes: Attributes) {
    let (name, value): (String, JSONValue)
    switch attributes {
    case .none:
      self = .null
      return
    case .paired(let names): (name, value) = ("paired", .array(names.map { $0.map { .string($0) } ?? .null }))
    case .axes(let axes): (name, value) = ("axes", JSONValue(axes))
    case .axis(let axis): (name, value) = ("axis", .int(axis))
    case .scan(let axis, let backwards): (name, value) = ("scan", .array([.int(axis), .bool(backwards)]))
    case .shape(let shape): (name, value) = ("shape", JSONValue(shape.array))
    case .permutation(let order): (name, value) = ("permutation", JSONValue(order))
    case .dtype(let dtype): (name, value) = ("dtype", .string(dtype.name))
    case .region(let region): (name, value) = ("region", region.json)
    case .place(let region, let shape): (name, value) = ("place", .array([region.json, JSONValue(shape.array)]))
    case .epsilon(let eps): (name, value) = ("epsilon", .double(eps))
    case .product(let left, let right): (name, value) = ("product", JSONValue(flags: left, right))
    case .wideProduct(let left, let right): (name, value) = ("wide_product", JSONValue(flags: left, right))
    case .system(let turned): (name, value) = ("system", .bool(turned))
    case .triangle(let upper, let turned): (name, value) = ("triangle", JSONValue(flags: upper, turned))
    case .positions(let size, let axis, _, _): (name, value) = ("positions", JSONValue([size, axis]))
    case .draw: (name, value) = ("draw", .null)
    case .window(let window):
      (name, value) = ("window", .array([JSONValue(window.height.numbers), JSONValue(window.width.numbers), .int(window.groups)]))
    }
    self = .object([JSONMember(name, value)])
  }

  /// Whole numbers and nothing else.
  fileprivate var ints: [Int]? {
    guard let array else { return nil }
    let numbers = array.compactMap(\.int)
    return numbers.count == array.count ? numbers : nil
  }

  fileprivate var flags: [Bool]? {
    guard let array else { return nil }
    let flags = array.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
    return flags.count == array.count ? flags : nil
  }

  fileprivate var shape: Shape? { ints.flatMap { Shape($0) } }
}

extension Region {
  fileprivate var json: JSONValue { .array([starts, counts, steps].map { .array($0.map { .int($0) }) }) }

  fileprivate init?(_ json: JSONValue) {
    guard let parts = json.array?.map(\.ints), parts.count == 3, let starts = parts[0], let counts = parts[1], let steps = parts[2],
      starts.count == counts.count, steps.count == counts.count
    else { return nil }
    self.init(starts: starts, counts: counts, steps: steps)
  }
}

extension Window.Axis {
  fileprivate var numbers: [Int] { [size, field, stride, dilation, low, high] }

  fileprivate init?(_ json: JSONValue) {
    guard let n = json.ints, n.count == 6 else { return nil }
    self.init(size: n[0], field: n[1], stride: n[2], dilation: n[3], low: n[4], high: n[5])
  }
}

extension TensorType {
  init?(_ json: JSONValue) {
    guard let members = json.members, members.count == 1, let dtype = DType(name: members[0].name), let shape = members[0].value.shape else { return nil }
    self.init(dtype: dtype, shape: shape)
  }
}

extension Attributes {
  /// nil when the JSON tells a call nothing.
  fileprivate init?(_ json: JSONValue) {
    guard json != .null else {
      self = .none
      return
    }
    guard let members = json.members, members.count == 1 else { return nil }
    let value = members[0].value
    let found: Attributes? =
      switch members[0].name {
      case "paired": value.array.map { .paired($0.map(\.string)) }
      case "axes": value.ints.map { .axes($0) }
      case "axis": value.int.map { .axis($0) }
      case "scan": Attributes(scan: value)
      case "shape": value.shape.map { .shape($0) }
      case "permutation": value.ints.map { .permutation($0) }
      case "dtype": value.string.flatMap { DType(name: $0) }.map { .dtype($0) }
      case "region": Region(value).map { .region($0) }
      case "place": Attributes(place: value)
      case "epsilon": value.number.map { .epsilon($0) }
      case "product": value.pair.map { .product(turnLeft: $0, turnRight: $1) }
      case "wide_product": value.pair.map { .wideProduct(turnLeft: $0, turnRight: $1) }
      case "system": if case .bool(let turned) = value { .system(turned: turned) } else { nil }
      case "triangle": value.pair.map { .triangle(upper: $0, turned: $1) }
      case "positions": Attributes(positions: value)
      case "window": Attributes(window: value)
      default: nil
      }
    guard let found else { return nil }
    self = found
  }

  private init?(scan json: JSONValue) {
    guard let parts = json.array, parts.count == 2, let axis = parts[0].int, case .bool(let backwards) = parts[1] else { return nil }
    self = .scan(axis: axis, backwards: backwards)
  }

  private init?(place json: JSONValue) {
    guard let parts = json.array, parts.count == 2, let region = Region(parts[0]), let shape = parts[1].shape else { return nil }
    self = .place(region, of: shape)
  }

  private init?(positions json: JSONValue) {
    guard let numbers = json.ints, numbers.count == 2 else { return nil }
    self = .positions(size: numbers[0], axis: numbers[1], name: nil, type: "a tensor of the saved graph")
  }

  private init?(window json: JSONValue) {
    guard let parts = json.array, parts.count == 3, let height = Window.Axis(parts[0]), let width = Window.Axis(parts[1]), let groups = parts[2].int
    else { return nil }
    self = .window(Window(height: height, width: width, groups: groups))
  }
}

extension JSONValue {
  fileprivate var pair: (Bool, Bool)? { flags.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil } }
}
