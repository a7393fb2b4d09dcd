import TernTensor

extension Value {
  /// A number that equal values share: `1` and `1.0`, records in any order of keys, a tensor without axes and its number.
  /// Looks at few items and not deep, so it takes no time and finds most differences.
  package var looseHash: Int { looseHash(depth: 0) }

  private func looseHash(depth: Int) -> Int {
    switch self {
    case .int(let number): Double(number).hashValue
    case .float(let number): number.hashValue
    case .bool(let flag): flag ? 1 : 2
    case .string(let string): FieldKey(string.text).hashValue
    case .duration(let amount), .size(let amount), .time(let amount): amount.hashValue
    case .list(let list): Value.combine(list.count, list.values.prefix(8), depth)
    case .record(let record): record.layout.keys.reduce(record.count) { $0 ^ $1.hashValue }
    case .tensor(let tensor): Value.hash(of: tensor)
    default: 3
    }
  }

  private static func combine(_ count: Int, _ items: some Sequence<Value>, _ depth: Int) -> Int {
    guard depth < 4 else { return count }
    var hasher = Hasher()
    hasher.combine(count)
    for item in items { hasher.combine(item.looseHash(depth: depth + 1)) }
    return hasher.finalize()
  }

  private static func hash(of tensor: Tensor) -> Int {
    switch TensorValues.number(of: tensor) {
    case .int(let number)?: Double(number).hashValue
    case .float(let number)?: number.hashValue
    case .bool(let flag)?: flag ? 1 : 2
    case nil: (tensor.shape.array.map(Double.init) + TensorValues.sample(tensor)).hashValue
    }
  }
}
