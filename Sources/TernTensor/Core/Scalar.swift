import CTernKernels

/// A script's number: weak, it takes the dtype of the tensor it stands beside.
package enum Scalar: Sendable, Equatable {
  case bool(Bool), int(Int), float(Double)

  package var double: Double {
    switch self {
    case .bool(let b): b ? 1 : 0
    case .int(let i): Double(i)
    case .float(let d): d
    }
  }

  package var text: String {
    switch self {
    case .bool(let b): b ? "true" : "false"
    case .int(let i): String(i)
    case .float(let d): floatText(d)
    }
  }
}

/// What an operation is applied to.
package enum Operand {
  case tensor(Tensor), scalar(Scalar)
}

extension DType {
  /// The integers the type holds; nil for floats and bool.
  package var integerRange: ClosedRange<Int>? {
    switch self {
    case .u8: 0...255
    case .i8: -128...127
    case .i32: -0x8000_0000...0x7fff_ffff
    case .i64: Int.min...Int.max
    default: nil
    }
  }

  /// bool < u8, i8 < i32 < i64 < f16, bf16 < f32 < f64; a pair of equals meets at the next.
  package static func meet(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    if a.height != b.height { return a.height > b.height ? a : b }
    return a.isFloat ? .f32 : .i32
  }

  private var height: Int {
    switch self {
    case .bool: 0
    case .u8, .i8: 1
    case .i32: 2
    case .i64: 3
    case .f16, .bf16: 4
    case .f32: 5
    case .f64: 6
    }
  }

  var code: Int32 { Int32(rawValue) }

  /// Half precision is for storage: most kernels work on f32.
  package var isHalf: Bool { self == .f16 || self == .bf16 }
  var hasKernels: Bool { !isHalf }

  /// A number as an element of this dtype reads it back.
  func rounded(_ value: Double) -> Double {
    switch self {
    case .f32: Double(Float(value))
    case .f16, .bf16: Double(tern_of_half(code, tern_half_of(code, value)))
    default: value
    }
  }
}

extension Scalar {
  /// The dtype this number takes beside a tensor of another: a bool tensor meets an int at i64; a float among integers is f32.
  func dtype(beside other: DType) throws(TensorError) -> DType {
    switch self {
    case .bool: return .bool
    case .float: return other.isFloat ? other : .f32
    case .int(let value):
      let dtype = other == .bool ? .i64 : other
      if let range = dtype.integerRange, !range.contains(value) { throw .doesNotFit(value: String(value), dtype: dtype) }
      return dtype
    }
  }

  /// Writes the number as one element of a dtype it fits.
  func store(as dtype: DType, at pointer: UnsafeMutableRawPointer) {
    switch dtype {
    case .bool: pointer.storeBytes(of: double != 0 ? 1 : 0, as: UInt8.self)
    case .u8: pointer.storeBytes(of: UInt8(truncatingIfNeeded: integer), as: UInt8.self)
    case .i8: pointer.storeBytes(of: Int8(truncatingIfNeeded: integer), as: Int8.self)
    case .i32: pointer.storeBytes(of: Int32(truncatingIfNeeded: integer), as: Int32.self)
    case .i64: pointer.storeBytes(of: integer, as: Int.self)
    case .f32: pointer.storeBytes(of: singlePrecision, as: Float.self)
    case .f64: pointer.storeBytes(of: double, as: Double.self)
    case .f16, .bf16: pointer.storeBytes(of: tern_half_of(dtype.code, double), as: UInt16.self)
    }
  }

  private var singlePrecision: Float {
    if case .int(let i) = self { Float(i) } else { Float(double) }
  }

  private var integer: Int {
    switch self {
    case .bool(let b): b ? 1 : 0
    case .int(let i): i
    case .float(let d): Int(exactly: d.rounded(.towardZero)) ?? 0
    }
  }
}

extension Tensor {
  /// One element, by its place in the row-major order.
  package func element(_ index: Int) -> Scalar {
    if isUnknown { return .float(.nan) }
    return switch dtype {
    case .bool: .bool(load(index, UInt8.self) != 0)
    case .u8: .int(Int(load(index, UInt8.self)))
    case .i8: .int(Int(load(index, Int8.self)))
    case .i32: .int(Int(load(index, Int32.self)))
    case .i64: .int(load(index, Int.self))
    case .f32: .float(Double(load(index, Float.self)))
    case .f64: .float(load(index, Double.self))
    case .f16, .bf16: .float(Double(tern_of_half(dtype.code, load(index, UInt16.self))))
    }
  }

  private func load<T: BitwiseCopyable>(_ index: Int, _: T.Type) -> T {
    data.load(fromByteOffset: index &* MemoryLayout<T>.size, as: T.self)
  }

  /// THE number of a tensor without axes (or with one element).
  package var scalar: Scalar? { count == 1 && !isUnknown ? element(0) : nil }
}
