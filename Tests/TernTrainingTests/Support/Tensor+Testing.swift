import TernTensor

extension Tensor {
  /// A tensor of these bytes; there must be as many as the shape needs.
  static func of(_ dtype: DType, _ sizes: [Int], bytes: [UInt8], axes: [String?]? = nil) -> Tensor {
    let storage = Storage(byteCount: bytes.count)
    storage.pointer.copyMemory(from: bytes, byteCount: bytes.count)
    return Tensor(storage: storage, dtype: dtype, shape: Shape(sizes) ?? Shape(), axisNames: axes)
  }

  static func f32(_ values: [Float], _ sizes: [Int]? = nil, axes: [String?]? = nil) -> Tensor {
    of(.f32, sizes ?? [values.count], bytes: values.withUnsafeBytes { Array($0) }, axes: axes)
  }

  static func f64(_ value: Double) -> Tensor { of(.f64, [], bytes: withUnsafeBytes(of: value) { Array($0) }) }

  var allBytes: [UInt8] { Array(UnsafeRawBufferPointer(start: data, count: count * dtype.size)) }
  var floats: [Float] { (0..<count).map { data.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) } }
  var double: Double { data.loadUnaligned(as: Double.self) }
}
