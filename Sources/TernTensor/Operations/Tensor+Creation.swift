import CTernKernels

extension Tensor {
  /// A tensor whose elements the caller sets before anyone else sees it.
  package static func unset(_ shape: Shape, dtype: DType, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    try Tensor(TensorType(dtype: dtype, shape: shape, axisNames: axisNames))
  }

  /// Every element the same.
  package static func full(shape: Shape, _ value: Scalar, dtype: DType, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    if case .int(let whole) = value, let range = dtype.integerRange, !range.contains(whole) { throw .doesNotFit(value: value.text, dtype: dtype) }
    if case .float(let real) = value, let range = dtype.integerRange {
      guard let whole = Int(exactly: real.rounded(.towardZero)), range.contains(whole) else { throw .doesNotFit(value: value.text, dtype: dtype) }
    }
    let out = try Tensor(TensorType(dtype: dtype, shape: shape, axisNames: axisNames))
    var element = 0
    value.store(as: dtype, at: &element)
    tern_fill(Int32(dtype.size), &element, out.data, Int64(out.count))
    return out
  }

  package static func zeros(_ shape: Shape, dtype: DType = .f32, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    try full(shape: shape, .int(0), dtype: dtype, axisNames: axisNames)
  }

  package static func ones(_ shape: Shape, dtype: DType = .f32, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    try full(shape: shape, dtype == .bool ? .bool(true) : .int(1), dtype: dtype, axisNames: axisNames)
  }

  /// As another in type, weakness included, every element the same.
  static func filled(like other: Tensor, with value: Double) throws(TensorError) -> Tensor {
    let out = try Tensor(TensorType(dtype: other.dtype, shape: other.shape, isWeak: other.isWeak))
    var element = 0
    Scalar.float(value).store(as: other.dtype, at: &element)
    tern_fill(Int32(other.dtype.size), &element, out.data, Int64(out.count))
    return out
  }

  /// One script number as a tensor without axes.
  package static func number(_ value: Scalar, as dtype: DType) throws(TensorError) -> Tensor { try full(shape: Shape(), value, dtype: dtype) }

  /// Numbers in row-major order, converted to the dtype; integers must fit, floats do not become integers.
  package static func of(_ numbers: [Scalar], shape: Shape, dtype: DType, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    guard numbers.count == shape.count else { throw .reshape(type: "a list", count: numbers.count, to: shape.array) }
    let out = try Tensor(TensorType(dtype: dtype, shape: shape, axisNames: axisNames))
    let range = dtype.integerRange
    for (k, number) in numbers.enumerated() {
      if let range {
        switch number {
        case .int(let whole) where range.contains(whole): break
        case .bool: break
        default: throw .doesNotFit(value: number.text, dtype: dtype)
        }
      }
      number.store(as: dtype, at: out.data + k * dtype.size)
    }
    return out
  }

  package static func of(_ numbers: [Double], shape: Shape? = nil, dtype: DType = .f32) throws(TensorError) -> Tensor {
    let shape = if let shape { shape } else { try Shape(checking: [numbers.count]) }
    return try of(numbers.map { .float($0) }, shape: shape, dtype: dtype)
  }

  package static func of(_ numbers: [Float], shape: Shape? = nil) throws(TensorError) -> Tensor {
    let shape = if let shape { shape } else { try Shape(checking: [numbers.count]) }
    guard numbers.count == shape.count else { throw .reshape(type: "a list", count: numbers.count, to: shape.array) }
    let out = try Tensor(TensorType(dtype: .f32, shape: shape))
    numbers.withUnsafeBytes { if let from = $0.baseAddress { out.data.copyMemory(from: from, byteCount: $0.count) } }
    return out
  }

  package static func of(_ numbers: [Int], shape: Shape? = nil) throws(TensorError) -> Tensor {
    let shape = if let shape { shape } else { try Shape(checking: [numbers.count]) }
    return try of(numbers.map { .int($0) }, shape: shape, dtype: .i64)
  }

