package import TernTensor

/// What a model is given: a tensor, and where each feature came from.
package struct Features: Sendable {
  package let names: [String]
  private let cells: TensorCells
  package var tensor: Tensor { cells.tensor }

  package init(tensor: Tensor, names: [String]) {
    self.names = names
    cells = TensorCells(tensor)
  }
}

/// What a column becomes: one feature, one for each category, of which a row has at most one, or a tensor a row.
enum FeatureBlock {
  case values([Double])
  /// The category of each row, -1 for none of them.
  case categories([Int], count: Int)
  case tensor(TensorCells)

  var width: Int {
    switch self {
    case .values, .tensor: 1
    case .categories(_, let count): count
    }
  }
}

/// Blocks of features side by side, written row-major into one tensor when all are there.
struct FeatureMatrix {
  let rowCount: Int
  private var blocks: [FeatureBlock] = []
  /// A name for each feature.
  private var names: [String] = []
  /// The column of each block.
  private var columns: [String] = []

  init(rowCount: Int) { self.rowCount = rowCount }

  mutating func append(_ block: FeatureBlock, of column: String, names: [String]) {
    blocks.append(block)
    columns.append(column)
    self.names += names
  }

  /// `[batch, feature]` in f32, the second axis named; a lone tensor as it is.
  /// - Throws: `noColumns` when there are no features, or more than a tensor can hold; `columnType` for a tensor beside
  ///   other columns.
  func features() throws(DataError) -> Features {
    if let lone = try loneTensor() { return Features(tensor: lone.tensor, names: names) }
    return try joined()
  }

  private func loneTensor() throws(DataError) -> TensorCells? {
    for (name, block) in zip(columns, blocks) {
      guard case .tensor(let cells) = block else { continue }
      guard blocks.count == 1 else {
        throw .columnType(column: name, needed: "numbers beside other columns", found: cells.typeName)
      }
      return cells
    }
    return nil
  }

  private func joined() throws(DataError) -> Features {
    let width = blocks.reduce(0) { $0 + $1.width }
    let tensor = Tensor.filled(.f32, [rowCount, width], names: [nil, "feature"]) { target in
      let values = target.bindMemory(to: Float.self, capacity: rowCount * width)
      var place = 0
      for block in blocks {
        write(block, values + place, stride: width)
        place += block.width
      }
    }
    guard let tensor, width > 0 else { throw .noColumns(operation: "features") }
    return Features(tensor: tensor, names: names)
  }

  private func write(_ block: FeatureBlock, _ target: UnsafeMutablePointer<Float>, stride: Int) {
    switch block {
    case .values(let values):
      for row in 0..<rowCount { target[row * stride] = Float(values[row]) }
    case .categories(let codes, let count):
      for row in 0..<rowCount {
        for category in 0..<count { target[row * stride + category] = category == codes[row] ? 1 : 0 }
      }
    case .tensor: break  // never among others
    }
  }
}
