import CTernKernels

/// Primitives of chance: pure functions of keys, so that what is drawn depends on no order of evaluation. A key as a tensor
/// is the bits of a `Key` in an i64; Salmon and others, 2011 (Philox).
extension Primitive {
  /// A key and a number give another key: another stream.
  package static let foldKey: Primitive = Primitive(
    "fold_key", "Makes another key of a key and a number.",
    rule: { (o, _) throws(TensorError) in
      guard o[0].dtype == .i64, o[1].dtype == .i64 else { throw .indexDType(type: o[0].typeText) }
      return TensorType(dtype: .i64, shape: try Broadcasting.shape("fold_key", o[0], o[1], bothSides: true))
    },
    kernel: { (o, _, out) throws(TensorError) in
      let key = try o[0].broadcast(to: out.shape), number = try o[1].broadcast(to: out.shape)
      let keys = out.data.assumingMemoryBound(to: Int64.self)
      for k in 0..<out.count {
        keys[k] = Int64(bitPattern: Key(bits: UInt64(bitPattern: key.positions[k])).fold(Int(number.positions[k])).bits)
      }
    },
    batching: .elementwise, domain: .of(([2], .positions(below: 9)), ([], .positions(below: 9))))

  /// For each key a tensor drawn from it.
  package static let draw: Primitive = Primitive(
    "draw", "Draws a tensor from each key.",
    rule: { (o, attributes) throws(TensorError) in
      guard case .draw(let draw) = attributes, o[0].dtype == .i64 else { throw .indexDType(type: o[0].typeText) }
      return TensorType(dtype: draw.dtype, shape: try Shape(checking: o[0].shape.array + draw.shape.array))
    },
    kernel: { (o, attributes, out) throws(TensorError) in
      guard case .draw(let draw) = attributes else { return }
      let count = draw.shape.count, width = count * draw.dtype.size
      for k in 0..<o[0].count {
        try draw.fill(out.data + k * width, count, from: Key(bits: UInt64(bitPattern: o[0].positions[k])))
      }
    },
    batching: .leading, cost: .elements(2),
    domain: .of(([2], .positions(below: 9)), attributes: .draw(Draw(kind: .uniform, dtype: .f64, shape: Shape([3]) ?? Shape()))))
}

extension Draw {
  func fill(_ out: UnsafeMutableRawPointer, _ count: Int, from key: Key) throws(TensorError) {
    let n = Int64(count)
    switch kind {
    case .uniform: try checkInterrupt(tern_random_uniform(dtype.code, key.bits, out, n))
    case .normal: try checkInterrupt(tern_random_normal(dtype.code, key.bits, out, n))
    case .integers(let low, let high):
      let span = UInt64(bitPattern: Int64(high)) &- UInt64(bitPattern: Int64(low))
      try checkInterrupt(tern_random_int(key.bits, Int64(low), span, out.assumingMemoryBound(to: Int64.self), n))
    case .permutation: try key.permute(count, 0..<count, into: out.assumingMemoryBound(to: Int64.self))
    }
  }
}
