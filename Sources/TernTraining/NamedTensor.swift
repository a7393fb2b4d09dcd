package import TernTensor

/// A tensor and what it is called in a file or a batch.
package struct NamedTensor {
  package var name: String
  package var tensor: Tensor

  package init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}

extension Tensor {
  /// Bytes its elements take. Cannot overflow: the storage behind it is as long.
  var byteCount: Int { count * dtype.size }

  /// Its elements as they lie in memory. Valid while the tensor lives.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: data, count: byteCount) }
}
