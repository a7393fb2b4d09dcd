extension Graph {
  /// The gradients of a number by tensors of this graph, as tensors one level down: the shape of each, zeros where the number
  /// does not depend on it.
  package func gradients(of output: Tensor, by inputs: [Tensor]) throws(TensorError) -> [Tensor] {
    guard output.count == 1, output.rank == 0, output.dtype.isFloat else { throw .gradientNeedsNumber(type: output.typeText) }
    return try gradients(of: [output], seeds: [Tensor.filled(like: lower(output), with: 1)], by: inputs)
  }

  /// Pulls gradients of several outputs back to the inputs. The sweep is a loop over ids from the last: a chain may be of
  /// any length. Every rule computes through `bind`, so that a lower level that records can differentiate it again.
  package func gradients(of outputs: [Tensor], seeds: [Tensor], by inputs: [Tensor]) throws(TensorError) -> [Tensor] {
    var gradient = [Tensor?](repeating: nil, count: count)
    for (output, seed) in zip(outputs, seeds) where output.graph === self {
      try add(seed.unnamed, to: &gradient[Int(output.node)])
    }
    let reached = nodesReached(from: inputs)
    var last = outputs.map { $0.graph === self ? Int($0.node) : -1 }.max() ?? -1
    var results = [Tensor?](repeating: nil, count: inputs.count)
    while last >= 0 {
      if let dy = gradient[last], reached[last] {
        gradient[last] = nil
        for (k, input) in inputs.enumerated() where input.graph === self && Int(input.node) == last { results[k] = dy }
        try pull(dy, through: last, reached, into: &gradient)
      }
      last -= 1
    }
    var out: [Tensor] = []
    for (input, result) in zip(inputs, results) {
      let found = if let result { result } else { try Tensor.filled(like: lower(input), with: 0) }
      let named = input.axisNames == nil ? found.unnamed : found.renamed(input.axisNames)
      out.append(input.isWeak ? named.weakened : named)
    }
    return out
  }

  /// All derivatives of a tensor by an input, in one sweep: the axes of the output, then those of the input. Each row is a
  /// gradient with a one at one place, and all are mapped over at once.
  package func jacobian(of output: Tensor, by input: Tensor) throws(TensorError) -> Tensor {
    let shape = lower(output).shape, count = shape.count
    let rows = Graph(.batch(count))
    defer { rows.end() }
    let ones = try Tensor.eye(count, dtype: output.dtype).reshaped(to: try Shape(checking: [count] + shape.array))
    let found = try gradients(of: [output.unnamed], seeds: [try rows.lift(mapping: ones)], by: [input.unnamed])
    return try rows.unmap(found[0], count).reshaped(to: try Shape(checking: shape.array + input.shape.array))
  }

  /// One step of the sweep: the gradients of a node's operands.
  private func pull(_ dy: Tensor, through node: Int, _ reached: [Bool], into gradient: inout [Tensor?]) throws(TensorError) {
    guard let rule = primitive(node).gradient else { return }
    if FiniteWatch.isOn { FiniteWatch.pulling = primitive(node).name }
    defer { if FiniteWatch.isOn { FiniteWatch.pulling = nil } }
    // A gradient is made for whom the value was.
    let before = Graph.origin
    Graph.origin = origin(node)
    defer { Graph.origin = before }
    let parts = try rule(step(node, dy: dy, reached: reached))
    for (id, part) in zip(operandIDs(node), parts) {
      guard id >= 0, reached[Int(id)], let part else { continue }
      try add(part, to: &gradient[Int(id)])
    }
  }

  private func add(_ part: Tensor, to sum: inout Tensor?) throws(TensorError) {
    guard let before = sum else {
      sum = part
      return
    }
    sum = try before + part
  }

  /// Which nodes depend on an input: gradients flow through no others.
  private func nodesReached(from inputs: [Tensor]) -> [Bool] {
    var reached = [Bool](repeating: false, count: count)
    for input in inputs where input.graph === self { reached[Int(input.node)] = true }
    for node in 0..<count where !reached[node] {
      for id in operandIDs(node) where id >= 0 && reached[Int(id)] {
        reached[node] = true
        break
      }
    }
    return reached
  }

  /// The derivative of outputs along tangents of the inputs: the gradient transposed. A gradient is linear in its seed, so it
  /// is recorded as a function of the seed, and that function's own gradient along the tangents is the answer.
  package func derivatives(of outputs: [Tensor], along tangents: [Tensor], of inputs: [Tensor]) throws(TensorError) -> [Tensor] {
    let linear = Graph()
    defer { linear.end() }
    var seeds: [Tensor] = []
    for output in outputs { seeds.append(linear.lift(try Tensor.filled(like: lower(output).unnamed, with: 0))) }
    let pulled = try gradients(of: outputs, seeds: seeds, by: inputs)
    let plain = tangents.map { $0.unnamed }
    let found = try linear.gradients(of: pulled.map { $0.unnamed }, seeds: plain, by: seeds)
    return zip(found, outputs).map { $1.axisNames == nil ? $0 : $0.renamed($1.axisNames) }
  }
}
