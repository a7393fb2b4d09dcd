package import TernTensor

/// Reads the array files that MNIST and its kin come in:
///
///     0  0  type  rank   a size for each axis (32 bits)   the elements, last axis fastest
///
/// Everything is big-endian. Types: 08 u8, 09 i8, 0B 16-bit integers (read as i32), 0C i32, 0D f32, 0E f64.
package enum IDXReader {
  /// - Throws: `damagedFile` for a header that is none, or that speaks of other bytes than there are.
  package static func tensor(_ file: FileBytes) throws(DataError) -> Tensor {
    let header = try Header(file)
    let tensor = Tensor.filled(header.element.dtype, header.sizes) { target in
      file.bytes.withUnsafeBytes { header.element.copy(UnsafeRawBufferPointer(rebasing: $0[header.byteCount...]), target) }
    }
    guard let tensor else { throw .damagedFile(path: file.path, reason: "more axes or elements than a tensor can have") }
    return tensor
  }

  /// Whether the bytes start as an IDX file does.
  package static func isIDX(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && Element(rawValue: bytes[2]) != nil && bytes[3] > 0
  }
}

private struct Header {
  let element: Element
  let sizes: [Int]
  var byteCount: Int { 4 + 4 * sizes.count }

  init(_ file: FileBytes) throws(DataError) {
    let bytes = file.bytes, path = file.path
    guard IDXReader.isIDX(bytes), let element = Element(rawValue: bytes[2]) else {
      throw .damagedFile(path: path, reason: "not an IDX file: it starts with two zero bytes, a type and a rank")
    }
    let rank = Int(bytes[3])
    guard bytes.count >= 4 + 4 * rank else { throw .damagedFile(path: path, reason: "the IDX header is cut short") }
    self.element = element
    sizes = (0..<rank).map { axis in
      bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    try check(against: bytes.count, path)
  }

  /// The elements are exactly the bytes that follow: so no header can ask for more memory than its file has.
  private func check(against count: Int, _ path: String) throws(DataError) {
    var needed = element.size
    for size in sizes {
      let (product, overflow) = needed.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .damagedFile(path: path, reason: "the IDX header's sizes \(sizes) are too large") }
      needed = product
    }
    guard needed == count - byteCount else {
      throw .damagedFile(path: path, reason: "the IDX header's sizes \(sizes) need \(needed) bytes; \(count - byteCount) follow")
    }
  }
}

private enum Element: UInt8 {
  case u8 = 0x08, i8 = 0x09, i16 = 0x0b, i32 = 0x0c, f32 = 0x0d, f64 = 0x0e

  /// Bytes in the file.
  var size: Int {
    switch self {
    case .u8, .i8: 1
    case .i16: 2
    case .i32, .f32: 4
    case .f64: 8
    }
  }

  var dtype: DType {
    switch self {
    case .u8: .u8
    case .i8: .i8
    case .i16, .i32: .i32
    case .f32: .f32
    case .f64: .f64
    }
  }

  /// Fills a tensor's memory with the elements in this machine's order.
  func copy(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawPointer) {
    switch self {
    case .u8, .i8: if let base = source.baseAddress { target.copyMemory(from: base, byteCount: source.count) }
    case .i16: convert(source, target) { (bits: Int16) in Int32(Int16(bigEndian: bits)) }
    case .i32, .f32: convert(source, target) { (bits: UInt32) in UInt32(bigEndian: bits) }
    case .f64: convert(source, target) { (bits: UInt64) in UInt64(bigEndian: bits) }
    }
  }

  private func convert<From: BitwiseCopyable, To: BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawPointer, _ value: (From) -> To
  ) {
    for index in 0..<source.count / MemoryLayout<From>.size {
      let bits = source.loadUnaligned(fromByteOffset: index * MemoryLayout<From>.size, as: From.self)
      target.storeBytes(of: value(bits), toByteOffset: index * MemoryLayout<To>.size, as: To.self)
    }
  }
}
