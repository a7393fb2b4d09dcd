internal import TernTensor

/// The elements of a tensor of any dtype, as doubles.
struct TensorNumbers: RandomAccessCollection {
  private let tensor: Tensor
  let startIndex = 0
  let endIndex: Int

  init(_ tensor: Tensor) {
    self.tensor = tensor
    endIndex = tensor.count
  }

  subscript(index: Int) -> Double {
    let place = tensor.data + index * tensor.dtype.size
    return switch tensor.dtype {
    case .bool: place.load(as: UInt8.self) == 0 ? 0 : 1
    case .u8: Double(place.load(as: UInt8.self))
    case .i8: Double(place.load(as: Int8.self))
    case .i32: Double(place.load(as: Int32.self))
    case .i64: Double(place.load(as: Int64.self))
    case .f16: Double(place.load(as: Float16.self))
    // The upper half of an f32.
    case .bf16: Double(Float(bitPattern: UInt32(place.load(as: UInt16.self)) << 16))
    case .f32: Double(place.load(as: Float.self))
    case .f64: place.load(as: Double.self)
    }
  }
}

extension Tensor {
  /// The tensor in f32, each element changed.
  func mappedToFloat(_ change: (Double) -> Double) -> Tensor? {
    Tensor.filled(.f32, shape.array, names: axisNames) { target in
      let values = target.bindMemory(to: Float.self, capacity: count)
      for (index, number) in TensorNumbers(self).enumerated() { values[index] = Float(change(number)) }
    }
  }
}

extension Column {
  /// A function of each number, in a tensor column of each element.
  /// - Throws: `missingCells`, `columnType`.
  func mappingNumbers(_ name: String, _ change: (Double) -> Double) throws(DataError) -> Column {
    guard case .tensor(let cells) = cells else { return .float(try presentValues(name).map(change)) }
    guard let mapped = cells.tensor.mappedToFloat(change) else { throw .noColumns(operation: name) }
    return Column(.tensor(TensorCells(mapped)))
  }

  /// What the numbers of the column, all of them finite, come to.
  /// - Throws: `missingCells`, `columnType`, `notFinite`.
  func summary(_ name: String) throws(DataError) -> NumberSummary {
    let summary: NumberSummary
    if case .tensor(let cells) = cells {
      summary = NumberSummary(TensorNumbers(cells.tensor), rowLength: cells.rowShape.reduce(1, *))
    } else {
      summary = NumberSummary(try presentValues(name), rowLength: 1)
    }
    if let row = summary.nonFiniteRow { throw .notFinite(column: name, row: row) }
    return summary
  }
}

/// Moments and range of numbers.
struct NumberSummary {
  let moments: Moments
  let min: Double?
  let max: Double?
  /// The first row that holds an infinity or NaN.
  let nonFiniteRow: Int?

  init(_ values: some RandomAccessCollection<Double>, rowLength: Int) {
    moments = Moments(values)
    min = values.min()
    max = values.max()
    nonFiniteRow = values.enumerated().first { !$0.element.isFinite }.map { $0.offset / Swift.max(rowLength, 1) }
  }
}
