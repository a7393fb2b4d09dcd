internal import Glibc

/// Numbers as people read them.
enum NumberText {
  /// At most `digits` figures, with an exponent where that is shorter: `0.1234`, `1.2e-05`.
  static func short(_ number: Double, digits: Int = 4) -> String {
    format("%.*g", Int32(digits), number)
  }

  static func fixed(_ number: Double, decimals: Int) -> String {
    format("%.*f", Int32(decimals), number)
  }

  /// `12,300`; a number beyond all counting is written short.
  static func grouped(_ number: Double) -> String {
    guard number.magnitude < 1e15 else { return short(number) }
    let digits = Array(String(Int(number.rounded())))
    return String(digits.indices.flatMap { index in
      let isBorder = index > 0 && digits[index - 1] != "-" && (digits.count - index).isMultiple(of: 3)
      return isBorder ? [",", digits[index]] : [digits[index]]
    })
  }

  private static func format(_ format: String, _ precision: Int32, _ number: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      let length = withVaList([precision, number]) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
      return String(decoding: buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
