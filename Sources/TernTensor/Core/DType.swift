/// The element type of a tensor. The order is the order of promotion inside each family.
package enum DType: UInt8, CaseIterable, Sendable {
  case bool, u8, i8, i32, i64, f16, bf16, f32, f64

  /// The name scripts use.
  package var name: String {
    switch self {
    case .bool: "bool"
    case .u8: "u8"
    case .i8: "i8"
    case .i32: "i32"
    case .i64: "i64"
    case .f16: "f16"
    case .bf16: "bf16"
    case .f32: "f32"
    case .f64: "f64"
    }
  }

  package init?(name: String) {
    guard let found = DType.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// Bytes an element takes.
  package var size: Int {
    switch self {
    case .bool, .u8, .i8: 1
    case .f16, .bf16: 2
    case .i32, .f32: 4
    case .i64, .f64: 8
    }
  }

  package var isFloat: Bool { rawValue >= DType.f16.rawValue }
  package var isInteger: Bool { self != .bool && !isFloat }
}
