package import TernTensor

/// Tensors by rows, along the first axis. The only place of this module that touches a tensor's memory, but for the
/// readers that fill one.
extension Tensor {
  /// A fresh tensor whose bytes `fill` writes, all of them; nil when the shape cannot be.
  package static func filled(
    _ dtype: DType, _ sizes: [Int], names: [String?]? = nil, _ fill: (UnsafeMutableRawPointer) -> Void
  ) -> Tensor? {
    guard let shape = Shape(sizes) else { return nil }
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    guard !overflow else { return nil }
    let tensor = Tensor(storage: Storage(byteCount: bytes), dtype: dtype, shape: shape, axisNames: names)
    fill(tensor.data)
    return tensor
  }

  /// Bytes from one row to the next.
  var rowStride: Int { shape.array.dropFirst().reduce(dtype.size, *) }

  private var rowNames: [String?]? { axisNames.map { Array($0.dropFirst()) } }

  /// A row as a tensor of one axis less.
  func rowCopy(_ index: Int) -> Tensor {
    let stride = rowStride
    let copy = Tensor.filled(dtype, Array(shape.array.dropFirst()), names: rowNames) { target in
      target.copyMemory(from: data + index * stride, byteCount: stride)
    }
    return copy ?? self
  }

  /// The rows at `indices`, which all exist.
  func rows(_ indices: [Int]) -> Tensor {
    let stride = rowStride
    let copy = Tensor.filled(dtype, [indices.count] + shape.array.dropFirst(), names: axisNames) { target in
      for (place, index) in indices.enumerated() {
        (target + place * stride).copyMemory(from: data + index * stride, byteCount: stride)
      }
    }
    return copy ?? self
  }

  func rows(_ range: Range<Int>) -> Tensor {
    let stride = rowStride
    let copy = Tensor.filled(dtype, [range.count] + shape.array.dropFirst(), names: axisNames) { target in
      target.copyMemory(from: data + range.lowerBound * stride, byteCount: range.count * stride)
    }
    return copy ?? self
  }

  /// Tensors of one dtype and shape, one a row; nil when there are none or they differ.
  static func stacking(_ tensors: [Tensor]) -> Tensor? {
    guard let first = tensors.first else { return nil }
    guard tensors.allSatisfy({ $0.dtype == first.dtype && $0.shape == first.shape }) else { return nil }
    let stride = first.count * first.dtype.size
    return filled(first.dtype, [tensors.count] + first.shape.array, names: first.axisNames.map { [nil] + $0 }) { target in
      for (place, tensor) in tensors.enumerated() {
        (target + place * stride).copyMemory(from: tensor.data, byteCount: stride)
      }
    }
  }

  /// All rows of the one, then all of the other, which has the same dtype and row shape.
  func followed(by other: Tensor) -> Tensor? {
    let mine = count * dtype.size, theirs = other.count * dtype.size
    guard rank > 0, other.rank > 0 else { return nil }
    return Tensor.filled(dtype, [shape[0] + other.shape[0]] + shape.array.dropFirst(), names: axisNames) { target in
      target.copyMemory(from: data, byteCount: mine)
      (target + mine).copyMemory(from: other.data, byteCount: theirs)
    }
  }
}
