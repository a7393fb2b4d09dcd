extension Tensor {
  /// Do two tensors hold equal numbers in equal shapes? Dtypes and names may differ; NaN equals nothing.
  package func equals(_ other: Tensor) throws(TensorError) -> Bool {
    guard shape == other.shape else { return false }
    return try Tensor.compare(.equal, .tensor(unnamed), .tensor(other.unnamed)).all().element(0) == .bool(true)
  }

  /// Equal, with the same dtype and axis names.
  package func isSame(as other: Tensor) throws(TensorError) -> Bool {
    guard dtype == other.dtype, axisNames == other.axisNames else { return false }
    return try equals(other)
  }
}
