import CTernKernels

/// A stream of chance: a draw is a pure function of the key and a position, the same on every machine and any number of threads.
///
/// Keys are made from a seed and folded with what distinguishes streams: a cell, an index of `map`, a parameter's path.
package struct Key: Sendable, Hashable {
  package let bits: UInt64

  package init(bits: UInt64) { self.bits = bits }

  package init(seed: Int) { self = Key(bits: 0x7465_726e).fold(seed) }

  /// Another stream for each number.
  package func fold(_ number: Int) -> Key { mixed(UInt64(bitPattern: Int64(number)), tag: 3) }

  /// Another stream for each text.
  package func fold(_ text: String) -> Key {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325               // FNV-1a
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return mixed(hash, tag: 4)
  }

  private func mixed(_ number: UInt64, tag: UInt64) -> Key {
    let words = block(number, tag << 32)
    return Key(bits: UInt64(words.0) | UInt64(words.1) << 32)
  }

  private func block(_ low: UInt64, _ high: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeMutablePointer(to: &words) { pointer in
      pointer.withMemoryRebound(to: UInt32.self, capacity: 4) { tern_random_block(bits, low, high, $0) }
    }
    return words
  }

  /// 64 random bits at a position, for draws that are no tensors.
  package func word(at position: Int) -> UInt64 {
    let words = block(UInt64(bitPattern: Int64(position)), 5 << 32)
    return UInt64(words.0) | UInt64(words.1) << 32
  }

  /// Few items are shuffled in a table, where every order is as likely as any other; many by a permutation without one,
  /// whose orders are uneven only among few items.
  package static let tableLimit = 1 << 16

  /// 0..<count by Fisher and Yates' shuffle.
  package func shuffled(_ count: Int) -> [Int] {
    var rows = Array(0..<Swift.max(count, 0))
    for last in rows.indices.dropFirst().reversed() {
      // The high half of a product of random bits and n is even over 0..<n.
      rows.swapAt(last, Int(word(at: last).multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return rows
  }

  /// A place of the permutation of 0..<count that this key stands for; needs no table, for any count up to 2^60.
  package func permuted(_ index: Int, of count: Int) -> Int {
    guard count > 1, index >= 0, index < count else { return index }
    var place: Int64 = 0
    _ = tern_random_permutation(bits, UInt64(count), UInt64(index), &place, 1)
    return Int(place)
  }
}

extension Key {
  /// The positions of a part of 0..<count in an order of chance.
  func permute(_ count: Int, _ part: Range<Int>, into places: UnsafeMutablePointer<Int64>) throws(TensorError) {
    if count <= Key.tableLimit {
      let order = shuffled(count)
      for (place, position) in part.enumerated() { places[place] = Int64(order[position]) }
      return
    }
    try checkInterrupt(tern_random_permutation(bits, UInt64(Swift.max(count, 1)), UInt64(part.lowerBound), places, Int64(part.count)))
  }
}

/// What draws come from: a key, or one that is not known while code is traced or mapped.
package enum StreamKey {
  case known(Key), tensor(Tensor)

  package func fold(_ number: Int) throws(TensorError) -> StreamKey {
    switch self {
    case .known(let key): .known(key.fold(number))
    case .tensor(let key): .tensor(try bind(.foldKey, [key, try Tensor.of([number], shape: Shape())]))
    }
  }

  /// A stream for each of the numbers.
  package func fold(_ numbers: Tensor) throws(TensorError) -> StreamKey { .tensor(try bind(.foldKey, [try tensor(), numbers])) }

  package func tensor() throws(TensorError) -> Tensor {
    switch self {
    case .known(let key): try Tensor.of([Int(bitPattern: UInt(key.bits))], shape: Shape())
    case .tensor(let key): key
    }
  }
}

extension Tensor {
  private static func drawn(_ stream: StreamKey, _ draw: Draw, _ names: [String?]?) throws(TensorError) -> Tensor {
    switch stream {
    case .known(let key):
      let out = try Tensor(TensorType(dtype: draw.dtype, shape: draw.shape, axisNames: names))
      try draw.fill(out.data, out.count, from: key)
      return out
    case .tensor(let key): return try bind(.draw, [key], .draw(draw)).named(names)
    }
  }

  /// Even on [0, 1), or on [low, high).
  package static func uniform(
    _ stream: StreamKey, _ shape: Shape, low: Double = 0, high: Double = 1, dtype: DType = .f32, axisNames: [String?]? = nil
  ) throws(TensorError) -> Tensor {
    if dtype.isHalf { return try uniform(stream, shape, low: low, high: high, axisNames: axisNames).cast(dtype) }
    let out = try drawn(stream, Draw(kind: .uniform, dtype: try real(dtype, "rand"), shape: shape), axisNames)
    if low == 0 && high == 1 { return out }
    return try binary(.add, try binary(.multiply, out, .float(high - low), reusing: .left), .float(low), reusing: .left)
  }

  /// The normal distribution.
  package static func normal(_ stream: StreamKey, _ shape: Shape, dtype: DType = .f32, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    if dtype.isHalf { return try normal(stream, shape, axisNames: axisNames).cast(dtype) }
    return try drawn(stream, Draw(kind: .normal, dtype: try real(dtype, "randn"), shape: shape), axisNames)
  }

  /// Integers from low up to, but without, high.
  package static func integers(
    _ stream: StreamKey, _ shape: Shape, from low: Int, to high: Int, axisNames: [String?]? = nil
  ) throws(TensorError) -> Tensor {
    guard low < high else { throw .argument(op: "randint", what: "a number above \(low)", value: high) }
    return try drawn(stream, Draw(kind: .integers(from: low, to: high), dtype: .i64, shape: shape), axisNames)
  }

  /// True with a probability.
  package static func bernoulli(_ stream: StreamKey, _ shape: Shape, probability: Double, axisNames: [String?]? = nil) throws(TensorError) -> Tensor {
    try compare(.less, .tensor(try uniform(stream, shape, axisNames: axisNames)), .scalar(.float(probability)))
  }

  /// The positions 0..<count in an order of chance.
  package static func permutation(_ stream: StreamKey, of count: Int) throws(TensorError) -> Tensor {
    if count < 0 { throw .negativeSize(count) }
    return try drawn(stream, Draw(kind: .permutation, dtype: .i64, shape: try Shape(checking: [count])), nil)
  }

  /// A part of the order of chance that a key stands for.
  package static func permutation(_ key: Key, of count: Int, part: Range<Int>? = nil) throws(TensorError) -> Tensor {
    let part = part ?? 0..<Swift.max(count, 0)
    if count < 0 { throw .negativeSize(count) }
    guard part.lowerBound >= 0, part.upperBound <= count else { throw .argument(op: "permutation", what: "a part of \(count)", value: part.upperBound) }
    let out = try Tensor(TensorType(dtype: .i64, shape: try Shape(checking: [part.count])))
    try key.permute(count, part, into: out.data.assumingMemoryBound(to: Int64.self))
    return out
  }

  private static func real(_ dtype: DType, _ op: String) throws(TensorError) -> DType {
    guard dtype == .f32 || dtype == .f64 else { throw .dtypeRefused(op: op, dtype: dtype) }
    return dtype
  }
}
