extension ElementFunction {
  /// The sentence of its primitive.
  package var summary: String { primitive.summary }
}

extension Tensor {
  /// Bools turned over.
  package func inverted() throws(TensorError) -> Tensor { try bind(.not, [self]) }

  /// Is a level recording what is made of this tensor?
  package var isTracked: Bool { recordingGraph != nil }
}
