/// The sizes of a tensor's axes: at most eight, stored inline, trivially copied.
package struct Shape: Sendable {
  package static let maxRank = 8
  /// No tensor has more elements, so that offsets and byte counts never overflow.
  static let maxCount = 1 << 46

  package private(set) var rank: Int
  private var sizes: InlineArray<8, Int>

  /// No axes: one element.
  package init() {
    rank = 0
    sizes = InlineArray(repeating: 1)
  }

  /// nil when there are more than eight axes, a size is negative, or the element count overflows.
  package init?(_ sizes: some Collection<Int>) {
    self.init()
    guard sizes.count <= Shape.maxRank else { return nil }
    var count = 1
    for size in sizes {
      guard size >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, product < Shape.maxCount else { return nil }
      count = product
      self.sizes[rank] = size
      rank += 1
    }
  }

  /// Says what is wrong where the optional initializer only says that something is.
  package init(checking sizes: [Int]) throws(TensorError) {
    if sizes.count > Shape.maxRank { throw .tooManyAxes(sizes.count) }
    for size in sizes where size < 0 { throw .negativeSize(size) }
    guard let shape = Shape(sizes) else { throw .tooLarge(sizes) }
    self = shape
  }

  /// A shape worked out from checked ones; nil when the element count overflows.
  init?(rank: Int, _ size: (Int) -> Int) {
    self.init()
    var count = 1
    for axis in 0..<rank {
      let n = size(axis)
      let (product, overflow) = count.multipliedReportingOverflow(by: max(n, 1))
      guard !overflow, product < Shape.maxCount else { return nil }
      count = product
      sizes[axis] = n
    }
    self.rank = rank
  }

  package subscript(axis: Int) -> Int { sizes[axis] }

  /// The number of elements.
  package var count: Int {
    var product = 1
    for axis in 0..<rank { product *= sizes[axis] }
    return product
  }

  package var array: [Int] { (0..<rank).map { sizes[$0] } }

  /// The product of the sizes of some neighbouring axes.
  func count(_ axes: Range<Int>) -> Int {
    var product = 1
    for axis in axes { product *= sizes[axis] }
    return product
  }

  /// Strides that walk over this shape as if it were expanded to another: 0 where it repeats.
  func strides(expandedTo shape: Shape) -> [Int] {
    let own = strides, extra = shape.rank - rank
    return (0..<shape.rank).map { axis in axis < extra || self[axis - extra] == 1 ? 0 : own[axis - extra] }
  }

  /// Elements from one position of an axis to the next.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * sizes[axis + 1] }
    return strides
  }
}

extension Shape: Hashable {
  package func hash(into hasher: inout Hasher) {
    for axis in 0..<rank { hasher.combine(sizes[axis]) }
  }

  package static func == (a: Shape, b: Shape) -> Bool {
    guard a.rank == b.rank else { return false }
    for axis in 0..<a.rank where a.sizes[axis] != b.sizes[axis] { return false }
    return true
  }
}
