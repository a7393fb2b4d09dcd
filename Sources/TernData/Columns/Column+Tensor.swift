package import TernTensor

extension Column {
  /// A tensor as a column whose rows go along its first axis. A plain sequence of numbers or bools becomes an ordinary
  /// column, which can be sorted, grouped and shown, and remembers the dtype it goes back to.
  /// - Throws: `badOperand` for a tensor without axes.
  package static func tensor(_ tensor: Tensor) throws(DataError) -> Column {
    switch (tensor.rank, tensor.dtype) {
    case (0, _): throw .badOperand(operation: "dataset", found: "a tensor without axes")
    case (1, .bool): .bool(TensorNumbers(tensor).map { $0 != 0 })
    case (1, .f32), (1, .f64): Column(.float(Array(TensorNumbers(tensor))), dtype: tensor.dtype)
    case (1, .i64):
      Column(.int((0..<tensor.count).map { Int(tensor.data.load(fromByteOffset: $0 * 8, as: Int64.self)) }), dtype: .i64)
    case (1, .u8), (1, .i8), (1, .i32): Column(.int(TensorNumbers(tensor).map { Int($0) }), dtype: tensor.dtype)
    default: Column(.tensor(TensorCells(tensor)))
    }
  }

  /// The column as a tensor: of the dtype it was made of, else f32 unless told; bools stay bool, a tensor column is itself.
  /// - Throws: `missingCells`; `columnType` for texts and times and for integers that do not fit the dtype.
  package func tensor(_ dtype: DType? = nil, name: String) throws(DataError) -> Tensor {
    if missingCount > 0 { throw .missingCells(column: name, count: missingCount) }
    let dtype = dtype ?? self.dtype
    switch cells {
    case .tensor(let values): return try values.checked(dtype, name)
    case .bool(let values) where (dtype ?? .bool) == .bool: return try Column.filled(.bool, name, values)
    case .bool(let values): return try Column.numbers(values.map { $0 ? 1 : 0 }, dtype ?? .f32, name)
    case .int(let values) where dtype == .i64: return try Column.filled(.i64, name, values.map(Int64.init))
    case .int(let values): return try Column.numbers(values.map(Double.init), dtype ?? .f32, name)
    case .float(let values): return try Column.numbers(values, dtype ?? .f32, name)
    case .text, .time: throw .columnType(column: name, needed: "numbers", found: type.name)
    }
  }

  /// What the column is beside tensors and in a batch: ints stay whole (i64), as class labels need.
  package var naturalDType: DType? {
    if let dtype { return dtype }
    return switch type {
    case .int: .i64
    case .float: .f32
    case .bool: .bool
    case .tensor(let dtype, _): dtype
    case .text, .time: nil
    }
  }

  private static func numbers(_ values: [Double], _ dtype: DType, _ name: String) throws(DataError) -> Tensor {
    switch dtype {
    case .f32: return try filled(dtype, name, values.map(Float.init))
    case .f64: return try filled(dtype, name, values)
    case .i64: return try filled(dtype, name, try whole(values, name) as [Int64])
    case .i32: return try filled(dtype, name, try whole(values, name) as [Int32])
    case .i8: return try filled(dtype, name, try whole(values, name) as [Int8])
    case .u8: return try filled(dtype, name, try whole(values, name) as [UInt8])
    case .bool, .f16, .bf16: throw .columnType(column: name, needed: "f32, f64 or integers", found: dtype.name)
    }
  }

  private static func whole<Value: FixedWidthInteger>(_ values: [Double], _ name: String) throws(DataError) -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(values.count)
    for number in values {
      guard let value = Value(exactly: number.rounded(.towardZero)) else {
        throw .columnType(column: name, needed: "numbers that fit \(Value.self)", found: number.description)
      }
      result.append(value)
    }
    return result
  }

  static func filled<Value: BitwiseCopyable>(_ dtype: DType, _ name: String, _ values: [Value]) throws(DataError) -> Tensor {
    let tensor = Tensor.filled(dtype, [values.count]) { target in
      values.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
      }
    }
    guard let tensor else { throw .columnLength(name: name, needed: Int.max, found: values.count) }
    return tensor
  }
}

extension TensorCells {
  /// The tensor, if it already has the wanted dtype: casts are the tensor module's.
  fileprivate func checked(_ dtype: DType?, _ name: String) throws(DataError) -> Tensor {
    guard let dtype, dtype != tensor.dtype else { return tensor }
    throw .columnType(column: name, needed: dtype.name, found: tensor.dtype.name)
  }
}