  /// start, start + step, … before stop. Ints give i64 unless told.
  package static func arange(from start: Scalar, to stop: Scalar, step: Scalar = .int(1), dtype: DType? = nil) throws(TensorError) -> Tensor {
    if step.double == 0 || step.double.isNaN { throw .stepZero }
    if case (.int(let start), .int(let stop), .int(let step)) = (start, stop, step) {
      let (distance, overflow) = stop.subtractingReportingOverflow(start)
      if overflow { throw .tooLarge([Int.max]) }
      let steps = distance == 0 || (distance > 0) != (step > 0) ? 0 : (distance.magnitude - 1) / step.magnitude + 1
      guard steps < Shape.maxCount else { throw .tooLarge([Int.max]) }
      let count = Int(steps)
      let out = try Tensor(TensorType(dtype: .i64, shape: try Shape(checking: [count])))
      tern_arange_i64(Int64(start), Int64(step), out.data.assumingMemoryBound(to: Int64.self), Int64(count))
      return try out.cast(dtype ?? .i64)
    }
    let span = ((stop.double - start.double) / step.double).rounded(.up)
    guard span.isFinite, span < Double(Shape.maxCount) else { throw .tooLarge([Int.max]) }
    let count = span > 0 ? Int(span) : 0
    let out = try Tensor(TensorType(dtype: .f64, shape: try Shape(checking: [count])))
    tern_arange_f64(start.double, step.double, out.data.assumingMemoryBound(to: Double.self), Int64(count))
    return try out.cast(dtype ?? .f32)
  }

  /// Evenly spaced numbers, both ends included.
  package static func linspace(from start: Double, to stop: Double, count: Int, dtype: DType = .f32) throws(TensorError) -> Tensor {
    let out = try Tensor(TensorType(dtype: .f64, shape: try Shape(checking: [count])))
    let numbers = out.data.assumingMemoryBound(to: Double.self)
    tern_arange_f64(start, count > 1 ? (stop - start) / Double(count - 1) : 0, numbers, Int64(count))
    if count > 1 { numbers[count - 1] = stop }
    return try out.cast(dtype)
  }

  /// Ones on a diagonal, zeros elsewhere.
  package static func eye(_ rows: Int, _ columns: Int? = nil, dtype: DType = .f32) throws(TensorError) -> Tensor {
    let shape = try Shape(checking: [rows, columns ?? rows])
    return try triangle(shape) { $0 == $1 }.cast(dtype)
  }

  /// The part on and below a diagonal of the last two axes; the rest is zero.
  package func lowerTriangle(diagonal: Int = 0) throws(TensorError) -> Tensor { try kept("tril") { $1 &- $0 <= diagonal } }
  /// The part on and above a diagonal of the last two axes; the rest is zero.
  package func upperTriangle(diagonal: Int = 0) throws(TensorError) -> Tensor { try kept("triu") { $1 &- $0 >= diagonal } }

  private func kept(_ op: String, _ keep: (Int, Int) -> Bool) throws(TensorError) -> Tensor {
    guard rank >= 2 else { throw .needsAxes(op: op, type: typeText, rank: 2) }
    let mask = try Tensor.triangle(try Shape(checking: [shape[rank - 2], shape[rank - 1]]), keep)
    let zero = try Tensor.full(shape: Shape(), .int(0), dtype: dtype == .bool ? .u8 : dtype).cast(dtype)
    return try bind(.choose, [mask, unnamed, zero]).named(axisNames)
  }

  private static func triangle(_ shape: Shape, _ keep: (Int, Int) -> Bool) throws(TensorError) -> Tensor {
    let out = try Tensor(TensorType(dtype: .bool, shape: shape))
    let marks = out.data.assumingMemoryBound(to: UInt8.self)
    if out.count == 0 { return out }
    for row in 0..<shape[0] {
      for column in 0..<shape[1] { marks[row * shape[1] + column] = keep(row, column) ? 1 : 0 }
    }
    return out
  }

  /// Positions as rows of zeros with a one: a new last axis of size `classes`.
  package static func oneHot(_ positions: Tensor, classes: Int, dtype: DType = .f32) throws(TensorError) -> Tensor {
    guard positions.dtype.isInteger else { throw .indexDType(type: positions.typeText) }
    let places = try positions.settledPositions(size: classes, axis: positions.rank, name: nil, type: "\(classes) classes")
    let column = try places.expanded(at: places.rank), every = try arange(from: .int(0), to: .int(classes))
    let marks = try bind(.equal, [column, every], .paired(Array(repeating: nil, count: column.rank)))
    return try marks.cast(dtype).named(positions.axisNames.map { $0 + [nil] })
  }
}
