/// The sizes of a tensor's axes: at most eight, stored inline, trivially copied.
package struct Shape: Sendable {
  package static let maxRank = 8

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
      guard !overflow, product < 1 << 46 else { return nil }
      count = product
      self.sizes[rank] = size
      rank += 1
    }
  }

  package subscript(axis: Int) -> Int { sizes[axis] }

  /// The number of elements.
  package var count: Int {
    var product = 1
    for axis in 0..<rank { product *= sizes[axis] }
    return product
  }

  package var array: [Int] { (0..<rank).map { sizes[$0] } }
}

extension Shape: Equatable {
  package static func == (a: Shape, b: Shape) -> Bool {
    guard a.rank == b.rank else { return false }
    for axis in 0..<a.rank where a.sizes[axis] != b.sizes[axis] { return false }
    return true
  }
}
