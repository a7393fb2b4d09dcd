/// An n-dimensional array of one dtype, row-major and dense. Immutable once shared: only a uniquely held tensor is ever
/// written in place.
package final class Tensor {
  package let dtype: DType
  package let shape: Shape
  /// A name or nil for each axis; nil when no axis has one.
  package let axisNames: [String?]?
  private let storage: Storage
  private let offset: Int

  package init(storage: Storage, offset: Int = 0, dtype: DType, shape: Shape, axisNames: [String?]? = nil) {
    self.dtype = dtype
    self.shape = shape
    self.axisNames = axisNames
    self.storage = storage
    self.offset = offset
  }

  package var rank: Int { shape.rank }
  package var count: Int { shape.count }

  /// The first element. Valid while the tensor lives.
  package var data: UnsafeMutableRawPointer { storage.pointer + offset }
}

/// The memory behind tensors.
package final class Storage {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int

  package init(byteCount: Int) {
    self.byteCount = byteCount
    pointer = .allocate(byteCount: max(byteCount, 64), alignment: 64)
  }

  deinit { pointer.deallocate() }
}
