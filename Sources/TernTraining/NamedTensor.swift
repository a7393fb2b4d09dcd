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
  /// Its elements as they lie in memory. Valid while the tensor lives.
  var elementBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: data, count: count * dtype.size) }
}
