internal import TernTensor

extension DType {
  /// The format's word for a dtype.
  var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .u8: "U8"
    case .i8: "I8"
    case .i32: "I32"
    case .i64: "I64"
    case .f16: "F16"
    case .bf16: "BF16"
    case .f32: "F32"
    case .f64: "F64"
    }
  }

  init?(safetensorsName name: String) {
    guard let found = DType.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = found
  }

  /// Where tensors of this dtype stand in a file: higher first. The reference implementation's order, which puts wide
  /// elements before narrow ones, so that each is aligned.
  var safetensorsRank: Int {
    switch self {
    case .bool: 0
    case .u8: 1
    case .i8: 2
    case .f16: 3
    case .bf16: 4
    case .i32: 5
    case .f32: 6
    case .f64: 7
    case .i64: 8
    }
  }
}
